//! Reading the files of events.

use std::fs;
use std::path::Path;

use super::{Raw, Reader, message};
use crate::Problem;
use crate::events::Events;
use crate::model::{Fields, Protocol};

/// Reads `events/v3.toml` and `events/v2.toml`, those that are there.
///
/// # Errors
/// All that is wrong, in both.
pub fn folder(root: &Path) -> Result<Vec<Events>, Vec<Problem>> {
    let mut all = Vec::new();
    let mut problems = Vec::new();
    for protocol in [Protocol::V3, Protocol::V2] {
        let name = format!("events/{}.toml", protocol.as_str());
        let Ok(text) = fs::read_to_string(root.join(&name)) else {
            continue;
        };
        match file(&name, &text) {
            Ok(events) => all.push(events),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(all)
    } else {
        Err(problems)
    }
}

/// Reads one file, which stands at `file` below the catalogue.
///
/// # Errors
/// All that is wrong in it.
pub fn file(file: &str, text: &str) -> Result<Events, Vec<Problem>> {
    let whole = |error: &toml::de::Error| vec![Problem::new(file, "", message(error))];
    let mut table: toml::Table = toml::from_str(text).map_err(|error| whole(&error))?;
    let mut reader = Reader {
        file,
        problems: Vec::new(),
    };
    let notification = table
        .remove("notification")
        .and_then(|name| reader.entry::<String>("notification", name));
    let mut tables = |key: &str| match table.remove(key) {
        Some(toml::Value::Table(found)) => found,
        Some(_) => {
            reader.problem("", format!("`{key}` is no table"));
            toml::Table::new()
        }
        None => toml::Table::new(),
    };
    let (headers, events) = (tables("headers"), tables("event"));
    let headers: Fields = reader.fields("headers", headers);
    let events = events
        .into_iter()
        .filter_map(|(kind, value)| {
            let event = reader.entry(&format!("event.{kind}"), value)?;
            Some((kind, event))
        })
        .collect();
    let raw: Raw = table.try_into().map_err(|error| whole(&error))?;
    let expected = format!("events/{}.toml", raw.protocol.as_str());
    if file != expected || raw.family != "events" {
        let message = format!("the file says that it is {expected}, of the family `events`");
        reader.problem("", message);
    }
    if !raw.op.is_empty() {
        reader.problem("", "events are no operations".to_owned());
    }
    let types = reader.family(raw);
    if reader.problems.is_empty() {
        Ok(Events {
            types,
            notification,
            headers,
            events,
        })
    } else {
        Err(reader.problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let text = format!("protocol = 'v3'\nfamily = 'events'\n{text}");
        let found = file("events/v3.toml", &text).unwrap_err();
        found.iter().map(Problem::to_string).collect()
    }

    #[test]
    fn a_file_is_read_in_order() {
        let text = "protocol = 'v3'\nfamily = 'events'\nnotification = 'N'\n[headers]\nh = { type = 'string' }\n\
                    [event.'Z.B']\nresource = 'O'\n[event.A]\nlisted = true\n[object.N]\n[object.O]\nm = { type = 'int' }\n";
        let read = file("events/v3.toml", text).unwrap();
        assert_eq!(read.events.keys().collect::<Vec<_>>(), ["Z.B", "A"]);
        assert_eq!(read.events["Z.B"].all_resources().collect::<Vec<_>>(), ["O"]);
        assert_eq!(read.notification.as_deref(), Some("N"));
        assert_eq!(read.headers.len(), 1);
        assert_eq!(read.types.objects.len(), 2);
    }

    #[test]
    fn unknown_keys_are_told_with_their_place() {
        for (text, start) in [
            ("[event.A]\nresorce = 'O'\n", "event.A: unknown field `resorce`"),
            (
                "[event.A]\ntold_by = { O = { field = 'm' } }\n",
                "event.A: unknown field `field`",
            ),
            ("extra = 1\n", "unknown field `extra`"),
            ("event = 1\n", "`event` is no table"),
            (
                "[op.x]\nmethod = 'GET'\npath = '/x'\n",
                "events are no operations",
            ),
            (
                "[headers]\nh = { typ = 'string' }\n",
                "headers.h: unknown field `typ`",
            ),
        ] {
            let found = problems(text);
            assert!(
                found[0].starts_with(&format!("events/v3.toml: {start}")),
                "{start} in {found:?}"
            );
        }
    }

    #[test]
    fn a_file_is_what_its_name_says() {
        let found = file("events/v2.toml", "protocol = 'v3'\nfamily = 'events'\n").unwrap_err();
        assert_eq!(
            found[0].to_string(),
            "events/v2.toml: the file says that it is events/v3.toml, of the family `events`"
        );
    }
}
