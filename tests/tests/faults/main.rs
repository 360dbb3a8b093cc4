//! Calls over a way on which everything goes wrong: what the client says of them is what the simulator knows.
//!
//! Connections are HTTP/1.1, whose messages can be cut at any byte.
//!
//! `WXPAY_RUNS` runs (200) are made, each with a seed of its own; `WXPAY_SEED` is the first of them. A run that fails tells
//! its seed: `WXPAY_RUNS=1 WXPAY_SEED=… cargo test -p wxpay-tests --test faults` makes it again. Which request meets which
//! fault follows from the seed as far as calls that go on at the same time keep their order.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the finding"
)]

mod fault;
mod http1;
mod proxy;
mod random;
mod run;
mod tls;

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::run::World;

/// Runs against one simulator, whose list of refunds grows with each.
const OF_ONE_WORLD: usize = 200;
/// Runs that are made at the same time: most of their time is spent waiting.
const AT_ONCE: usize = 8;

fn number(name: &str, otherwise: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |text| text.parse().expect("a number"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_refund_is_made_twice_and_no_outcome_is_wrong() {
    let (first, runs) = (number("WXPAY_SEED", 1), number("WXPAY_RUNS", 200));
    let mut tally = run::Tally::default();
    let mut problems = Vec::new();
    let seeds: Vec<u64> = (first..first + runs).collect();
    for seeds in seeds.chunks(OF_ONE_WORLD) {
        let world = Arc::new(World::start());
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mut under_way = JoinSet::new();
        for seed in seeds.iter().copied() {
            let place = Arc::clone(&places).acquire_owned().await.expect("never closed");
            let world = Arc::clone(&world);
            under_way.spawn(async move {
                let told = run::run(&world, seed).await;
                drop(place);
                told.map_err(|problem| format!("seed {seed}: {problem}"))
            });
        }
        while let Some(told) = under_way.join_next().await {
            match told.expect("no panic") {
                Ok(more) => tally.add(&more),
                Err(problem) => problems.push(problem),
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    eprintln!("{tally:?}");
    // Otherwise the faults are too few, or too many, to show anything.
    if runs >= 200 {
        assert!(tally.is_telling(), "{tally:?}");
    }
}
