//! Receiving notifications in axum, over real sockets and on real stores.
//!
//! The tests of the inbox run on each store. The one on PostgreSQL is started here; where PostgreSQL is not installed its
//! tests are reported as ignored, and with `CI=true` that is a failure. `child` is this file as a process of its own.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics, and is reported by its name"
)]

mod child;
mod crash;
mod direct;
mod extracted;
mod inbox;
mod keys;
mod leases;
mod logs;
mod postgres;
mod property;
mod stores;
mod vectors;
mod world;

use std::future::Future;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};

use crate::stores::{Bed, Memory, Postgres, Sqlite};

/// What is run, by name.
type Tests = Vec<(&'static str, fn())>;

fn main() {
    if child::is_one() {
        return child::run();
    }
    let arguments = Arguments::from_args();
    let tests: [Tests; 6] = [
        direct::tests(),
        extracted::tests(),
        keys::tests(),
        leases::tests_in_memory(),
        logs::tests(),
        vectors::tests(),
    ];
    let mut trials: Vec<_> = tests
        .into_iter()
        .flatten()
        .map(|(name, test)| Trial::test(name, move || done(test)))
        .collect();
    on(&mut trials, &Arc::new(Memory));
    on(&mut trials, &Arc::new(Sqlite));
    // Started by this thread, and only for those who ask for it: it ends with the thread.
    let wanted = !arguments.list
        && arguments
            .filter
            .as_deref()
            .is_none_or(|filter| names("postgres").iter().any(|name| name.contains(filter)));
    let server = wanted.then(postgres::Server::start).flatten().map(Arc::new);
    match &server {
        Some(server) => on(&mut trials, &Arc::new(Postgres(server.clone()))),
        None => trials.extend(names("postgres").into_iter().map(not_run)),
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    // `exit` runs no destructors.
    drop(server);
    conclusion.exit();
}

/// What a test on a store is.
type OnStore<B> = (&'static str, fn(&B));

fn tests_on<B: Bed>() -> Vec<OnStore<B>> {
    let mut tests = inbox::tests::<B>();
    tests.extend(leases::tests::<B>());
    tests.extend(property::tests::<B>());
    tests.extend(crash::tests::<B>());
    tests
}

fn on<B: Bed>(trials: &mut Vec<Trial>, bed: &Arc<B>) {
    for (name, test) in tests_on::<B>() {
        let bed = bed.clone();
        trials.push(Trial::test(format!("{}::{name}", B::NAME), move || {
            done(|| test(&bed))
        }));
    }
}

fn names(bed: &str) -> Vec<String> {
    let tests = tests_on::<Postgres>();
    tests.iter().map(|(name, _)| format!("{bed}::{name}")).collect()
}

fn not_run(name: String) -> Trial {
    let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    let failed = || Err(Failed::from("it did not run: PostgreSQL is not installed"));
    Trial::test(format!("{name} (did not run: no PostgreSQL)"), failed).with_ignored_flag(!in_ci)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "what a trial returns; a failure is a panic"
)]
fn done(test: impl FnOnce()) -> Result<(), Failed> {
    test();
    Ok(())
}

/// Runs a test's future.
fn block_on<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(test)
}
