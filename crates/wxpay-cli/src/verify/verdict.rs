//! What was checked, and what came of it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

/// What came of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    Ok,
    Failed,
    /// An earlier check failed.
    Skipped,
}

/// One check.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Check {
    pub(super) check: &'static str,
    pub(super) state: State,
    pub(super) says: String,
}

/// All checks of a message.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    pub(super) checks: Vec<Check>,
    /// What verified it.
    pub(super) by: Option<String>,
    /// What was noticed beside.
    pub(super) notes: Vec<String>,
}

impl Verdict {
    pub(super) fn ok(&mut self, check: &'static str, says: impl Into<String>) {
        self.add(check, State::Ok, says.into());
    }

    pub(super) fn failed(&mut self, check: &'static str, says: impl Into<String>) {
        self.add(check, State::Failed, says.into());
    }

    pub(super) fn skipped(&mut self, check: &'static str) {
        self.add(
            check,
            State::Skipped,
            "not looked at: an earlier check failed".to_owned(),
        );
    }

    fn add(&mut self, check: &'static str, state: State, says: String) {
        self.checks.push(Check { check, state, says });
    }

    /// Every check was made and is in order.
    pub(super) fn is_genuine(&self) -> bool {
        !self.checks.is_empty() && self.checks.iter().all(|check| check.state == State::Ok)
    }

    pub(super) fn write(&self, what: &str, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{what}:")?;
        for check in &self.checks {
            let mark = match check.state {
                State::Ok => "ok  ",
                State::Failed => "FAIL",
                State::Skipped => "-   ",
            };
            writeln!(out, "{mark} {}: {}", check.check, check.says)?;
        }
        for note in &self.notes {
            writeln!(out, "note: {note}")?;
        }
        match (&self.by, self.is_genuine()) {
            (Some(by), true) => writeln!(out, "genuine: verified by {by}"),
            _ => writeln!(
                out,
                "NOT verified: take nothing from it; `wxpay explain` with the same arguments looks for the cause"
            ),
        }
    }

    pub(super) fn json(&self, what: &str) -> Value {
        json!({
            "what": what,
            "verified": self.is_genuine(),
            "verified_by": self.by.as_ref().filter(|_| self.is_genuine()),
            "checks": self.checks,
            "notes": self.notes,
        })
    }
}
