//! Reading catalogue files.
//!
//! A file is read entry by entry, so that a message names the operation, type or field, and all entries that are
//! wrong are told at once.

pub mod events;

use std::fs;
use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Problem;
use crate::model::{Enum, Family, Field, Fields, Op, Protocol};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    protocol: Protocol,
    family: String,
    #[serde(default)]
    unions: Vec<String>,
    #[serde(default)]
    op: IndexMap<String, toml::Table>,
    #[serde(default)]
    object: IndexMap<String, toml::Table>,
    #[serde(default, rename = "enum")]
    enums: IndexMap<String, toml::Value>,
}

/// Reads every `<protocol>/<family>.toml` below a folder, in the order of their names.
///
/// # Errors
/// All that is wrong, in all files.
pub fn folder(root: &Path) -> Result<Vec<Family>, Vec<Problem>> {
    let mut families = Vec::new();
    let mut problems = Vec::new();
    for protocol in Protocol::ALL {
        for (name, path) in names(&root.join(protocol.as_str())) {
            let file = format!("{}/{name}.toml", protocol.as_str());
            let text = fs::read_to_string(&path).map_err(|error| Problem::new(&file, "", error.to_string()));
            match text
                .map_err(|problem| vec![problem])
                .and_then(|text| family(&file, &text))
            {
                Ok(family) => families.push(family),
                Err(found) => problems.extend(found),
            }
        }
    }
    if problems.is_empty() {
        Ok(families)
    } else {
        Err(problems)
    }
}

/// The files of a folder without their ending; none when there is no such folder.
fn names(folder: &Path) -> Vec<(String, std::path::PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .filter_map(|path| Some((path.file_stem()?.to_str()?.to_owned(), path)))
        .collect();
    names.sort();
    names
}

/// Reads one file, which stands at `file` below the catalogue.
///
/// # Errors
/// All that is wrong in it.
pub fn family(file: &str, text: &str) -> Result<Family, Vec<Problem>> {
    let raw: Raw = toml::from_str(text).map_err(|error| vec![Problem::new(file, "", message(&error))])?;
    let expected = format!("{}/{}.toml", raw.protocol.as_str(), raw.family);
    let mut reader = Reader {
        file,
        problems: Vec::new(),
    };
    if file != expected {
        reader.problem("", format!("the file says that it is {expected}"));
    }
    let family = reader.family(raw);
    if reader.problems.is_empty() {
        Ok(family)
    } else {
        Err(reader.problems)
    }
}

/// The names that an object gives to lists of numbered fields: `list`, which as a field would have a `type`.
fn list_names(table: &mut toml::Table) -> Option<IndexMap<String, String>> {
    let names = table.get("list")?.as_table()?;
    if names.contains_key("type") {
        return None;
    }
    let names = names
        .iter()
        .map(|(from, to)| (from.clone(), to.as_str().unwrap_or_default().to_owned()))
        .collect();
    table.remove("list");
    Some(names)
}

struct Reader<'a> {
    file: &'a str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, place: &str, message: String) {
        self.problems.push(Problem::new(self.file, place, message));
    }

    /// The entries of a file.
    fn family(&mut self, raw: Raw) -> Family {
        let ops = raw
            .op
            .into_iter()
            .filter_map(|(id, table)| Some((id.clone(), self.op(&id, table)?)))
            .collect();
        let mut lists = IndexMap::new();
        let objects = raw
            .object
            .into_iter()
            .map(|(name, mut table)| {
                lists.extend(list_names(&mut table).map(|names| (name.clone(), names)));
                let fields = self.fields(&format!("object.{name}"), table);
                (name, fields)
            })
            .collect();
        let enums = raw
            .enums
            .into_iter()
            .filter_map(|(name, value)| {
                Some((name.clone(), self.entry::<Enum>(&format!("enum.{name}"), value)?))
            })
            .collect();
        Family {
            file: self.file.to_owned(),
            protocol: raw.protocol,
            name: raw.family,
            unions: raw.unions,
            ops,
            objects,
            lists,
            enums,
        }
    }

    fn entry<T: DeserializeOwned>(&mut self, place: &str, value: toml::Value) -> Option<T> {
        value
            .try_into()
            .map_err(|error| self.problem(place, message(&error)))
            .ok()
    }

    fn op(&mut self, id: &str, mut table: toml::Table) -> Option<Op> {
        let place = format!("op.{id}");
        let mut part = |key: &str| match table.remove(key) {
            Some(toml::Value::Table(fields)) => self.fields(&format!("{place}.{key}"), fields),
            Some(_) => {
                self.problem(&place, format!("`{key}` is no table"));
                Fields::new()
            }
            None => Fields::new(),
        };
        let (params, response_headers) = (part("params"), part("response_headers"));
        let op: Op = self.entry(&place, toml::Value::Table(table))?;
        Some(Op {
            params,
            response_headers,
            ..op
        })
    }

    fn fields(&mut self, place: &str, table: toml::Table) -> Fields {
        let read = |(name, value): (String, toml::Value)| {
            let field = self.entry::<Field>(&format!("{place}.{name}"), value)?;
            Some((name, field))
        };
        table.into_iter().filter_map(read).collect()
    }
}

