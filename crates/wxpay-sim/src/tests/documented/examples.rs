//! All v3 operations of the catalogue, as the documentation shows them.

use wxpay_proto::v3;
use wxpay_types::check::check_value;
use wxpay_types::schema::{OperationInfo, Protocol, Returns};
use wxpay_types::table;

use super::super::client::Table;
use super::caller::{Any, key, send};
use super::compose::{self, Extent};
use super::expect;

fn operations() -> impl Iterator<Item = &'static OperationInfo> {
    table::operations().filter(|info| info.protocol == Protocol::V3 && !info.multipart)
}

/// How many answered, and what is wrong with those that did not.
fn all(extent: Extent) -> usize {
    let mut table = Table::merchant();
    let keys = table.platform.profile().platform_keys();
    let key = key(&table);
    let (mut answered, mut wrong) = (0, Vec::new());
    for info in operations().filter(|info| info.returns != Returns::File) {
        let request = compose::request(info, extent);
        assert_eq!(check_value(info, &request), [], "{}: {request}", info.name);
        let call = Any::<v3::Raw>::new(&table, info, &request);
        let Some(answer) = send(&mut table, &key, &call) else {
            continue;
        };
        let answer = match answer.verify(&keys, table.clocks.wire) {
            Ok(answer) => answer.into_inner(),
            Err(error) => {
                wrong.push(format!("{}: {error}: {request}", info.name));
                continue;
            }
        };
        assert!(info.status.contains(&answer.status.as_u16()), "{}", info.name);
        assert_eq!(
            answer.headers["wxpay-sim-documented"].to_str().unwrap(),
            info.name
        );
        match info.response {
            Some(_) => expect::answer(info, &request, &answer.json().unwrap(), &key, &mut wrong),
            None => assert!(answer.body.is_empty(), "{}", info.name),
        }
        answered += 1;
    }
    assert!(wrong.is_empty(), "{}\n{wrong:#?}", wrong.len());
    answered
}

#[test]
fn every_operation_answers_a_request_with_everything() {
    assert!(all(Extent::All) > 900);
}

#[test]
fn every_operation_answers_a_request_with_what_it_needs() {
    assert!(all(Extent::Required) > 900);
}
