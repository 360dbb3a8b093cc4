//! What a generated module says, decided before a word of it is written.

use std::collections::HashSet;

use wxpay_catalogue::Problem;
use wxpay_catalogue::model::{Enum, Family};

use super::plan_op::{self, OpPlan};
use super::planner::{Planner, StructPlan};

/// A module.
pub(super) struct Module<'a> {
    pub(super) family: &'a Family,
    pub(super) ops: Vec<OpPlan<'a>>,
    pub(super) structs: Vec<StructPlan<'a>>,
    pub(super) enums: Vec<(&'a str, &'a Enum)>,
}

/// Decides a family's module.
pub(super) fn module(family: &Family) -> Result<Module<'_>, Vec<Problem>> {
    let mut planner = Planner::new(family);
    let mut module = Module {
        family,
        ops: Vec::new(),
        structs: Vec::new(),
        enums: Vec::new(),
    };
    for (id, op) in &family.ops {
        match plan_op::plan(&mut planner, id, op) {
            Ok(plan) => module.ops.push(plan),
            Err(message) => planner.problem(&format!("op.{id}"), message),
        }
    }
    for (name, fields) in &family.objects {
        planner.object(name, fields);
    }
    module.enums = family
        .enums
        .iter()
        .map(|(name, found)| (name.as_str(), found))
        .collect();
    module.structs = std::mem::take(&mut planner.structs);
    names_differ(&mut planner, &module);
    if planner.problems.is_empty() {
        Ok(module)
    } else {
        Err(planner.problems)
    }
}

/// Structs made here could meet a name of the catalogue, and a field its operation's own methods.
fn names_differ(planner: &mut Planner<'_>, module: &Module<'_>) {
    let mut seen = HashSet::new();
    let ops = module.ops.iter().map(|op| op.name.as_str());
    let structs = module.structs.iter().map(|plan| plan.name.as_str());
    let enums = module.enums.iter().map(|(name, _)| *name);
    for name in ops.chain(structs).chain(enums).filter(|name| !seen.insert(*name)) {
        planner.problem("", format!("two types would be called `{name}`"));
    }
    for op in &module.ops {
        for field in op.fields.iter().filter(|field| match field.ident.as_str() {
            "check" | "strict" => true,
            "url" => op.page.is_some(),
            _ => false,
        }) {
            let message = format!("the field `{}` has the name of a method of its own", field.ident);
            planner.problem(&format!("op.{}", op.id), message);
        }
    }
}
