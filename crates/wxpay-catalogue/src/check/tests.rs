mod sure;

use super::family;
use crate::{Problem, read};

/// The problems of a family of v3 that is otherwise in order.
fn problems(text: &str) -> Vec<String> {
    let head = "protocol = 'v3'\nfamily = 'a'\n";
    let tail = "\n[object.Plain]\nm = { type = 'string' }\n[enum.Word]\nvalues = ['A']\n";
    let read = read::family("v3/a.toml", &format!("{head}{text}{tail}")).unwrap();
    let strip = |problem: &Problem| problem.to_string().trim_start_matches("v3/a.toml: ").to_owned();
    family(&read).iter().map(strip).collect()
}

fn op(rest: &str) -> String {
    format!(
        "[op.x]\nmethod = 'POST'\npath = '/v3/x/{{id}}'\nresponse = 'Plain'\n{rest}\n[op.x.params]\nid = {{ in = 'path', type = 'string' }}\n"
    )
}

#[test]
fn a_family_in_order_has_no_problems() {
    assert_eq!(problems(&op("request = 'Plain'\necho = { id = 'm' }")), [""; 0]);
}

#[test]
fn types_that_do_not_exist() {
    assert_eq!(
        problems("[object.O]\na = { type = '[Nobody]' }\nb = { type = 'text' }\n"),
        [
            "object.O.a: there is no type `Nobody` in this file",
            "object.O.b: `text` is no type"
        ]
    );
    assert_eq!(
        problems(&op("request = 'Word'")),
        ["op.x: `request`: there is no object `Word` in this file"]
    );
    assert_eq!(
        problems("unions = ['Nobody']"),
        ["unions: there is no object `Nobody`"]
    );
}

#[test]
fn names_used_twice() {
    assert_eq!(
        problems("[object.X]\n[op.x]\nmethod = 'GET'\npath = '/x'\n"),
        ["object.X: the type `X` is already that of op.x"]
    );
    assert_eq!(
        problems("[enum.Plain]\nvalues = ['A']\n"),
        ["enum.Plain: the type `Plain` is already that of object.Plain"]
    );
    assert_eq!(
        problems("[object.Option]\n"),
        ["object.Option: the name `Option` would hide Rust's own type"]
    );
    assert_eq!(
        problems("[object.O]\nfooBar = { type = 'int' }\nfoo_bar = { type = 'int' }\n"),
        ["object.O: `fooBar` and `foo_bar` both become the field `foo_bar`"]
    );
}

#[test]
fn path_and_its_parameters() {
    assert_eq!(
        problems(
            "[op.x]\nmethod = 'GET'\npath = '/v3/{a}/{b}.json'\n[op.x.params]\nc = { in = 'path', type = 'int' }\n"
        ),
        [
            "op.x: `{b}.json`: a parameter takes a whole segment",
            "op.x: the path has {a}, but there is no such path parameter",
            "op.x.params.c: the path has no such parameter",
        ]
    );
    assert_eq!(
        problems("[op.x]\nmethod = 'GET'\npath = '/x?y'\n"),
        ["op.x: `/x?y` is no path"]
    );
}

#[test]
fn parameters_have_a_place_and_a_form() {
    let params =
        "p = { type = 'int' }\nq = { in = 'query', type = 'Plain' }\nf = { in = 'form', type = 'file' }\n";
    assert_eq!(
        problems(&(op("") + params)),
        [
            "op.x.params.p: a parameter says with `in` where it stands",
            "op.x.params.q: `Plain` has no form in a path, query or header",
            "op.x.params.f: a part of a form, but the operation's `encoding` is not multipart",
        ]
    );
    assert_eq!(
        problems("[object.O]\na = { in = 'path', type = 'int' }\n"),
        ["object.O.a: `in` is for parameters"]
    );
    assert_eq!(
        problems(&(op("request = 'Plain'") + "m = { in = 'query', type = 'int' }")),
        ["op.x.params.m: the body has a member of this name and another type"]
    );
}

