//! Requests per second on one core.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::requests::Merchant;
use crate::server::Server;
use crate::wire::Door;
use crate::{bare, block_on, process};

/// Connections that are kept open while requests are sent over them.
const CONNECTIONS: usize = 32;

pub(crate) fn measure(count: usize) {
    println!("{}", process::load());
    let bare = bare::rsa();
    println!(
        "bare RSA (a verification and a signature): {} µs",
        bare.as_micros()
    );
    let folder = std::env::temp_dir().join(format!("wxpay-load-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    for (name, store) in [("memory", None), ("SQLite", Some(folder.join("store.sqlite")))] {
        one(name, store.as_deref(), count, bare);
    }
    let _ = std::fs::remove_dir_all(folder);
}

fn one(name: &str, store: Option<&Path>, count: usize, bare: Duration) {
    let server = Server::start(store);
    let mut merchant = Merchant::new();
    let prepays = (0..count)
        .map(|number| merchant.prepay(&format!("LOAD{number:07}")))
        .collect();
    report(&format!("prepay, {name}"), &server, prepays, bare);
    let queries = (0..count)
        .map(|number| merchant.query(&format!("LOAD{number:07}")))
        .collect();
    report(&format!("query, {name}"), &server, queries, bare);
}

pub(crate) fn report(name: &str, server: &Server, requests: Vec<Vec<u8>>, bare: Duration) {
    let count = requests.len();
    let (before, started) = (process::cpu(server.id()), Instant::now());
    block_on(send(Door::new(server.address), Arc::new(requests)));
    let (cpu, spent) = (process::cpu(server.id()) - before, started.elapsed());
    #[expect(clippy::cast_precision_loss, reason = "a figure to be read")]
    let each = cpu.as_secs_f64() / count as f64;
    #[expect(clippy::cast_precision_loss, reason = "a figure to be read")]
    let rate = count as f64 / spent.as_secs_f64();
    println!(
        "{name}: {:.0} a second of one core ({:.0} µs each, {:.2} times bare RSA); {rate:.0} a second in {:.1} s by the clock",
        1.0 / each,
        each * 1e6,
        each / bare.as_secs_f64(),
        spent.as_secs_f64(),
    );
}

async fn send(door: Door, requests: Arc<Vec<Vec<u8>>>) {
    let next = Arc::new(AtomicUsize::new(0));
    let mut senders = Vec::new();
    for _ in 0..CONNECTIONS {
        let (door, requests, next) = (door.clone(), Arc::clone(&requests), Arc::clone(&next));
        senders.push(tokio::spawn(async move {
            let mut connection = door.open().await;
            while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                connection.exchange(request).await;
            }
        }));
    }
    for sender in senders {
        sender.await.expect("a sender");
    }
}
