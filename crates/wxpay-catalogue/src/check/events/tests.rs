use crate::read;

fn problems(protocol: &str, text: &str) -> Vec<String> {
    let family = "protocol = 'v3'\nfamily = 'a'\n[op.x]\nmethod = 'GET'\npath = '/x'\n";
    let family = read::family("v3/a.toml", family).unwrap();
    let file = format!("events/{protocol}.toml");
    let text = format!("protocol = '{protocol}'\nfamily = 'events'\n{text}");
    let events = read::events::file(&file, &text).unwrap();
    let found = super::problems(&[events], &[family]);
    let strip = |problem: String| problem.trim_start_matches(&format!("{file}: ")).to_owned();
    found.iter().map(|problem| strip(problem.to_string())).collect()
}

const TWO: &str =
    "[object.O]\nm = { type = 'int' }\n[object.P]\nn = { type = 'E' }\n[enum.E]\nvalues = ['A']\n";

fn two(event: &str) -> Vec<String> {
    problems(
        "v3",
        &format!("[event.'A.B']\nresources = ['O', 'P']\noriginal_types = ['o']\n{event}\n{TWO}"),
    )
}

#[test]
fn a_file_in_order_has_no_problems() {
    assert_eq!(
        two("forms = 'F'\ntold_by = { O = { member = 'm', original_type = 'o' } }\nlike = ['v3/a::x']"),
        [""; 0]
    );
}

#[test]
fn forms_are_told_apart() {
    assert_eq!(
        two(""),
        [
            "event.A.B: the forms have no name: give one in `forms`",
            "event.A.B: `told_by` does not say how `O` is known",
        ]
    );
    assert_eq!(
        two(
            "forms = 'P'\nresource = 'O'\ntold_by = { O = {}, P = { member = 'x' }, Q = { original_type = 'p' } }"
        ),
        [
            "event.A.B: it has both `resource` and `resources`",
            "event.A.B: `P` is what is none of the others, so nothing tells it",
            "event.A.B: `told_by`: nothing tells `O`",
            "event.A.B: `told_by`: `P` has no member `x`",
            "event.A.B: `told_by`: `Q` is none of the `resources`",
            "event.A.B: `told_by`: `p` is none of the `original_types`",
            "event.A.B: `forms`: `P` is a type already",
        ]
    );
    assert_eq!(
        problems(
            "v3",
            &format!(
                "[event.A]\nresources = ['O']\nforms = 'f'\n[event.B]\nresource = 'P'\nforms = 'G'\n{TWO}"
            )
        ),
        [
            "event.A: one form is a `resource`",
            "event.B: `forms` without `resources`",
            "event.A: `forms`: `f` is no type name",
        ]
    );
    let other = "forms = 'F'\ntold_by = { O = { member = 'm' } }\n[event.B]\nresources = ['P', 'O']\nforms = 'F'\n\
                 told_by = { P = { member = 'n' } }\n";
    assert_eq!(two(other), ["event.B: `forms`: `F` has other forms in `A.B`"]);
}

#[test]
fn what_does_not_exist() {
    assert_eq!(
        problems(
            "v3",
            "notification = 'N'\n[event.A]\nresource = 'O'\nlike = ['v3/a::y']\n"
        ),
        [
            "notification: there is no object `N` in this file",
            "event.A: there is no object `O` in this file",
            "event.A: `like`: there is no operation `v3/a::y`",
        ]
    );
    assert_eq!(
        problems("v3", "[event.A]\n[object.O]\n"),
        ["object.O: no event has it"]
    );
    assert_eq!(
        problems(
            "v3",
            "[event.A]\nresource = 'O'\n[object.O]\na = { type = 'Nobody' }\n"
        ),
        ["object.O.a: there is no type `Nobody` in this file"]
    );
}

#[test]
fn names_differ() {
    assert_eq!(
        problems(
            "v3",
            "[event.'A.B']\n[event.A_B]\n[event.'-']\n[event.C]\nname = 'c'\n"
        ),
        [
            "event.A_B: `A.B` becomes `AB` as well: give one another name in `name`",
            "event.-: its type makes no Rust name: give one in `name`",
            "event.C: `c` is no name",
        ]
    );
}

#[test]
fn messages_of_v2() {
    let event = |rest: &str| {
        problems(
            "v2",
            &format!("[event.a]\n{rest}\n[object.O]\nm = {{ type = 'string' }}\n"),
        )
    };
    assert_eq!(
        event("message = 'O'\nencrypted = 'x'\nresource = 'O'"),
        ["event.a: `encrypted`: the message has no field `x`"]
    );
    assert_eq!(
        event("message = 'O'\nencrypted = 'm'"),
        ["event.a: `encrypted` says where the `resource` is: one needs the other"]
    );
    assert_eq!(
        event("resource = 'O'"),
        ["event.a: v2 has a `message`, and v3 the one of `notification`"]
    );
    assert_eq!(event("message = 'O'\nencrypted = 'm'\nresource = 'O'"), [""; 0]);
}
