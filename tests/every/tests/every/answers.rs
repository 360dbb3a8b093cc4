//! An answer of every operation that has every member: it is proven, read, and written back with nothing lost.

use serde_json::{Map, Value, json};
use wxpay_catalogue::model::{Family, Op, Protocol, Returns};
use wxpay_every::answer::{self, FILE, Proven, as_texts};
use wxpay_every::ask::full;
use wxpay_every::catalogue::families;
use wxpay_every::compare;
use wxpay_every::compose::Composer;
use wxpay_every::entry::{Answer, Ask, Entry};
use wxpay_every::got::Got;
use wxpay_every::registry::TEXTS;
use wxpay_tests::journey::{signed_answer, unsigned_answer};

/// An operation that was asked, and what is answered.
struct Case<'a> {
    family: &'static Family,
    op: &'static Op,
    answer: Answer,
    ask: Ask<'a>,
    /// The answer's type.
    name: Option<&'static str>,
    members: Map<String, Value>,
}

pub(crate) fn look(family: &'static Family, op: &'static Op, entry: &'static Entry) -> Vec<String> {
    let is_page = op.returns == Some(Returns::Page);
    let Some(answer) = entry.answer.filter(|_| !is_page) else {
        return match entry.answer {
            None if is_page => Vec::new(),
            None => vec!["nobody reads its answer".to_owned()],
            Some(_) => vec!["a page is not sent".to_owned()],
        };
    };
    let asked = full(family, op);
    let (name, mut members) = match answer::object(family, op) {
        Some((name, members)) => (Some(name), members),
        None => (None, Map::new()),
    };
    answer::repeat(family, op, &asked, &mut members);
    if op.response.is_some() {
        members.insert("new_member".to_owned(), json!("新"));
    }
    let json = Value::Object(asked.stored).to_string();
    let case = Case {
        family,
        op,
        answer,
        ask: Ask::new(&json),
        name,
        members,
    };
    let mut problems = case.read_with_its_proof();
    problems.extend(case.without_its_proof());
    problems.extend(case.nothing());
    problems.extend(case.about_something_else());
    problems
}

