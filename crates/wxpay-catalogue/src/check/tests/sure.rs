//! What may be called certain.

use super::problems;
use crate::read;

/// A call that sends `Body`, whose member is as told.
fn sent(op: &str, member: &str) -> String {
    format!(
        "[op.x]\nmethod = 'POST'\npath = '/v3/x'\nrequest = 'Body'\n{op}\n\
         [object.Body]\nin_list = {{ type = '[Inner]' }}\n[object.Inner]\na = {{ type = 'string', {member} }}\n"
    )
}

#[test]
fn only_a_source_makes_something_certain() {
    let required = "required = true, sure = 'required'";
    assert_eq!(problems(&sent("confirmed = ['go']", required)), [""; 0]);
    assert_eq!(
        problems(&sent("confirmed = ['page']", "max_len = 3, sure = true")),
        [""; 0]
    );
    assert_eq!(
        problems(&sent("", required)),
        ["object.Inner.a: `sure`, but op.x sends it, whose `confirmed` names no source"]
    );
    // An SDK does not state limits.
    assert_eq!(
        problems(&sent("confirmed = ['go', 'java']", "max_len = 3, sure = true")),
        ["object.Inner.a: `sure`, but op.x sends it, whose `confirmed` names no page"]
    );
    assert_eq!(
        problems(&sent("confirmed = ['go']\nsure = true", "required = true")),
        ["op.x: `sure`, but its `confirmed` names no page"]
    );
}

#[test]
fn every_call_that_sends_it_has_a_source() {
    let other = "[op.y]\nmethod = 'POST'\npath = '/v3/y'\nrequest = 'Inner'\n";
    let first = sent("confirmed = ['go']", "required = true, sure = 'required'");
    assert_eq!(
        problems(&format!("{other}{first}")),
        ["object.Inner.a: `sure`, but op.y sends it, whose `confirmed` names no source"]
    );
}

#[test]
fn what_is_certain_is_required_and_sent() {
    let conditional = "required_for = ['partner'], sure = 'required'";
    assert_eq!(
        problems(&sent("confirmed = ['go']", conditional)),
        ["object.Inner.a: `sure` is \"required\", but the field is not"]
    );
    assert_eq!(
        problems("[object.Answer]\na = { type = 'string', required = true, sure = 'required' }\n"),
        ["object.Answer.a: `sure` is said of requests, and no operation sends this"]
    );
}

#[test]
fn another_word_is_an_error() {
    let head = "protocol = 'v3'\nfamily = 'a'\n";
    let wrong = sent("confirmed = ['go']", "required = true, sure = 'always'");
    let error = read::family("v3/a.toml", &format!("{head}{wrong}")).unwrap_err();
    let said = format!("{error:?}");
    assert!(
        said.contains("Inner.a") && said.contains("true or \\\"required\\\""),
        "{said}"
    );
}
