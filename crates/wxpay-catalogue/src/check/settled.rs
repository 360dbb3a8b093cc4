//! Checks of the operations that settle others, which may stand in other files.

use std::collections::HashMap;

use crate::Problem;
use crate::columns::{self, Member};
use crate::kind::Kind;
use crate::model::Family;

/// Whether an object has a member at the end of a path, through the elements of lists.
fn has(family: &Family, object: &str, steps: &[&str]) -> bool {
    let (Some(fields), [first, rest @ ..]) = (family.objects.get(object), steps) else {
        return false;
    };
    columns::grouped(fields, family.lists.get(object))
        .iter()
        .any(|member| match member {
            Member::Plain(name, field) if name == first => match (rest, Kind::parse(&field.kind)) {
                ([], _) => true,
                (_, Ok(kind)) => kind.name().is_some_and(|inner| has(family, inner, rest)),
                (_, Err(_)) => false,
            },
            Member::List(list) if list.name == *first => {
                matches!(rest, [column] if list.columns.iter().any(|(name, _)| name == column))
            }
            _ => false,
        })
}

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
            let steps: Vec<&str> = settled.state.split('.').collect();
            if !query
                .response
                .as_deref()
                .is_some_and(|answer| has(there, answer, &steps))
            {
                tell(format!(
                    "the answer of `{}` has no `{}`",
                    settled.op, settled.state
                ));
            }
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
