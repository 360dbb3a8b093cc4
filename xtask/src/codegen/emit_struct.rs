//! A struct in Rust: its members with their serde attributes, its setters, its walk to sensitive fields.

use wxpay_catalogue::name;

use super::docs;
use super::planner::{Answer, FieldPlan, StructPlan};

/// The derives of a struct. Sensitive values have no equality.
pub(super) fn derives(secret: bool) -> String {
    let equality = if secret { "" } else { "PartialEq, " };
    format!(
        "#[derive(Clone, Debug, Default, {equality}serde::Serialize, serde::Deserialize)]\n#[serde(default)]"
    )
}

pub(super) fn object(plan: &StructPlan<'_>) -> String {
    let StructPlan {
        name, about, fields, ..
    } = plan;
    let derives = derives(plan.secret);
    let may_grow = if plan.in_requests {
        ""
    } else {
        "#[non_exhaustive]\n"
    };
    let members = members(fields);
    let setters = setters(name, fields);
    let secrets = if plan.secret {
        secrets(name, fields)
    } else {
        String::new()
    };
    let answer = plan
        .answer
        .as_ref()
        .map(|answer| response(name, answer))
        .unwrap_or_default();
    format!(
        "/// {about}
         {derives}
         {may_grow}pub struct {name} {{
         {members}
         }}

         {setters}
         {answer}
         {secrets}
        "
    )
}

fn response(name: &str, Answer { proof, reader }: &Answer) -> String {
    format!(
        "impl proto::Response for {name} {{
             type Proof = proto::proof::{proof};

             fn parse(body: &proto::AnswerBody<'_>) -> Result<Self, proto::ParseError> {{
                 {reader}
             }}
         }}
        "
    )
}

pub(super) fn members(fields: &[FieldPlan<'_>]) -> String {
    fields.iter().map(member).collect()
}

fn member(plan: &FieldPlan<'_>) -> String {
    let FieldPlan {
        ident, member, shape, ..
    } = plan;
    let docs = match plan.field {
        Some(field) => docs::field(member, field, &plan.kind),
        None => format!("{}, called {}.", plan.about, docs::code(member)),
    };
    let item = &shape.item;
    let (empty, kind) = if shape.list {
        ("Vec::is_empty", format!("Vec<{item}>"))
    } else {
        ("Option::is_none", format!("Option<{item}>"))
    };
    let mut attributes = format!("skip_serializing_if = {empty:?}");
    if let Some(lenient) = shape.lenient {
        attributes += &format!(", deserialize_with = \"lenient::{lenient}\"");
    }
    if name::bare(ident) != member {
        attributes += &format!(", rename = {member:?}");
    }
    format!("/// {docs}\n#[serde({attributes})]\npub {ident}: {kind},\n")
}

pub(super) fn setters(name: &str, fields: &[FieldPlan<'_>]) -> String {
    if fields.is_empty() {
        return String::new();
    }
    let setters: String = fields.iter().map(setter).collect();
    format!("impl {name} {{\n{setters}\n}}\n")
}

fn setter(FieldPlan { ident, shape, .. }: &FieldPlan<'_>) -> String {
    let item = &shape.item;
    let (kind, value) = if shape.list {
        (format!("Vec<{item}>"), "value.into()")
    } else {
        (item.clone(), "Some(value.into())")
    };
    let shown = name::bare(ident);
    format!(
        "/// Sets `{shown}`.
         #[must_use]
         pub fn {ident}(mut self, value: impl Into<{kind}>) -> Self {{
             self.{ident} = {value};
             self
         }}

        "
    )
}

/// The walk to the sensitive fields.
fn secrets(name: &str, fields: &[FieldPlan<'_>]) -> String {
    let walk = secret_fields(fields, "{at}");
    format!(
        "impl secrets::Secrets for {name} {{
             fn secrets(&mut self, at: &str, visit: &mut dyn FnMut(&str, &mut proto::Sensitive)) {{
                 {walk}
             }}
         }}
        "
    )
}

/// One line for each field that has something sensitive.
pub(super) fn secret_fields(fields: &[FieldPlan<'_>], at: &str) -> String {
    let line = |field: &FieldPlan<'_>| {
        let FieldPlan { ident, member, .. } = field;
        let pointer = if at.is_empty() {
            format!("\"/{member}\"")
        } else {
            format!("&format!(\"{at}/{member}\")")
        };
        format!("self.{ident}.secrets({pointer}, visit);\n")
    };
    fields.iter().filter(|field| field.secret).map(line).collect()
}
