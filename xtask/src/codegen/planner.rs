//! What a type holds, decided before a word of it is written.

use std::collections::{BTreeSet, HashSet};

use wxpay_catalogue::Problem;
use wxpay_catalogue::columns::{self, List, Member};
use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{Family, Field, Fields, Place, Protocol, Returns, Signed};
use wxpay_catalogue::name;

use super::shape::{self, Shape};

/// An object.
pub(super) struct StructPlan<'a> {
    pub(super) name: String,
    /// What the first sentence calls it.
    pub(super) about: String,
    pub(super) fields: Vec<FieldPlan<'a>>,
    /// Users make it for requests; else it only comes in answers, and may grow.
    pub(super) in_requests: bool,
    /// It is what an operation answers.
    pub(super) answer: Option<Answer>,
    /// Something in it is encrypted.
    pub(super) secret: bool,
}

/// How an answer is proven and read.
pub(super) struct Answer {
    pub(super) proof: &'static str,
    pub(super) reader: String,
}

/// A field of a struct.
pub(super) struct FieldPlan<'a> {
    /// Its name in the message.
    pub(super) member: String,
    /// Its name in Rust.
    pub(super) ident: String,
    /// What the catalogue says; nothing for a field that is made here, which [`about`](Self::about) tells of.
    pub(super) field: Option<&'a Field>,
    pub(super) about: &'static str,
    pub(super) kind: Kind,
    pub(super) shape: Shape,
    /// Something in it is encrypted.
    pub(super) secret: bool,
}

