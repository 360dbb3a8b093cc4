//! All v2 operations of the catalogue: XML, forms, queries of addresses, JSON and files.

use std::marker::PhantomData;

use bytes::Bytes;
use http::Method;
use serde_json::Value;
use wxpay_proto::proof::SignedIfPresent;
use wxpay_proto::{
    ApiV2Key, BuildError, Checked, Draft, Error, FilePart, Meta, Operation, Response, SignTypeRule, Unsigned,
    Unverified, v2,
};
use wxpay_types::check::check_value;
use wxpay_types::schema::{Kind, OperationInfo, Place, Protocol, Returns, Signed};
use wxpay_types::table;

use super::super::client::Table;
use super::caller::{add, plain, seal_object, sealed};
use super::compose::{self, Extent};

/// A v2 call of any form, answered by `R`.
struct Any<R> {
    method: Method,
    target: String,
    headers: Vec<(String, String)>,
    fields: v2::xml::Fields,
    file: Option<(&'static str, FilePart)>,
    sign_type: SignTypeRule,
    answer: PhantomData<R>,
}

impl<R> Clone for Any<R> {
    fn clone(&self) -> Self {
        Self {
            method: self.method.clone(),
            target: self.target.clone(),
            headers: self.headers.clone(),
            fields: self.fields.clone(),
            file: self.file.clone(),
            sign_type: self.sign_type,
            answer: PhantomData,
        }
    }
}

impl<R: Response> Operation for Any<R> {
    type Protocol = v2::V2;
    type Response = R;
    const META: Meta = Meta::new("test", Method::POST, "/");

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.route(self.method.clone(), wxpay_proto::Host::API, self.target.clone());
        draft.sign_type(self.sign_type);
        for (name, value) in &self.headers {
            draft.header(name, Some(value))?;
        }
        draft.fields(&self.fields)?;
        match &self.file {
            Some((part, file)) => draft.attach_file(part, Some(file)),
            None => Ok(()),
        }
    }
}

impl<R> Any<R> {
    fn new(table: &Table, info: &'static OperationInfo, values: &Value) -> Self {
        let mut values = values.clone();
        seal_object(&info.request, &mut values, &|text| sealed(table, info, text));
        let mut call = Self {
            method: info.method.parse().unwrap(),
            target: info.path.clone(),
            headers: Vec::new(),
            fields: v2::xml::Fields::new(),
            file: None,
            sign_type: info.sign_type,
            answer: PhantomData,
        };
        for (name, value) in values.as_object().unwrap() {
            let field = info.request.field(name);
            match field.map(|field| (field.place, &field.kind)) {
                Some((Place::Query, _)) if call.method == Method::POST => {
                    add(&mut call.target, name, &plain(value));
                }
                Some((Place::Header, _)) => call.headers.push((name.clone(), plain(value))),
                Some((_, Kind::File)) => {
                    let file = FilePart::new("a.png", "image/png", "a picture");
                    call.fields.insert("media_hash".to_owned(), file.md5());
                    call.file = Some(("media", file));
                }
                _ if name == "media_hash" => {}
                _ => {
                    call.fields.insert(name.clone(), plain(value));
                }
            }
        }
        call
    }

    fn ask(&self, table: &mut Table, key: &ApiV2Key) -> (bool, Unverified<Self>)
    where
        R: Response,
    {
        let credentials = v2::Credentials::new(table.merchant.id().clone());
        let unsigned = Unsigned::new(self, &credentials, &table.stamp()).unwrap();
        let (request, pending) = unsigned.sign(key).unwrap().into_parts();
        let response = table.handle(&request);
        let documented = response.headers().contains_key("wxpay-sim-documented");
        (documented, pending.receive(response))
    }

    /// Nothing comes back where a product of the simulator's has answered: products have tests of their own.
    fn send(&self, table: &mut Table, key: &ApiV2Key) -> Option<Unverified<Self>>
    where
        R: Response,
    {
        let (documented, answer) = self.ask(table, key);
        documented.then_some(answer)
    }

    /// The refusal of a request that is not even read.
    fn fail(&self, table: &mut Table, key: &ApiV2Key) -> Error
    where
        R: Response<Proof = SignedIfPresent> + std::fmt::Debug,
    {
        let (_, answer) = self.ask(table, key);
        answer.verify(key, table.clocks.wire).unwrap_err()
    }
}

