//! The messages of v2 in Rust.

use wxpay_catalogue::columns::{self, Member};
use wxpay_catalogue::events::Events;

use super::events_plan;
use super::plan::Module;
use super::{emit, emit_struct, planner};

pub(super) fn module(found: &Events, module: &Module<'_>) -> String {
    let mut structs = String::new();
    for plan in &module.structs {
        structs += &emit_struct::object(plan);
        structs += &reader(found, &plan.name);
    }
    let enums: String = module
        .enums
        .iter()
        .map(|(name, found)| emit::enumeration(name, found))
        .collect();
    let body = format!("{structs}\n{enums}\n{}", events_plan::table(found));
    let imports = emit::imports(&body);
    let about = "The notifications of v2, made of flat fields, and what is encrypted in them.";
    events_plan::framed(found, about, &imports, &body)
}

/// How a message is read: from what proves it.
fn reader(found: &Events, name: &str) -> String {
    let of = |wanted: Option<&str>| wanted == Some(name);
    let Some(event) = found
        .events
        .values()
        .find(|event| of(event.message.as_deref()) || of(event.resource.as_deref()))
    else {
        return String::new();
    };
    let is_message = of(event.message.as_deref());
    // A refund's message has no signature, so that there is no verified one.
    let unproven = event.encrypted.as_deref() == Some("req_info");
    let (function, from, about, call) = match (is_message, unproven) {
        (true, false) => ("read", "VerifiedNotification", "Reads the fields.", "read"),
        (false, false) => (
            "read",
            "notification::OpenedEvent",
            "Reads what was encrypted.",
            "read",
        ),
        (true, true) => (
            "read_claimed",
            "UnauthenticatedRefund",
            "Reads the fields around what is encrypted. Nothing proves them.",
            "read_outer",
        ),
        (false, true) => (
            "read_claimed",
            "UnauthenticatedRefund",
            "Reads what was encrypted. Nothing proves it: ask for the refund before you act.",
            "read_claimed",
        ),
    };
    let lists: String = found
        .types
        .objects
        .get(name)
        .map(|fields| columns::grouped(fields, found.types.lists.get(name)))
        .into_iter()
        .flatten()
        .filter_map(|member| match member {
            Member::List(list) => Some(planner::list_spec(&list)),
            Member::Plain(..) => None,
        })
        .collect();
    format!(
        "impl {name} {{
             /// Its lists of numbered fields.
             pub const LISTS: &'static [proto::ListSpec] = &[{lists}];

             /// {about}
             ///
             /// # Errors
             /// [`ParseError`](proto::ParseError) when they do not fit, which no text does.
             pub fn {function}(from: &proto::v2::{from}) -> Result<Self, proto::ParseError> {{
                 from.{call}(Self::LISTS)
             }}
         }}

        "
    )
}
