//! A seed, and rules.

use crate::rule::Rule;

/// What goes wrong in a run: rules, and the seed of their probabilities. The same scenario, settings and calls give the
/// same run.
///
/// As a file it is TOML, or JSON with the same names. Every rule has a `fault` (a name of [`Fault`](crate::Fault)) and,
/// where it is not to spoil every call, `operation`, `path` (`*` stands for any text), `method`, `merchant`, and one of
/// `first`, `every` and `probability`; further `name`, `milliseconds` (for `slow`) and `on`.
///
/// ```
/// use wxpay_sim::Scenario;
///
/// let scenario = Scenario::read(
///     "refunds.toml",
///     "seed = 7\n[[rules]]\nfault = \"server-error-after\"\noperation = \"v3.refund.create\"\nfirst = 2\n",
/// )?;
/// assert_eq!(scenario.rules().len(), 1);
/// let wrong = Scenario::read("refunds.toml", "[[rules]]\nfault = \"server-eror\"\n").unwrap_err();
/// assert!(wrong.to_string().starts_with("refunds.toml: rule 1: `fault`: "));
/// # Ok::<(), wxpay_sim::ScenarioError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenario {
    pub(crate) seed: Option<u64>,
    pub(crate) rules: Vec<Rule>,
}

impl Scenario {
    /// A scenario of these rules, with the seed of the [settings](crate::Settings).
    #[must_use]
    pub fn new(rules: impl IntoIterator<Item = Rule>) -> Self {
        Self {
            seed: None,
            rules: rules.into_iter().collect(),
        }
    }

    /// Another seed.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Its rules, in their order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}