/// A message in one line.
fn message(error: &toml::de::Error) -> String {
    error.message().trim().replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        family("v3/a.toml", text)
            .unwrap_err()
            .iter()
            .map(Problem::to_string)
            .collect()
    }

    const HEAD: &str = "protocol = 'v3'\nfamily = 'a'\n";

    #[test]
    fn order_is_kept() {
        let text = format!("{HEAD}[object.Z]\nz = {{ type = 'int' }}\na = {{ type = 'int' }}\n[object.A]\n");
        let family = family("v3/a.toml", &text).unwrap();
        assert_eq!(family.objects.keys().collect::<Vec<_>>(), ["Z", "A"]);
        assert_eq!(family.objects["Z"].keys().collect::<Vec<_>>(), ["z", "a"]);
    }

    #[test]
    fn unknown_keys_are_told_with_their_place() {
        let text = format!(
            "{HEAD}[op.x]\nmethod = 'GET'\npath = '/x'\nfoo = 1\n[op.x.params]\np = {{ in = 'path', type = 'int', bar = 1 }}\n\
             [object.O]\nm = {{ type = 'int', requird = true }}\n[enum.E]\nvalues = []\nbaz = 1\n"
        );
        let found = problems(&text);
        for (place, key) in [
            ("op.x.params.p", "bar"),
            ("op.x", "foo"),
            ("object.O.m", "requird"),
            ("enum.E", "baz"),
        ] {
            let start = format!("v3/a.toml: {place}: unknown field `{key}`");
            assert!(
                found.iter().any(|problem| problem.starts_with(&start)),
                "{start} in {found:?}"
            );
        }
        assert!(problems(&format!("{HEAD}extra = 1"))[0].contains("unknown field `extra`"));
    }

    #[test]
    fn a_file_is_what_its_name_says() {
        assert_eq!(
            problems("protocol = 'v2'\nfamily = 'a'\n"),
            ["v3/a.toml: the file says that it is v2/a.toml"]
        );
    }

    #[test]
    fn words_that_are_none_of_the_known_ones() {
        let op = |rest: &str| problems(&format!("{HEAD}[op.x]\nmethod = 'GET'\npath = '/x'\n{rest}"));
        for (rest, said) in [
            ("effect = 'none'", "op.x: unknown variant `none`"),
            ("signed = 'maybe'", "op.x: unknown variant `maybe`"),
            ("returns = 'pdf'", "op.x: unknown variant `pdf`"),
            ("encoding = 'json'", "op.x: unknown variant `json`"),
            ("status = 'ok'", "op.x: "),
            ("params = 1", "op.x: `params` is no table"),
            (
                "[op.x.params]\np = { in = 'body', type = 'int' }",
                "op.x.params.p: unknown variant `body`",
            ),
            (
                "[op.x.params]\np = { in = 'form', type = 'string', fill = 'sha1' }",
                "op.x.params.p: unknown variant `sha1`",
            ),
        ] {
            let found = op(rest);
            let start = format!("v3/a.toml: {said}");
            assert!(
                found.len() == 1 && found[0].starts_with(&start),
                "{start} in {found:?}"
            );
        }
        assert!(problems("protocol = 'v4'\nfamily = 'a'\n")[0].contains("unknown variant `v4`"));
        // Told by the place in the file, because nothing else could be read.
        assert!(problems(&format!("{HEAD}[op.x\n"))[0].starts_with("v3/a.toml: "));
        assert!(
            problems(&format!("{HEAD}[op.x]\nmethod = 'GET'\nmethod = 'PUT'\n"))[0].contains("duplicate key")
        );
    }

    #[test]
    fn what_is_missing_is_told() {
        assert_eq!(
            problems(&format!("{HEAD}[op.x]\nmethod = 'GET'")),
            ["v3/a.toml: op.x: missing field `path`"]
        );
    }
}
