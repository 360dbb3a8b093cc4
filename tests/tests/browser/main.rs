//! The simulator's console in a browser, driven as a user would: an order is made through the transport, paid on the page,
//! its notification arrives, and a refund shows.
//!
//! It wants Chromium and its driver (Debian's packages `chromium` and `chromium-driver`). Without them its tests are reported
//! as ignored, and with `CI=true` that is a failure.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics, and is reported by its name"
)]

mod complaint;
mod driver;
mod faults;
mod h5;
mod pages;
mod phone;
mod receiver;
mod shop;

use libtest_mimic::{Arguments, Failed, Trial};

/// What is run, by name.
type Tests = Vec<(&'static str, fn())>;

fn main() {
    let arguments = Arguments::from_args();
    let tests: Tests = [
        pages::tests(),
        h5::tests(),
        complaint::tests(),
        faults::tests(),
        phone::tests(),
    ]
    .concat();
    let there = driver::is_installed();
    let trial = |(name, test): (&'static str, fn())| {
        if there {
            return Trial::test(name, move || {
                test();
                Ok(())
            });
        }
        not_run(name)
    };
    libtest_mimic::run(&arguments, tests.into_iter().map(trial).collect()).exit();
}

fn not_run(name: &str) -> Trial {
    let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    let failed = || {
        Err(Failed::from(
            "it did not run: Chromium or its driver is not installed",
        ))
    };
    Trial::test(format!("{name} (did not run: no Chromium)"), failed).with_ignored_flag(!in_ci)
}
