//! Causes, for people and for machines.

use std::io::{self, Write};

use serde_json::{Value, json};
use wxpay_proto::explain::Cause;

/// What was found out.
#[derive(Debug)]
pub(super) struct Report {
    what: String,
    /// In their order; none when the signature fits.
    pub(super) causes: Vec<Cause>,
    facts: Vec<(&'static str, String)>,
    pub(super) notes: Vec<String>,
}

impl Report {
    pub(super) fn new(what: impl Into<String>, causes: Vec<Cause>) -> Self {
        Self {
            what: what.into(),
            causes,
            facts: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds something to look at.
    pub(super) fn fact(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.facts.push((name, text.into()));
        self
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}:", self.what)?;
        if self.causes.is_empty() {
            writeln!(out, "nothing is wrong with its signature")?;
        }
        for (number, cause) in self.causes.iter().enumerate() {
            let sure = if cause.proven { "PROVEN" } else { "suspected" };
            writeln!(out, "{}. {sure}: {}", number + 1, cause.kind)?;
            writeln!(out, "   {}", cause.advice)?;
        }
        for note in &self.notes {
            writeln!(out, "note: {note}")?;
        }
        // What signs well needs no looking at.
        if !self.causes.is_empty() {
            for (name, text) in &self.facts {
                writeln!(out, "{name}:\n{text}")?;
            }
        }
        Ok(())
    }

    pub(super) fn json(&self) -> Value {
        let causes = self.causes.iter().map(|cause| {
            json!({
                "kind": format!("{:?}", cause.kind),
                "says": cause.kind.to_string(),
                "proven": cause.proven,
                "advice": cause.advice,
            })
        });
        let facts: serde_json::Map<String, Value> = self
            .facts
            .iter()
            .map(|(name, text)| ((*name).to_owned(), Value::String(text.clone())))
            .collect();
        json!({
            "what": self.what,
            "fits": self.causes.is_empty(),
            "causes": causes.collect::<Vec<_>>(),
            "notes": self.notes,
            "facts": facts,
        })
    }
}
