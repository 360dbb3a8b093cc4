//! Between flat named texts (what v2 sends) and structs: flattening, and regrouping of numbered fields.
//!
//! v2 spells a list of objects as numbered fields: `coupon_id_0`, `coupon_id_1`, and lists within lists as
//! `coupon_refund_id_0_1`. A struct that stands for an element of such a list names its members with the pattern,
//! `coupon_id_$n` and `coupon_refund_id_$n_$m`, so that the name says where the numbers go.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

/// A list that arrives as numbered fields.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "generated code writes these tables as literals"
)]
pub struct ListSpec {
    /// The member of the answer's struct that takes the list.
    pub name: &'static str,
    /// The patterns of its columns, `coupon_id_$n`.
    pub columns: &'static [&'static str],
    /// Lists within each element, with columns such as `coupon_refund_id_$n_$m`.
    pub lists: &'static [Self],
}

/// Turns a struct into named texts.
pub(crate) fn flatten<T: Serialize>(value: &T) -> Result<Vec<(String, String)>, String> {
    let Value::Object(members) = serde_json::to_value(value).map_err(|error| error.to_string())? else {
        return Err("a v2 request is a struct with named members".to_owned());
    };
    let mut fields = Vec::with_capacity(members.len());
    flatten_members(members, &[], &mut fields)?;
    Ok(fields)
}

fn flatten_members(
    members: Map<String, Value>,
    numbers: &[usize],
    fields: &mut Vec<(String, String)>,
) -> Result<(), String> {
    for (name, value) in members {
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::Array(elements) => {
                for (number, element) in elements.into_iter().enumerate() {
                    let Value::Object(members) = element else {
                        return Err(format!("{name}: a list of plain values has no form in v2"));
                    };
                    flatten_members(members, &[numbers, &[number]].concat(), fields)?;
                }
                continue;
            }
            Value::Object(_) => {
                return Err(format!("{name}: an object has no form in v2 (use a JSON text)"));
            }
        };
        fields.push((numbered(&name, numbers)?, text));
    }
    Ok(())
}

/// `coupon_refund_id_$n_$m` with the numbers 0 and 1 is `coupon_refund_id_0_1`.
fn numbered(pattern: &str, numbers: &[usize]) -> Result<String, String> {
    let mut name = pattern.to_owned();
    for (placeholder, number) in ["$n", "$m"].iter().zip(numbers) {
        if !name.contains(placeholder) {
            return Err(format!(
                "{pattern}: a member of a numbered list needs {placeholder} in its name"
            ));
        }
        name = name.replacen(placeholder, &number.to_string(), 1);
    }
    Ok(name)
}

/// The elements of a list by their numbers.
type Rows = BTreeMap<u32, Map<String, Value>>;

/// Turns named texts into one object: numbered fields become lists, all else stays as it is.
///
/// Nothing is lost: a gap in the numbers or a missing column leaves an element with fewer members, and elements are
/// ordered by their numbers. A name that merely looks numbered stays a member under its own name.
pub(crate) fn regroup(fields: &BTreeMap<String, String>, lists: &[ListSpec]) -> Map<String, Value> {
    let mut object = Map::new();
    let mut grouped: BTreeMap<&str, Rows> = BTreeMap::new();
    let mut nested: BTreeMap<(&str, u32, &str), Rows> = BTreeMap::new();
    for (name, text) in fields {
        let value = Value::String(text.clone());
        if let Some((list, column, n)) = column_of(name, lists) {
            grouped
                .entry(list)
                .or_default()
                .entry(n)
                .or_default()
                .insert(column.to_owned(), value);
        } else if let Some((list, inner, column, n, m)) = inner_column_of(name, lists) {
            let rows = nested.entry((list, n, inner)).or_default();
            rows.entry(m).or_default().insert(column.to_owned(), value);
        } else {
            object.insert(name.clone(), value);
        }
    }
    for ((list, n, inner), rows) in nested {
        let rows = rows.into_values().map(Value::Object).collect();
        let element = grouped.entry(list).or_default().entry(n).or_default();
        element.insert(inner.to_owned(), Value::Array(rows));
    }
    for (list, rows) in grouped {
        object.insert(
            list.to_owned(),
            Value::Array(rows.into_values().map(Value::Object).collect()),
        );
    }
    object
}

fn column_of<'s>(name: &str, lists: &'s [ListSpec]) -> Option<(&'s str, &'s str, u32)> {
    lists.iter().find_map(|list| {
        list.columns.iter().find_map(|column| {
            let (before, after) = column.split_once("$n")?;
            let n = number(name.strip_prefix(before)?.strip_suffix(after)?)?;
            Some((list.name, *column, n))
        })
    })
}

fn inner_column_of<'s>(name: &str, lists: &'s [ListSpec]) -> Option<(&'s str, &'s str, &'s str, u32, u32)> {
    lists.iter().find_map(|list| {
        list.lists.iter().find_map(|inner| {
            inner.columns.iter().find_map(|column| {
                let (before, rest) = column.split_once("$n")?;
                let (between, after) = rest.split_once("$m")?;
                let numbers = name.strip_prefix(before)?.strip_suffix(after)?;
                let (n, m) = numbers.split_once(between)?;
                Some((list.name, inner.name, *column, number(n)?, number(m)?))
            })
        })
    })
}

/// Plain decimal without sign or leading zeros, so that `coupon_id_00` is not taken for `coupon_id_0`.
fn number(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}
