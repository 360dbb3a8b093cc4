//! Which exchanges are about something: the numbers that they name.

use percent_encoding::percent_decode_str;

use crate::handled::Handled;

/// What stands before a number in a path, a query, JSON, XML or a bill.
const BEFORE: [u8; 8] = *b"\"'/=>[` ";

/// What stands behind one.
const BEHIND: [u8; 10] = *b"\"'/?&<]`, ";

/// Whether an exchange names one of these numbers: in its target, in its body, or in the answer's.
pub(crate) fn names(exchange: &Handled, numbers: &[String]) -> bool {
    let target = percent_decode_str(exchange.target()).decode_utf8_lossy();
    let bodies = [exchange.request.body(), exchange.response.body()];
    // What is packed, encrypted or a picture names nothing that could be read here.
    let bodies = bodies
        .into_iter()
        .filter_map(|body| std::str::from_utf8(body).ok());
    let mut texts = std::iter::once(&*target).chain(bodies);
    texts.any(|text| numbers.iter().any(|number| is_named(text, number)))
}

/// Whether a text has a number as a word of its own. JSON's own numbers are amounts and have no quotes.
fn is_named(text: &str, number: &str) -> bool {
    if number.is_empty() {
        return false;
    }
    let bytes = text.as_bytes();
    text.match_indices(number).any(|(at, _)| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        let behind = bytes.get(at + number.len());
        // Something has to stand before it, and a line may end with it.
        before.is_some_and(|byte| BEFORE.contains(byte))
            && behind.is_none_or(|byte| BEHIND.contains(byte) || byte.is_ascii_control())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_word_of_its_own() {
        for text in [
            "/v3/pay/transactions/out-trade-no/A00001?mchid=1",
            "/v3/pay/transactions/out-trade-no/A00001/close",
            "/v3/x?out_trade_no=A00001",
            r#"{"out_trade_no":"A00001","total":1}"#,
            r#"{"out_trade_no": "A00001"}"#,
            "<out_trade_no><![CDATA[A00001]]></out_trade_no>",
            "<out_trade_no>A00001</out_trade_no>",
            "`1,`A00001,`2\r\n",
            "`A00001\r\n",
        ] {
            assert!(is_named(text, "A00001"), "{text}");
        }
        for text in [
            "/v3/pay/transactions/out-trade-no/A000011",
            r#"{"out_trade_no":"XA00001"}"#,
            r#"{"out_trade_no":"A00001-2"}"#,
            "A00001",
            "",
        ] {
            assert!(!is_named(text, "A00001"), "{text}");
        }
        assert!(!is_named(r#"{"total":1,"payer_total": 1}"#, "1"), "an amount");
        assert!(!is_named("/a", ""));
    }
}
