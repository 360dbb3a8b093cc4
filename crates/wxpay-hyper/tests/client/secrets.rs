//! No log line of any crate, no error and no `Debug` holds a secret, whatever a call comes to.

use std::error::Error as _;
use std::fmt::Debug;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use wxpay_hyper::{Client, Error, KeyStore, Proxy};
use wxpay_proto::proof::Proof;
use wxpay_proto::retry::Budget;
use wxpay_proto::v3::Authorization;
use wxpay_proto::{ApiV3Key, Operation, Response, v2};

use crate::keys::{Keys, MERCHANT};
use crate::operations::{AddReceiver, Note, Refund, RefundV2, pay, query};
use crate::recorder::Recorder;
use crate::server::{Behaviour, Seen, Server};
use crate::{api_v2_key, builder};

const NAME: &str = "Zhang San of the secret";
const PHONE: &str = "13800138000";
const PROXY_PASSWORD: &str = "hunter2-of-the-proxy";
const API_V3_KEY: &str = "an-api-v3-key-of-32-characters-x";

/// What `log` is told: rustls speaks to it, and not to `tracing`.
struct LogLines(Mutex<String>);

impl log::Log for LogLines {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let line = format!("{} {}\n", record.target(), record.args());
        self.0.lock().unwrap().push_str(&line);
    }

    fn flush(&self) {}
}

fn log_lines() -> &'static LogLines {
    static LINES: OnceLock<&'static LogLines> = OnceLock::new();
    LINES.get_or_init(|| {
        let lines = Box::leak(Box::new(LogLines(Mutex::default())));
        log::set_logger(lines).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
        lines
    })
}

/// Everything that was written anywhere, and everything that must not be in it.
#[derive(Default)]
struct Search {
    recorder: Recorder,
    shown: Mutex<String>,
    secrets: Mutex<Vec<String>>,
}

impl Search {
    fn show(&self, value: &impl Debug) {
        let mut shown = self.shown.lock().unwrap();
        shown.push_str(&format!("{value:?}\n{value:#?}\n"));
    }

    fn show_error(&self, error: &Error) {
        self.show(error);
        let mut shown = self.shown.lock().unwrap();
        shown.push_str(&format!("{error}\n"));
        let mut cause = error.source();
        while let Some(error) = cause {
            shown.push_str(&format!("{error}\n{error:?}\n"));
            cause = error.source();
        }
    }

    /// Signatures are secrets for as long as they are fresh: whoever has one can send the request.
    fn add_signatures(&self, seen: &[Seen]) {
        let mut secrets = self.secrets.lock().unwrap();
        for seen in seen {
            if let Some(header) = seen.header("authorization") {
                secrets.push(Authorization::parse(header).unwrap().signature);
            } else {
                secrets.push(v2::xml::read(seen.request.body()).unwrap()["sign"].clone());
            }
        }
    }

    async fn send<O>(&self, client: &Client, operation: &O)
    where
        O: Operation<Protocol: wxpay_hyper::ClientProtocol, Response: Response<Proof: Proof>>,
    {
        if let Err(error) = client.send(operation).await {
            self.show_error(&error);
        }
    }

    /// One of each kind.
    async fn send_all(&self, client: &Client) {
        self.show(client);
        let receiver = AddReceiver {
            account: "86693852".to_owned(),
            name: Some(NAME.into()),
            phone: Some(PHONE.into()),
        };
        let refund_v2 = RefundV2 {
            mch_id: MERCHANT,
            out_refund_no: "R1",
        };
        self.send(client, &query()).await;
        self.send(client, &pay()).await;
        self.send(client, &receiver).await;
        self.send(client, &Refund { out_refund_no: "R1" }).await;
        self.send(client, &Note(Refund { out_refund_no: "R1" })).await;
        self.send(client, &refund_v2).await;
        let call = v2::Call::new("/pay/orderquery").field("mch_id", MERCHANT);
        self.send(client, &call).await;
    }

    fn assert_clean(&self) {
        let logged = self.recorder.text();
        let lines = log_lines().0.lock().unwrap().clone();
        let shown = self.shown.lock().unwrap().clone();
        // Or nothing was listened to.
        assert!(
            logged.contains("wxpay.attempt") && logged.contains("hyper"),
            "{logged}"
        );
        assert!(lines.contains("rustls"), "{lines}");
        assert!(
            shown.contains("SIGN_ERROR") && shown.contains("Interrupted"),
            "{shown}"
        );
        assert!(self.secrets.lock().unwrap().len() > 100);
        let found = self.found(&lines);
        assert!(found.is_empty(), "{found:#?}");
    }

