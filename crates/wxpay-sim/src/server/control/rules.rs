//! Faults by rule.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::desk::Desk;
use super::reply::{Answer, Problem};
use crate::scenario::{self, Scenario};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Switched {
    name: String,
    on: bool,
}

pub(super) fn list(desk: &Desk) -> Value {
    desk.look(|platform, _| json!(platform.rules()))
}

pub(super) async fn add(desk: &Desk, rule: Value) -> Answer {
    let rule = scenario::rule(rule).map_err(|(field, issue)| Problem::bad(format!("`{field}`: {issue}")))?;
    let added = desk.act(|platform, _| platform.add_rule(rule)).await?;
    let name = added.map_err(Problem::conflict)?;
    Ok(json!({ "name": name }))
}

pub(super) async fn remove(desk: &Desk, named: Named) -> Result<(), Problem> {
    let Named { name } = named;
    let removed = desk.act(|platform, _| platform.remove_rule(&name)).await?;
    known(removed, &name)
}

pub(super) async fn switch(desk: &Desk, switched: Switched) -> Result<(), Problem> {
    let Switched { name, on } = switched;
    let found = desk.act(|platform, _| platform.switch_rule(&name, on)).await?;
    known(found, &name)
}

/// The body is a scenario as JSON. An empty one has no rules, so that nothing goes wrong any more.
pub(super) async fn play(desk: &Desk, body: &[u8]) -> Result<(), Problem> {
    let text = String::from_utf8_lossy(if body.is_empty() { b"{}" } else { body });
    let scenario = Scenario::read("the body", &text).map_err(Problem::bad)?;
    let played = desk.act(|platform, _| platform.play(&scenario)).await?;
    played.map_err(Problem::conflict)
}

fn known(found: bool, name: &str) -> Result<(), Problem> {
    found
        .then_some(())
        .ok_or_else(|| Problem::missing(format!("there is no rule {name:?}")))
}