#[test]
fn what_an_operation_says() {
    assert_eq!(
        problems("[op.x]\nmethod = 'FETCH'\npath = '/x'\n"),
        ["op.x: `FETCH` is no method in use"]
    );
    assert_eq!(
        problems(&op("status = 404")),
        ["op.x: a status of success lies between 200 and 399"]
    );
    assert_eq!(problems(&op("cert = true")), ["op.x: `cert` exists in v2 only"]);
    assert_eq!(
        problems(&op("returns = 'none'")),
        ["op.x: `response` is set, but `returns` is none"]
    );
    assert_eq!(
        problems(&op("produces = ['a/b']")),
        ["op.x: `produces` is for files"]
    );
    assert_eq!(
        problems("[op.x]\nmethod = 'GET'\npath = '/x'\nrequest = 'Plain'\n"),
        ["op.x: a GET has no body, but `request` is set"]
    );
}

#[test]
fn who_calls_an_operation_and_since_when() {
    assert_eq!(
        problems(&op("roles = ['merchant', 'bank']\nconfirmed = ['page', 'blog']")),
        [
            "op.x: `roles`: there is no role `bank`",
            "op.x: `confirmed`: there is no source `blog`"
        ]
    );
    assert_eq!(
        problems(&op(
            "closed = '2026-1-31'\nupdated = '2026-01-31'\ndocs = ['chapter 3']"
        )),
        [
            "op.x: `closed`: `2026-1-31` is no day like 2026-01-31",
            "op.x: `docs`: `chapter 3` is no address of a page"
        ]
    );
    assert_eq!(
        problems(&op("returns = 'json'")),
        ["op.x: `returns` is json everywhere but in v2"]
    );
    assert_eq!(
        problems("[op.'7']\nmethod = 'GET'\npath = '/x'\n"),
        ["op.7: `7` is no type name"]
    );
}

#[test]
fn echoes_bind_texts_that_exist() {
    assert_eq!(
        problems(&op("echo = { no = 'm' }")),
        ["op.x.echo.no: the request has no such field"]
    );
    assert_eq!(
        problems(&op("echo = { id = 'no' }")),
        ["op.x.echo.id: the answer has no member `no`"]
    );
    let text = op("echo = { n = 'm' }") + "n = { in = 'query', type = 'int' }";
    assert_eq!(problems(&text), ["op.x.echo.n: both must be plain texts"]);
}

#[test]
fn what_a_field_says() {
    let field = |rest: &str| problems(&format!("[object.O]\na = {{ {rest} }}\n"));
    assert_eq!(
        field("type = 'int', sensitive = true"),
        ["object.O.a: only texts are encrypted, and this is `int`"]
    );
    assert_eq!(
        field("type = 'string', format = 'iso'"),
        ["object.O.a: there is no format `iso`"]
    );
    assert_eq!(
        field("type = 'string', required_for = ['bank']"),
        ["object.O.a: there is no role `bank`"]
    );
    assert_eq!(
        field("type = 'string', min_len = 3, max_len = 2"),
        ["object.O.a: `min_len` is larger than `max_len`"]
    );
    assert_eq!(
        field("type = 'int', min = 3, max = 2"),
        ["object.O.a: `min` is larger than `max`"]
    );
    assert_eq!(
        field("type = '[int]', min_items = 3, max_items = 2"),
        ["object.O.a: `min_items` is larger than `max_items`"]
    );
    assert_eq!(
        field("type = '[[int]]'"),
        ["object.O.a: `[[int]]`: a list of lists has no form"]
    );
    assert_eq!(
        field("type = 'string', pattern = '['"),
        ["object.O.a: the pattern `[` cannot be read"]
    );
    assert_eq!(
        field("type = 'int', values = [1], labels = { 1 = 'one', 2 = 'two' }"),
        ["object.O.a: `labels`: `2` is none of the `values`"]
    );
    assert_eq!(
        field("type = 'int', one_of = 'number'"),
        ["object.O.a: it is the only field of the group `number`"]
    );
    assert_eq!(
        field("type = 'int', values = [true]"),
        ["object.O.a: `values` are texts or whole numbers"]
    );
    assert_eq!(
        problems(
            "[object.S]\ns = { type = 'string', sensitive = true }\n[object.O]\na = { type = 'json:[S]' }\n"
        ),
        ["object.O.a: an encrypted field cannot be sealed inside a text"]
    );
    assert_eq!(
        problems("[object.O]\n'a_$n' = { type = 'string' }\n"),
        ["object.O.a_$n: numbered fields exist in v2 only"]
    );
}

