//! How an operation writes itself.

use std::collections::BTreeSet;

use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{Encoding, Family, Field, Fields, Fill, Place, Protocol, Returns, Sure};
use wxpay_catalogue::name;

use super::plan_op::OpPlan;
use super::planner::FieldPlan;

pub(super) fn write(family: &Family, plan: &OpPlan<'_>, secret: bool) -> String {
    let mut lines = Vec::new();
    if is_certain(family, plan) {
        lines.push("#[cfg(feature = \"table\")]\ncrate::check::certain(self)?;".to_owned());
    }
    if secret {
        lines.push("secrets::declare_seals(self, draft)?;".to_owned());
    }
    let is_v2 = family.protocol == Protocol::V2;
    if plan.op.returns == Some(Returns::File) && !plan.op.produces.is_empty() {
        lines.push(format!("draft.accept({:?});", plan.op.produces.join(", ")));
    } else if plan.op.returns == Some(Returns::File) && !is_v2 {
        // Whoever asks for JSON may be told that there is none.
        lines.push("draft.accept(\"*/*\");".to_owned());
    }
    // The query of a v2 GET is signed field by field, so it is written as the fields are.
    if !(is_v2 && plan.op.method == "GET") {
        lines.extend(plan.fields.iter().filter_map(param));
    }
    for (asked, answered) in &plan.echoes {
        let ident = name::field_of(asked);
        lines.push(format!("draft.echo({answered:?}, self.{ident}.as_deref());"));
    }
    let body = body(family, plan);
    let is_used = |line: &String| line.contains("draft");
    let draft = if lines.iter().any(is_used) || is_used(&body) {
        "draft"
    } else {
        "_"
    };
    lines.push(body);
    format!(
        "#[inline]
         fn write(&self, {draft}: &mut proto::Draft) -> Result<(), proto::BuildError> {{
             {}
         }}
        ",
        lines.join("\n")
    )
}

/// Whether an official source vouches for anything in the request.
fn is_certain(family: &Family, plan: &OpPlan<'_>) -> bool {
    let mut seen = BTreeSet::new();
    let mut fields: Vec<&Field> = plan.op.params.values().collect();
    let mut names: Vec<String> = plan.op.request.iter().cloned().collect();
    loop {
        if plan.op.sure
            || !plan.op.sure_members.is_empty()
            || fields.iter().any(|field| field.sure != Sure::Nothing)
        {
            return true;
        }
        names.extend(fields.drain(..).filter_map(|field| {
            let kind = Kind::parse(&field.kind).ok()?;
            kind.name().map(ToOwned::to_owned)
        }));
        let Some(name) = names.pop() else { return false };
        if let Some(found) = family.objects.get(&name).filter(|_| seen.insert(name)) {
            fields.extend(found.values());
        }
    }
}

/// The last lines: what makes the body.
fn body(family: &Family, plan: &OpPlan<'_>) -> String {
    let op = plan.op;
    let is_v2 = family.protocol == Protocol::V2;
    let object = op.request.as_deref().and_then(|name| family.objects.get(name));
    match (object, op.encoding) {
        (_, Some(Encoding::Multipart)) if is_v2 => form(plan),
        (_, Some(Encoding::Multipart)) => upload(family, plan),
        (None, _) if op.request.is_some() => {
            "draft.fields(&self.fields.clone().unwrap_or_default())".to_owned()
        }
        (None, _) if is_v2 && op.method == "GET" => "draft.fields(self)".to_owned(),
        (None, _) => "Ok(())".to_owned(),
        (Some(body), _) => {
            let params = op.params.keys();
            let skip: Vec<&String> = params.filter(|name| !body.contains_key(*name)).collect();
            match (is_v2, skip.as_slice()) {
                (true, []) => "draft.fields(self)".to_owned(),
                (true, skip) => format!("draft.fields_without(self, &{skip:?})"),
                (false, skip) => format!("draft.json(self, &{skip:?})"),
            }
        }
    }
}

/// v3's upload: `meta`, further texts, the file.
fn upload(family: &Family, plan: &OpPlan<'_>) -> String {
    let parts = || plan.fields.iter().filter(|field| is_part(field));
    let (mut file, mut meta, mut texts) = ("", "", Vec::new());
    let mut lines = Vec::new();
    for part in parts() {
        match &part.kind {
            Kind::File => file = &part.ident,
            Kind::Named(name) if family.objects.contains_key(name) => meta = &part.ident,
            _ => texts.push(format!(
                "({:?}, {}.map(ToOwned::to_owned))",
                part.member,
                text(part)
            )),
        }
    }
    let described = parts().find(|part| part.ident == meta);
    lines.push(format!("let mut meta = self.{meta}.clone().unwrap_or_default();"));
    let fields = described.and_then(|part| family.objects.get(part.kind.name()?));
    let fills = fields.map(|fields| fills("meta", fields)).unwrap_or_default();
    if fills.is_empty() {
        lines = vec![format!("let meta = self.{meta}.clone().unwrap_or_default();")];
    } else {
        lines.push(format!("if let Some(file) = &self.{file} {{\n{fills}\n}}"));
    }
    let part = parts()
        .find(|part| part.ident == file)
        .map_or("file", |part| part.member.as_str());
    lines.push(format!(
        "draft.multipart(&meta, &[{}], {part:?}, self.{file}.as_ref())",
        texts.join(", ")
    ));
    lines.join("\n")
}

/// v2's form: texts that are signed, and the file.
fn form(plan: &OpPlan<'_>) -> String {
    let Some(file) = plan.fields.iter().find(|field| field.kind == Kind::File) else {
        return "draft.fields(self)".to_owned();
    };
    let FieldPlan { ident, member, .. } = file;
    let fills = fills("fields", &plan.op.params);
    format!(
        "let mut fields = self.clone();
         if let Some(file) = &self.{ident} {{
             {fills}
         }}
         draft.fields_without(&fields, &[{member:?}])?;
         draft.attach_file({member:?}, self.{ident}.as_ref())"
    )
}

/// What is taken from the file when nothing is given.
fn fills(owner: &str, fields: &Fields) -> String {
    let fill = |(member, field): (&String, &Field)| {
        let value = match field.fill? {
            Fill::Name => "file.name().to_owned()",
            Fill::Sha256 => "file.sha256()",
            Fill::Md5 => "file.md5()",
        };
        let ident = name::field_of(member);
        Some(format!("{owner}.{ident}.get_or_insert_with(|| {value});"))
    };
    fields.iter().filter_map(fill).collect()
}

fn is_part(plan: &FieldPlan<'_>) -> bool {
    plan.field.is_some_and(|field| field.place == Some(Place::Form))
}

/// How a parameter is written.
pub(super) fn param(plan: &FieldPlan<'_>) -> Option<String> {
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
    if shape.list {
        let text = shape.text?;
        return Some(format!(
            "for value in &self.{ident} {{ draft.query({member:?}, Some({text})); }}"
        ));
    }
    shape.text?;
    Some(format!("draft.{call}({member:?}, {}){end};", text(plan)))
}

/// An expression for the text of a field, borrowed, when it is set.
fn text(FieldPlan { ident, shape, .. }: &FieldPlan<'_>) -> String {
    match shape.item.as_str() {
        "String" => format!("self.{ident}.as_deref()"),
        "i64" | "f64" | "bool" => format!("self.{ident}.map(|value| value.to_string()).as_deref()"),
        _ => format!(
            "self.{ident}.as_ref().map(|value| {})",
            shape.text.unwrap_or("value.as_str()")
        ),
    }
}
