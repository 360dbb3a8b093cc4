use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;
use wxpay_sim::{Clocks, Platform, Simulator};
use wxpay_types::table;

use crate::receiver::{FAILED, Receiver, TAKEN};
use crate::trigger::open;
use crate::{text, wxpay};

/// An address that nothing answers at: no host has a name under `.invalid`.
const NOWHERE: &str = "https://shop.invalid/paid?shop=1";

struct Listening {
    process: Child,
    out: BufReader<ChildStdout>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Listening {
    fn to(simulator: &Simulator, forward_to: &str) -> Self {
        let address = format!("http://{}", simulator.address());
        let mut process = Command::new(env!("CARGO_BIN_EXE_wxpay"))
            .args(["listen", "--simulator", &address, "--forward-to", forward_to])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        assert!(line.starts_with("listening"), "{line}");
        Self { process, out }
    }

    /// The next three lines: what went out, what came back, and whether it counts.
    fn told(&mut self) -> String {
        let mut told = String::new();
        for _ in 0..3 {
            self.out.read_line(&mut told).unwrap();
        }
        told
    }
}

fn notify(simulator: &Simulator) -> String {
    let event = table::event("REFUND.SUCCESS").unwrap();
    let act = |platform: &mut Platform, clocks: Clocks| {
        let draft = platform.draft(event, None, "1900007291", clocks).unwrap();
        platform.trigger(&draft, NOWHERE, clocks).unwrap()
    };
    simulator.control(act)
}

#[test]
fn a_notification_comes_through_byte_for_byte_and_the_reply_counts() {
    let simulator = Simulator::start().unwrap();
    let receiver = Receiver::replying(&[TAKEN]);
    let mut listening = Listening::to(&simulator, &receiver.url(""));
    let id = notify(&simulator);
    let arrived = receiver.next();
    assert_eq!(arrived.line, "POST /paid?shop=1 HTTP/1.1");
    assert_eq!(arrived.headers["user-agent"], "Mozilla/4.0");
    // The signature covers every byte of the body.
    assert_eq!(open(&arrived).unwrap().id(), id);
    let told = listening.told();
    assert!(
        told.contains("REFUND.SUCCESS") && told.contains("→ 200"),
        "{told}"
    );
    assert!(told.contains("  counts: acknowledged"), "{told}");
    let known = simulator
        .control(|platform, _| platform.notification(&id))
        .unwrap();
    assert!(known.delivered && known.next.is_none());
    assert_eq!(known.attempts[0].status, Some(200));
}

#[test]
fn a_reply_that_does_not_count_is_told_why_and_the_next_one_may() {
    let simulator = Simulator::start().unwrap();
    let receiver = Receiver::replying(&[FAILED, TAKEN]);
    let mut listening = Listening::to(&simulator, &receiver.url("/own"));
    let id = notify(&simulator);
    assert_eq!(receiver.next().line, "POST /own HTTP/1.1");
    let told = listening.told();
    assert!(told.contains("does NOT count: refused by the receiver"), "{told}");
    // The schedule's first gap.
    simulator.turn_business_clock(15);
    assert_eq!(open(&receiver.next()).unwrap().id(), id);
    assert!(listening.told().contains("attempt 2"));
    let known = simulator
        .control(|platform, _| platform.notification(&id))
        .unwrap();
    assert!(known.delivered);
}

#[test]
fn without_a_simulator_it_ends_and_says_so() {
    let ended = wxpay(&["listen", "--simulator", "http://127.0.0.1:1"]);
    assert_eq!(ended.status.code(), Some(2));
    assert!(text(&ended.stderr).contains("is `wxpay sim` running?"));
}

#[test]
fn deliveries_can_be_read_by_any_program() {
    let simulator = Simulator::start().unwrap();
    let address = format!("http://{}", simulator.address());
    let ask = |path: &str| -> Value {
        let ended = wxpay(&["control", path, "--simulator", &address]);
        assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
        serde_json::from_slice(&ended.stdout).unwrap()
    };
    assert_eq!(ask("deliveries")["last"], 0);
    let id = notify(&simulator);
    let seen = ask("deliveries?after=0&wait=30");
    assert_eq!(
        (&seen["last"], &seen["deliveries"][0]["id"]),
        (&1.into(), &id.as_str().into())
    );
    // A number of an earlier run begins anew.
    assert_eq!(ask("deliveries?after=99")["deliveries"][0]["number"], 1);
    for (path, values, said) in [
        ("deliveries?after=x", &[][..], "after=NUMBER"),
        (
            "deliveries/reply",
            &["id=none", "attempt:=1", "status:=200"],
            "no attempt 1",
        ),
        ("deliveries/reply", &["id=none", "attempt:=1"], "`status`"),
    ] {
        let ended = wxpay(&[&["control", path, "--simulator", &address], values].concat());
        assert_eq!(ended.status.code(), Some(1));
        assert!(text(&ended.stderr).contains(said), "{}", text(&ended.stderr));
    }
}
