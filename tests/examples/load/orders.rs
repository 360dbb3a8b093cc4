//! Many stored orders: how long they take to read, what they weigh, and whether calls feel them.

use std::path::Path;
use std::time::Instant;

use bytes::Bytes;
use wxpay_axum::sqlx::sqlite::SqliteConnection;
use wxpay_axum::sqlx::{self, Connection as _};
use wxpay_sim::{Change, Platform, Profile, Settings};

use crate::requests::Merchant;
use crate::server::Server;
use crate::wire::Door;
use crate::{bare, block_on, process, rate};

/// The order that the others are copies of.
const FIRST: &str = "FIRST000000";

/// How many calls are made among the stored orders.
const CALLS: usize = 2000;

pub(crate) fn measure(count: usize) {
    println!("{}", process::load());
    let bare = bare::rsa();
    let folder = std::env::temp_dir().join(format!("wxpay-load-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("store.sqlite");
    let mut merchant = Merchant::new();

    // A store that the simulator has made itself, and then as many copies of its one order.
    let server = Server::start(Some(&path));
    let request = merchant.prepay(FIRST);
    block_on(async { Door::new(server.address).open().await.exchange(&request).await });
    drop(server);
    block_on(copy(&path, count));
    let size = std::fs::metadata(&path).expect("a file").len() >> 20;
    println!("{count} orders in SQLite: {size} MiB");

    let started = Instant::now();
    let server = Server::start(Some(&path));
    println!(
        "the server has read them after {:.1} s",
        started.elapsed().as_secs_f64()
    );
    println!("its memory: {} MiB", process::memory(server.id()));
    let number = |call: usize| format!("LOAD{:07}", call * (count / CALLS));
    let queries = (0..CALLS).map(|call| merchant.query(&number(call))).collect();
    rate::report("query among them", &server, queries, bare);
    let prepays = (0..CALLS)
        .map(|call| merchant.prepay(&format!("NEW{call:07}")))
        .collect();
    rate::report("prepay among them", &server, prepays, bare);
    println!("its memory then: {} MiB", process::memory(server.id()));
    drop(server);

    let rows = block_on(read(&path));
    let weight = process::memory(std::process::id());
    let started = Instant::now();
    let platform = Platform::restore(Profile::test(), Settings::default(), rows).expect("a platform");
    println!(
        "without a store: restored in {:.1} s, {} MiB with the rows that it was made of ({weight} MiB)",
        started.elapsed().as_secs_f64(),
        process::memory(std::process::id()),
    );
    drop(platform);
    let _ = std::fs::remove_dir_all(folder);
}

async fn open(path: &Path) -> SqliteConnection {
    let url = format!("sqlite://{}", path.display());
    SqliteConnection::connect(&url).await.expect("a store")
}

async fn copy(path: &Path, count: usize) {
    let mut store = open(path).await;
    let transaction: String = sqlx::query_scalar(
        "SELECT json_extract(CAST(value AS TEXT), '$.transaction_id') FROM rows WHERE shelf = 'order'",
    )
    .fetch_one(&mut store)
    .await
    .expect("an order");
    let count = i64::try_from(count).expect("a number of orders");
    let copied = sqlx::query(
        "WITH RECURSIVE number(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM number WHERE i + 1 < ?1)
         INSERT INTO rows (shelf, key, value)
         SELECT shelf, replace(key, ?2, printf('LOAD%07d', i)),
                CAST(replace(replace(CAST(value AS TEXT), ?2, printf('LOAD%07d', i)), ?3, printf('4200%024d', i)) AS BLOB)
         FROM number, (SELECT shelf, key, value FROM rows WHERE shelf = 'order')",
    )
    .bind(count)
    .bind(FIRST)
    .bind(transaction)
    .execute(&mut store)
    .await;
    copied.expect("copies");
    store.close().await.expect("an end");
}

async fn read(path: &Path) -> Vec<Change> {
    let mut store = open(path).await;
    let rows: Vec<(String, String, Vec<u8>)> = sqlx::query_as("SELECT shelf, key, value FROM rows")
        .fetch_all(&mut store)
        .await
        .expect("rows");
    rows.into_iter()
        .map(|(shelf, key, value)| Change {
            shelf,
            key,
            value: Some(Bytes::from(value)),
        })
        .collect()
}
