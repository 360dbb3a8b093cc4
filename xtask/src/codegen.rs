//! `cargo xtask codegen [--check | --accept-names]`: makes the generated files of wxpay-types from the catalogue.
//!
//! Steps: the catalogue is read and checked (`wxpay-catalogue`), `plan` decides what Rust says, `emit` writes it,
//! and `rustfmt` gives it its form. The same input makes the same bytes on every machine.

mod docs;
mod emit;
mod emit_events;
mod emit_messages;
mod emit_meta;
mod emit_op;
mod emit_page;
mod emit_settled;
mod emit_struct;
mod emit_write;
mod events;
mod events_page;
mod events_plan;
mod events_table;
mod modules;
mod names;
mod operations;
mod plan;
mod plan_op;
mod planner;
mod registry;
mod rustfmt;
mod shape;
mod table;
mod words;

use std::fs;
use std::path::Path;

use wxpay_catalogue::model::Family;
use wxpay_catalogue::{Problem, check, name, read};

use crate::run;

const CRATE: &str = "crates/wxpay-types";

/// A folder of catalogue files, the folder that the modules go to, and whether it is the crate itself.
struct Area {
    catalogue: &'static str,
    modules: &'static str,
    is_crate: bool,
}

/// The crate, and a family with one of everything, which the crate's tests compile.
const AREAS: [Area; 2] = [
    Area {
        catalogue: "catalogue",
        modules: "src",
        is_crate: true,
    },
    Area {
        catalogue: "tests/fixture/catalogue",
        modules: "tests/fixture",
        is_crate: false,
    },
];

/// A generated file: its path below the workspace, and what it holds.
struct File {
    path: String,
    text: String,
}

/// What to do with what is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Write it.
    Write,
    /// Write it, also when public names are gone.
    AcceptNames,
    /// Only tell which files are stale.
    Check,
}

/// Writes the generated files, or tells which ones are stale.
pub(crate) fn run(mode: Mode) -> Result<(), String> {
    let root = run::root();
    let mut files = Vec::new();
    for area in AREAS {
        files.extend(generate(&root.join(CRATE), &area, mode)?);
    }
    let mut stale = Vec::new();
    for file in files {
        let path = root.join(CRATE).join(&file.path);
        if fs::read_to_string(&path).is_ok_and(|text| text == file.text) {
            continue;
        }
        if mode == Mode::Check {
            stale.push(format!("{CRATE}/{}", file.path));
        } else {
            write(&path, &file.text)?;
        }
    }
    if stale.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "stale, run `cargo xtask codegen`:\n  {}",
            stale.join("\n  ")
        ))
    }
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("{}: {error}", path.display()))
}

fn generate(base: &Path, area: &Area, mode: Mode) -> Result<Vec<File>, String> {
    let families = read::folder(&base.join(area.catalogue)).map_err(|problems| told(&problems))?;
    let problems = check::all(&families);
    if !problems.is_empty() {
        return Err(told(&problems));
    }
    let mut files = Vec::new();
    let mut problems = Vec::new();
    let mut names = Vec::new();
    let mut tables = Vec::new();
    let mut sections = Vec::new();
    let mut listed = Vec::new();
    for family in &families {
        match plan::module(family) {
            Ok(module) => {
                names.extend(names::of(&module));
                tables.push(table::of(&module));
                sections.push(operations::section(&module));
                listed.push(registry::of(&module));
                files.push(File {
                    path: format!("{}/{}.rs", area.modules, path_of(family)),
                    text: emit::module(&module),
                });
            }
            Err(found) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        return Err(told(&problems));
    }
    if area.is_crate {
        let lists = modules::lists(&families);
        files.extend(lists.into_iter().map(|(name, text)| File {
            path: format!("{}/{name}.rs", area.modules),
            text,
        }));
        let manifest = base.join("Cargo.toml");
        let text =
            fs::read_to_string(&manifest).map_err(|error| format!("{}: {error}", manifest.display()))?;
        modules::check_features(&text, &families)?;
        modules::check_strays(&base.join(area.modules), &families)?;
    }
    let mut unformatted = Vec::new();
    if area.is_crate {
        let events =
            events::generate(&base.join(area.catalogue), &families).map_err(|problems| told(&problems))?;
        let file = |(path, text)| File { path, text };
        files.extend(events.modules.into_iter().map(file));
        names.extend(events.names);
        unformatted.extend([file(events.page), file(events.table)]);
        files.push(file((registry::PATH.to_owned(), registry::list(&listed))));
    }
    let mut files = formatted(files)?;
    files.extend(unformatted);
    files.push(File {
        path: format!("{}/table/catalogue.json", area.modules),
        text: table::list(&tables),
    });
    if area.is_crate {
        files.push(File {
            path: operations::PATH.to_owned(),
            text: operations::page(&sections),
        });
        let text = names::list(names);
        let old = fs::read_to_string(base.join(names::PATH)).unwrap_or_default();
        if mode != Mode::AcceptNames {
            names::check(&old, &text)?;
        }
        files.push(File {
            path: names::PATH.to_owned(),
            text,
        });
    }
    Ok(files)
}

/// Formats the files, side by side: rustfmt takes nearly all of the time.
fn formatted(files: Vec<File>) -> Result<Vec<File>, String> {
    let config = run::root().join("rustfmt.toml");
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let format = |file: &File| {
        Ok(File {
            path: file.path.clone(),
            text: rustfmt::format(&config, &file.text)?,
        })
    };
    let share = files.len().div_ceil(workers).max(1);
    std::thread::scope(|scope| {
        let shares: Vec<_> = files
            .chunks(share)
            .map(|files| scope.spawn(|| files.iter().map(format).collect()))
            .collect();
        let mut done = Vec::new();
        for share in shares {
            let share: Result<Vec<File>, String> =
                share.join().map_err(|_| "a formatter panicked".to_owned())?;
            done.extend(share?);
        }
        Ok(done)
    })
}

/// `v3/combine_transactions`.
fn path_of(family: &Family) -> String {
    format!("{}/{}", family.protocol.as_str(), name::module_of(&family.name))
}

fn told(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    format!(
        "{} in the catalogue:\n  {}",
        plural(lines.len()),
        lines.join("\n  ")
    )
}

fn plural(count: usize) -> String {
    if count == 1 {
        "1 problem".to_owned()
    } else {
        format!("{count} problems")
    }
}

#[cfg(test)]
mod tests;
