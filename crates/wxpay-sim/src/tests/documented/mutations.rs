//! One thing wrong with a request, of every v3 operation: refused, with the pointer to it.

use serde_json::{Value, json};
use wxpay_proto::crypto::MerchantKey;
use wxpay_proto::{ApiError, Effect, KeyId, v3};
use wxpay_types::schema::{Field, Kind, OperationInfo, Place, Protocol, Schema};
use wxpay_types::table;

use super::super::client::{Table, refused};
use super::caller::{Any, add, key, send};
use super::compose::{self, Extent};
use crate::{Facts, Settings};

/// A documented value in a request: its pointer, and what is said of it.
type Leaf = (String, &'static Field);

fn leaves(schema: &'static Schema, value: &Value) -> Vec<Leaf> {
    let mut found = Vec::new();
    for field in &schema.fields {
        if let Some(value) = value.get(&field.name) {
            inside(&format!("/{}", field.name), field, &field.kind, value, &mut found);
        }
    }
    found
}

fn inside(at: &str, field: &'static Field, kind: &'static Kind, value: &Value, found: &mut Vec<Leaf>) {
    match (kind, value) {
        (Kind::Object(schema), value) => {
            found.push((at.to_owned(), field));
            let inner = leaves(schema, value);
            found.extend(
                inner
                    .into_iter()
                    .map(|(pointer, field)| (format!("{at}{pointer}"), field)),
            );
        }
        (Kind::List(kind), Value::Array(elements)) => {
            inside(&format!("{at}/0"), field, kind, &elements[0], found);
        }
        _ => found.push((at.to_owned(), field)),
    }
}

fn operations() -> impl Iterator<Item = &'static OperationInfo> {
    // Two operations share this address: what one refuses, the other takes.
    let twins = "v3.apply4subject.cancel";
    table::operations()
        .filter(|info| info.protocol == Protocol::V3 && !info.multipart)
        .filter(move |info| !info.name.starts_with(twins))
}

/// Where the simulator must say that it is.
fn place(info: &OperationInfo, pointer: &str) -> (&'static str, String) {
    let name = pointer[1..].split('/').next().unwrap();
    let location = match info.request.field(name).map(|field| field.place) {
        Some(Place::Path) => "url",
        Some(Place::Query) => "query",
        Some(Place::Header) => "header",
        _ => return ("body", pointer.to_owned()),
    };
    (location, name.to_owned())
}

struct Bench {
    table: Table,
    key: MerchantKey,
    tried: usize,
    wrong: Vec<String>,
}

impl Bench {
    fn new() -> Self {
        let table = Table::merchant();
        let key = key(&table);
        Self {
            table,
            key,
            tried: 0,
            wrong: Vec::new(),
        }
    }

    /// The refusal; nothing where a product has refused, or answered.
    fn refusal(&mut self, call: &Any<v3::Raw>) -> Option<Result<(), Box<ApiError>>> {
        let keys = self.table.platform.profile().platform_keys();
        let answer = send(&mut self.table, &self.key, call)?;
        self.tried += 1;
        let answer = answer.verify(&keys, self.table.clocks.wire);
        Some(answer.map(|_| ()).map_err(refused))
    }

    fn expect(
        &mut self,
        info: &OperationInfo,
        call: &Any<v3::Raw>,
        (location, field): (&str, String),
        inner: u64,
    ) {
        let Some(refusal) = self.refusal(call) else {
            return;
        };
        let Err(error) = refusal else {
            return self
                .wrong
                .push(format!("{}: {location} {field} was taken", info.name));
        };
        let code = (error.status, error.code.as_deref(), error.authentic);
        let at = (error.location(), error.field(), error.inner_code());
        let wanted = (Some(location), Some(&*field), Some(inner));
        let named = if inner == UNKNOWN {
            "INVALID_REQUEST"
        } else {
            "PARAM_ERROR"
        };
        if code != (400, Some(named), true) || at != wanted {
            self.wrong.push(format!("{}: {wanted:?}: {error}", info.name));
        }
    }

    fn finish(self, at_least: usize) {
        assert!(self.wrong.is_empty(), "{}\n{:#?}", self.wrong.len(), self.wrong);
        assert!(self.tried >= at_least, "{}", self.tried);
    }
}

const WRONG: u64 = 268_435_461;
const UNKNOWN: u64 = 270_924_358;

#[test]
fn what_is_missing_is_named() {
    let mut bench = Bench::new();
    for (number, info) in operations().enumerate() {
        let request = compose::request(info, Extent::All);
        let mut required = leaves(&info.request, &request);
        required.retain(|(_, field)| field.required && field.place != Place::Path);
        required.retain(|(pointer, _)| !pointer.ends_with("/0"));
        if required.is_empty() {
            continue;
        }
        let (pointer, _) = required.swap_remove(number % required.len());
        let mut request = request;
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = request.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        parent.remove(name);
        let call = Any::new(&bench.table, info, &request);
        bench.expect(info, &call, place(info, &pointer), WRONG);
    }
    bench.finish(680);
}

