//! `wxpay operations`: what the documentation knows, from the run-time table.

pub(crate) mod facts;
pub(crate) mod names;
mod page;

use std::io::Write;

use wxpay_types::schema::OperationInfo;
use wxpay_types::table;

use crate::ended::{Ended, NotSent};

/// What `wxpay operations` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Show this operation with its fields; `-` and `_` are the same in names.
    name: Option<String>,
    /// List those whose name, path, official name, family or roles hold this text, in any case.
    #[arg(long, value_name = "TEXT", conflicts_with = "name")]
    search: Option<String>,
    /// As JSON, for machines.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Ended, NotSent> {
    if let Some(name) = &arguments.name {
        let info = names::resolve(name)?;
        if arguments.json {
            let text = serde_json::to_string_pretty(&page::json(info))
                .map_err(|error| NotSent::new(error.to_string()))?;
            writeln!(out, "{text}")?;
        } else {
            page::write(info, out)?;
        }
        return Ok(Ended::Done);
    }
    let wanted = arguments.search.as_deref().unwrap_or_default().to_lowercase();
    let found = table::operations().filter(|info| matches(info, &wanted));
    if arguments.json {
        json_list(found, out)?;
    } else {
        list(found, out)?;
    }
    Ok(Ended::Done)
}

/// Every word of the text has to occur somewhere.
fn matches(info: &OperationInfo, wanted: &str) -> bool {
    let text = [
        info.name.as_str(),
        info.method.as_str(),
        info.path.as_str(),
        info.label.as_str(),
        info.family.as_str(),
        facts::effect(info.effect),
        &info.roles.join(" "),
    ]
    .join("\n")
    .to_lowercase();
    wanted
        .split_whitespace()
        .all(|word| text.contains(word) || text.replace('-', "_").contains(word))
}

/// One line each.
fn list<'a>(found: impl Iterator<Item = &'a OperationInfo>, out: &mut dyn Write) -> Result<(), NotSent> {
    let mut count = 0_usize;
    for info in found {
        count += 1;
        write!(
            out,
            "{}  {} {}  {}",
            info.name, info.method, info.path, info.label
        )?;
        write!(out, "  [{}", facts::effect(info.effect))?;
        if !info.roles.is_empty() {
            write!(out, "; {}", info.roles.join(", "))?;
        }
        for standing in facts::standing(info) {
            write!(out, "; {standing}")?;
        }
        writeln!(out, "]")?;
    }
    if count == 0 {
        eprintln!("no operation fits");
    }
    Ok(())
}

/// One array, with a line for each.
fn json_list<'a>(found: impl Iterator<Item = &'a OperationInfo>, out: &mut dyn Write) -> Result<(), NotSent> {
    let lines: Vec<String> = found.map(|info| facts::json(info).to_string()).collect();
    if lines.is_empty() {
        writeln!(out, "[]")?;
    } else {
        writeln!(out, "[\n{}\n]", lines.join(",\n"))?;
    }
    Ok(())
}
