//! The list of public names: what a refreshed catalogue must not take away silently.
//!
//! One line a type, `v3::refund::Create: sub_mchid transaction_id …`, with its fields or variants. New names join
//! the list by themselves; one that is gone is an error until `cargo xtask codegen --accept-names` accepts it.

use std::collections::BTreeMap;

use wxpay_catalogue::name;

use super::plan::Module;
use super::planner::FieldPlan;

/// Where the list stands, below the crate.
pub(super) const PATH: &str = "catalogue/names.txt";

/// Types with their members.
type Names = BTreeMap<String, Vec<String>>;

/// The lines of a module.
pub(super) fn of(module: &Module<'_>) -> Vec<String> {
    let family = module.family;
    let place = format!("{}::{}", family.protocol.as_str(), name::module_of(&family.name));
    let line = |kind: &str, members: Vec<String>| format!("{place}::{kind}: {}", members.join(" "));
    let idents = |fields: &[FieldPlan<'_>]| fields.iter().map(|field| field.ident.clone()).collect();
    let ops = module.ops.iter().map(|op| line(&op.name, idents(&op.fields)));
    let structs = module
        .structs
        .iter()
        .map(|plan| line(&plan.name, idents(&plan.fields)));
    let enums = module.enums.iter().map(|(kind, found)| {
        let variant = |value: &String| {
            let given = found.names.get(value).cloned();
            given.or_else(|| name::variant_of(value)).unwrap_or_default()
        };
        line(kind, found.values.iter().map(variant).collect())
    });
    ops.chain(structs).chain(enums).collect()
}

/// The list as a file.
pub(super) fn list(mut lines: Vec<String>) -> String {
    lines.sort();
    lines
        .iter()
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect()
}

/// Refuses a list that lacks names of the old one.
pub(super) fn check(old: &str, new: &str) -> Result<(), String> {
    let new = read(new);
    let gone: Vec<String> = read(old)
        .into_iter()
        .flat_map(|(kind, members)| match new.get(&kind) {
            None => vec![kind],
            Some(found) => {
                let gone = members.into_iter().filter(|member| !found.contains(member));
                gone.map(|member| format!("{kind}::{member}")).collect()
            }
        })
        .collect();
    if gone.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{} public names are gone; name them again in the catalogue, or accept it with `cargo xtask codegen \
         --accept-names`:\n  {}",
        gone.len(),
        gone.join("\n  ")
    ))
}

fn read(text: &str) -> Names {
    let line = |line: &str| {
        let (kind, members) = line.split_once(':').map(|_| {
            // The path itself has colons: the first one in front of a space or the end parts the members off.
            let at = line.find(": ").unwrap_or_else(|| line.len().saturating_sub(1));
            (&line[..at], line[at + 1..].trim())
        })?;
        let members = members.split_whitespace().map(ToOwned::to_owned).collect();
        Some((kind.to_owned(), members))
    };
    text.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_gone_is_told() {
        let old = "v3::a::Close: id no\nv3::a::Empty:\nv3::a::State: Paid\n";
        let new = "v3::a::Close: id more\nv3::a::State: Paid Open\nv3::b::New: x\n";
        let message = check(old, new).unwrap_err();
        assert!(message.starts_with("2 public names are gone"), "{message}");
        assert!(
            message.ends_with("\n  v3::a::Close::no\n  v3::a::Empty"),
            "{message}"
        );
        assert_eq!(check(old, old), Ok(()));
        assert_eq!(check("", new), Ok(()));
    }
}
