//! The run-time table in Rust.

use wxpay_catalogue::model::{Family, Field, Place, Returns};

use super::docs;
use super::plan_op::OpPlan;
use super::planner::FieldPlan;

/// What is documented of a type.
pub(super) fn described(name: &str, fields: &[FieldPlan<'_>]) -> String {
    let fields: String = fields.iter().map(field).collect();
    format!(
        "impl schema::Described for {name} {{
             const SCHEMA: &'static schema::Schema = &schema::Schema {{ name: {name:?}, fields: &[{fields}] }};
         }}

        "
    )
}

/// What is documented of an operation.
pub(super) fn documented(family: &Family, plan: &OpPlan<'_>) -> String {
    let OpPlan { name, op, .. } = plan;
    let family = format!("{}/{}", family.protocol.as_str(), family.name);
    let mut calls = String::new();
    if !op.roles.is_empty() {
        calls += &format!(".roles(&{:?})", op.roles);
    }
    if op.returns == Some(Returns::File) {
        calls += ".file()";
    } else if let Some(response) = op.response.as_ref().filter(|name| *name != "any") {
        calls += &format!(".response(<{response} as schema::Described>::SCHEMA)");
    }
    if op.status.codes() != [200] {
        calls += &format!(".status(&{:?})", op.status.codes());
    }
    format!(
        "impl schema::Documented for {name} {{
             const INFO: &'static schema::OperationInfo =
                 &schema::OperationInfo::new(const {{ &<Self as proto::Operation>::META }}, {family:?}, <Self as schema::Described>::SCHEMA){calls};
         }}

        "
    )
}

fn field(plan: &FieldPlan<'_>) -> String {
    let FieldPlan {
        member, schema_kind, ..
    } = plan;
    let label = plan
        .field
        .and_then(|field| field.label.as_deref())
        .unwrap_or_default();
    let facts = plan.field.map(facts).unwrap_or_default();
    format!("schema::Field::new({member:?}, {label:?}, {schema_kind}){facts},\n")
}

fn facts(field: &Field) -> String {
    let place = match field.place {
        Some(Place::Path) => Some("Path"),
        Some(Place::Query) => Some("Query"),
        Some(Place::Header) => Some("Header"),
        Some(Place::Form) | None => None,
    };
    let number = |name: &str, value: Option<i64>| value.map(|value| format!(".{name}({value})"));
    let word = |name: &str, on: bool| on.then(|| format!(".{name}()"));
    let text = |name: &str, value: Option<&str>| value.map(|value| format!(".{name}({value:?})"));
    let list = |name: &str, values: &[String]| (!values.is_empty()).then(|| format!(".{name}(&{values:?})"));
    let values: Vec<String> = field.values.iter().map(docs::plain).collect();
    let plain = |value: &Option<toml::Value>| value.as_ref().map(docs::plain);
    [
        place.map(|place| format!(".place(schema::Place::{place})")),
        word("required", field.required),
        list("required_for", &field.required_for),
        text("one_of", field.one_of.as_deref()),
        word("sensitive", field.sensitive),
        word("sure", field.sure),
        word("deprecated", field.deprecated),
        number("min_len", field.min_len.map(i64::from)),
        number("max_len", field.max_len.map(i64::from)),
        number("min", field.min),
        number("max", field.max),
        number("min_items", field.min_items.map(i64::from)),
        number("max_items", field.max_items.map(i64::from)),
        list("values", &values),
        text("format", field.format.as_deref()),
        text("pattern", field.pattern.as_deref()),
        text("default", plain(&field.default).as_deref()),
        text("example", plain(&field.example).as_deref()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
