//! Forms as browsers send them, made into what the control API takes.

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value};

use super::view::HOME;

/// Members that are numbers; every other one is a text.
const NUMBERS: [&str; 6] = ["seconds", "times", "balance", "coupon", "refund", "first"];

/// Members that are true or false.
const FLAGS: [&str; 4] = ["combined", "probe", "on", "broke"];

/// The pairs of a query or of a form.
pub(super) fn pairs(text: &str) -> impl Iterator<Item = (String, String)> {
    let decoded = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    text.split('&').filter(|pair| !pair.is_empty()).map(move |pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    })
}

/// A text as a query holds it.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// A form: the object for control, and where the browser goes then.
pub(super) fn read(body: &[u8]) -> (Value, String) {
    let mut members = Map::new();
    let mut back = HOME.to_owned();
    for (name, text) in pairs(&String::from_utf8_lossy(body)) {
        if name == "back" {
            back = own(&text).unwrap_or(back);
        } else if !text.is_empty() {
            let value = typed(&name, text);
            members.insert(name, value);
        }
    }
    (Value::Object(members), back)
}

fn typed(name: &str, text: String) -> Value {
    let number = || text.parse::<i64>().ok().map(Value::from);
    let flag = || text.parse::<bool>().ok().map(Value::from);
    let read = match name {
        _ if NUMBERS.contains(&name) => number(),
        _ if FLAGS.contains(&name) => flag(),
        _ => None,
    };
    // What is no number stays a text, and control says what is wrong with it.
    read.unwrap_or(Value::String(text))
}

/// A page of the console, and no other: nobody is sent elsewhere.
fn own(path: &str) -> Option<String> {
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let own = plain && path.starts_with(HOME) && !path.contains("/../");
    own.then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn forms_become_objects() {
        let (object, back) = read(
            b"number=A%2F1+%E5%8D%95&mchid=&combined=true&seconds=-5&times=x&back=%2F_sim%2Forders%2F1%2FA%3Fa%3Db",
        );
        assert_eq!(
            object,
            json!({ "number": "A/1 单", "combined": true, "seconds": -5, "times": "x" })
        );
        assert_eq!(back, "/_sim/orders/1/A?a=b");
    }

    #[test]
    fn nobody_is_sent_elsewhere() {
        for back in [
            "https://evil.example/",
            "//evil.example/",
            "/elsewhere",
            "/_sim/%0d%0aSet-Cookie:x",
            "/_sim/\\evil",
            "/_sim/../x",
        ] {
            let form = format!("back={}", encoded(&percent_decode_str(back).decode_utf8_lossy()));
            assert_eq!(read(form.as_bytes()).1, HOME, "{back}");
        }
    }
}
