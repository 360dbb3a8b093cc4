//! Checks of operations.

use super::Checker;
use crate::kind::Kind;
use crate::model::{Encoding, Field, Fields, Op, Place, Protocol, Returns};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

impl<'a> Checker<'a> {
    pub(super) fn op(&mut self, id: &str, op: &Op) {
        let place = format!("op.{id}");
        if !METHODS.contains(&op.method.as_str()) {
            self.problem(&place, format!("`{}` is no method in use", op.method));
        }
        if op.status.codes().iter().any(|code| !(200..400).contains(code)) {
            self.problem(&place, "a status of success lies between 200 and 399");
        }
        if op.cert && self.family.protocol != Protocol::V2 {
            self.problem(&place, "`cert` exists in v2 only");
        }
        self.bodies(&place, op);
        self.path(&place, op);
        self.params(&place, op);
        self.echoes(&place, op);
        self.facts(&place, op);
    }

    fn bodies(&mut self, place: &str, op: &Op) {
        for (key, name) in [("request", &op.request), ("response", &op.response)] {
            let unknown = self.family.protocol == Protocol::V2 && name.as_deref() == Some("any");
            if let Some(name) = name
                && !unknown
                && !self.family.objects.contains_key(name)
            {
                self.problem(
                    place,
                    format!("`{key}`: there is no object `{name}` in this file"),
                );
            }
        }
        if op.method == "GET" && op.request.is_some() && self.family.protocol != Protocol::V2 {
            self.problem(place, "a GET has no body, but `request` is set");
        }
        if op.returns == Some(Returns::None) && op.response.is_some() {
            self.problem(place, "`response` is set, but `returns` is none");
        }
        if op.returns == Some(Returns::Json) && self.family.protocol != Protocol::V2 {
            self.problem(place, "`returns` is json everywhere but in v2");
        }
        if !op.produces.is_empty() && op.returns != Some(Returns::File) {
            self.problem(place, "`produces` is for files");
        }
    }

    fn path(&mut self, place: &str, op: &Op) {
        if !op.path.starts_with('/') || op.path.contains(['?', '#']) {
            self.problem(place, format!("`{}` is no path", op.path));
        }
        let mut named = Vec::new();
        for segment in op.path.split('/').filter(|segment| segment.contains(['{', '}'])) {
            match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                Some(name) if !name.contains(['{', '}']) => named.push(name),
                _ => self.problem(place, format!("`{segment}`: a parameter takes a whole segment")),
            }
        }
        for name in &named {
            if op
                .params
                .get(*name)
                .is_none_or(|param| param.place != Some(Place::Path))
            {
                self.problem(
                    place,
                    format!("the path has {{{name}}}, but there is no such path parameter"),
                );
            }
        }
        for (name, _) in op
            .params
            .iter()
            .filter(|(_, param)| param.place == Some(Place::Path))
        {
            if !named.contains(&name.as_str()) {
                self.problem(
                    &format!("{place}.params.{name}"),
                    "the path has no such parameter",
                );
            }
        }
    }

    fn params(&mut self, place: &str, op: &Op) {
        for (name, param) in &op.params {
            let place = format!("{place}.params.{name}");
            let kind = self.field(&place, param);
            match param.place {
                None => self.problem(&place, "a parameter says with `in` where it stands"),
                Some(Place::Form) if op.encoding != Some(Encoding::Multipart) => {
                    self.problem(
                        &place,
                        "a part of a form, but the operation's `encoding` is not multipart",
                    );
                }
                Some(Place::Form) => self.part(&place, kind.as_ref()),
                Some(_) => {
                    if kind.is_some_and(|kind| !self.is_plain(&kind)) {
                        self.problem(
                            &place,
                            format!("`{}` has no form in a path, query or header", param.kind),
                        );
                    }
                }
            }
            let same = self.body(op).and_then(|body| body.get(name));
            if same.is_some_and(|member| member.kind != param.kind || member.sensitive != param.sensitive) {
                self.problem(&place, "the body has a member of this name and another type");
            }
        }
        self.groups(&format!("{place}.params"), &op.params);
        let body = self.body(op).into_iter().flat_map(|body| body.keys());
        let members: Vec<&str> = op.params.keys().chain(body).map(String::as_str).collect();
        self.field_names(place, members.into_iter());
    }

    /// A part of a form is a file, an object as JSON, or a plain text.
    fn part(&mut self, place: &str, kind: Option<&Kind>) {
        let fits = |kind: &Kind| match kind {
            Kind::File => true,
            Kind::Json(inner) => matches!(**inner, Kind::Named(_)),
            Kind::List(_) | Kind::Any | Kind::UrlEncoded(_) => false,
            kind => self.is_plain(kind),
        };
        if kind.is_some_and(|kind| !fits(kind)) {
            self.problem(place, "no part of a form can be made of it");
        }
    }

    /// Whether a value can be written as one text, or a list of them.
    fn is_plain(&self, kind: &Kind) -> bool {
        match kind {
            Kind::Named(name) => self.family.enums.contains_key(name),
            Kind::List(inner) => !matches!(**inner, Kind::List(_)) && self.is_plain(inner),
            Kind::File | Kind::Any => false,
            _ => true,
        }
    }

    pub(super) fn body(&self, op: &Op) -> Option<&'a Fields> {
        self.family.objects.get(op.request.as_deref()?)
    }

    fn echoes(&mut self, place: &str, op: &Op) {
        for (asked, answered) in &op.echo {
            let place = format!("{place}.echo.{asked}");
            let question = op.params.get(asked).or_else(|| self.body(op)?.get(asked));
            let answer = op
                .response
                .as_deref()
                .and_then(|name| self.family.objects.get(name)?.get(answered));
            let text = |field: &Field| field.kind == "string" && !field.sensitive;
            match (question, answer) {
                (None, _) => self.problem(&place, "the request has no such field"),
                (_, None) => self.problem(&place, format!("the answer has no member `{answered}`")),
                (Some(question), Some(answer)) if !text(question) || !text(answer) => {
                    self.problem(&place, "both must be plain texts");
                }
                _ => {}
            }
        }
    }
}
