//! HTML that is right by its making: names of elements and attributes stand in the source, and every text is escaped.

use std::fmt::Write as _;

/// Elements without an end.
const VOID: [&str; 6] = ["br", "hr", "img", "input", "link", "meta"];

/// A piece of a page. It can be made of texts, which are escaped, and of [elements](el).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Html(String);

impl Html {
    pub(super) fn into_string(self) -> String {
        self.0
    }
}

impl From<&str> for Html {
    fn from(text: &str) -> Self {
        let mut escaped = String::with_capacity(text.len());
        escape(text, &mut escaped);
        Self(escaped)
    }
}

impl From<String> for Html {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<&String> for Html {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<Element> for Html {
    fn from(element: Element) -> Self {
        let Element {
            name,
            attributes,
            inner,
        } = element;
        Self(if VOID.contains(&name) {
            format!("<{name}{attributes}>")
        } else {
            format!("<{name}{attributes}>{inner}</{name}>")
        })
    }
}

impl<T: Into<Self>> From<Option<T>> for Html {
    fn from(piece: Option<T>) -> Self {
        piece.map(Into::into).unwrap_or_default()
    }
}

impl<T: Into<Self>> FromIterator<T> for Html {
    fn from_iter<I: IntoIterator<Item = T>>(pieces: I) -> Self {
        Self(pieces.into_iter().map(|piece| piece.into().0).collect())
    }
}

/// An element that is being made.
#[derive(Clone, Debug)]
pub(super) struct Element {
    name: &'static str,
    attributes: String,
    inner: String,
}

/// An element of this name.
pub(super) fn el(name: &'static str) -> Element {
    Element {
        name,
        attributes: String::new(),
        inner: String::new(),
    }
}

impl Element {
    pub(super) fn attr(mut self, name: &'static str, value: impl AsRef<str>) -> Self {
        // Invariant: writing into a text does not fail.
        let _ = write!(self.attributes, " {name}=\"");
        escape(value.as_ref(), &mut self.attributes);
        self.attributes.push('"');
        self
    }

    pub(super) fn class(self, name: &'static str) -> Self {
        self.attr("class", name)
    }

    pub(super) fn put(mut self, piece: impl Into<Html>) -> Self {
        self.inner.push_str(&piece.into().0);
        self
    }

    pub(super) fn all<T: Into<Html>>(self, pieces: impl IntoIterator<Item = T>) -> Self {
        self.put(pieces.into_iter().collect::<Html>())
    }
}

/// What could end a text, or begin something else, becomes a reference. Control characters, which HTML does not have, and
/// those that turn the direction of what follows become visible.
fn escape(text: &str, escaped: &mut String) {
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(c),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => escaped.push('\u{fffd}'),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hostile_texts_stay_texts() {
        let hostile = "</title><script>alert('x')</script><img src=x onerror=\"alert(1)\">&amp;\u{202e}\0";
        let html = Html::from(hostile).into_string();
        assert_eq!(
            html,
            "&lt;/title&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;\
             &amp;amp;\u{fffd}\u{fffd}"
        );
        let attribute = Html::from(el("input").attr("value", "\" autofocus onfocus=\"x")).into_string();
        assert_eq!(attribute, "<input value=\"&quot; autofocus onfocus=&quot;x\">");
        let nested = el("p").class("a").put("<").put(el("b").put(">")).all(["&", "\""]);
        assert_eq!(
            Html::from(nested).into_string(),
            "<p class=\"a\">&lt;<b>&gt;</b>&amp;&quot;</p>"
        );
    }

    proptest! {
        #[test]
        fn no_text_has_markup(text in "\\PC*|[<>&\"'a-z/!-]{0,40}|\\p{Any}{0,40}") {
            let escaped = Html::from(text.as_str()).into_string();
            prop_assert!(!escaped.contains(['<', '>', '"', '\'']));
            let back = escaped
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
            let same = |(a, b): (char, char)| a == b || b == '\u{fffd}';
            prop_assert_eq!(text.chars().count(), back.chars().count());
            prop_assert!(text.chars().zip(back.chars()).all(same));
        }
    }
}
