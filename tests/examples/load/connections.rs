//! Connections at a time: client and server in two processes, since each connection is a file in both.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Semaphore;

use crate::requests::Merchant;
use crate::server::Server;
use crate::wire::{Connection, Door};
use crate::{block_on, process};

/// Handshakes at a time; the kernel's queue of new connections is not what is measured.
const AT_ONCE: usize = 200;

pub(crate) fn measure(count: usize) {
    println!("{}", process::load());
    let files = process::open_files();
    println!("open files allowed: {files}");
    let wanted = count as u64 + 100;
    if files < wanted {
        println!("too few for {count} connections: raise the limit with `ulimit -n {wanted}`");
        std::process::exit(1);
    }
    let server = Server::start(None);
    let mut merchant = Merchant::new();
    let order = merchant.prepay("LOAD000001");
    let requests: Vec<_> = (0..count).map(|_| merchant.query("LOAD000001")).collect();
    block_on(async {
        let door = Door::new(server.address);
        door.open().await.exchange(&order).await;
        let empty = process::memory(server.id());
        let started = Instant::now();
        let mut open = connect(&door, count).await;
        println!(
            "{count} connections open after {:.1} s",
            started.elapsed().as_secs_f64()
        );
        let full = process::memory(server.id());
        println!("the server's memory: {empty} MiB before, {full} MiB with all of them");
        // Every one of them asks at the same time, and is answered.
        let started = Instant::now();
        let asked: Vec<_> = open
            .drain(..)
            .zip(requests)
            .map(|(mut connection, request)| {
                tokio::spawn(async move {
                    connection.exchange(&request).await;
                    connection
                })
            })
            .collect();
        let mut kept = Vec::new();
        for answered in asked {
            kept.push(answered.await.expect("an answer"));
        }
        let spent = started.elapsed().as_secs_f64();
        println!("{count} requests at once, one on each, answered and signed after {spent:.1} s");
        println!("the server's memory then: {} MiB", process::memory(server.id()));
        drop(kept);
    });
}

async fn connect(door: &Door, count: usize) -> Vec<Connection> {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut opening = Vec::new();
    for _ in 0..count {
        let (door, places) = (door.clone(), Arc::clone(&places));
        opening.push(tokio::spawn(async move {
            let _place = places.acquire().await;
            door.open().await
        }));
    }
    let mut open = Vec::new();
    for one in opening {
        open.push(one.await.expect("a connection"));
    }
    open
}
