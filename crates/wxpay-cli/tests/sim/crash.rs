//! `wxpay sim` killed (SIGKILL) at any moment, under load: what was acknowledged is there after a restart, and no order is
//! in a state that cannot be.
//!
//! `WXPAY_KILLS` says how often (30), `WXPAY_SEED` where the chances start; a failure prints the seed. The same seed gives
//! the same calls and the same moments; what the machine makes of them differs.

mod chance;
mod checks;
mod client;
mod ledger;
mod receiver;

use std::time::Duration;

use serde_json::json;

use crate::running::{Running, folder};
use chance::Chance;
use client::Client;
use ledger::Ledger;
use receiver::Receiver;

/// How many clients call at the same time.
const CLIENTS: u64 = 4;

/// After how many kills the store starts anew, so that reading it stays quick.
const ANEW: u32 = 25;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap())
}

#[test]
fn nothing_acknowledged_is_lost_under_load() {
    let kills = u32::try_from(number("WXPAY_KILLS", 30)).unwrap();
    let since_1970 = std::time::UNIX_EPOCH.elapsed().unwrap();
    let seed = number("WXPAY_SEED", since_1970.as_secs());
    // Shown when the test fails.
    eprintln!("WXPAY_KILLS={kills} WXPAY_SEED={seed}");
    let folder = folder("crash");
    let receiver = Receiver::start();
    let mut chance = Chance::new(seed);
    let mut ledger = Ledger::default();
    let mut running = Running::start(&folder, &[]);
    for round in 0..kills {
        let load: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let name = format!("{round}-{number}");
                let client = Client::new(&running, name, chance.fork(), receiver.url());
                std::thread::spawn(move || client.call_until_it_is_gone())
            })
            .collect();
        std::thread::sleep(Duration::from_millis(chance.below(400)));
        running.kill();
        let told: Vec<Ledger> = load.into_iter().map(|client| client.join().unwrap()).collect();
        running = Running::start(&folder, &[]);
        for mut part in told {
            checks::after_restart(&running, &mut part, &receiver.url());
            ledger.take(part);
        }
        // What was there before is still there.
        checks::all(&running, &ledger);
        if round % ANEW == ANEW - 1 {
            assert_eq!(running.control("reset", Some(&json!({}))).0, 200);
            ledger = Ledger::default();
        }
    }
    checks::all(&running, &ledger);
    checks::notified(&running, &receiver);
    eprintln!("{ledger}");
}
