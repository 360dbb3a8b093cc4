//! `--set NAME=VALUE`: the members of a kind that PREPAY_ID and `--appid` do not say.

use super::kind::Kind;
use crate::ended::NotSent;

/// What was set, in its order, with every name known and nothing missing.
#[derive(Debug)]
pub(super) struct Members(Vec<(String, String)>);

impl Members {
    /// Looks at what was set for a kind.
    pub(super) fn read(kind: Kind, set: &[String]) -> Result<Self, NotSent> {
        let (needed, possible) = kind.members();
        let mut members: Vec<(String, String)> = Vec::new();
        for text in set {
            let (name, value) = text
                .split_once('=')
                .ok_or_else(|| NotSent::new(format!("--set {text:?}: wanted is NAME=VALUE")))?;
            if !needed.contains(&name) && !possible.contains(&name) {
                return Err(NotSent::new(format!(
                    "--set {name}: this kind has no such member{}",
                    known(needed, possible)
                )));
            }
            let twice = members.iter().any(|(found, _)| found == name);
            if twice && kind != Kind::SendCoupons {
                return Err(NotSent::new(format!("--set {name}: it is set twice")));
            }
            members.push((name.to_owned(), value.to_owned()));
        }
        let members = Self(members);
        match needed.iter().find(|name| members.option(name).is_none()) {
            Some(missing) => Err(NotSent::new(format!(
                "--set {missing}=…: it is needed{}",
                known(needed, possible)
            ))),
            None => Ok(members),
        }
    }

    /// A member that may be missing.
    pub(super) fn option(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A member that is needed.
    pub(super) fn get(&self, name: &str) -> Result<&str, NotSent> {
        self.option(name)
            .ok_or_else(|| NotSent::new(format!("--set {name}=…: it is needed")))
    }

    /// All of them, in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn known(needed: &[&str], possible: &[&str]) -> String {
    let list = |names: &[&str]| names.join("`, `");
    match (needed, possible) {
        ([], _) => "; it takes none".to_owned(),
        (needed, []) => format!("; it takes `{}`", list(needed)),
        (needed, possible) => format!("; it takes `{}`, and may take `{}`", list(needed), list(possible)),
    }
}
