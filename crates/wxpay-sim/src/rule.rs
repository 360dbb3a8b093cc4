//! Which calls a fault spoils, and how often.

use serde_json::{Value, json};

use crate::fault::Fault;
use crate::pattern::Pattern;

/// How often a rule spoils the calls that it fits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Often {
    /// Every time.
    #[default]
    Always,
    /// The first so many times, and never again.
    First(u32),
    /// Every so manieth time: 3 spoils the third, the sixth …
    Every(u32),
    /// With this probability, from 0 to 1. The seed decides, so that a run is the same every time.
    Probability(f64),
}

/// A fault by rule ([`Platform::add_rule`](crate::Platform::add_rule)): which calls it spoils, and how often. A new rule
/// spoils every call.
///
/// ```
/// use wxpay_sim::{Fault, Rule};
///
/// let rule = Rule::new(Fault::ServerErrorAfter).operation("v3.refund.*").first(2);
/// # let _ = rule;
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub(crate) name: String,
    pub(crate) fault: Fault,
    pub(crate) operation: Option<Pattern>,
    pub(crate) method: Option<String>,
    pub(crate) path: Option<Pattern>,
    pub(crate) merchant: Option<String>,
    pub(crate) often: Often,
    pub(crate) milliseconds: Option<u64>,
    pub(crate) on: bool,
}

impl Rule {
    /// A rule that spoils every call with this fault.
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        Self {
            name: String::new(),
            fault,
            operation: None,
            method: None,
            path: None,
            merchant: None,
            often: Often::Always,
            milliseconds: None,
            on: true,
        }
    }

    /// Gives it a name, by which it is switched and removed. Without one it is called after its place: `rule 1`.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Only calls of the documented operations that fit, `v3.refund.create` or `v3.refund.*`. `*` stands for any text.
    #[must_use]
    pub fn operation(mut self, pattern: impl Into<String>) -> Self {
        self.operation = Some(Pattern::new(pattern));
        self
    }

    /// Only calls by this method, `POST`.
    #[must_use]
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Only calls whose path, without the query, fits: `/v3/pay/transactions/*`. `*` stands for any text.
    #[must_use]
    pub fn path(mut self, pattern: impl Into<String>) -> Self {
        self.path = Some(Pattern::new(pattern));
        self
    }

    /// Only calls that say that this account signed them.
    #[must_use]
    pub fn merchant(mut self, mchid: impl Into<String>) -> Self {
        self.merchant = Some(mchid.into());
        self
    }

    /// Only the first so many of them.
    #[must_use]
    pub fn first(mut self, times: u32) -> Self {
        self.often = Often::First(times);
        self
    }

    /// Only every so manieth of them; 0 is none.
    #[must_use]
    pub fn every(mut self, times: u32) -> Self {
        self.often = Often::Every(times);
        self
    }

    /// Only some of them, with this probability from 0 to 1.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.often = Often::Probability(probability);
        self
    }

    /// How late [`Fault::Slow`] is, in milliseconds, when it is not what the settings say.
    #[must_use]
    pub fn milliseconds(mut self, milliseconds: u64) -> Self {
        self.milliseconds = Some(milliseconds);
        self
    }

    /// It waits until it is switched on ([`Platform::switch_rule`](crate::Platform::switch_rule)).
    #[must_use]
    pub fn off(mut self) -> Self {
        self.on = false;
        self
    }

    /// As a scenario has it.
    pub(crate) fn json(&self) -> Value {
        let mut told = json!({ "name": self.name, "fault": self.fault.name(), "on": self.on });
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                told[name] = value;
            }
        };
        put(
            "operation",
            self.operation.as_ref().map(|text| json!(text.as_str())),
        );
        put("method", self.method.as_ref().map(|text| json!(text)));
        put("path", self.path.as_ref().map(|text| json!(text.as_str())));
        put("merchant", self.merchant.as_ref().map(|text| json!(text)));
        put("milliseconds", self.milliseconds.map(|number| json!(number)));
        match self.often {
            Often::Always => {}
            Often::First(times) => put("first", Some(json!(times))),
            Often::Every(times) => put("every", Some(json!(times))),
            Often::Probability(share) => put("probability", Some(json!(share))),
        }
        told
    }
}
