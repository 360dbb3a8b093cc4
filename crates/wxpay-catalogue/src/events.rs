//! What a file of events holds: notifications and callbacks, told apart by their type.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::model::{Family, Fields};

/// One file: the events of a protocol.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the workspace's own tasks are its only users"
)]
pub struct Events {
    /// The objects and enumerations; a family without operations.
    pub types: Family,
    /// The type of the outer document.
    pub notification: Option<String>,
    /// Headers of the request that brings it.
    pub headers: Fields,
    /// The events by their type.
    pub events: IndexMap<String, Event>,
}

/// An event.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the workspace's own tasks are its only users"
)]
pub struct Event {
    /// Its name in Rust, when its type makes that of another event.
    pub name: Option<String>,
    /// The official short name.
    pub label: Option<String>,
    /// The list of types in the source has it.
    #[serde(default)]
    pub listed: bool,
    /// Official pages.
    #[serde(default)]
    pub docs: Vec<String>,
    /// What `resource.original_type` says.
    #[serde(default)]
    pub original_types: Vec<String>,
    /// What is encrypted, when that has one form.
    pub resource: Option<String>,
    /// What is encrypted, when that has several forms: the last is what is none of the others.
    #[serde(default)]
    pub resources: Vec<String>,
    /// The name of the enumeration of these forms.
    pub forms: Option<String>,
    /// How the forms are known.
    #[serde(default)]
    pub told_by: IndexMap<String, ToldBy>,
    /// Operations that answer with the same.
    #[serde(default)]
    pub like: Vec<String>,
    /// v2: the document.
    pub message: Option<String>,
    /// v2: the document's field that is encrypted.
    pub encrypted: Option<String>,
    /// Why a fact differs from its source.
    pub note: Option<String>,
}

impl Event {
    /// Every form of what is encrypted.
    pub fn all_resources(&self) -> impl Iterator<Item = &str> {
        self.resource.iter().chain(&self.resources).map(String::as_str)
    }
}

/// What a form is known by; one of the two is enough.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the workspace's own tasks are its only users"
)]
pub struct ToldBy {
    /// The object has this member.
    pub member: Option<String>,
    /// The notification has this `resource.original_type`.
    pub original_type: Option<String>,
}
