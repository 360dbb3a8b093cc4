//! Which vector is run by what, and which are not run and why.

use std::collections::BTreeMap;

use wxpay_proto::crypto::Backend;
use wxpay_tests::vectors::{Vector, vectors};

use crate::{
    aes_gcm, authorization, bill, certificates, errors, formats, notification, official_doc, pay_sign,
    refund, request_sign, response_verify, sensitive, sm, upload, v2_front_sign, v2_response, v2_sign,
    v2_xml,
};

/// What runs a vector: a function that panics when the vector fails.
pub(crate) enum Runner {
    /// No RSA takes part.
    Once(fn(&Vector)),
    /// Once for each backend.
    EachBackend(fn(&Vector, Backend)),
}

/// The vectors that are not run yet: group, beginning of the name (empty for the whole group), reason.
const NOT_RUN: &[(&str, &str, &str)] = &[];

/// How many vectors each group has, so that none gets lost with a change of the file.
const COUNTS: [(&str, usize); 19] = [
    ("aes_256_gcm", 12),
    ("bill", 4),
    ("certificates", 7),
    ("errors", 12),
    ("formats", 12),
    ("official_doc_v3", 8),
    ("pay_sign_v3", 6),
    ("sensitive_rsa", 11),
    ("sm", 18),
    ("upload", 4),
    ("v2_front_sign", 8),
    ("v2_refund_req_info", 6),
    ("v2_response", 8),
    ("v2_sign", 12),
    ("v2_xml", 21),
    ("v3_authorization_parse", 6),
    ("v3_notification", 10),
    ("v3_request_sign", 22),
    ("v3_response_verify", 25),
];

/// What runs this vector.
pub(crate) fn runner(vector: &Vector) -> Option<Runner> {
    Some(match (vector.group.as_str(), vector.name.as_str()) {
        ("aes_256_gcm", _) => Runner::Once(aes_gcm::run),
        ("official_doc_v3", _) => Runner::EachBackend(official_doc::run),
        ("v3_request_sign", _) => Runner::EachBackend(request_sign::run),
        ("v3_authorization_parse", _) => Runner::Once(authorization::run),
        ("v3_response_verify", _) => Runner::EachBackend(response_verify::run),
        ("certificates", name) if name.starts_with("serial_text_") => {
            Runner::EachBackend(certificates::serial)
        }
        ("certificates", _) => Runner::EachBackend(certificates::list),
        ("v3_notification", _) => Runner::EachBackend(notification::run),
        ("v2_refund_req_info", _) => Runner::Once(refund::run),
        ("pay_sign_v3", _) => Runner::EachBackend(pay_sign::run),
        ("sensitive_rsa", _) => Runner::EachBackend(sensitive::run),
        ("sm", _) => Runner::Once(sm::run),
        ("upload", _) => Runner::EachBackend(upload::run),
        ("bill", "overseas_statement") => Runner::EachBackend(bill::statement),
        ("bill", _) => Runner::Once(bill::run),
        ("v2_front_sign", _) => Runner::Once(v2_front_sign::run),
        ("v2_sign", _) => Runner::Once(v2_sign::run),
        ("v2_xml", _) => Runner::Once(v2_xml::run),
        ("v2_response", _) => Runner::Once(v2_response::run),
        ("errors", _) => Runner::Once(errors::run),
        ("formats", _) => Runner::Once(formats::run),
        _ => return None,
    })
}

fn is_listed(vector: &Vector) -> bool {
    NOT_RUN
        .iter()
        .any(|(group, name, _)| vector.group == *group && vector.name.starts_with(name))
}

/// Fails unless every vector is either run or listed, every entry of the list stands for one, and none got lost.
pub(crate) fn check() {
    let vectors = vectors();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for vector in &vectors {
        *counts.entry(&vector.group).or_default() += 1;
        let (run, listed) = (runner(vector).is_some(), is_listed(vector));
        assert!(
            run != listed,
            "{}::{}: run {run}, listed as not run {listed}",
            vector.group,
            vector.name
        );
    }
    for &(group, name, reason) in NOT_RUN {
        let found = vectors
            .iter()
            .any(|vector| vector.group == group && vector.name.starts_with(name));
        assert!(
            found,
            "no vector {group}::{name}… is left that is not run because {reason}"
        );
    }
    assert_eq!(counts, COUNTS.into_iter().collect());
}
