//! What a v2 notification is answered with (protocol section 4.5).

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};

/// The longest reason that is sent, in characters.
const REASON: usize = 128;

/// The answer to a notification: XML, with status 200 even for a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    body: Bytes,
}

impl Acknowledgement {
    /// Taken: `return_code` is `SUCCESS`. WeChat Pay does not send it again.
    #[must_use]
    pub fn success() -> Self {
        Self::write(["return_code", "return_msg"], ["SUCCESS", "OK"])
    }

    /// Not taken: `return_code` is `FAIL`, with a reason of at most 128 characters. WeChat Pay sends it again.
    #[must_use]
    pub fn failure(reason: &str) -> Self {
        Self::write(["return_code", "return_msg"], ["FAIL", reason])
    }

    /// Taken, in the form of payment-score notifications (支付分): `code` is `SUCCESS`.
    #[must_use]
    pub fn event_success() -> Self {
        Self::write(["code", "message"], ["SUCCESS", "OK"])
    }

    /// Not taken, in the form of payment-score notifications (支付分): `code` is `FAIL`.
    #[must_use]
    pub fn event_failure(reason: &str) -> Self {
        Self::write(["code", "message"], ["FAIL", reason])
    }

    fn write(names: [&str; 2], values: [&str; 2]) -> Self {
        let mut xml = String::from("<xml>");
        for (name, value) in names.into_iter().zip(values) {
            // A reason comes from anywhere: what cannot stand in XML is left out, what would end the section is split.
            let possible = |c: &char| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}');
            let kept: String = value.chars().filter(possible).take(REASON).collect();
            let kept = kept.replace("]]>", "]]]]><![CDATA[>");
            xml.push_str(&format!("<{name}><![CDATA[{kept}]]></{name}>"));
        }
        xml.push_str("</xml>");
        Self { body: xml.into() }
    }

    /// The HTTP status: always 200.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::OK
    }

    /// The media type of the body.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        "text/xml; charset=utf-8"
    }

    /// The body: XML.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The whole answer.
    #[must_use]
    pub fn into_response(self) -> http::Response<Bytes> {
        let content_type = HeaderValue::from_static(self.content_type());
        let mut response = http::Response::new(self.body);
        response.headers_mut().insert(CONTENT_TYPE, content_type);
        response
    }
}
