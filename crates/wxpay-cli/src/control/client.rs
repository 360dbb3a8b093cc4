//! A client of a simulator's control API.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Uri};
use serde_json::Value;
use wxpay_sim::{CONTROL, Reply, Sender};

use crate::ended::NotSent;

/// How long an answer may take: longer than a listener is kept waiting.
const WITHIN: Duration = Duration::from_secs(90);

/// How long an answer may be, in bytes: the log of a busy simulator.
const ANSWER_BYTES: usize = 256 << 20;

/// Asks a simulator.
#[derive(Debug)]
pub(crate) struct Client {
    /// Where control is, with a slash at the end.
    base: String,
    sender: Sender,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Problem {
    /// The simulator says why not.
    Refused(String),
    /// Nobody answers, or nobody who is a simulator.
    Unreachable(String),
}

impl Client {
    /// Of the simulator at this address, `http://127.0.0.1:8089`.
    pub(crate) fn new(address: &str) -> Result<Self, NotSent> {
        let address = address.trim_end_matches('/');
        let uri: Option<Uri> = address.parse().ok();
        if uri.is_none_or(|uri| uri.scheme_str() != Some("http") || uri.path() != "/") {
            return Err(NotSent::new(format!(
                "--simulator {address}: wanted is an address as `wxpay sim` prints it, http://127.0.0.1:8089"
            )));
        }
        let sender = Sender::new(&[], WITHIN).map_err(|error| NotSent::new(error.to_string()))?;
        Ok(Self {
            base: format!("{address}{CONTROL}"),
            sender: sender.reading(ANSWER_BYTES),
        })
    }

    /// Looks, or changes something when there is a body.
    pub(crate) async fn ask(&self, path: &str, body: Option<&Value>) -> Result<Value, Problem> {
        let uri = format!("{}{path}", self.base);
        let uri: Uri = uri
            .parse()
            .map_err(|error| Problem::Unreachable(format!("{uri}: {error}")))?;
        let mut request = Request::new(body.map(|body| Bytes::from(body.to_string())).unwrap_or_default());
        *request.uri_mut() = uri;
        if body.is_some() {
            *request.method_mut() = Method::POST;
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, json);
        }
        let (status, body) = match self.sender.send(request).await {
            Reply::Answered { status, body } => (status, body),
            Reply::Failed { problem } => {
                let hint = "is `wxpay sim` running? --simulator tells where";
                return Err(Problem::Unreachable(format!("{problem}; {hint}")));
            }
        };
        let answer: Option<Value> = serde_json::from_slice(&body).ok();
        match answer {
            Some(answer) if status == 200 => Ok(answer),
            Some(answer) if answer["error"].is_string() => {
                let problem = answer["error"].as_str().unwrap_or_default();
                Err(Problem::Refused(problem.to_owned()))
            }
            _ => Err(Problem::Unreachable(format!(
                "what answers at {} is no simulator (status {status})",
                self.base
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Client;

    #[test]
    fn only_addresses_as_they_are_printed_are_taken() {
        assert!(Client::new("http://127.0.0.1:8089/").is_ok());
        for address in [
            "127.0.0.1:8089",
            "https://127.0.0.1:8089",
            "http://127.0.0.1:8089/_sim",
            "",
        ] {
            let error = Client::new(address).unwrap_err().to_string();
            assert!(error.contains("--simulator"), "{error}");
        }
    }
}
