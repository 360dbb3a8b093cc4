//! What the demo tells, one line a step, for people or for machines.

use std::io::{self, Write};

use serde::Serialize;

/// How to tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// A line a step.
    Plain,
    /// A line a step, and what went over the wire.
    Verbose,
    /// A JSON object a step.
    Json,
}

/// One call, and what became of it.
#[derive(Debug, Serialize)]
pub(crate) struct Step {
    /// What it is for.
    pub(crate) title: String,
    /// Method and target, as they arrived at the other end.
    pub(crate) request: String,
    /// The HTTP status, when there was an answer.
    pub(crate) status: Option<u16>,
    /// What proved the answer.
    pub(crate) verified_by: Option<String>,
    /// `done`, `not sent`, `refused` or `unknown`.
    pub(crate) outcome: &'static str,
    /// WeChat Pay's error code, or the name of the check that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    /// What came of it, in words.
    pub(crate) says: String,
    /// What should have happened, when something else did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wanted: Option<String>,
}

/// A step with its number, as machines read it.
#[derive(Serialize)]
struct Numbered<'a> {
    number: usize,
    ok: bool,
    #[serde(flatten)]
    step: &'a Step,
}

/// Writes steps and keeps the score.
#[derive(Debug)]
pub(crate) struct Report<W> {
    out: W,
    style: Style,
    steps: usize,
    failed: usize,
}

impl<W: Write> Report<W> {
    pub(crate) fn new(out: W, style: Style) -> Self {
        Self {
            out,
            style,
            steps: 0,
            failed: 0,
        }
    }

    pub(crate) fn style(&self) -> Style {
        self.style
    }

    /// A heading, for people.
    pub(crate) fn chapter(&mut self, title: &str) -> io::Result<()> {
        if self.style == Style::Json {
            Ok(())
        } else {
            writeln!(self.out, "\n{title}")
        }
    }

    /// Text below a step, for people.
    pub(crate) fn text(&mut self, text: &str) -> io::Result<()> {
        if self.style == Style::Json {
            return Ok(());
        }
        text.lines()
            .try_for_each(|line| writeln!(self.out, "       {line}"))
    }

    /// One step.
    pub(crate) fn step(&mut self, step: &Step) -> io::Result<()> {
        self.steps += 1;
        let ok = step.wanted.is_none();
        self.failed += usize::from(!ok);
        if self.style == Style::Json {
            serde_json::to_writer(
                &mut self.out,
                &Numbered {
                    number: self.steps,
                    ok,
                    step,
                },
            )?;
            return writeln!(self.out);
        }
        let mark = if ok { "ok " } else { "BAD" };
        let status = step
            .status
            .map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        let proof = step
            .verified_by
            .as_deref()
            .map(|by| format!("verified by {}", shorten(by)));
        let proof = proof.unwrap_or_else(|| "not verified".to_owned());
        let code = step
            .code
            .as_deref()
            .map(|code| format!(" {code}"))
            .unwrap_or_default();
        writeln!(
            self.out,
            "{mark} {:>2}  {} → {status}, {proof}, {}{code}: {}",
            self.steps, step.request, step.outcome, step.title
        )?;
        if !step.says.is_empty() {
            writeln!(self.out, "        {}", step.says)?;
        }
        if let Some(wanted) = &step.wanted {
            writeln!(self.out, "        wanted: {wanted}")?;
        }
        Ok(())
    }

    /// The score; true when every step went as it should.
    pub(crate) fn finish(mut self, next: &str) -> io::Result<bool> {
        let ok = self.failed == 0;
        match self.style {
            Style::Json => {
                let score = serde_json::json!({ "steps": self.steps, "failed": self.failed, "ok": ok });
                writeln!(self.out, "{score}")?;
            }
            _ if ok => writeln!(
                self.out,
                "\nAll {} steps went as they should.\n\n{next}",
                self.steps
            )?,
            _ => writeln!(
                self.out,
                "\n{} of {} steps did NOT go as they should.",
                self.failed, self.steps
            )?,
        }
        self.out.flush()?;
        Ok(ok)
    }
}

/// Long words keep their two ends: `public key PUB_KEY_ID_01…0001`.
pub(crate) fn shorten(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let length = word.chars().count();
        if length <= 24 {
            return word.to_owned();
        }
        let head: String = word.chars().take(13).collect();
        let tail: String = word.chars().skip(length - 4).collect();
        format!("{head}…{tail}")
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Report, Step, Style, shorten};

    fn step(wanted: Option<&str>) -> Step {
        Step {
            title: "close it".to_owned(),
            request: "POST /x".to_owned(),
            status: Some(204),
            verified_by: Some("PUB_KEY_ID_0119000072912024101000000000000001".to_owned()),
            outcome: "done",
            code: None,
            says: String::new(),
            wanted: wanted.map(str::to_owned),
        }
    }

    #[test]
    fn one_failed_step_fails_the_whole() {
        let mut out = Vec::new();
        let mut report = Report::new(&mut out, Style::Plain);
        report.step(&step(None)).unwrap();
        report.step(&step(Some("a refusal"))).unwrap();
        assert!(!report.finish("next").unwrap());
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.contains("BAD  2  POST /x → 204, verified by PUB_KEY_ID_01…0001, done: close it"),
            "{text}"
        );
        assert!(text.contains("1 of 2 steps did NOT go") && !text.contains("next"));
    }

    #[test]
    fn machines_get_one_object_a_line() {
        let mut out = Vec::new();
        let mut report = Report::new(&mut out, Style::Json);
        report.chapter("not for machines").unwrap();
        report.step(&step(None)).unwrap();
        assert!(report.finish("next").unwrap());
        let lines: Vec<serde_json::Value> = out
            .split(|b| *b == b'\n')
            .filter(|l| !l.is_empty())
            .map(|l| serde_json::from_slice(l).unwrap())
            .collect();
        assert_eq!(lines[0]["number"], 1);
        assert_eq!(lines[0]["status"], 204);
        assert_eq!(
            lines[1],
            serde_json::json!({ "steps": 1, "failed": 0, "ok": true })
        );
    }

    #[test]
    fn short_ids_stay_whole() {
        assert_eq!(shorten("7132D72A"), "7132D72A");
    }
}
