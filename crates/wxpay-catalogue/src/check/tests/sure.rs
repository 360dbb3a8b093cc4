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

/// Two calls that send the same object, of which the first says what is certain.
fn shared(says: &str) -> Vec<String> {
    problems(&format!(
        "[op.x]\nmethod = 'POST'\npath = '/v3/x'\nrequest = 'Body'\n{says}\n\
         [op.y]\nmethod = 'POST'\npath = '/v3/y'\nrequest = 'Body'\n\
         [object.Body]\nin_list = {{ type = '[Inner]', required = true }}\nas_text = {{ type = 'json:Inner' }}\n\
         [object.Inner]\na = {{ type = 'string', required = true }}\nb = {{ type = 'string' }}\n"
    ))
}

#[test]
fn one_call_can_be_certain_of_what_others_send_too() {
    let members = "sure_members = ['in_list', 'in_list.a', 'as_text.a']";
    assert_eq!(shared(&format!("confirmed = ['go']\n{members}")), [""; 0]);
    assert_eq!(
        shared(members),
        ["op.x.sure_members: the operation's `confirmed` names no source"]
    );
    for (path, wrong) in [
        ("in_list.c", "the body has no member `in_list.c`"),
        ("inlist.a", "the body has no member `inlist.a`"),
        ("in_list.a.a", "the body has no member `in_list.a.a`"),
        ("", "the body has no member ``"),
        ("in_list.b", "`in_list.b` is not required"),
        ("as_text", "`as_text` is not required"),
        ("in_list.a', 'in_list.a", "`in_list.a` stands here twice"),
    ] {
        assert_eq!(
            shared(&format!("confirmed = ['go']\nsure_members = ['{path}']")),
            [format!("op.x.sure_members: {wrong}")]
        );
    }
}

#[test]
fn what_is_certain_already_is_not_said_again() {
    let members = "confirmed = ['page']\nsure_members = ['in_list.a']";
    let required = "required = true, sure = 'required'";
    assert_eq!(
        problems(&sent(members, required)),
        ["op.x.sure_members: `in_list.a` is `sure` already"]
    );
    assert_eq!(
        problems(&sent(&format!("sure = true\n{members}"), "required = true")),
        ["op.x.sure_members: `in_list.a` is `sure` already"]
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
