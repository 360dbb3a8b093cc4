//! Forwards a notification byte for byte, and reports the reply back.

use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Method, Request, Uri};
use serde_json::json;
use wxpay_sim::{Reply, Sender};

use super::delivery::Delivery;
use super::forwarded::Forwarded;
use crate::control::{Client, Problem};
use crate::ended::NotSent;

/// How much of a reply is shown, in characters.
const SHOWN: usize = 300;

/// Forwards to one receiver.
#[derive(Debug)]
pub(super) struct Forwarder {
    scheme: Scheme,
    authority: Authority,
    /// The receiver's own path, if it has one.
    path: Option<PathAndQuery>,
    sender: Sender,
}

impl Forwarder {
    pub(super) fn new(url: &str, roots: &[String]) -> Result<Self, NotSent> {
        let wrong = || {
            NotSent::new(format!(
                "--forward-to {url}: wanted is the receiver's address, http://127.0.0.1:3000/notify"
            ))
        };
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let parts = uri.into_parts();
        let scheme = parts
            .scheme
            .filter(|scheme| [Scheme::HTTP, Scheme::HTTPS].contains(scheme));
        let sender = Sender::new(roots, Sender::WITHIN);
        Ok(Self {
            scheme: scheme.ok_or_else(wrong)?,
            authority: parts.authority.ok_or_else(wrong)?,
            path: parts.path_and_query.filter(|path| path.as_str() != "/"),
            sender: sender.map_err(|error| NotSent::new(format!("--trust: {error}")))?,
        })
    }

    pub(super) fn shown(&self) -> String {
        let path = self.path.as_ref().map_or("", PathAndQuery::as_str);
        format!("{}://{}{path}", self.scheme, self.authority)
    }

    pub(super) async fn forward(&self, delivery: &Delivery, client: &Client) -> Forwarded {
        let reply = match self.request(delivery) {
            Some(request) => self.sender.send(request).await,
            None => Reply::Failed {
                problem: format!("{} is no address", delivery.url),
            },
        };
        let (status, reply, problem) = match reply {
            Reply::Answered { status, body } => {
                (Some(status), String::from_utf8_lossy(&body).into_owned(), None)
            }
            Reply::Failed { problem } => (None, String::new(), Some(problem)),
        };
        let mut told = json!({ "id": delivery.id, "attempt": delivery.attempt });
        match (status, &problem) {
            (Some(status), _) => {
                told["status"] = status.into();
                told["body"] = reply.as_str().into();
            }
            (None, problem) => told["problem"] = problem.as_deref().unwrap_or_default().into(),
        }
        let (counts, verdict) = match client.ask("deliveries/reply", Some(&told)).await {
            Ok(answer) => (
                answer["counts"] == true,
                answer["verdict"].as_str().unwrap_or_default().to_owned(),
            ),
            Err(Problem::Refused(text) | Problem::Unreachable(text)) => {
                (false, format!("the simulator could not be told: {text}"))
            }
        };
        Forwarded {
            status,
            reply: problem.unwrap_or(reply).chars().take(SHOWN).collect(),
            counts,
            verdict,
        }
    }

    /// The same request to the receiver's address.
    fn request(&self, delivery: &Delivery) -> Option<Request<bytes::Bytes>> {
        let own: Uri = delivery.url.parse().ok()?;
        let path = self.path.clone().or_else(|| own.path_and_query().cloned());
        let uri = Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(path.unwrap_or_else(|| PathAndQuery::from_static("/")))
            .build()
            .ok()?;
        let mut request = Request::new(delivery.body.clone());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        *request.headers_mut() = delivery.headers.clone();
        Some(request)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn target(forward_to: &str) -> String {
        let told = json!({
            "id": "n", "attempt": 1, "url": "https://shop.example/a/b?c=d", "headers": [["x", "y"]], "body": "",
        });
        let delivery = Delivery::read(&told).unwrap();
        let forwarder = Forwarder::new(forward_to, &[]).unwrap();
        forwarder.request(&delivery).unwrap().uri().to_string()
    }

    #[test]
    fn a_path_of_the_receivers_goes_over_the_notifications() {
        assert_eq!(target("http://localhost:3000"), "http://localhost:3000/a/b?c=d");
        assert_eq!(target("http://localhost:3000/"), "http://localhost:3000/a/b?c=d");
        assert_eq!(target("https://[::1]:3/notify"), "https://[::1]:3/notify");
        for wrong in ["localhost:3000", "/notify", "ftp://x/", ""] {
            assert!(Forwarder::new(wrong, &[]).is_err(), "{wrong}");
        }
    }
}
