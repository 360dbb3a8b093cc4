//! What a check came to, told as soon as it is known.

use std::io::Write;

use serde::Serialize;

use crate::ended::{Ended, NotSent};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Warning,
    Failed,
    Skipped,
}

/// One check.
#[derive(Serialize)]
struct Finding<'a> {
    check: &'a str,
    state: State,
    says: &'a str,
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    advice: Option<&'a str>,
}

/// Writes findings and keeps the score.
pub(super) struct Findings<'a> {
    out: &'a mut dyn Write,
    json: bool,
    warnings: usize,
    failed: usize,
}

impl<'a> Findings<'a> {
    pub(super) fn new(out: &'a mut dyn Write, json: bool) -> Self {
        Self {
            out,
            json,
            warnings: 0,
            failed: 0,
        }
    }

    /// It is in order.
    pub(super) fn ok(&mut self, check: &str, says: &str) -> Result<(), NotSent> {
        self.add(check, State::Ok, says, None)
    }

    /// It works, and may not for long.
    pub(super) fn warning(&mut self, check: &str, says: &str, advice: &str) -> Result<(), NotSent> {
        self.warnings += 1;
        self.add(check, State::Warning, says, Some(advice))
    }

    /// It does not work.
    pub(super) fn failed(&mut self, check: &str, says: &str, advice: &str) -> Result<(), NotSent> {
        self.failed += 1;
        self.add(check, State::Failed, says, Some(advice))
    }

    /// It was not looked at.
    pub(super) fn skipped(&mut self, check: &str, says: &str) -> Result<(), NotSent> {
        self.add(check, State::Skipped, says, None)
    }

    fn add(&mut self, check: &str, state: State, says: &str, advice: Option<&str>) -> Result<(), NotSent> {
        if self.json {
            let finding = Finding {
                check,
                state,
                says,
                advice,
            };
            let line = serde_json::to_string(&finding).map_err(|error| NotSent::new(error.to_string()))?;
            writeln!(self.out, "{line}")?;
        } else {
            let mark = match state {
                State::Ok => "ok  ",
                State::Warning => "warn",
                State::Failed => "FAIL",
                State::Skipped => "-   ",
            };
            writeln!(self.out, "{mark} {check}: {says}")?;
            if let Some(advice) = advice {
                writeln!(self.out, "     do: {advice}")?;
            }
        }
        // Whoever waits for the network sees what was found before.
        self.out.flush()?;
        Ok(())
    }

    /// The score.
    pub(super) fn finish(self) -> Result<Ended, NotSent> {
        if !self.json {
            let (failed, warnings) = (self.failed, self.warnings);
            writeln!(self.out, "\n{failed} failed, {warnings} to be watched")?;
        }
        Ok(if self.failed == 0 {
            Ended::Done
        } else {
            Ended::Failed
        })
    }
}
