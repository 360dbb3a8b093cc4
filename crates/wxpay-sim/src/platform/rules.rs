//! Faults by rule.

use serde::Serialize;
use serde_json::Value;

use super::Platform;
use crate::rule::Rule;
use crate::scenario::{Scenario, ScenarioError};

/// A rule, and what it has seen ([`Platform::rules`]).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Ruled {
    /// The rule as a scenario has it.
    #[serde(flatten)]
    pub rule: Value,
    /// How many calls it fitted while it was on.
    pub met: u64,
    /// How many of them it was to spoil.
    pub spoiled: u64,
}

impl Platform {
    /// Begins a scenario: its rules take the place of all that are there, and the faults that wait are forgotten.
    ///
    /// # Errors
    /// [`ScenarioError::Taken`] when two rules have one name.
    pub fn play(&mut self, scenario: &Scenario) -> Result<(), ScenarioError> {
        let seed = scenario.seed.unwrap_or(self.settings.seed);
        let mut faults = crate::faults::Faults::new(seed);
        for rule in &scenario.rules {
            let added = faults.add(rule.clone());
            added.ok_or_else(|| ScenarioError::Taken {
                name: rule.name.clone(),
            })?;
        }
        self.faults = faults;
        Ok(())
    }

    /// Adds a rule behind those that are there. Where several would spoil an answer, the first one does. Rules are kept in
    /// memory only. Gives the rule's name.
    ///
    /// # Errors
    /// [`ScenarioError::Taken`] when another rule has its name.
    pub fn add_rule(&mut self, rule: Rule) -> Result<String, ScenarioError> {
        let name = rule.name.clone();
        self.faults.add(rule).ok_or(ScenarioError::Taken { name })
    }

    /// Every rule, and what it has seen.
    #[must_use]
    pub fn rules(&self) -> Vec<Ruled> {
        let rules = self.faults.rules().iter();
        let told = rules.map(|kept| Ruled {
            rule: kept.rule.json(),
            met: kept.met,
            spoiled: kept.spoiled,
        });
        told.collect()
    }

    /// Removes a rule. Gives whether there was one of that name.
    pub fn remove_rule(&mut self, name: &str) -> bool {
        self.faults.remove(name)
    }

    /// Switches a rule on or off; off, it counts nothing. Gives whether there is one of that name.
    pub fn switch_rule(&mut self, name: &str, on: bool) -> bool {
        self.faults.switch(name, on)
    }
}
