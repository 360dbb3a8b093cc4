//! What the simulator bears: requests per second, connections at a time, stored orders. The figures of
//! `docs/performance.md` are this program's. The server is a process of its own; Linux tells what it takes.
//!
//! ```sh
//! cargo run --release -p wxpay-tests --example load -- rate 10000
//! cargo run --release -p wxpay-tests --example load -- connections 10000
//! cargo run --release -p wxpay-tests --example load -- orders 1000000
//! ```

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on fails, and tells what it found"
)]

mod bare;
mod connections;
mod orders;
mod process;
mod rate;
mod requests;
mod server;
mod wire;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let count = |default| {
        arguments
            .get(1)
            .map_or(default, |text| text.parse().expect("a number"))
    };
    match arguments.first().map(String::as_str) {
        Some("serve") => server::serve(arguments.get(1).map(String::as_str)),
        Some("rate") => rate::measure(count(10_000)),
        Some("connections") => connections::measure(count(10_000)),
        Some("orders") => orders::measure(count(1_000_000)),
        _ => println!("wanted is `rate`, `connections` or `orders`, and how many"),
    }
}

/// Runs a measurement's future on as many threads as there are processors.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(future)
}
