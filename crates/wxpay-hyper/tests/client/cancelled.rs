//! What a call that is dropped leaves behind: nothing that another call could meet.

use std::time::Duration;

use wxpay_proto::v3::Call;

use crate::builder;
use crate::server::{Behaviour, Server};

fn get(number: usize) -> Call {
    Call::new(http::Method::GET, format!("/v3/x/{number}"))
}

#[tokio::test]
async fn a_dropped_call_takes_no_other_with_it_and_leaves_its_answer_to_nobody() {
    for alpn in ["h2", "http/1.1"] {
        let answer = |number: usize| Behaviour::signed(&format!("{{\"number\":{number}}}"));
        let script = vec![answer(0), Behaviour::Hang, answer(2), answer(3)];
        let server = Server::with_alpn(Behaviour::Script(script), &[alpn]).await;
        let client = builder(&server).build().unwrap();
        let body = async |number: usize| {
            let answer = client.send(&get(number)).await.unwrap();
            String::from_utf8(answer.body().to_vec()).unwrap()
        };
        assert_eq!(body(0).await, r#"{"number":0}"#);
        let other = client.clone();
        let hanging = tokio::spawn(async move { other.send(&get(1)).await.map(drop) });
        while server.with_seen(Vec::len) < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // One beside it, one after it.
        assert_eq!(body(2).await, r#"{"number":2}"#, "{alpn}");
        hanging.abort();
        assert!(hanging.await.unwrap_err().is_cancelled());
        assert_eq!(body(3).await, r#"{"number":3}"#, "{alpn}");
        let seen = server.seen();
        assert_eq!(seen.len(), 4, "nothing is sent twice");
        let connections: Vec<_> = seen.iter().map(|seen| seen.connection).collect();
        match alpn {
            "h2" => assert_eq!(connections, [0, 0, 0, 0]),
            // Its connection ends with it: an answer that comes late would be taken for the next call's.
            _ => assert!(connections[1] == 0 && connections[2..].iter().all(|other| *other != 0)),
        }
    }
}