pub(super) struct Planner<'a> {
    pub(super) family: &'a Family,
    /// Objects inside requests, and objects inside answers or answered themselves.
    in_requests: BTreeSet<&'a str>,
    in_answers: BTreeSet<&'a str>,
    /// Objects that are a request body, and nothing else: an operation's struct stands for them.
    only_bodies: BTreeSet<&'a str>,
    pub(super) structs: Vec<StructPlan<'a>>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(family: &'a Family) -> Self {
        let (mut in_requests, mut in_answers) = (BTreeSet::new(), BTreeSet::new());
        let mut bodies = BTreeSet::new();
        for op in family.ops.values() {
            let body = op.request.as_deref().and_then(|name| family.objects.get(name));
            for field in body
                .into_iter()
                .flat_map(Fields::values)
                .chain(op.params.values())
            {
                reach(family, &field.kind, &mut in_requests);
            }
            bodies.extend(op.request.as_deref());
            if let Some(response) = &op.response {
                reach(family, response, &mut in_answers);
            }
        }
        let only_bodies = bodies
            .into_iter()
            .filter(|name| !in_requests.contains(name) && !in_answers.contains(name))
            .collect();
        Self {
            family,
            in_requests,
            in_answers,
            only_bodies,
            structs: Vec::new(),
            problems: Vec::new(),
        }
    }

    pub(super) fn problem(&mut self, place: &str, message: impl Into<String>) {
        self.problems
            .push(Problem::new(&self.family.file, place, message));
    }

    pub(super) fn object(&mut self, name: &'a str, fields: &'a Fields) {
        if self.only_bodies.contains(name) {
            return;
        }
        let in_requests = self.in_requests.contains(name) || !self.in_answers.contains(name);
        let (fields, lists) = self.fields(name, fields, in_requests);
        let answer = self.answer(name, &lists);
        let about = self.about(name);
        let secret = fields.iter().any(|field| field.secret);
        self.structs.push(StructPlan {
            name: name.to_owned(),
            about,
            fields,
            in_requests,
            answer,
            secret,
        });
    }

    /// The official name of the first field that has this type, or of the operation that answers with it.
    fn about(&self, name: &str) -> String {
        let all = self.family.objects.values().flat_map(Fields::values);
        let mut users =
            all.filter(|field| Kind::parse(&field.kind).is_ok_and(|kind| kind.name() == Some(name)));
        if let Some(label) = users.find_map(|field| field.label.as_deref()) {
            return super::docs::title(Some(label), name);
        }
        let answers = self
            .family
            .ops
            .iter()
            .find(|(_, op)| op.response.as_deref() == Some(name));
        match answers {
            Some((id, _)) => format!("What [`{}`] answers.", name::type_of(id)),
            None => format!("The object `{name}`."),
        }
    }

    /// The fields of an object, and the numbered lists among them as an expression.
    pub(super) fn fields(
        &mut self,
        owner: &str,
        fields: &'a Fields,
        in_requests: bool,
    ) -> (Vec<FieldPlan<'a>>, String) {
        let mut lists = Vec::new();
        let mut plans = Vec::new();
        for member in columns::grouped(fields, self.family.lists.get(owner)) {
            match member {
                Member::Plain(name, field) => plans.extend(self.field(name, field)),
                Member::List(list) => {
                    lists.push(list_spec(&list));
                    plans.push(self.list(owner, list, in_requests));
                }
            }
        }
        (plans, format!("&[{}]", lists.concat()))
    }

    pub(super) fn field(&mut self, member: &str, field: &'a Field) -> Option<FieldPlan<'a>> {
        // The checks have told types that are none.
        let kind = match (Kind::parse(&field.kind).ok()?, field.place) {
            // The part of a form is written at the end, so its field is the object itself.
            (Kind::Json(inner), Some(Place::Form)) => *inner,
            (kind, _) => kind,
        };
        let shape = shape::shape(self.family, field, &kind);
        let secret = field.sensitive || plain_name(&kind).is_some_and(|name| self.is_secret(name));
        let ident = name::field_of(member);
        Some(FieldPlan {
            member: member.to_owned(),
            ident,
            field: Some(field),
            about: "",
            kind,
            shape,
            secret,
        })
    }

    fn is_secret(&self, name: &str) -> bool {
        let fields = self.family.objects.get(name).into_iter().flat_map(Fields::values);
        fields.into_iter().any(|field| {
            let kind = Kind::parse(&field.kind).ok();
            field.sensitive
                || kind
                    .as_ref()
                    .and_then(plain_name)
                    .is_some_and(|name| self.is_secret(name))
        })
    }

    /// A list made of numbered fields: a field of the owner, and a struct for its elements.
    fn list(&mut self, owner: &str, list: List<'a>, in_requests: bool) -> FieldPlan<'a> {
        let item = format!("{owner}{}", name::type_of(list.name.trim_end_matches('s')));
        let mut fields: Vec<_> = list
            .columns
            .iter()
            .filter_map(|(member, field)| self.field(member, field))
            .collect();
        if let Some(inner) = list.inner {
            fields.push(self.list(&item, *inner, in_requests));
        }
        let about = format!("An element of `{}`, made of numbered fields.", list.name);
        let secret = fields.iter().any(|field| field.secret);
        self.structs.push(StructPlan {
            name: item.clone(),
            about,
            fields,
            in_requests,
            answer: None,
            secret,
        });
        let kind = Kind::List(Box::new(Kind::Named(item.clone())));
        let shape = Shape {
            item,
            list: true,
            text: None,
        };
        FieldPlan {
            ident: name::field_of(&list.name),
            member: list.name,
            field: None,
            about: "The fields that are numbered, as a list",
            kind,
            shape,
            secret,
        }
    }

    fn answer(&mut self, name: &str, lists: &str) -> Option<Answer> {
        let ops = self
            .family
            .ops
            .values()
            .filter(|op| op.response.as_deref() == Some(name))
            .filter(|op| matches!(op.returns, None | Some(Returns::Json)));
        let proofs: HashSet<&str> = ops.clone().map(|op| proof(op.signed)).collect();
        let is_json = ops.clone().any(|op| op.returns == Some(Returns::Json));
        if proofs.len() > 1 {
            self.problem(
                &format!("object.{name}"),
                "operations that differ in `signed` answer with it",
            );
        }
        let reader = match self.family.protocol {
            Protocol::V2 if !is_json => format!("body.fields({lists})"),
            _ => "record::parse(body)".to_owned(),
        };
        Some(Answer {
            proof: proofs.into_iter().next()?,
            reader,
        })
    }
}

pub(super) fn proof(signed: Signed) -> &'static str {
    match signed {
        Signed::Always => "Signed",
        Signed::Never => "Unsigned",
        Signed::IfPresent => "SignedIfPresent",
        Signed::Digest => "SignedDigest",
    }
}

/// The type inside a kind, unless it is inside a text.
fn plain_name(kind: &Kind) -> Option<&str> {
    match kind {
        Kind::Named(name) => Some(name),
        Kind::List(inner) => plain_name(inner),
        _ => None,
    }
}

fn reach<'a>(family: &'a Family, kind: &str, reached: &mut BTreeSet<&'a str>) {
    let kind = Kind::parse(kind).ok();
    let Some((name, fields)) = kind
        .as_ref()
        .and_then(Kind::name)
        .and_then(|name| family.objects.get_key_value(name))
    else {
        return;
    };
    if reached.insert(name) {
        for field in fields.values() {
            reach(family, &field.kind, reached);
        }
    }
}

/// A `ListSpec` as an expression, with a comma.
pub(super) fn list_spec(list: &List<'_>) -> String {
    let columns: Vec<&str> = list.columns.iter().map(|(name, _)| *name).collect();
    let inner = list.inner.as_deref().map(list_spec).unwrap_or_default();
    let name = &list.name;
    format!("proto::ListSpec {{ name: {name:?}, columns: &{columns:?}, lists: &[{inner}] }},")
}
