//! Reads scenarios and rules, field by field, so that every error names its place.

use std::path::Path;

use serde_json::{Map, Value};
use wxpay_types::table;

use super::error::ScenarioError;
use super::plan::Scenario;
use crate::fault::Fault;
use crate::pattern::Pattern;
use crate::rule::{Often, Rule};

/// What is wrong with a field: its name, and what is wanted.
pub(crate) type Wrong = (String, String);

impl Scenario {
    /// Reads a scenario: JSON when it begins with `{`, TOML otherwise. `file` is what errors call it.
    ///
    /// # Errors
    /// [`ScenarioError`] says which rule and which field is wrong, and what is wanted.
    pub fn read(file: &str, text: &str) -> Result<Self, ScenarioError> {
        scenario(file, text)
    }

    /// Reads a scenario from a file.
    ///
    /// # Errors
    /// [`ScenarioError`] when the file cannot be read, or says which rule and which field of it is wrong.
    pub fn open(path: &Path) -> Result<Self, ScenarioError> {
        let file = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::read(&file, &text),
            Err(source) => Err(ScenarioError::Unreadable { file, source }),
        }
    }
}

fn scenario(file: &str, text: &str) -> Result<Scenario, ScenarioError> {
    let syntax = |problem: String| ScenarioError::Syntax {
        file: file.to_owned(),
        problem,
    };
    let read: Map<String, Value> = if text.trim_start().starts_with('{') {
        serde_json::from_str(text).map_err(|error| syntax(error.to_string()))?
    } else {
        toml::from_str(text).map_err(|error| syntax(error.to_string()))?
    };
    let wrong = |place: String, (field, issue): Wrong| ScenarioError::Field {
        file: file.to_owned(),
        place,
        field,
        issue,
    };
    let mut fields = Fields(read);
    let outside = |problem| wrong(String::new(), problem);
    let seed = fields.whole("seed", 0).map_err(outside)?;
    let rules = fields.list("rules").map_err(outside)?;
    fields.end().map_err(outside)?;
    let mut scenario = Scenario {
        seed,
        rules: Vec::new(),
    };
    for (index, value) in rules.into_iter().enumerate() {
        let named = value.get("name").and_then(Value::as_str).map(str::to_owned);
        let place = || {
            let name = named
                .as_ref()
                .map(|name| format!(" ({name:?})"))
                .unwrap_or_default();
            format!("rule {}{name}: ", index + 1)
        };
        let read = rule(value).map_err(|problem| wrong(place(), problem))?;
        let taken = scenario.rules.iter().any(|other| other.name == read.name);
        if taken && !read.name.is_empty() {
            let issue = "another rule has this name already".to_owned();
            return Err(wrong(place(), ("name".to_owned(), issue)));
        }
        scenario.rules.push(read);
    }
    Ok(scenario)
}

/// Reads one rule.
pub(crate) fn rule(value: Value) -> Result<Rule, Wrong> {
    let Value::Object(members) = value else {
        let issue = format!("a rule is a table of fields, and not {value}");
        return Err(("rules".to_owned(), issue));
    };
    let mut fields = Fields(members);
    let named = fields.text("fault")?;
    let named = named.ok_or_else(|| {
        let issue = format!("it is missing: one of {} is wanted", Fault::names());
        ("fault".to_owned(), issue)
    })?;
    let fault = Fault::find(&named).ok_or_else(|| {
        let issue = format!("{named:?} is none of {}", Fault::names());
        ("fault".to_owned(), issue)
    })?;
    let mut rule = Rule::new(fault);
    rule.name = fields.text("name")?.unwrap_or_default();
    rule.operation = fields.text("operation")?.map(operation).transpose()?;
    rule.method = fields.text("method")?;
    rule.path = fields.text("path")?.map(path).transpose()?;
    rule.merchant = fields.text("merchant")?;
    rule.milliseconds = fields.whole("milliseconds", 0)?;
    rule.on = fields.flag("on")?.unwrap_or(true);
    let often = [
        fields.times("first")?.map(Often::First),
        fields.times("every")?.map(Often::Every),
        fields.share("probability")?.map(Often::Probability),
    ];
    let mut often = often.into_iter().flatten();
    rule.often = often.next().unwrap_or_default();
    if often.next().is_some() {
        let issue = "only one of first, every and probability says how often";
        return Err(("first".to_owned(), issue.to_owned()));
    }
    if rule.milliseconds.is_some() && fault != Fault::Slow {
        let issue = format!("only `slow` takes time, and not `{}`", fault.name());
        return Err(("milliseconds".to_owned(), issue));
    }
    fields.end()?;
    Ok(rule)
}

fn operation(text: String) -> Result<Pattern, Wrong> {
    let pattern = Pattern::new(text);
    // A rule that fits nothing spoils nothing, and a test that waits for it passes.
    if table::operations().any(|info| pattern.fits(&info.name)) {
        return Ok(pattern);
    }
    let issue = format!(
        "{:?} fits none of the documented operations (`wxpay operations` lists them)",
        pattern.as_str()
    );
    Err(("operation".to_owned(), issue))
}

fn path(text: String) -> Result<Pattern, Wrong> {
    if text.starts_with(['/', '*']) && !text.contains('?') {
        return Ok(Pattern::new(text));
    }
    let issue = format!("{text:?}: a path begins with / and has no query; * stands for any text");
    Err(("path".to_owned(), issue))
}

/// The fields that are left to be read.
struct Fields(Map<String, Value>);

impl Fields {
    fn read<T>(
        &mut self,
        name: &str,
        wanted: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, Wrong> {
        let Some(value) = self.0.remove(name) else {
            return Ok(None);
        };
        read(&value)
            .map(Some)
            .ok_or_else(|| (name.to_owned(), format!("{wanted} is wanted, and not {value}")))
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, Wrong> {
        let text = |value: &Value| {
            let text = value.as_str().filter(|text| !text.is_empty())?;
            Some(text.to_owned())
        };
        self.read(name, "a text that is not empty", text)
    }

    fn flag(&mut self, name: &str) -> Result<Option<bool>, Wrong> {
        self.read(name, "true or false", Value::as_bool)
    }

    fn whole(&mut self, name: &str, least: u64) -> Result<Option<u64>, Wrong> {
        let wanted = format!("a whole number from {least} on");
        self.read(name, &wanted, |value| {
            value.as_u64().filter(|number| *number >= least)
        })
    }

    fn times(&mut self, name: &str) -> Result<Option<u32>, Wrong> {
        let times = |value: &Value| {
            let number = value.as_u64().filter(|number| *number > 0)?;
            u32::try_from(number).ok()
        };
        self.read(name, "a whole number from 1 to 4294967295", times)
    }

    fn share(&mut self, name: &str) -> Result<Option<f64>, Wrong> {
        let share = |value: &Value| value.as_f64().filter(|share| (0.0..=1.0).contains(share));
        self.read(name, "a number from 0 to 1", share)
    }

    fn list(&mut self, name: &str) -> Result<Vec<Value>, Wrong> {
        let list = self.read(name, "a list of rules", |value| value.as_array().cloned())?;
        Ok(list.unwrap_or_default())
    }

    /// Nothing else may be left: a field that nobody reads is a spelling mistake.
    fn end(self) -> Result<(), Wrong> {
        match self.0.into_iter().next() {
            None => Ok(()),
            Some((name, _)) => Err((name, "there is no such field".to_owned())),
        }
    }
}
