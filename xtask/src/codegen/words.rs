//! English words for frequent fields (`catalogue/words.toml`).

use std::collections::HashMap;
use std::sync::OnceLock;

const FILE: &str = include_str!("../../../crates/wxpay-types/catalogue/words.toml");

/// The English word for a field, if there is one.
pub(super) fn word(member: &str) -> Option<&'static str> {
    static WORDS: OnceLock<HashMap<String, String>> = OnceLock::new();
    // A test reads the file, so that a broken one does not pass for an empty one.
    let words = WORDS.get_or_init(|| toml::from_str(FILE).unwrap_or_default());
    words.get(member).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_read() {
        assert!(toml::from_str::<HashMap<String, String>>(FILE).unwrap().len() >= 200);
        assert_eq!(word("out_trade_no"), Some("order number"));
        assert_eq!(word("no_such_field"), None);
    }
}
