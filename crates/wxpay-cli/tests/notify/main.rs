//! `wxpay trigger`, `wxpay listen` and `wxpay control` as they are built, against receivers on real sockets.

#![expect(clippy::unwrap_used, reason = "a command that cannot be run is a failed test")]

mod control;
mod listen;
mod receiver;
mod trigger;

use std::process::{Command, Output};

/// Runs the command to its end.
fn wxpay(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wxpay"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
