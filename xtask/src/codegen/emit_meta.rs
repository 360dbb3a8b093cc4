//! The facts of an operation as an expression.

use wxpay_catalogue::model::Family;

use super::plan_op::OpPlan;

pub(super) fn meta(family: &Family, plan: &OpPlan<'_>) -> String {
    let name = family.name_of(plan.id);
    let (method, path) = (&plan.op.method, &plan.op.path);
    let calls: String = plan.meta.iter().map(|call| format!(".{call}")).collect();
    format!("proto::Meta::new({name:?}, http::Method::{method}, {path:?}){calls}")
}