#[test]
fn what_is_not_documented_is_named() {
    let mut bench = Bench::new();
    for info in operations() {
        let mut request = compose::request(info, Extent::Required);
        if info.method == "GET" {
            let mut call = Any::new(&bench.table, info, &request);
            add(&mut call.target, "no_such_parameter", "1");
            bench.expect(info, &call, ("query", "no_such_parameter".to_owned()), UNKNOWN);
        } else {
            request["no/such~member"] = json!({ "a": 1 });
            let call = Any::new(&bench.table, info, &request);
            bench.expect(info, &call, ("body", "/no~1such~0member".to_owned()), UNKNOWN);
        }
    }
    bench.finish(900);
}

#[test]
fn what_is_too_long_or_of_another_kind_is_named() {
    let mut bench = Bench::new();
    for (number, info) in operations().enumerate() {
        let request = compose::request(info, Extent::All);
        let leaves = leaves(&info.request, &request);
        let mut change = |suits: fn(&Field) -> bool, value: fn(&Field) -> Value| {
            let mut suitable: Vec<_> = leaves.iter().filter(|(_, field)| suits(field)).collect();
            if suitable.is_empty() {
                return;
            }
            let (pointer, field) = suitable.swap_remove(number % suitable.len());
            let mut request = request.clone();
            *request.pointer_mut(pointer).unwrap() = value(field);
            let call = Any::new(&bench.table, info, &request);
            bench.expect(info, &call, place(info, pointer), WRONG);
        };
        change(
            |field| matches!(field.kind, Kind::Text) && field.max_len.is_some() && field.place == Place::Body,
            |field| "长".repeat(field.max_len.unwrap() as usize + 1).into(),
        );
        change(
            |field| matches!(field.kind, Kind::Int) && field.place == Place::Body,
            |_| "1".into(),
        );
        change(
            |field| {
                matches!(field.kind, Kind::Text | Kind::Time)
                    && field.place == Place::Body
                    && !field.sensitive
            },
            |_| 1.into(),
        );
        change(
            |field| {
                matches!(field.kind, Kind::Enum(_))
                    && field.place != Place::Path
                    && field.place != Place::Header
            },
            |_| "NO_SUCH_VALUE".into(),
        );
    }
    bench.finish(1000);
}

#[test]
fn what_is_not_sealed_for_the_named_key_is_named() {
    let mut bench = Bench::new();
    for info in operations() {
        let request = compose::request(info, Extent::All);
        let mut sensitive = leaves(&info.request, &request).into_iter();
        let Some((pointer, _)) = sensitive.find(|(_, field)| field.sensitive) else {
            continue;
        };
        let place = place(info, &pointer);
        let call = Any::as_is(info, &request);
        bench.expect(info, &call, place.clone(), WRONG);

        // Sealed for one of the platform's keys, and the header names the other.
        let call = Any::new(&bench.table, info, &request);
        let sealed_for = bench.table.answer_key.clone();
        bench.table.answer_key = bench.table.platform.profile().platform_certificate().id().clone();
        bench.expect(info, &call, place, WRONG);

        bench.table.answer_key = KeyId::new("PUB_KEY_ID_0").unwrap();
        let nobodys = bench.refused_by_header(&call);
        assert_eq!(nobodys, ("Wechatpay-Serial".to_owned(), 400), "{}", info.name);
        bench.table.answer_key = sealed_for;
    }
    bench.finish(100);
}

impl Bench {
    /// Field and status of a refusal that concerns no operation.
    fn refused_by_header(&mut self, call: &Any<v3::Raw>) -> (String, u16) {
        let merchant = &self.table.merchant;
        let credentials = v3::Credentials::merchant(merchant.id().clone(), merchant.serial().clone());
        let credentials = credentials.answer_key(self.table.answer_key.clone());
        let unsigned = wxpay_proto::Unsigned::new(call, &credentials, &self.table.stamp()).unwrap();
        let (request, _) = unsigned.sign(&self.key).unwrap().into_parts();
        let response = self.table.handle(&request);
        let status = response.status().as_u16();
        let error = v3::read_refusal("test", Effect::Write, status, None, response.into_body());
        (error.field().unwrap_or_default().to_owned(), status)
    }
}

#[test]
fn which_facts_count_can_be_chosen() {
    let info = table::named("v3.payscore.create_service_order").unwrap();
    let mut request = compose::request(info, Extent::Required);
    request["no_such_member"] = 1.into();
    request.as_object_mut().unwrap().remove("out_order_no").unwrap();
    for (facts, taken) in [
        (Facts::Documented, false),
        (Facts::Sure, !info.sure),
        (Facts::None, true),
    ] {
        let settings = Settings {
            facts,
            ..Settings::default()
        };
        let mut bench = Bench::new();
        bench.table = Table::of(settings, |profile| profile.merchant());
        let call = Any::new(&bench.table, info, &request);
        assert_eq!(bench.refusal(&call).unwrap().is_ok(), taken, "{facts:?}");
    }
}