impl Case<'_> {
    fn read(&self, response: http::Response<bytes::Bytes>) -> Result<Got, String> {
        (self.answer)(&self.ask, response)
    }

    /// With each status that the catalogue names.
    fn read_with_its_proof(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for status in self.op.status.codes() {
            let response = answer::response(self.family, self.op, *status, &self.members, true);
            let body = response.body().clone();
            let got = match self.read(response) {
                Ok(got) => got,
                Err(problem) => return vec![format!("the answer with {status}: {problem}")],
            };
            let is_proven = answer::proven(self.family, self.op) != Proven::Never;
            if got.is_proven != is_proven {
                problems.push(format!("the answer counts as proven: {}", got.is_proven));
            }
            if got.status != *status || got.body != body {
                problems.push(format!("the raw answer with {status} became {got:?}"));
            }
            problems.extend(got.unopened.iter().map(|at| format!("{at}: cannot be opened")));
            problems.extend(self.compare(&got));
        }
        problems
    }

    fn compare(&self, got: &Got) -> Vec<String> {
        if self.op.returns == Some(Returns::File) {
            let is_whole = got.json == FILE;
            return if is_whole {
                Vec::new()
            } else {
                vec!["another file came out".to_owned()]
            };
        }
        let read: Value = serde_json::from_slice(&got.json).unwrap_or_default();
        if self.op.response.as_deref() == Some("any") {
            let is_there = read["new_member"] == self.members["new_member"];
            return if is_there {
                Vec::new()
            } else {
                vec![format!("the fields became {read}")]
            };
        }
        match self.name {
            None if read == json!({}) => Vec::new(),
            None => vec![format!("nothing became {read}")],
            Some(name) => {
                let mut given = Value::Object(self.members.clone());
                let mut read = read;
                if answer::is_xml(self.family, self.op) {
                    given = as_texts(&given);
                    without_sign(&mut read);
                }
                nothing_lost(self.family, name, &given, &read)
            }
        }
    }

    fn without_its_proof(&self) -> Vec<String> {
        let proven = answer::proven(self.family, self.op);
        let status = self.op.status.codes()[0];
        let outcome = self.read(answer::response(
            self.family,
            self.op,
            status,
            &self.members,
            false,
        ));
        let is_right = match (proven, &outcome) {
            (Proven::BySignature | Proven::BySignedDigest | Proven::ByDigest, outcome) => outcome.is_err(),
            (Proven::Sometimes | Proven::Never, Ok(got)) => !got.is_proven,
            (Proven::Sometimes | Proven::Never, Err(_)) => false,
        };
        if is_right {
            Vec::new()
        } else {
            vec![format!(
                "without its proof ({proven:?}) the answer became {outcome:?}"
            )]
        }
    }

    /// Success without a body where one is documented, and v2's refusal where a file is.
    fn nothing(&self) -> Vec<String> {
        let is_v2 = self.family.protocol == Protocol::V2;
        if self.name.is_some() && !is_v2 && answer::proven(self.family, self.op) == Proven::BySignature {
            return match self.read(signed_answer(204, "")) {
                Ok(got) if got.json == b"{}" => Vec::new(),
                outcome => vec![format!("an empty answer became {outcome:?}")],
            };
        }
        if is_v2 && self.op.returns == Some(Returns::File) {
            let refusal =
                "<xml><return_code>FAIL</return_code><return_msg>missing parameter</return_msg></xml>";
            return match self.read(unsigned_answer(200, refusal)) {
                Err(problem) if problem.contains("missing parameter") => Vec::new(),
                outcome => vec![format!("a refusal became {outcome:?}")],
            };
        }
        Vec::new()
    }

    /// An authentic answer to another question.
    fn about_something_else(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let status = self.op.status.codes()[0];
        for (_, to) in answer::echoes(self.family, self.op) {
            let mut members = self.members.clone();
            members.insert(to.to_owned(), json!("another"));
            match self.read(answer::response(self.family, self.op, status, &members, true)) {
                Err(problem) if problem.contains("WrongAnswer") => {}
                outcome => problems.push(format!(
                    "/{to}: an answer about something else became {outcome:?}"
                )),
            }
        }
        problems
    }
}

/// The types that stand inside texts, which nothing else reads.
pub(crate) fn texts() -> Vec<String> {
    let mut problems = Vec::new();
    for text in TEXTS {
        let (place, name) = text.name.rsplit_once('.').unwrap_or_default();
        let Some(family) = families().iter().find(|family| family.name_of(name) == text.name) else {
            problems.push(format!("{place}: no such family"));
            continue;
        };
        let composer = Composer::new(family, &|number| format!("密文{number}"));
        let given = composer.object(name, "");
        let found = match (text.again)(given.to_string().as_bytes()) {
            Ok(got) => nothing_lost(
                family,
                name,
                &given,
                &serde_json::from_slice(&got).unwrap_or_default(),
            ),
            Err(problem) => vec![problem],
        };
        problems.extend(
            found
                .into_iter()
                .map(|problem| format!("{}: {problem}", text.name)),
        );
    }
    problems
}

/// `sign` is made when the answer is.
pub(crate) fn without_sign(read: &mut Value) {
    if let Some(read) = read.as_object_mut() {
        read.remove("sign");
    }
}

fn nothing_lost(family: &Family, name: &str, given: &Value, got: &Value) -> Vec<String> {
    let compared = compare::object(family, name, given, got);
    let mut problems = compared.problems;
    if compared.foreign > 0 {
        problems.push(format!("{} values do not fit their types", compared.foreign));
    }
    let fields = family.objects.get(name);
    let is_empty = fields.is_some_and(|fields| fields.is_empty());
    if compared.same == 0 && !is_empty && problems.is_empty() {
        problems.push("nothing was compared".to_owned());
    }
    problems
}
