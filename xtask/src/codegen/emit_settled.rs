//! How an operation's outcome is settled, in Rust.

use wxpay_catalogue::model::{Family, Signed};
use wxpay_catalogue::name;

use super::plan_op::OpPlan;

/// The implementation of `Settled`, where the query stands in the same family, its answers are always signed, and the
/// fields are taken over one by one.
pub(super) fn settled(family: &Family, plan: &OpPlan<'_>) -> String {
    let Some(settled) = &plan.op.settled_by else {
        return String::new();
    };
    let query = family
        .ops
        .iter()
        .find(|(id, _)| family.name_of(id) == settled.op)
        .filter(|(_, query)| query.signed == Signed::Always && query.response.is_some());
    let each = settled.params.values().any(|own| own.contains('.'));
    let Some((id, _)) = query.filter(|_| !each) else {
        return String::new();
    };
    let taken = settled
        .params
        .iter()
        .map(|(asked, own)| {
            let (asked, own) = (name::field_of(asked), name::field_of(own));
            format!("query.{asked}.clone_from(&self.{own});")
        })
        .collect::<Vec<_>>()
        .join("\n");
    let creates = if settled.creates { ".creates()" } else { "" };
    format!(
        "
         impl proto::Settled for {} {{
             type Query = {};
             const SETTLED: proto::settled::Facts = proto::settled::Facts::new({:?}, &{:?}){creates};

             fn query(&self) -> Self::Query {{
                 let mut query = Self::Query::default();
                 {taken}
                 query
             }}
         }}
        ",
        plan.name,
        name::type_of(id),
        settled.state,
        settled.finals,
    )
}