    /// Where which secret is.
    fn found(&self, lines: &str) -> Vec<String> {
        let (logged, shown) = (self.recorder.text(), self.shown.lock().unwrap().clone());
        let mut found = Vec::new();
        for secret in self.secrets.lock().unwrap().iter() {
            for (place, text) in [("tracing", &*logged), ("log", lines), ("errors", &*shown)] {
                if let Some(at) = text.find(secret.as_str()) {
                    let before = text[..at].lines().last().unwrap_or_default();
                    found.push(format!("{place}: {secret}, after {before:?}"));
                }
            }
        }
        found
    }
}

#[test]
fn what_is_planted_is_found() {
    let planted = || {
        let search = Search::default();
        search.secrets.lock().unwrap().push(PROXY_PASSWORD.to_owned());
        search
    };
    assert!(planted().found("nothing").is_empty());
    assert_eq!(planted().found(PROXY_PASSWORD).len(), 1);
    let shown = planted();
    shown.show(&Some(PROXY_PASSWORD));
    assert_eq!(shown.found("").len(), 1);
    let told = planted();
    let listening = told.recorder.clone();
    tracing::subscriber::with_default(listening, || tracing::trace!("sent {PROXY_PASSWORD}"));
    assert_eq!(told.found("").len(), 1);
}

fn endings() -> Vec<Behaviour> {
    let refusal = |status, code: &str| {
        let body = format!(r#"{{"code":"{code}","message":"no"}}"#);
        Behaviour::plain(
            status,
            vec![("date", "Sun, 06 Nov 1994 08:49:37 GMT".to_owned())],
            body,
        )
    };
    vec![
        Behaviour::signed("{\"a\":\"b\"}"),
        Behaviour::signed("no json"),
        refusal(401, "SIGN_ERROR"),
        refusal(400, "PARAM_ERROR"),
        refusal(500, "SYSTEM_ERROR"),
        refusal(429, "FREQUENCY_LIMITED"),
        Behaviour::plain(502, vec![], "<html>"),
        Behaviour::plain(200, vec![], "<xml><return_code>FAIL</return_code></xml>"),
        Behaviour::plain(200, vec![], ""),
        Behaviour::Cut,
        Behaviour::Hang,
    ]
}

// One thread, so that the connections' own tasks are heard too.
#[tokio::test(flavor = "current_thread")]
async fn nothing_that_is_written_anywhere_is_secret() {
    let _lines = log_lines();
    let search = Search::default();
    let _guard = tracing::subscriber::set_default(search.recorder.clone());
    let keys = Keys::get();
    search.secrets.lock().unwrap().extend(
        keys.all_secrets()
            .into_iter()
            .chain([NAME, PHONE, PROXY_PASSWORD, API_V3_KEY].map(str::to_owned)),
    );
    search.show(&api_v2_key());
    let (chain, key) = &keys.client_pem;
    let budget = Budget {
        first_wait: Duration::from_millis(1),
        first_slow_wait: Duration::from_millis(1),
        attempts: 2,
        ..Budget::default()
    };
    let with_all = |server: &Server| {
        let builder = builder(server)
            .client_certificate_pem(chain, key)
            .budget(budget)
            .answer_timeout(Duration::from_millis(100));
        search.show(&builder);
        builder
    };
    for (behaviour, alpn) in endings().into_iter().zip(["h2", "http/1.1"].into_iter().cycle()) {
        let server = Server::with_alpn(behaviour, &[alpn]).await;
        search.send_all(&with_all(&server).build().unwrap()).await;
        search.add_signatures(&server.seen());
    }

    // Nobody listens; a proxy that refuses; keys that cannot be fetched.
    let server = Server::raw(|tcp| async move { drop(tcp) }).await;
    search.send_all(&with_all(&server).build().unwrap()).await;
    let address = format!("http://127.0.0.1:{}", server.port());
    let proxy = Proxy::new(&address).unwrap().credentials("shop", PROXY_PASSWORD);
    search.show(&proxy);
    let through = with_all(&server).proxy(proxy).build().unwrap();
    search.send_all(&through).await;
    let with_password = format!("http://shop:{PROXY_PASSWORD}@[");
    let error = Proxy::new(&with_password).unwrap_err();
    search.show(&error);
    search.shown.lock().unwrap().push_str(&error.to_string());
    let server = Server::start(Behaviour::plain(404, vec![], r#"{"code":"NOT_FOUND"}"#)).await;
    let store = KeyStore::builder()
        .certificates(ApiV3Key::new(API_V3_KEY).unwrap())
        .build();
    search.show(&store);
    let client = with_all(&server).key_store(store).build().unwrap();
    search.send_all(&client).await;
    search.add_signatures(&server.seen());

    search.assert_clean();
}
