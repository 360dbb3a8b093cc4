//! Every generated operation against the catalogue: a test a family, which tells each operation and field that fails.

mod answers;
mod certain;
mod facts;
mod nested;
mod printed;
mod properties;
mod registry;
mod requests;

use std::collections::HashMap;
use std::sync::OnceLock;

use libtest_mimic::{Arguments, Failed, Trial};
use wxpay_catalogue::model::{Family, Op};
use wxpay_every::catalogue::families;
use wxpay_every::entry::Entry;
use wxpay_every::registry::OPERATIONS;

/// Finds what is wrong with an operation.
type Look = fn(&'static Family, &'static Op, &'static Entry) -> Vec<String>;

fn main() {
    let arguments = Arguments::from_args();
    let looks: [(&str, Look); 6] = [
        ("facts", facts::look),
        ("requests", requests::look),
        ("requests_in_part", requests::parts_of_it),
        ("certain", certain::look),
        ("answers", answers::look),
        ("properties", properties::look),
    ];
    let mut trials: Vec<Trial> = Vec::new();
    for (name, look) in looks {
        for family in families() {
            let title = format!("{name}::{}::{}", family.protocol.as_str(), family.name);
            trials.push(Trial::test(title, move || told(of_family(family, look))));
        }
    }
    trials.push(Trial::test("answers::texts", || told(answers::texts())));
    trials.push(Trial::test("answers::nested", || told(nested::look())));
    trials.push(Trial::test("printed", || told(printed::look())));
    trials.push(Trial::test("registry", || told(registry::look())));
    libtest_mimic::run(&arguments, trials).exit();
}

fn of_family(family: &'static Family, look: Look) -> Vec<String> {
    let mut problems = Vec::new();
    for (id, op) in &family.ops {
        let name = family.name_of(id);
        match entry(&name) {
            Some(entry) => {
                let found = look(family, op, entry);
                problems.extend(found.into_iter().map(|problem| format!("{name}: {problem}")));
            }
            None => problems.push(format!("{name}: not in the registry")),
        }
    }
    problems
}

fn entry(name: &str) -> Option<&'static Entry> {
    static ENTRIES: OnceLock<HashMap<&str, &Entry>> = OnceLock::new();
    let entries = ENTRIES.get_or_init(|| OPERATIONS.iter().map(|entry| (entry.name, entry)).collect());
    entries.get(name).copied()
}

fn told(problems: Vec<String>) -> Result<(), Failed> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems.join("\n").into())
    }
}
