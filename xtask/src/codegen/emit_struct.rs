//! A struct in Rust: its members, how they are read and written, its setters, its walk to sensitive fields.

use wxpay_catalogue::name;

use super::docs;
use super::planner::{Answer, FieldPlan, StructPlan};

/// The derives of a struct. Sensitive values have no equality.
pub(super) fn derives(secret: bool) -> String {
    let equality = if secret { "" } else { ", PartialEq" };
    format!("#[derive(Clone, Debug, Default{equality})]")
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
    let record = record(name, fields);
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

         {record}
         {setters}
         {answer}
         {secrets}
        "
    )
}

fn response(name: &str, Answer { proof, reader }: &Answer) -> String {
    // v2's fields are a map already, in which looking costs nothing.
    let repeats = if reader == "record::parse(body)" {
        "
             #[inline]
             fn repeats(&self, member: &str, text: &str) -> bool {
                 record::repeats(self, member, text)
             }
        "
    } else {
        ""
    };
    format!(
        "impl proto::Response for {name} {{
             type Proof = proto::proof::{proof};

             #[inline]
             fn parse(body: &proto::AnswerBody<'_>) -> Result<Self, proto::ParseError> {{
                 {reader}
             }}
             {repeats}
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
    let kind = if shape.list {
        format!("Vec<{item}>")
    } else {
        format!("Option<{item}>")
    };
    format!("/// {docs}\npub {ident}: {kind},\n")
}

/// The list of its fields, which is what reads and writes it.
pub(super) fn record(name: &str, fields: &[FieldPlan<'_>]) -> String {
    let line = |field: &FieldPlan<'_>| format!("{}: {:?},\n", field.ident, field.member);
    let fields: String = fields.iter().map(line).collect();
    format!("record::fields!({name} {{\n{fields}}});\n\n")
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
             #[inline]
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
