//! HTTP proxies: what they are asked, what they see, and what is said of them.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::TcpStream;
use wxpay_hyper::{Failure, Proxy};
use wxpay_proto::Outcome;

use crate::builder;
use crate::operations::{pay, query};
use crate::server::{Behaviour, Server};

const USER: &str = "shop";
const PASSWORD: &str = "hidden-from-all";
/// `shop:hidden-from-all` in base64.
const BASIC: &str = "c2hvcDpoaWRkZW4tZnJvbS1hbGw=";

/// A proxy that wants the password, and the heads of what it was asked.
async fn proxy() -> (Server, Arc<Mutex<Vec<String>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let heads = Arc::clone(&heard);
    let server = Server::raw(move |mut client| {
        let heads = Arc::clone(&heads);
        async move {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(client.read_u8().await.unwrap());
            }
            let head = String::from_utf8(head).unwrap();
            let allowed = head.contains(&format!("Proxy-Authorization: Basic {BASIC}\r\n"));
            let target = head.split(' ').nth(1).unwrap().to_owned();
            heads.lock().unwrap().push(head);
            if !allowed {
                let _ = client.write_all(b"HTTP/1.1 407 x\r\n\r\n").await;
                return;
            }
            let mut host = TcpStream::connect(target).await.unwrap();
            client.write_all(b"HTTP/1.1 200 x\r\n\r\n").await.unwrap();
            let _ = copy_bidirectional(&mut client, &mut host).await;
        }
    })
    .await;
    (server, heard)
}

fn address(server: &Server) -> String {
    format!("http://127.0.0.1:{}", server.port())
}

#[tokio::test]
async fn a_call_goes_through_the_proxy_which_sees_the_host_alone() {
    let (proxy, heads) = proxy().await;
    let server = Server::start(Behaviour::signed("{}")).await;
    let through = Proxy::new(&address(&proxy)).unwrap().credentials(USER, PASSWORD);
    let builder = builder(&server).proxy(through);
    assert!(!format!("{builder:?}").contains(PASSWORD) && !format!("{builder:?}").contains(BASIC));
    let client = builder.build().unwrap();
    client.send(&query()).await.unwrap();
    client.send(&pay()).await.unwrap();
    // One tunnel, for the host, and nothing of the requests.
    let heads = heads.lock().unwrap();
    let host = format!("localhost:{}", server.port());
    assert_eq!(heads.len(), 1);
    assert!(
        heads[0].starts_with(&format!("CONNECT {host} HTTP/1.1\r\n")),
        "{}",
        heads[0]
    );
    // And nothing of the proxy in the requests.
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert!(
        seen.iter()
            .all(|seen| seen.header("proxy-authorization").is_none())
    );
    assert!(!format!("{client:?}").contains(PASSWORD));
}

#[tokio::test]
async fn hosts_that_the_proxy_is_not_for_are_reached_straight() {
    let (proxy, heads) = proxy().await;
    let server = Server::start(Behaviour::signed("{}")).await;
    let through = Proxy::new(&address(&proxy))
        .unwrap()
        .except("other.example,localhost");
    let client = builder(&server).proxy(through).build().unwrap();
    client.send(&query()).await.unwrap();
    assert!(heads.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named_without_its_password_and_nothing_was_sent() {
    let (proxy, _) = proxy().await;
    let server = Server::start(Behaviour::signed("{}")).await;
    let wrong = format!("http://{USER}:not-{PASSWORD}@127.0.0.1:{}", proxy.port());
    let nobody = {
        let (gone, _) = self::proxy().await;
        address(&gone)
    };
    for address in [wrong, nobody] {
        let through = Proxy::new(&address).unwrap();
        let client = builder(&server).proxy(through).build().unwrap();
        let error = client.send(&pay()).await.unwrap_err();
        assert!(matches!(error.failure(), Failure::Connect { .. }), "{error:?}");
        assert_eq!(error.outcome(), Outcome::NotSent);
        let told = format!("{error} {error:?}");
        assert!(told.contains("the proxy 127.0.0.1:"), "{told}");
        assert!(!told.contains(PASSWORD), "{told}");
    }
    assert!(server.seen().is_empty());
}
