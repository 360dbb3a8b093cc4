//! The languages of the console.

use http::HeaderMap;
use http::header::{ACCEPT_LANGUAGE, COOKIE};

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lang {
    En,
    Zh,
}

/// The cookie that remembers the choice.
pub(super) const CHOICE: &str = "wxpay-sim-lang";

impl Lang {
    /// The one that was chosen, or else the browser's first that there is; English for the rest of the world.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let text = |name| {
            headers
                .get(name)
                .and_then(|value: &http::HeaderValue| value.to_str().ok())
        };
        let cookies = text(COOKIE).unwrap_or_default().split(';');
        let mut cookies = cookies.filter_map(|cookie| cookie.trim().split_once('='));
        let chosen = cookies.find(|(name, _)| *name == CHOICE);
        if let Some(lang) = chosen.and_then(|(_, code)| Self::find(code)) {
            return lang;
        }
        let accepted = text(ACCEPT_LANGUAGE).unwrap_or_default().split(',');
        let mut codes = accepted.map(|part| part.split(';').next().unwrap_or_default().trim());
        codes.find_map(Self::find).unwrap_or(Self::En)
    }

    /// `zh-CN`, `zh`, `en`.
    pub(super) fn find(code: &str) -> Option<Self> {
        match code
            .split('-')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
            .as_str()
        {
            "zh" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }

    pub(super) fn other(self) -> Self {
        match self {
            Self::En => Self::Zh,
            Self::Zh => Self::En,
        }
    }

    /// What it calls itself.
    pub(super) fn name(self) -> &'static str {
        self.say("English", "中文")
    }

    /// One of the two.
    pub(super) fn say(self, en: &'static str, zh: &'static str) -> &'static str {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_choice_goes_over_the_browser_and_the_browsers_order_counts() {
        let of = |accepted: &str, cookie: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_str(accepted).unwrap());
            headers.insert(COOKIE, HeaderValue::from_str(cookie).unwrap());
            Lang::of(&headers)
        };
        assert_eq!(of("zh-CN,zh;q=0.9,en;q=0.8", ""), Lang::Zh);
        assert_eq!(of("de,en;q=0.8,zh;q=0.5", "a=b"), Lang::En);
        assert_eq!(of("zh-CN", "a=b; wxpay-sim-lang=en"), Lang::En);
        assert_eq!(of("fr", "wxpay-sim-lang=<script>"), Lang::En);
    }
}
