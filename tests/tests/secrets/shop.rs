//! A shop whose every call and notification goes wrong in every way, with everything listened to.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{env, fs, process};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::routing::post;
use bytes::Bytes;
use http::HeaderMap;
use tokio::net::TcpListener;
use wxpay_axum::{
    About, BoxError, Delivery, Ended, Inbox, MemoryStore, Policy, Protocol, Receiver, SqliteStore, Store as _,
};
use wxpay_hyper::{FileStorage, KeyStore, Proxy};
use wxpay_proto::ApiV3Key;
use wxpay_proto::v3::PlatformKeys;
use wxpay_sim::{Fault, OrderRef, Payer, Role, Setup, Simulator};

use crate::listening::{Lines, Traces};
use crate::search::Search;
use crate::world::{CALLS, OPENID, OTHER_API_V3_KEY, P12_PASSWORD, PROXY_PASSWORD, World};

/// A notification as it came.
type Arrived = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

/// Receives notifications at an address, and keeps a copy of each.
async fn listen(inbox: Arc<Inbox<SqliteStore>>, listener: TcpListener, arrived: Arrived) {
    let take = move |request: Request| {
        let (inbox, arrived) = (Arc::clone(&inbox), Arc::clone(&arrived));
        async move {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, 1 << 20).await.unwrap();
            arrived
                .lock()
                .unwrap()
                .push((parts.headers.clone(), body.clone()));
            let request = Request::from_parts(parts, Body::from(body));
            inbox.receive(Protocol::V3, request).await
        }
    };
    let app = Router::new().route("/notify", post(take));
    let _ = axum::serve(listener, app).await;
}

/// A notification that is wrong in one way or another, or for somebody else.
async fn misdirected(search: &Search, world: &World, (headers, body): (HeaderMap, Bytes)) {
    let request = |headers: &HeaderMap, body: Vec<u8>| {
        let mut request = Request::new(Body::from(body));
        *request.headers_mut() = headers.clone();
        request
    };
    let keys = || world.simulator.profile().platform_keys();
    let text = String::from_utf8(body.to_vec()).unwrap();
    let printed: serde_json::Value = serde_json::from_str(&text).unwrap();
    let other_key = ApiV3Key::new(OTHER_API_V3_KEY).unwrap();
    let own = || Receiver::new(keys()).api_v3_key(world.api_v3_key());
    let receivers = [
        own(),
        Receiver::new(keys()).api_v3_key(other_key),
        Receiver::new(keys()),
        Receiver::new(PlatformKeys::new()).api_v3_key(world.api_v3_key()),
        own().body_limit(10),
    ];
    for receiver in receivers {
        for sent in [
            text.clone(),
            text.replace("TRANSACTION", "TRANSACTIOM"),
            format!("{printed:#}"),
            String::new(),
        ] {
            let opened = receiver.open_v3(&headers, Bytes::from(sent)).await;
            // A notification that is shown shows nobody's data.
            search.show(&opened);
            if let Err(error) = opened {
                search.show_error(&error);
            }
        }
        search.show(&receiver);
        let inbox = Inbox::new(Arc::new(receiver), MemoryStore::new());
        for body in [text.clone().into_bytes(), b"{}".to_vec()] {
            inbox.receive(Protocol::V3, request(&headers, body)).await;
        }
        for body in [text.clone().into_bytes(), b"<xml></xml>".to_vec()] {
            inbox.receive(Protocol::V2, request(&headers, body)).await;
        }
        search.show(&inbox);
    }
}

