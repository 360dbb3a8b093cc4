//! Between flat named texts (what v2 sends) and structs: flattening, and regrouping of numbered fields.
//!
//! v2 spells a list of objects as numbered fields: `coupon_id_0`, `coupon_id_1`, and lists within lists as
//! `coupon_refund_id_0_1`. A struct that stands for an element of such a list names its members with the pattern,
//! `coupon_id_$n` and `coupon_refund_id_$n_$m`, so that the name says where the numbers go.

mod node;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

pub(crate) use node::Node;

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
type Rows<'a> = BTreeMap<u32, Vec<(&'a str, Node<'a>)>>;

/// Turns named texts into one object: numbered fields become lists, all else stays as it is. What is `nested` already takes
/// the place of whatever has its name.
///
/// Nothing is lost: a gap in the numbers or a missing column leaves an element with fewer members, and elements are
/// ordered by their numbers. A name that merely looks numbered stays a member under its own name.
pub(crate) fn regroup<'a>(
    fields: &'a BTreeMap<String, String>,
    nested: &'a Map<String, Value>,
    lists: &'a [ListSpec],
) -> Node<'a> {
    let mut object = Vec::with_capacity(fields.len());
    let mut grouped: BTreeMap<&str, Rows<'a>> = BTreeMap::new();
    let mut inside: BTreeMap<(&str, u32, &str), Rows<'a>> = BTreeMap::new();
    for (name, text) in fields {
        let value = Node::Text(text);
        // Most names have no number in them.
        let is_numbered = !lists.is_empty() && name.bytes().any(|b| b.is_ascii_digit());
        if !is_numbered {
            object.push((&**name, value));
        } else if let Some((list, column, n)) = column_of(name, lists) {
            let row = grouped.entry(list).or_default().entry(n).or_default();
            row.push((column, value));
        } else if let Some((list, inner, column, n, m)) = inner_column_of(name, lists) {
            let rows = inside.entry((list, n, inner)).or_default();
            rows.entry(m).or_default().push((column, value));
        } else {
            object.push((&**name, value));
        }
    }
    for ((list, n, inner), rows) in inside {
        let element = grouped.entry(list).or_default().entry(n).or_default();
        element.push((inner, Node::list(rows)));
    }
    object.retain(|(name, _)| !grouped.contains_key(name) && !nested.contains_key(*name));
    let lists = grouped
        .into_iter()
        .filter(|(list, _)| !nested.contains_key(*list));
    object.extend(lists.map(|(list, rows)| (list, Node::list(rows))));
    object.extend(nested.iter().map(|(name, value)| (&**name, Node::Nested(value))));
    Node::Object(object)
}

fn column_of<'s>(name: &str, lists: &'s [ListSpec]) -> Option<(&'s str, &'s str, u32)> {
    lists.iter().find_map(|list| {
        list.columns.iter().find_map(|column| {
            let (numbered, pattern) = after_same(name, column)?;
            let n = number(numbered.strip_suffix(pattern.strip_prefix("$n")?)?)?;
            Some((list.name, *column, n))
        })
    })
}

fn inner_column_of<'s>(name: &str, lists: &'s [ListSpec]) -> Option<(&'s str, &'s str, &'s str, u32, u32)> {
    lists.iter().find_map(|list| {
        list.lists.iter().find_map(|inner| {
            inner.columns.iter().find_map(|column| {
                let (numbered, pattern) = after_same(name, column)?;
                let (between, after) = split(pattern.strip_prefix("$n")?, "$m")?;
                let numbers = numbered.strip_suffix(after)?;
                let (n, m) = numbers.split_once(between)?;
                Some((list.name, inner.name, *column, number(n)?, number(m)?))
            })
        })
    })
}

/// What a name and a pattern have behind the part in which they are the same, when a number is due there. Most pairs differ
/// in their first letters, which is all that is looked at then.
fn after_same<'n, 'p>(name: &'n str, pattern: &'p str) -> Option<(&'n str, &'p str)> {
    let both = name.bytes().zip(pattern.bytes());
    let same = both.take_while(|(name, pattern)| name == pattern).count();
    let pattern = pattern.get(same..).filter(|rest| rest.starts_with('$'))?;
    Some((name.get(same..)?, pattern))
}

/// As `split_once`; a placeholder is the only thing in a pattern that has a dollar.
fn split<'s>(pattern: &'s str, placeholder: &str) -> Option<(&'s str, &'s str)> {
    let at = pattern.find('$')?;
    Some((&pattern[..at], pattern[at..].strip_prefix(placeholder)?))
}

/// Plain decimal without sign or leading zeros, so that `coupon_id_00` is not taken for `coupon_id_0`.
fn number(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}
