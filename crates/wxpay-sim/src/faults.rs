//! The faults that wait, the rules, and what becomes of a call by them.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use http::Request;

use crate::asker;
use crate::documented;
use crate::fault::Fault;
use crate::ids::Sequence;
use crate::rule::{Often, Rule};

/// What spoils an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spoil {
    pub(crate) fault: Fault,
    /// How late a slow one is, when its rule says so.
    pub(crate) late: Option<Duration>,
}

/// A rule, and what it has seen.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) rule: Rule,
    /// Its own draws, so that another rule changes nothing about them.
    chance: Sequence,
    /// How many calls it fitted while it was on.
    pub(crate) met: u64,
    /// How many of them it spoiled.
    pub(crate) spoiled: u64,
}

impl Kept {
    fn new(rule: Rule, seed: u64) -> Self {
        let of_name = rule.name.bytes().fold(seed, |sum, byte| {
            sum.rotate_left(8).wrapping_mul(0x0100_0000_01B3) ^ u64::from(byte)
        });
        Self {
            rule,
            chance: Sequence::new(of_name),
            met: 0,
            spoiled: 0,
        }
    }

    /// Takes note of a call, and says whether it is to be spoiled.
    fn meet(&mut self, call: &Met<'_>) -> bool {
        if !self.rule.on || !call.fits(&self.rule) {
            return false;
        }
        self.met += 1;
        let spoils = match self.rule.often {
            Often::Always => true,
            Often::First(times) => self.met <= u64::from(times),
            Often::Every(0) => false,
            Often::Every(times) => self.met.is_multiple_of(u64::from(times)),
            // 53 bits are all that a fraction from 0 to 1 holds.
            Often::Probability(share) => ((self.chance.next() >> 11) as f64) < share * (1_u64 << 53) as f64,
        };
        self.spoiled += u64::from(spoils);
        spoils
    }
}

/// All that goes wrong on demand.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: VecDeque<Fault>,
    rules: Vec<Kept>,
    seed: u64,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    pub(crate) fn wait(&mut self, fault: Fault) {
        self.waiting.push_back(fault);
    }

    /// Those that wait for the next answers, the first one first.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = Fault> {
        self.waiting.iter().copied()
    }

    /// Forgets those that wait.
    pub(crate) fn forget(&mut self) {
        self.waiting.clear();
    }

    pub(crate) fn rules(&self) -> &[Kept] {
        &self.rules
    }

    /// The same rules, as if they had met nothing.
    pub(crate) fn anew(&self) -> Self {
        let rules = self.rules.iter();
        Self {
            rules: rules
                .map(|kept| Kept::new(kept.rule.clone(), self.seed))
                .collect(),
            ..Self::new(self.seed)
        }
    }

    /// Adds a rule behind the others. Gives its name, or nothing when that is taken.
    pub(crate) fn add(&mut self, mut rule: Rule) -> Option<String> {
        if rule.name.is_empty() {
            let mut free = (1..).map(|number: u32| format!("rule {number}"));
            rule.name = free.find(|name| !self.has(name))?;
        }
        if self.has(&rule.name) {
            return None;
        }
        let name = rule.name.clone();
        self.rules.push(Kept::new(rule, self.seed));
        Some(name)
    }

    pub(crate) fn remove(&mut self, name: &str) -> bool {
        let before = self.rules.len();
        self.rules.retain(|kept| kept.rule.name != name);
        self.rules.len() < before
    }

    pub(crate) fn switch(&mut self, name: &str, on: bool) -> bool {
        let found = self.rules.iter_mut().find(|kept| kept.rule.name == name);
        found.map(|kept| kept.rule.on = on).is_some()
    }

    fn has(&self, name: &str) -> bool {
        self.rules.iter().any(|kept| kept.rule.name == name)
    }

    /// What spoils the answer to this call: the fault that waits for any, or that of the first rule whose turn it is.
    pub(crate) fn meet(&mut self, request: &Request<Bytes>) -> Option<Spoil> {
        if let Some(fault) = self.waiting.pop_front() {
            return Some(Spoil { fault, late: None });
        }
        let call = Met { request };
        let mut spoil = None;
        // Every rule counts its calls, whether or not another one spoils them.
        for kept in &mut self.rules {
            if kept.meet(&call) && spoil.is_none() {
                let late = kept.rule.milliseconds.map(Duration::from_millis);
                let fault = kept.rule.fault;
                spoil = Some(Spoil { fault, late });
            }
        }
        spoil
    }
}

/// A call, as rules see it. Nothing about it has been verified.
struct Met<'a> {
    request: &'a Request<Bytes>,
}

impl Met<'_> {
    fn fits(&self, rule: &Rule) -> bool {
        let (method, path) = (self.request.method().as_str(), self.request.uri().path());
        rule.method
            .as_ref()
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && rule.path.as_ref().is_none_or(|pattern| pattern.fits(path))
            && rule
                .merchant
                .as_ref()
                .is_none_or(|wanted| asker::merchant(self.request).as_ref() == Some(wanted))
            && rule.operation.as_ref().is_none_or(|pattern| {
                let found = documented::route(method, path);
                found.iter().any(|(info, _)| pattern.fits(&info.name))
            })
    }
}
