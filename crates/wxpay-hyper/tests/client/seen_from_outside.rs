//! What observers are told, what a dropped call leaves in the log, and what is said of the clock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use wxpay_hyper::Event;
use wxpay_proto::retry::Budget;
use wxpay_proto::{Outcome, UnixTime};

use crate::builder;
use crate::operations::{Refund, query};
use crate::recorder::Recorder;
use crate::server::{Behaviour, Server};

const REFUND: Refund = Refund { out_refund_no: "R1" };

#[tokio::test]
async fn an_observer_is_told_what_happens() {
    let main = Server::raw(|tcp| async move { drop(tcp) }).await;
    let page = Behaviour::plain(502, vec![], "<html>");
    let backup = Server::start(Behaviour::Script(vec![page, Behaviour::signed("{}")])).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let client = builder(&main)
        .base_url(backup.base())
        .budget(Budget {
            first_wait: Duration::from_millis(1),
            ..Budget::default()
        })
        .observer(move |event: &Event<'_>| {
            let line = match event {
                Event::AttemptStarted { attempt, .. } => format!("{attempt} started"),
                Event::AttemptEnded {
                    attempt,
                    status,
                    failure,
                    ..
                } => format!("{attempt} ended {status:?} {failure:?}"),
                Event::Repeated { attempt, .. } => format!("{attempt} to come"),
                Event::FailedOver { from, to, .. } => format!("failed over {}", from != to),
                Event::CallEnded {
                    attempts, outcome, ..
                } => format!("ended {attempts} {outcome:?}"),
                other => format!("{other:?}"),
            };
            heard.lock().unwrap().push(line);
        })
        .build()
        .unwrap();
    client.send(&query()).await.unwrap();
    assert_eq!(
        *told.lock().unwrap(),
        [
            "1 started",
            "1 ended None Some(\"connect\")",
            "2 to come",
            "2 started",
            "failed over true",
            "2 ended Some(502) Some(\"refused\")",
            "3 to come",
            "3 started",
            "3 ended Some(200) None",
            "ended 3 None",
        ]
    );
}

#[tokio::test(flavor = "current_thread")]
async fn a_call_that_is_dropped_says_so_when_it_may_have_been_executed() {
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let server = Server::start(Behaviour::Hang).await;
    let client = builder(&server).build().unwrap();
    let brief = Duration::from_millis(300);
    tokio::time::timeout(brief, client.send(&query()))
        .await
        .unwrap_err();
    assert!(!recorder.text().contains("was dropped"), "a read leaves no doubt");
    tokio::time::timeout(brief, client.send(&REFUND))
        .await
        .unwrap_err();
    let text = recorder.text();
    assert!(
        text.contains("the call was dropped") && text.contains("test.query"),
        "{text}"
    );
}

#[tokio::test(flavor = "current_thread")]
async fn a_clock_that_is_off_is_told_long_before_it_matters_and_in_the_error() {
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    // 784111777 s.
    let date = vec![("date", "Sun, 06 Nov 1994 08:49:37 GMT".to_owned())];
    let refused = Behaviour::plain(401, date, r#"{"code":"SIGN_ERROR","message":"no"}"#);
    for (seconds, said) in [
        (59, None),
        (61, Some("61 s ahead of")),
        (-400, Some("400 s behind")),
    ] {
        let server = Server::start(refused.clone()).await;
        let client = builder(&server)
            .clock(move || UnixTime::from_secs(784_111_777 + seconds))
            .build()
            .unwrap();
        assert_eq!(client.clock_skew(), None);
        let error = client.send(&REFUND).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Refused);
        assert_eq!(client.clock_skew(), Some(seconds));
        assert_eq!(error.clock_skew(), said.map(|_| seconds));
        let text = error.to_string();
        assert_eq!(text.contains("clock is"), said.is_some(), "{text}");
        assert!(text.contains(said.unwrap_or_default()), "{text}");
        let warned = recorder.text().contains(&format!("seconds={seconds}"));
        assert_eq!(warned, said.is_some(), "{seconds}");
    }
}
