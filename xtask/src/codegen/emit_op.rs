//! An operation in Rust.

use wxpay_catalogue::model::{Effect, Family, Place, Protocol, Returns};
use wxpay_catalogue::name;

use super::docs;
use super::emit_schema;
use super::emit_struct;
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
    let setters = emit_struct::setters(name, fields);
    let protocol = if family.protocol == Protocol::V2 {
        "v2::V2"
    } else {
        "v3::V3"
    };
    let meta = meta(family, plan);
    let write = write(family, plan, secret);
    let sensitive = if secret { sensitive(fields) } else { String::new() };
    let schema = emit_schema::described(name, fields);
    let info = emit_schema::documented(family, plan);
    format!(
        "{docs}{derives}
         pub struct {name} {{
         {members}
         }}

         {setters}
         impl {name} {{
             /// Everything that the documentation would object to.
             #[must_use]
             pub fn check(&self) -> Vec<check::Finding> {{
                 check::check(self)
             }}

             /// Refuses what the documentation would object to.
             ///
             /// # Errors
             /// [`Findings`](check::Findings): all of it.
             pub fn strict(&self) -> Result<(), check::Findings> {{
                 check::strict(self)
             }}
         }}

         impl proto::Operation for {name} {{
             type Protocol = proto::{protocol};
             type Response = {response};
             const META: proto::Meta = {meta};

             {write}
             {sensitive}
         }}

         {schema}
         {info}
        "
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
    if !op.docs.is_empty() {
        let pages: Vec<String> = op.docs.iter().map(|page| format!("<{page}>")).collect();
        lines.extend([String::new(), format!("Official pages: {}.", pages.join(", "))]);
    }
    docs::comment(&lines)
}

fn meta(family: &Family, plan: &OpPlan<'_>) -> String {
    let name = format!("{}.{}.{}", family.protocol.as_str(), family.name, plan.id);
    let (method, path) = (&plan.op.method, &plan.op.path);
    let calls: String = plan.meta.iter().map(|call| format!(".{call}")).collect();
    format!("proto::Meta::new({name:?}, http::Method::{method}, {path:?}){calls}")
}

fn write(family: &Family, plan: &OpPlan<'_>, secret: bool) -> String {
    let mut lines = Vec::new();
    if secret {
        lines.push("secrets::declare_seals(self, draft)?;".to_owned());
    }
    if plan.op.returns == Some(Returns::File) && !plan.op.produces.is_empty() {
        lines.push(format!("draft.accept({:?});", plan.op.produces.join(", ")));
    }
    lines.extend(plan.fields.iter().filter_map(param));
    for (asked, answered) in &plan.echoes {
        let ident = name::field_of(asked);
        lines.push(format!("draft.echo({answered:?}, self.{ident}.as_deref());"));
    }
    let body = plan
        .op
        .request
        .as_deref()
        .and_then(|name| family.objects.get(name));
    lines.push(match body {
        None => "Ok(())".to_owned(),
        Some(_) if family.protocol == Protocol::V2 => "draft.fields(self)".to_owned(),
        Some(body) => {
            let params = plan.op.params.keys();
            let skip: Vec<&String> = params.filter(|name| !body.contains_key(*name)).collect();
            format!("draft.json(self, &{skip:?})")
        }
    });
    let draft = if lines.len() == 1 && body.is_none() {
        "_"
    } else {
        "draft"
    };
    format!(
        "fn write(&self, {draft}: &mut proto::Draft) -> Result<(), proto::BuildError> {{
             {}
         }}
        ",
        lines.join("\n")
    )
}

/// How a parameter is written.
fn param(plan: &FieldPlan<'_>) -> Option<String> {
    let FieldPlan {
        ident, member, shape, ..
    } = plan;
    let field = plan.field?;
    let (call, end) = match field.place? {
        Place::Path => ("path", "?"),
        Place::Query => ("query", ""),
        Place::Header => ("header", "?"),
        Place::Form => return None,
    };
    if field.sensitive {
        let text = format!("secrets::ciphertext(Self::META.name, self.{ident}.as_ref())?");
        return Some(format!("draft.{call}({member:?}, {text}.as_deref()){end};"));
    }
    let text = shape.text?;
    if shape.list {
        return Some(format!(
            "for value in &self.{ident} {{ draft.query({member:?}, Some({text})); }}"
        ));
    }
    let value = match shape.item.as_str() {
        "String" => format!("self.{ident}.as_deref()"),
        "i64" | "f64" | "bool" => format!("self.{ident}.map(|value| value.to_string()).as_deref()"),
        _ => format!("self.{ident}.as_ref().map(|value| {text})"),
    };
    Some(format!("draft.{call}({member:?}, {value}){end};"))
}

fn sensitive(fields: &[FieldPlan<'_>]) -> String {
    let walk = emit_struct::secret_fields(fields, "");
    format!(
        "fn sensitive(&mut self, visit: &mut dyn FnMut(&str, &mut proto::Sensitive)) {{
             {walk}
         }}
        "
    )
}
