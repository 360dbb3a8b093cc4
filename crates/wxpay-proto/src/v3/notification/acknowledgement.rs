//! What a notification is answered with (protocol section 4.3).

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde::ser::Error as _;
use serde_json::{Map, Value, json};

/// The longest reason that is sent, in characters.
const REASON: usize = 256;

/// The answer to a notification, due within 5 s. Acknowledge first what is stored safely, then work on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    status: StatusCode,
    body: Bytes,
}

impl Acknowledgement {
    /// Taken: 200 and `SUCCESS`. WeChat Pay does not send it again.
    #[must_use]
    pub fn success() -> Self {
        Self::new(StatusCode::OK, "SUCCESS", "成功")
    }

    /// Not taken: 500 and `FAIL` with a reason of at most 256 characters. WeChat Pay sends it again.
    #[must_use]
    pub fn failure(reason: &str) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "FAIL", reason)
    }

    /// Not proven to be WeChat Pay's: 401 and `FAIL`, without a reason. The genuine one is sent again.
    #[must_use]
    pub fn unverified() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "FAIL", "失败")
    }

    /// Taken, with an answer for the few notifications that ask for one: 200, `SUCCESS`, and the members of `content`.
    ///
    /// # Errors
    /// What `serde_json` says when `content` cannot be written, or is no object.
    pub fn with_content<T: Serialize>(content: &T) -> Result<Self, serde_json::Error> {
        let Value::Object(members) = serde_json::to_value(content)? else {
            return Err(serde_json::Error::custom("the content is no object"));
        };
        let mut answer = Map::new();
        answer.insert("code".to_owned(), "SUCCESS".into());
        answer.insert("message".to_owned(), "".into());
        answer.extend(members);
        Ok(Self {
            status: StatusCode::OK,
            body: Value::Object(answer).to_string().into(),
        })
    }

    /// Answers `ENTRUST.TERMINATE_RETENTION` (解约挽留), due within 1 s, with a coupon that may make the user stay.
    #[must_use]
    pub fn retention_coupon(state: &str, coupon_id: &str) -> Self {
        let content = json!({
            "code": "SUCCESS",
            "message": "",
            "retention_type": "COUPON",
            "coupon_info": {"state": state, "coupon_id": coupon_id},
        });
        Self {
            status: StatusCode::OK,
            body: content.to_string().into(),
        }
    }

    fn new(status: StatusCode, code: &str, message: &str) -> Self {
        let message: String = message.chars().take(REASON).collect();
        let body = json!({"code": code, "message": message}).to_string().into();
        Self { status, body }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The media type of the body.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        "application/json"
    }

    /// The body: JSON.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The whole answer.
    #[must_use]
    pub fn into_response(self) -> http::Response<Bytes> {
        let content_type = HeaderValue::from_static(self.content_type());
        let mut response = http::Response::new(self.body);
        *response.status_mut() = self.status;
        response.headers_mut().insert(CONTENT_TYPE, content_type);
        response
    }
}
