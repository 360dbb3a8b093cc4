//! What the logs tell, and what they never hold.

use wxpay_proto::v2;

use crate::keys::{Keys, MERCHANT};
use crate::operations::{AddReceiver, pay};
use crate::recorder::Recorder;
use crate::server::{Behaviour, Server};
use crate::{builder, client};

fn assert_free_of_secrets(text: &str, further: &[String]) {
    let secrets = Keys::get().secrets();
    for secret in secrets.into_iter().chain(further.iter().map(String::as_str)) {
        assert!(!text.contains(secret), "{secret} is in the log:\n{text}");
    }
}

/// The signature in a request's `Authorization`.
fn signature(header: &str) -> String {
    header
        .split("signature=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned()
}

// One thread, so that the connections' own tasks are heard too.
#[tokio::test(flavor = "current_thread")]
async fn a_call_is_a_span_without_secrets() {
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    for alpn in ["h2", "http/1.1"] {
        let server = Server::with_alpn(Behaviour::signed("{\"secret\":\"of the answer\"}"), &[alpn]).await;
        let operation = AddReceiver {
            account: "86693852".to_owned(),
            name: Some("Zhang San".into()),
            phone: Some("13800138000".into()),
        };
        client(&server).send(&operation).await.unwrap();
        let seen = server.only();
        let body = String::from_utf8(seen.request.body().to_vec()).unwrap();
        let mut further = vec![signature(seen.header("authorization").unwrap()), body];
        further.extend(["Zhang San", "13800138000", "of the answer"].map(str::to_owned));
        assert_free_of_secrets(&recorder.text(), &further);
    }
    let text = recorder.text();
    for told in [
        "wxpay.call operation=\"test.add-receiver\"",
        "method=POST",
        "host=\"localhost:",
        "key=\"PUB_KEY_ID_",
        "status=200",
        "request_id=\"08F5A1B2-268435456\"",
        "wxpay.attempt",
        "attempts=1",
        "outcome=\"done\"",
        "duration_ms=",
    ] {
        assert!(text.contains(told), "{told} is missing in\n{text}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn failures_and_v2_are_told_without_secrets() {
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let refusal = r#"{"code":"PARAM_ERROR","message":"told to the caller only"}"#;
    let server = Server::start(Behaviour::plain(400, vec![], refusal)).await;
    let (chain, key) = &Keys::get().client_pem;
    let client = builder(&server)
        .client_certificate_pem(chain, key)
        .build()
        .unwrap();
    client.send(&pay()).await.unwrap_err();
    let call = v2::Call::new("/secapi/pay/refund")
        .field("mch_id", MERCHANT)
        .client_certificate();
    client.send(&call).await.unwrap_err();
    let sent = server.seen().remove(1);
    let sign = v2::xml::read(sent.request.body()).unwrap()["sign"].clone();
    let text = recorder.text();
    assert_free_of_secrets(
        &text,
        &[sign, "told to the caller only".to_owned(), "coffee".to_owned()],
    );
    assert!(text.contains("PARAM_ERROR") && text.contains("unknown"), "{text}");
}
