//! What a page is made for: whose request it answers, and the parts that all pages share.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::desk::Desk;
use super::lang::Lang;
use super::markup::{Element, Html, el};
use super::words;

/// Where the console is.
pub(super) const HOME: &str = "/_sim/";

/// Where its forms go.
pub(super) const DO: &str = "/_sim/do/";

/// How many rows a list has at most.
pub(super) const ROWS: usize = 100;

/// A request for a page.
pub(super) struct View<'a> {
    pub(super) desk: &'a Desk,
    pub(super) lang: Lang,
    /// Path and query, to come back to.
    pub(super) here: &'a str,
}

/// A page without its frame.
pub(super) struct Page {
    pub(super) title: String,
    pub(super) body: Html,
    /// Whether what it shows changes by itself.
    pub(super) live: bool,
    /// Where the browser goes by itself.
    pub(super) onward: Option<String>,
}

impl Page {
    pub(super) fn new(title: impl Into<String>, body: impl Into<Html>) -> Self {
        Self {
            title: title.into(),
            body: body.into(),
            live: false,
            onward: None,
        }
    }

    pub(super) fn live(mut self, live: bool) -> Self {
        self.live = live;
        self
    }

    pub(super) fn onward(mut self, url: Option<String>) -> Self {
        self.onward = url;
        self
    }
}

impl View<'_> {
    pub(super) fn say(&self, en: &'static str, zh: &'static str) -> &'static str {
        self.lang.say(en, zh)
    }

    /// A form of one button, which changes something and comes back here.
    pub(super) fn button(
        &self,
        action: &'static str,
        fields: &[(&'static str, &str)],
        class: &'static str,
        label: &str,
    ) -> Element {
        self.form(action, fields)
            .put(el("button").attr("class", class).put(label))
    }

    /// A form with these values in it, to which inputs can be added.
    pub(super) fn form(&self, action: &'static str, fields: &[(&'static str, &str)]) -> Element {
        let hidden = |name: &'static str, value: &str| {
            el("input")
                .attr("type", "hidden")
                .attr("name", name)
                .attr("value", value)
        };
        el("form")
            .attr("method", "post")
            .attr("action", format!("{DO}{action}"))
            .all(fields.iter().map(|(name, value)| hidden(name, value)))
            .put(hidden("back", self.here))
    }

    pub(super) fn state(&self, word: &str) -> Element {
        words::state(word, self.lang)
    }

    /// What is said where a list has nothing.
    pub(super) fn nothing(&self) -> Element {
        el("p").class("none").put(self.say("Nothing yet.", "暂无数据。"))
    }
}

/// A link inside the console.
pub(super) fn link(to: impl AsRef<str>, text: impl Into<Html>) -> Element {
    el("a").attr("href", to).put(text)
}

/// `/_sim/orders/1900007291/A1`; numbers may hold anything.
pub(super) fn path(parts: &[&str]) -> String {
    let parts: Vec<String> = parts
        .iter()
        .map(|part| utf8_percent_encode(part, NON_ALPHANUMERIC).to_string())
        .collect();
    format!("{HOME}{}", parts.join("/"))
}

/// Names and values, one pair a line.
pub(super) fn facts(pairs: impl IntoIterator<Item = (&'static str, Html)>) -> Element {
    let rows = pairs
        .into_iter()
        .map(|(name, value)| el("div").put(el("dt").put(name)).put(el("dd").put(value)));
    el("dl").all(rows)
}

/// A block with a heading.
pub(super) fn section(heading: &str, body: impl Into<Html>) -> Element {
    el("section").put(el("h2").put(heading)).put(body)
}
