//! Texts with `*` for any text.

/// A text in which `*` stands for any text, the empty one included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(String);

impl Pattern {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn fits(&self, text: &str) -> bool {
        let Some((head, rest)) = self.0.split_once('*') else {
            return self.0 == text;
        };
        let Some(mut text) = text.strip_prefix(head) else {
            return false;
        };
        let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
        // The earliest place leaves the most for what follows, so that nothing has to be tried twice.
        for part in middle.split('*') {
            let Some((_, after)) = text.split_once(part) else {
                return false;
            };
            text = after;
        }
        text.ends_with(tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_text() {
        let fits = |pattern: &str, text: &str| Pattern::new(pattern).fits(text);
        for (pattern, text) in [
            ("v3.refund.create", "v3.refund.create"),
            ("v3.refund.*", "v3.refund.create"),
            ("*", ""),
            ("*", "/v3/x"),
            ("/v3/*/close", "/v3/pay/transactions/out-trade-no/A1/close"),
            ("*.refund.*", "v3.refund.query"),
            ("a*b*c*d", "aXbYbcZcd"),
            ("a**d", "ad"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("v3.refund.create", "v3.refund.creat"),
            ("v3.refund.*", "v3.refunds.create"),
            ("/v3/*/close", "/v3/close"),
            ("a*b*a", "ab"),
            ("a*a", "a"),
            ("", "a"),
        ] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}
