//! An operation in Rust.

use wxpay_catalogue::model::{Effect, Family, Field, Protocol};

use super::docs;
use super::emit_meta;
use super::emit_page;
use super::emit_settled;
use super::emit_struct;
use super::emit_write;
use super::plan_op::OpPlan;
use super::planner::FieldPlan;

pub(super) fn op(family: &Family, plan: &OpPlan<'_>) -> String {
    let OpPlan {
        name,
        fields,
        response,
        ..
    } = plan;
    let docs = documentation(plan);
    let secret = fields.iter().any(|field| field.secret);
    let derives = emit_struct::derives(secret);
    let members = emit_struct::members(fields);
    let record = emit_struct::record(name, fields);
    let setters = emit_struct::setters(name, fields);
    if plan.page.is_some() {
        return format!(
            "{docs}{derives}
             pub struct {name} {{
             {members}
             }}

             {record}
             {setters}
             {}
             {}
            ",
            emit_page::page(family, plan),
            checks(name, "crate::check::check_page(Self::META.name, self)")
        );
    }
    let protocol = if family.protocol == Protocol::V2 {
        "v2::V2"
    } else {
        "v3::V3"
    };
    let meta = emit_meta::meta(family, plan);
    let write = emit_write::write(family, plan, secret);
    let checks = checks(name, "crate::check::check(self)");
    let sensitive = if secret { sensitive(fields) } else { String::new() };
    let settled = emit_settled::settled(family, plan);
    format!(
        "{docs}{derives}
         pub struct {name} {{
         {members}
         }}

         {record}
         {setters}
         {checks}

         impl proto::Operation for {name} {{
             type Protocol = proto::{protocol};
             type Response = {response};
             const META: proto::Meta = {meta};

             {write}
             {sensitive}
         }}
         {settled}"
    )
}

fn documentation(plan: &OpPlan<'_>) -> String {
    let op = plan.op;
    let mut lines = vec![docs::title(op.label.as_deref(), plan.id), String::new()];
    let host = op
        .host
        .as_deref()
        .map(|host| format!(" on `{host}`"))
        .unwrap_or_default();
    let mut facts = vec![format!("`{} {}`{host}.", op.method, op.path)];
    if !op.roles.is_empty() {
        facts.push(format!("For: {}.", docs::listed(&op.roles)));
    }
    match op.effect {
        Some(Effect::Read) => facts.push("Reads only.".to_owned()),
        Some(Effect::Write) => facts.push("Moves no money.".to_owned()),
        Some(Effect::Money) | None => {}
    }
    if op.cert {
        facts.push("Needs the merchant's client certificate.".to_owned());
    }
    if op.serial {
        facts.push("May have encrypted fields.".to_owned());
    }
    lines.push(facts.join(" "));
    let mut notes = Vec::new();
    if op.deprecated {
        notes.push("The documentation no longer recommends it.".to_owned());
    }
    notes.extend(
        op.closed
            .as_ref()
            .map(|day| format!("WeChat Pay switched it off on {day}.")),
    );
    if !notes.is_empty() {
        lines.extend([String::new(), notes.join(" ")]);
    }
    if !op.response_headers.is_empty() {
        let header = |(name, field): (&String, &Field)| match field.label.as_deref() {
            Some(label) => format!("{} ({})", docs::code(name), docs::escaped(label)),
            None => docs::code(name),
        };
        let headers: Vec<String> = op.response_headers.iter().map(header).collect();
        lines.extend([
            String::new(),
            format!(
                "Headers of the answer that carry data, to be had by [`headers`](proto::Verified::headers): {}.",
                headers.join(", ")
            ),
        ]);
    }
    if !op.docs.is_empty() {
        let pages: Vec<String> = op.docs.iter().map(|page| format!("<{page}>")).collect();
        lines.extend([String::new(), format!("Official pages: {}.", pages.join(", "))]);
    }
    docs::comment(&lines)
}

fn sensitive(fields: &[FieldPlan<'_>]) -> String {
    let walk = emit_struct::secret_fields(fields, "");
    format!(
        "#[inline]
         fn sensitive(&mut self, visit: &mut dyn FnMut(&str, &mut proto::Sensitive)) {{
             {walk}
         }}
        "
    )
}

/// The methods that hold a request against the table.
fn checks(name: &str, found: &str) -> String {
    let meta = if found.contains("META") {
        "Self::META.name"
    } else {
        "<Self as proto::Operation>::META.name"
    };
    format!(
        "#[cfg(feature = \"table\")]
         impl {name} {{
             /// Everything that the documentation would object to.
             #[must_use]
             #[inline]
             pub fn check(&self) -> Vec<crate::check::Finding> {{
                 {found}
             }}

             /// Refuses what the documentation would object to.
             ///
             /// # Errors
             /// [`Findings`](crate::check::Findings): all of it.
             #[inline]
             pub fn strict(&self) -> Result<(), crate::check::Findings> {{
                 crate::check::refuse({meta}, self.check())
             }}
         }}
        "
    )
}