/// The merchant's own key, or the sandbox's, which the simulator gives out.
fn key(table: &mut Table, info: &OperationInfo) -> ApiV2Key {
    let own = ApiV2Key::new(table.merchant.api_v2_key()).unwrap();
    let way = ["/sandboxnew/pay/", "/xdc/apiv2sandbox/"]
        .iter()
        .position(|path| info.path.starts_with(path));
    let (Some(way), false) = (way, info.path.ends_with("/getsignkey")) else {
        return own;
    };
    let name = ["v2.sandbox.get_sign_key", "v2.sandbox.xdc_get_sign_key"][way];
    let info = table::named(name).unwrap();
    let request = request(table, info, Extent::All);
    let call = Any::<v2::Raw>::new(table, info, &request);
    let answer = call
        .send(table, &own)
        .unwrap()
        .verify(&own, table.clocks.wire)
        .unwrap();
    let fields = answer.claimed().fields.clone();
    assert_ne!(fields["sandbox_signkey"], table.merchant.api_v2_key());
    ApiV2Key::new(&*fields["sandbox_signkey"]).unwrap()
}

/// As the catalogue has it, in the table's merchant's name.
fn request(table: &Table, info: &OperationInfo, extent: Extent) -> Value {
    let mut request = compose::request(info, extent);
    for name in ["mch_id", "mchid", "combine_mch_id"] {
        if let Some(number) = request.get_mut(name) {
            *number = table.merchant.id().as_str().into();
        }
    }
    assert_eq!(check_value(info, &request), [], "{}: {request}", info.name);
    request
}

fn operations() -> impl Iterator<Item = &'static OperationInfo> {
    table::operations().filter(|info| info.protocol == Protocol::V2)
}

#[test]
fn every_operation_answers_fields() {
    for extent in [Extent::Required, Extent::All] {
        let mut table = Table::merchant();
        let mut wrong = Vec::new();
        for info in operations().filter(|info| info.returns == Returns::Object) {
            let key = key(&mut table, info);
            let request = request(&table, info, extent);
            let call = Any::<v2::Raw>::new(&table, info, &request);
            let Some(answer) = call.send(&mut table, &key) else {
                continue;
            };
            let checked = match answer.verify(&key, table.clocks.wire) {
                Ok(checked) => checked,
                Err(error) => {
                    wrong.push(format!("{}: {error}: {request}", info.name));
                    continue;
                }
            };
            let signed = matches!(checked, Checked::Verified(_));
            assert_eq!(signed, info.signed == Signed::Always, "{}", info.name);
            let fields = checked.claimed().fields.clone();
            assert_eq!(fields["return_code"], "SUCCESS");
            let schema = info.response.iter().flat_map(|schema| &schema.fields);
            for field in schema.filter(|field| field.required || field.example.is_some()) {
                // v2 has one level, and what tells of a failure is in no success.
                let nested = matches!(field.kind, Kind::Object(_) | Kind::List(_));
                let failure = ["err", "fail", "reject"]
                    .iter()
                    .any(|word| field.name.contains(word));
                let failure = failure || !field.required && field.label.contains("失败原因");
                let envelope = ["sign", "nonce_str"].contains(&field.name.as_str());
                if !nested && !failure && !envelope && fields.get(&field.name).is_none_or(String::is_empty) {
                    wrong.push(format!("{}: {} is missing", info.name, field.name));
                }
            }
            for (asked, told) in &info.echo {
                if let (Some(asked), Some(told)) = (request.get(asked), fields.get(told)) {
                    assert_eq!(plain(asked), *told, "{}", info.name);
                }
            }
        }
        assert!(wrong.is_empty(), "{}\n{wrong:#?}", wrong.len());
    }
}

#[test]
fn files_json_and_pages_are_what_they_are() {
    let mut table = Table::merchant();
    let (mut files, mut pages) = (0, 0);
    for info in operations() {
        let key = key(&mut table, info);
        let request = request(&table, info, Extent::All);
        let call = Any::<v2::File>::new(&table, info, &request);
        match info.returns {
            Returns::File => {
                let Some(answer) = call.send(&mut table, &key) else {
                    continue;
                };
                let answer = answer.verify(&key, table.clocks.wire).unwrap();
                assert!(!answer.claimed().content().is_empty());
                files += 1;
            }
            Returns::Json => {
                let Some(answer) = call.send(&mut table, &key) else {
                    continue;
                };
                let answer = answer.verify(&key, table.clocks.wire).unwrap();
                let answer: Value = serde_json::from_slice(answer.claimed().content()).unwrap();
                assert_eq!((&answer["retcode"], &answer["retmsg"]), (&0.into(), &"OK".into()));
                assert!(answer["access_token"].is_string());
            }
            Returns::Page => {
                let credentials = v2::Credentials::new(table.merchant.id().clone());
                let unsigned = Unsigned::new(&call, &credentials, &table.stamp()).unwrap();
                let (request, _) = unsigned.sign(&key).unwrap().into_parts();
                let response = table.handle(&request);
                assert!(info.status.contains(&response.status().as_u16()), "{}", info.name);
                pages += 1;
            }
            _ => {}
        }
    }
    assert!(files >= 2 && pages >= 3, "{files} {pages}");
}