#[tokio::test]
async fn nothing_that_is_written_anywhere_is_secret() {
    // Of every thread, the simulator's among them: nobody is left out.
    let traces = Traces::default();
    tracing::subscriber::set_global_default(traces.clone()).unwrap();
    let lines: &'static Lines = Box::leak(Box::default());
    log::set_logger(lines).unwrap();
    log::set_max_level(log::LevelFilter::Trace);

    let folder = env::temp_dir().join(format!("wxpay-secrets-{}", process::id()));
    let mut setup = Setup::in_folder(&folder.join("simulator")).unwrap();
    // The lines of what speaks it are listened to as well.
    setup.http2 = true;
    setup.settings.slow_milliseconds = 300;
    let account = setup.account_folder(Role::Merchant).unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let world = World {
        simulator: Simulator::start_with(setup).unwrap(),
        folder: folder.join("shop"),
        p12: fs::read(account.join("apiclient_cert.p12")).unwrap(),
        notify_url: format!("http://{}/notify", listener.local_addr().unwrap()),
    };
    fs::create_dir_all(&world.folder).unwrap();
    let mut search = Search::default();
    world.secrets(&mut search);

    // An order is paid, and told of.
    let receiver = Receiver::new(world.simulator.profile().platform_keys()).api_v3_key(world.api_v3_key());
    let pause = Duration::from_millis(1);
    let store = SqliteStore::open(world.folder.join("inbox.db")).await.unwrap();
    let inbox = Inbox::new(Arc::new(receiver), store).policy(Policy::default().pauses(pause, pause));
    let (inbox, arrived) = (Arc::new(inbox), Arrived::default());
    tokio::spawn(listen(Arc::clone(&inbox), listener, Arc::clone(&arrived)));
    search.show(&world.builder());
    let client = world.builder().build().unwrap();
    let payer = Payer::default().openid(OPENID);
    let pay = |number: &str| {
        let order = OrderRef::order(number);
        let paid = world
            .simulator
            .control(|platform, clocks| platform.pay_as(&order, &payer, clocks));
        paid.unwrap();
    };
    client.send(&world.order("ORDER-PAID")).await.unwrap();
    pay("ORDER-PAID");
    let failing = async |delivery: Delivery| Err::<(), BoxError>(format!("no stock: {delivery:#?}").into());
    handled(&inbox, &failing).await;
    let good = async |delivery: Delivery| {
        // What is searched for is there to be found.
        let About::V3(event) = delivery.notification().about() else {
            return Err("no event of v3".into());
        };
        let text = String::from_utf8_lossy(event.plaintext());
        if text.contains(OPENID) {
            Ok(())
        } else {
            Err(BoxError::from("nobody has paid"))
        }
    };
    assert!(matches!(handled(&inbox, &good).await, Ended::Handled { .. }));
    // Another one stays in the inbox, unhandled.
    client.send(&world.order("ORDER-LEFT")).await.unwrap();
    pay("ORDER-LEFT");
    while inbox.store().counts().await.unwrap().open == 0 {
        tokio::time::sleep(pause).await;
    }

    // Every way in which an answer goes wrong, for every kind of call.
    for (number, fault) in Fault::ALL.iter().enumerate() {
        // One for each call; none is made again.
        for _ in 0..CALLS {
            world.simulator.fail_next(*fault);
        }
        world.call(&search, &client, &format!("ORDER-F{number}")).await;
    }
    unreached(&search, &world).await;
    keyless(&search, &world).await;
    let copy = arrived.lock().unwrap()[0].clone();
    misdirected(&search, &world, copy).await;
    search.show(&inbox);

    world.signatures(&mut search);
    let (traced, logged, shown) = (traces.text.get(), lines.0.get(), search.shown.get());
    // Or nothing was listened to.
    for (text, told) in [
        (&traced, &["wxpay.attempt", "wxpay_axum", "hyper", "h2"][..]),
        (&logged, &["rustls"]),
        (
            &shown,
            &[
                "Interrupted",
                "Unverified",
                "UnknownSerial",
                "MissingKey",
                "Connect",
                "Keys",
            ],
        ),
    ] {
        for told in told {
            assert!(text.contains(told), "{told} is missing");
        }
    }
    assert!(search.len() > 100, "{}", search.len());
    let mut found = Vec::new();
    for (place, text) in [
        ("tracing", traced.into_bytes()),
        ("log", logged.into_bytes()),
        ("an error or a value", shown.into_bytes()),
    ] {
        found.extend(
            search
                .in_text(&text)
                .into_iter()
                .map(|secret| format!("{place}: {secret}")),
        );
    }
    let files = files(&world.folder);
    assert!(
        files.iter().any(|(name, _)| name.starts_with("inbox.db")),
        "no inbox"
    );
    assert!(
        files.iter().any(|(name, _)| name == "wechatpay.pem"),
        "no kept keys"
    );
    for (name, bytes) in files {
        found.extend(
            search
                .in_text(&bytes)
                .into_iter()
                .map(|secret| format!("{name}: {secret}")),
        );
    }
    assert!(found.is_empty(), "{found:#?}");
    drop(inbox);
    fs::remove_dir_all(&folder).unwrap();
}

/// Nobody listens; a proxy that lets nothing through, and one that does; a proxy and a p12 file that cannot be used.
async fn unreached(search: &Search, world: &World) {
    let closed = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let nobody = format!("127.0.0.1:{}", closed.local_addr().unwrap().port());
    drop(closed);
    for proxy in [nobody, world.simulator.address().to_string()] {
        let proxy = Proxy::new(&format!("http://{proxy}")).unwrap();
        let proxy = proxy.credentials("shop", PROXY_PASSWORD);
        search.show(&proxy);
        let builder = world.builder().proxy(proxy);
        search.show(&builder);
        world.call(search, &builder.build().unwrap(), "ORDER-PROXY").await;
    }
    let address = format!("http://shop:{PROXY_PASSWORD}@[");
    search.show_error(&Proxy::new(&address).unwrap_err());
    let builder = world
        .builder()
        .client_certificate_p12(world.p12.clone(), P12_PASSWORD);
    search.show(&builder);
    search.show_error(&builder.build().unwrap_err());
    let key = world.merchant().private_key_pem();
    let swapped = world.builder().client_certificate_pem(key, key);
    search.show(&swapped);
    search.show_error(&swapped.build().unwrap_err());
}

/// A key store that keeps what it has fetched, and one with the wrong key.
async fn keyless(search: &Search, world: &World) {
    let other = ApiV3Key::new(OTHER_API_V3_KEY).unwrap();
    for (key, file) in [(world.api_v3_key(), "wechatpay.pem"), (other, "none.pem")] {
        let store = KeyStore::builder()
            .certificates(key)
            .storage(FileStorage::new(world.folder.join(file)));
        search.show(&store);
        let store = store.build();
        let client = world.builder().key_store(store.clone()).build().unwrap();
        world.call(search, &client, "ORDER-KEYS").await;
        if let Err(error) = store.refresh().await {
            search.show_error(&error);
        }
        search.show(&store);
    }
}

/// Every file of a folder, with its name.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// Takes a notification out of the inbox, when there is one.
async fn handled<H, F>(inbox: &Inbox<SqliteStore>, handler: &H) -> Ended
where
    H: Fn(Delivery) -> F,
    F: Future<Output = Result<(), BoxError>>,
{
    loop {
        if let Some(ended) = inbox.handle_next(handler).await.unwrap() {
            return ended;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
