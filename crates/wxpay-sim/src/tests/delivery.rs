//! Notifications over real sockets: sent when something happens, again by the schedule, and what counts.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use wxpay_proto::ApiV3Key;
use wxpay_proto::v3::notification::UnverifiedNotification;

use super::client::combine;
use super::control::control;
use super::https::call;
use crate::{OrderRef, Setup, Simulator};

/// A merchant's address: it hands over what arrives, and replies with these one after the other.
async fn receiver(statuses: &'static [u16]) -> (SocketAddr, mpsc::UnboundedReceiver<Request<Bytes>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (arrived, arrivals) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        for status in statuses.iter().copied() {
            let (stream, _) = listener.accept().await.unwrap();
            let arrived = arrived.clone();
            let service = service_fn(move |request: Request<hyper::body::Incoming>| {
                let arrived = arrived.clone();
                async move {
                    let (parts, body) = request.into_parts();
                    let body = body.collect().await.unwrap().to_bytes();
                    arrived.send(Request::from_parts(parts, body)).unwrap();
                    if status == 0 {
                        std::future::pending::<()>().await;
                    }
                    let response = Response::builder().status(status);
                    Ok::<_, Infallible>(response.body(Full::new(Bytes::from_static(b"said"))).unwrap())
                }
            });
            tokio::spawn(
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
            );
        }
    });
    (address, arrivals)
}

async fn paid(simulator: &Simulator, address: SocketAddr) {
    let mut order = combine("N1");
    order["notify_url"] = json!(format!("http://{address}/notify/wx"));
    call(
        simulator,
        Method::POST,
        "/v3/combine-transactions/native",
        &order,
        b"http/1.1",
    )
    .await;
    simulator.pay(&OrderRef::combine("N1")).unwrap();
}

/// The one notification, as soon as so many attempts have come to an end.
async fn attempted(simulator: &Simulator, count: usize) -> Value {
    loop {
        let (_, all) = control(simulator, "notifications", None).await;
        let attempts = all[0]["attempts"].as_array().cloned().unwrap_or_default();
        let ended = attempts.iter().filter(|attempt| !attempt["reply"].is_null());
        if ended.count() >= count {
            return all[0].clone();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_payment_is_told_signed_and_encrypted() {
    let simulator = Simulator::start().unwrap();
    let (address, mut arrivals) = receiver(&[204]).await;
    paid(&simulator, address).await;
    let request = arrivals.recv().await.unwrap();
    assert_eq!(request.method(), Method::POST);
    assert_eq!(request.uri(), "/notify/wx");
    assert_eq!(request.headers()["host"], address.to_string());
    let (parts, body) = request.into_parts();
    let keys = simulator.profile().platform_keys();
    let verified = UnverifiedNotification::receive(&parts.headers, body)
        .verify(&keys, simulator.clocks().wire)
        .unwrap();
    let key = ApiV3Key::new(simulator.profile().merchant().api_v3_key()).unwrap();
    let opened: Value = verified.open(&key).unwrap().json().unwrap();
    assert_eq!(opened["combine_out_trade_no"], "N1");
    let told = attempted(&simulator, 1).await;
    assert_eq!(told["delivered"], true);
    assert_eq!(told["attempts"][0]["verdict"], "acknowledged");
    assert_eq!(told["next"], Value::Null);
}

#[tokio::test]
async fn what_is_not_acknowledged_comes_again_by_the_business_clock() {
    let simulator = Simulator::start().unwrap();
    let (address, mut arrivals) = receiver(&[500, 302, 201, 200]).await;
    paid(&simulator, address).await;
    let mut bodies = Vec::new();
    for (attempt, says) in [
        (1, "refused by the receiver"),
        (2, "a redirection is not followed"),
        (3, "a success that does not count"),
        (4, "acknowledged"),
    ] {
        let request = arrivals.recv().await.unwrap();
        bodies.push(request.into_body());
        let told = attempted(&simulator, attempt).await;
        let verdict = told["attempts"][attempt - 1]["verdict"].as_str().unwrap();
        assert!(verdict.starts_with(says), "{attempt}: {told}");
        assert_eq!(told["delivered"], attempt == 4);
        // No gap of the schedule is longer than an hour so early.
        let turn = json!({ "seconds": 3600 });
        assert_eq!(control(&simulator, "clock", Some(turn)).await.0, 200);
    }
    let ids: Vec<Value> = bodies
        .iter()
        .map(|body| serde_json::from_slice::<Value>(body).unwrap()["id"].clone())
        .collect();
    assert!(ids.iter().all(|id| id.is_string() && *id == ids[0]), "{ids:?}");
}

#[tokio::test]
async fn who_is_silent_or_away_is_told_of() {
    let mut setup = Setup::default();
    setup.limits.reply = Duration::from_millis(200);
    let simulator = Simulator::start_with(setup).unwrap();
    let (address, mut arrivals) = receiver(&[0]).await;
    paid(&simulator, address).await;
    arrivals.recv().await.unwrap();
    let told = attempted(&simulator, 1).await;
    let reply = told["attempts"][0]["reply"].as_str().unwrap();
    assert!(reply.contains("no complete reply within 0.2 s"), "{told}");
    // The receiver accepts one connection and is gone then.
    let id = told["id"].as_str().unwrap();
    let (status, _) = control(&simulator, "notifications/resend", Some(json!({ "id": id }))).await;
    assert_eq!(status, 200);
    let told = attempted(&simulator, 2).await;
    assert_eq!(told["attempts"][1]["status"], Value::Null, "{told}");
    assert_eq!(told["delivered"], false);
}

#[tokio::test]
async fn over_https_only_to_whom_is_trusted() {
    // Another simulator is the receiver: its authority is one that nobody trusts by himself.
    let receiver = Simulator::start().unwrap();
    let untrusting = Simulator::start().unwrap();
    let trusting = Simulator::start_with(Setup {
        notification_roots: vec![receiver.ca_pem().to_owned()],
        ..Setup::default()
    })
    .unwrap();
    for (simulator, status) in [(&untrusting, Value::Null), (&trusting, json!(404))] {
        let mut order = combine("N1");
        order["notify_url"] = json!(format!("https://{}/notify", receiver.address()));
        call(
            simulator,
            Method::POST,
            "/v3/combine-transactions/native",
            &order,
            b"http/1.1",
        )
        .await;
        simulator.pay(&OrderRef::combine("N1")).unwrap();
        let told = attempted(simulator, 1).await;
        assert_eq!(told["attempts"][0]["status"], status, "{told}");
        if status.is_null() {
            let reply = told["attempts"][0]["reply"].as_str().unwrap();
            assert!(reply.contains("TLS with 127.0.0.1 fails"), "{reply}");
        }
    }
}
