//! `formats`: times and amounts.

use wxpay_proto::{TimeText, fen_from_yuan};
use wxpay_tests::vectors::Vector;

pub(crate) fn run(vector: &Vector) {
    let mut expected = vector.expected();
    if vector.get("yuan").is_some() {
        let fen = fen_from_yuan(vector.text("yuan")).expect("an amount");
        assert_eq!(expected.take("fen").as_i64(), Some(fen));
    } else {
        let seconds = TimeText::new(vector.text("text"))
            .parse()
            .expect("a time")
            .as_secs();
        let wanted = expected.take("unix_seconds").as_f64().expect("a number");
        // The vectors count with decimals; the core counts whole seconds and cuts them off.
        let found = seconds as f64;
        assert!(found <= wanted && wanted < found + 1.0, "{found} and {wanted}");
    }
    expected.finish();
}
