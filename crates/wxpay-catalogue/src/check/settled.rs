//! Checks of the operations that settle others, which may stand in other files.

use std::collections::HashMap;

use crate::Problem;
use crate::model::Family;

/// What operations say of the one that settles them, wherever it stands.
pub(super) fn problems(families: &[Family]) -> Vec<Problem> {
    let mut known = HashMap::new();
    for family in families {
        for (id, op) in &family.ops {
            known.insert(family.name_of(id), (family, op));
        }
    }
    let mut problems = Vec::new();
    for family in families {
        for (id, op) in &family.ops {
            let Some(settled) = &op.settled_by else { continue };
            let mut tell = |message| {
                let place = format!("op.{id}.settled_by");
                problems.push(Problem::new(&family.file, place, message));
            };
            let Some((there, query)) = known.get(&settled.op) else {
                tell(format!("there is no operation `{}`", settled.op));
                continue;
            };
            for (asked, own) in &settled.params {
                if !there.asks(query, asked) {
                    tell(format!("`{}` has no field `{asked}`", settled.op));
                }
                // Of a list's elements each is settled alone: `sub_orders.out_trade_no`.
                let own = own.split('.').next().unwrap_or(own);
                if !family.asks(op, own) {
                    tell(format!("this operation has no field `{own}`"));
                }
            }
        }
    }
    problems
}
