//! Answers of v2 with elements inside a field.

use serde_json::{Map, Value};
use wxpay_catalogue::model::{Family, Op};
use wxpay_every::answer::{self, as_texts};
use wxpay_every::ask::full;
use wxpay_every::catalogue::operations;
use wxpay_every::entry::{Ask, Entry};
use wxpay_every::{compare, flat};
use wxpay_tests::journey::unsigned_answer;

use crate::answers::without_sign;

pub(crate) fn look() -> Vec<String> {
    let mut problems = Vec::new();
    for (family, name, op) in operations().filter(|(family, _, op)| answer::is_xml(family, op)) {
        let object = op.response.as_deref().unwrap_or_default();
        if answer::unflat(family, object).next().is_none() {
            continue;
        }
        let found = match crate::entry(&name) {
            Some(entry) => read(family, op, entry),
            None => vec!["not in the registry".to_owned()],
        };
        problems.extend(found.into_iter().map(|problem| format!("{name}: {problem}")));
    }
    problems
}

/// Every member given is read back; with a signature, which cannot cover all of it, it is refused.
fn read(family: &'static Family, op: &'static Op, entry: &Entry) -> Vec<String> {
    let (Some(read), Some((name, mut members))) = (entry.answer, answer::whole(family, op)) else {
        return vec!["nobody reads its answer".to_owned()];
    };
    let asked = full(family, op);
    answer::repeat(family, op, &asked, &mut members);
    let question = Value::Object(asked.stored).to_string();
    let body = |is_signed| {
        let mut flat = members.clone();
        let unflat: Vec<&str> = answer::unflat(family, name).collect();
        let mut nested = String::new();
        for member in unflat {
            let value = flat.remove(member).unwrap_or_default();
            nested += &element(member, &value);
        }
        let answer = answer::v2_response(200, flat::fields(&flat), is_signed);
        let plain = String::from_utf8_lossy(answer.body()).into_owned();
        plain.replace("</xml>", &format!("{nested}</xml>"))
    };
    let mut problems = Vec::new();
    match read(&Ask::new(&question), unsigned_answer(200, body(false))) {
        Ok(got) => {
            let mut again: Value = serde_json::from_slice(&got.json).unwrap_or_default();
            without_sign(&mut again);
            let given = as_texts(&Value::Object(members.clone()));
            let compared = compare::object(family, name, &given, &again);
            problems.extend(compared.problems);
            if got.is_proven {
                problems.push("it counts as proven".to_owned());
            }
        }
        Err(problem) => problems.push(problem),
    }
    match read(&Ask::new(&question), unsigned_answer(200, body(true))) {
        Err(problem) if problem.contains("one level") => {}
        outcome => problems.push(format!("with a signature it became {outcome:?}")),
    }
    problems
}

fn element(name: &str, value: &Value) -> String {
    match value {
        Value::Array(elements) => elements.iter().map(|value| element(name, value)).collect(),
        Value::Object(members) => format!("<{name}>{}</{name}>", inside(members)),
        Value::Null => String::new(),
        Value::String(text) => format!("<{name}><![CDATA[{text}]]></{name}>"),
        scalar => format!("<{name}>{scalar}</{name}>"),
    }
}

fn inside(members: &Map<String, Value>) -> String {
    members.iter().map(|(name, value)| element(name, value)).collect()
}
