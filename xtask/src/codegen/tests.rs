use wxpay_catalogue::read;

use super::{Mode, modules, plan, plural};

fn family(text: &str) -> wxpay_catalogue::model::Family {
    read::family("v3/a.toml", &format!("protocol = 'v3'\nfamily = 'a'\n{text}")).unwrap()
}

fn problems(text: &str) -> Vec<String> {
    plan::module(&family(text))
        .err()
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn what_cannot_be_generated_is_told_by_name() {
    let op = |rest: &str| problems(&format!("[op.x]\nmethod = 'POST'\npath = '/x'\n{rest}\n"));
    assert_eq!(
        op("encoding = 'multipart'\nrequest = 'O'\n[object.O]"),
        ["v3/a.toml: op.x: a form is made of parameters, not of a `request`"]
    );
    assert_eq!(
        op("cipher = 'rot13'"),
        ["v3/a.toml: op.x: the cipher `rot13` is none that the core knows"]
    );
    assert_eq!(
        op("signed = 'digest'"),
        ["v3/a.toml: op.x: only files of v3 have a signed digest"]
    );
    assert_eq!(
        op("host = 'a.b'"),
        ["v3/a.toml: op.x: the host `a.b` has no constant in wxpay-proto"]
    );
    assert_eq!(
        op("signed = 'never'"),
        ["v3/a.toml: op.x: an empty answer that is `Unsigned` has no type yet"]
    );
}

#[test]
fn one_object_has_one_proof() {
    let text = "[op.x]\nmethod = 'GET'\npath = '/x'\nresponse = 'O'\n[op.y]\nmethod = 'GET'\npath = '/y'\nresponse = 'O'\nsigned = 'never'\n[object.O]\n";
    assert_eq!(
        problems(text),
        ["v3/a.toml: object.O: operations that differ in `signed` answer with it"]
    );
}

#[test]
fn a_field_does_not_hide_a_method() {
    let text = "[op.x]\nmethod = 'GET'\npath = '/x'\n[op.x.params]\ncheck = { in = 'query', type = 'int' }\n";
    assert_eq!(
        problems(text),
        ["v3/a.toml: op.x: the field `check` has the name of a method of its own"]
    );
}

#[test]
fn features_and_families_agree() {
    let families = [family("")];
    assert_eq!(
        modules::check_features("[features]\ndefault = ['v3-a']\nv3-a = []\n", &families),
        Ok(())
    );
    let missing = modules::check_features("[features]\n", &families).unwrap_err();
    assert_eq!(missing, "the manifest of wxpay-types lacks the features v3-a");
    let unknown = modules::check_features("[features]\nv3-a = []\nv3-b = []\n", &families).unwrap_err();
    assert_eq!(
        unknown,
        "the manifest of wxpay-types has features without a family: v3-b"
    );
}

#[test]
fn the_generated_files_are_fresh() {
    super::run(Mode::Check).unwrap();
}

#[test]
fn counts_read_well() {
    assert_eq!(
        (plural(1), plural(2)),
        ("1 problem".to_owned(), "2 problems".to_owned())
    );
}