#[test]
fn values_of_enumerations() {
    let values = |rest: &str| problems(&format!("[enum.E]\n{rest}\n"));
    assert_eq!(values("values = []"), ["enum.E: an enumeration without values"]);
    assert_eq!(
        values("values = ['A']\nlabels = { B = 'b' }"),
        ["enum.E: `B` is none of the values"]
    );
    assert_eq!(
        values("values = ['-']"),
        ["enum.E: `-` makes no Rust name: give one in `names`"]
    );
    assert_eq!(
        values("values = ['PAID', 'paid']"),
        ["enum.E: `PAID` and `paid` both become `Paid`: give one another name in `names`"]
    );
    assert_eq!(
        values("values = ['-', 'PAID', 'paid']\nnames = { '-' = 'Dash', paid = 'PaidOld' }"),
        [""; 0]
    );
}

#[test]
fn what_makes_a_request_the_same_and_what_refuses_it() {
    assert_eq!(
        problems(&op("idempotent_by = 'no'\nerrors = ['ORDER_CLOSED', 'closed']")),
        [
            "op.x: `idempotent_by`: the request has no field `no`",
            "op.x: `errors`: `closed` is no error code"
        ]
    );
    assert_eq!(problems(&op("idempotent_by = 'id'")), [""; 0]);
}

#[test]
fn what_settles_an_operation_exists() {
    let objects = "[object.Plain]\nparts = { type = '[Part]' }\n[object.Part]\nstate = { type = 'string' }\n";
    let found = |settled: &str| {
        let text = format!("protocol = 'v3'\nfamily = 'a'\n{}{objects}", op(settled));
        let read = read::family("v3/a.toml", &text).unwrap();
        super::all(&[read])
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        found("settled_by = { op = 'v3.b.query', state = 'a' }"),
        ["v3/a.toml: op.x.settled_by: there is no operation `v3.b.query`"]
    );
    assert_eq!(
        found("settled_by = { op = 'v3.a.x', params = { no = 'id', id = 'none' }, state = 'parts.status' }"),
        [
            "v3/a.toml: op.x.settled_by: the answer of `v3.a.x` has no `parts.status`",
            "v3/a.toml: op.x.settled_by: `v3.a.x` has no field `no`",
            "v3/a.toml: op.x.settled_by: this operation has no field `none`"
        ]
    );
    assert_eq!(
        found(
            "settled_by = { op = 'v3.a.x', params = { id = 'id' }, state = 'parts.state', final = ['SUCCESS'], creates = true }"
        ),
        [""; 0]
    );
}

#[test]
fn parts_of_a_form_and_what_fills_them() {
    let params = "m = { in = 'form', type = 'json:Plain' }\nl = { in = 'form', type = '[string]' }\n\
                  n = { in = 'form', type = 'int', fill = 'md5' }\n";
    assert_eq!(
        problems(&(op("encoding = 'multipart'") + params)),
        [
            "op.x.params.l: no part of a form can be made of it",
            "op.x.params.n: only a text is taken from a file"
        ]
    );
}

#[test]
fn lists_of_numbered_fields_have_names() {
    let found = |list: &str| {
        let text = format!(
            "protocol = 'v2'\nfamily = 'a'\n[object.O]\n{list}\n'a_$n' = {{ type = 'int' }}\n'b_$n' = {{ type = 'int' }}\n"
        );
        let read = read::family("v2/a.toml", &text).unwrap();
        family(&read).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        found(""),
        [
            "v2/a.toml: object.O: numbered fields without a word in common: name their list, `list = { rows = … }`"
        ]
    );
    assert_eq!(found("list = { rows = 'refunds' }"), [""; 0]);
    assert_eq!(
        found("list = { rows = 'Refunds' }"),
        ["v2/a.toml: object.O.list.rows: `Refunds` is no name, or that of a member"]
    );
}

#[test]
fn names_of_lists_replace_one() {
    let text = "protocol = 'v2'\nfamily = 'a'\n[object.O]\nlist = { rows = 'refunds', coupons = 'b' }\n\
                'a_$n' = { type = 'int' }\n'b_$n' = { type = 'int' }\n[object.P]\nlist = { type = 'int' }\n";
    let read = read::family("v2/a.toml", text).unwrap();
    assert!(read.objects["P"].contains_key("list"));
    let found: Vec<String> = family(&read).iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        ["v2/a.toml: object.O.list.coupons: no list of numbered fields would have this name"]
    );
}