#[test]
fn numbered_lists_come_back_as_lists_with_their_count() {
    let mut table = Table::merchant();
    let info = table::named("v2.deposit.refund_query").unwrap();
    let key = key(&mut table, info);
    let request = request(&table, info, Extent::Required);
    let call = Any::<v2::Raw>::new(&table, info, &request);
    let answer = call
        .send(&mut table, &key)
        .unwrap()
        .verify(&key, table.clocks.wire)
        .unwrap();
    let fields = answer.claimed().fields.clone();
    for name in [
        "out_refund_no_0",
        "refund_id_0",
        "refund_fee_0",
        "coupon_refund_id_0_0",
    ] {
        assert!(!fields[name].is_empty(), "{name}");
    }
    assert_eq!(fields["refund_count"], "1");
    assert!(!fields.keys().any(|name| name.contains('$')));
}

#[test]
fn the_sandbox_has_a_key_of_its_own() {
    let mut table = Table::merchant();
    let info = table::named("v2.sandbox.order_query").unwrap();
    let own = ApiV2Key::new(table.merchant.api_v2_key()).unwrap();
    let request = request(&table, info, Extent::Required);
    let call = Any::<v2::Raw>::new(&table, info, &request);
    let error = call.fail(&mut table, &own);
    assert!(error.to_string().contains("签名错误"), "{error}");
}

#[test]
fn what_is_missing_or_wrong_is_named_in_a_signed_refusal() {
    let mut table = Table::merchant();
    let key = ApiV2Key::new(table.merchant.api_v2_key()).unwrap();
    let mut tried = 0;
    for info in operations().filter(|info| info.returns == Returns::Object) {
        if info.path.contains("sandbox") {
            continue;
        }
        let request = request(&table, info, Extent::Required);
        let body = info.body().filter(|field| !field.name.contains("mch"));
        let mut refuse = |field: &str, value: Option<&str>, code: &str| {
            let mut call = Any::<v2::Raw>::new(&table, info, &request);
            match value {
                Some(value) => call.fields.insert(field.to_owned(), value.to_owned()),
                None => call.fields.remove(field),
            };
            let Some(answer) = call.send(&mut table, &key) else {
                return;
            };
            let error = answer.verify(&key, table.clocks.wire).unwrap_err();
            let error = super::super::client::refused(error);
            assert_eq!(error.code.as_deref(), Some(code), "{}: {error}", info.name);
            assert!(
                error.message.as_deref().unwrap().contains(field),
                "{}: {error}",
                info.name
            );
            assert_eq!(error.authentic, info.signed == Signed::Always, "{}", info.name);
            tried += 1;
        };
        for field in body
            .filter(|field| field.required && field.place == Place::Body)
            .take(1)
        {
            refuse(&field.name, None, "LACK_PARAMS");
        }
        for field in info
            .body()
            .filter(|field| matches!(field.kind, Kind::Int))
            .take(1)
        {
            refuse(&field.name, Some("1.5"), "PARAM_ERROR");
        }
        let limited = info
            .body()
            .filter(|field| !field.name.contains("mch") && !field.sensitive);
        for field in limited.filter(|field| field.max_len.is_some()).take(1) {
            let long = "7".repeat(field.max_len.unwrap() as usize + 1);
            refuse(&field.name, Some(&long), "PARAM_ERROR");
        }
    }
    assert!(tried > 180, "{tried}");
}

#[test]
fn an_upload_is_held_against_its_digest() {
    let mut table = Table::merchant();
    let info = table::operations()
        .find(|info| info.path == "/secapi/mch/uploadmedia")
        .unwrap();
    let key = key(&mut table, info);
    let request = request(&table, info, Extent::All);
    let mut call = Any::<v2::Raw>::new(&table, info, &request);
    call.fields.insert("media_hash".to_owned(), "0".repeat(32));
    let error = call.fail(&mut table, &key);
    assert!(error.to_string().contains("media_hash"), "{error}");
}

#[test]
fn the_client_certificate_is_asked_for_where_it_is_documented() {
    let settings = crate::Settings {
        v2_client_certificate: true,
        ..crate::Settings::default()
    };
    let mut table = Table::of(settings, |profile| profile.merchant());
    for (path, asks) in [("/risk/getpublickey", true), ("/pay/queryexchagerate", false)] {
        let info = table::operations().find(|info| info.path == path).unwrap();
        assert_eq!(info.client_certificate, asks, "{path}");
        let key = key(&mut table, info);
        let request = request(&table, info, Extent::Required);
        let call = Any::<v2::Raw>::new(&table, info, &request);
        let (documented, _) = call.ask(&mut table, &key);
        assert_eq!(documented, !asks, "{path}");
    }
}

#[test]
fn an_undocumented_path_is_refused_by_name() {
    let mut table = Table::merchant();
    let request = http::Request::post("/pay/nothing").body(Bytes::new()).unwrap();
    let response = table.handle(&request);
    assert_eq!(response.status(), 404);
    assert!(String::from_utf8_lossy(response.body()).contains("simulator"));
}
