//! The core without tokio: the example is run as it stands.

#[path = "../../examples/blocking.rs"]
mod blocking;

#[test]
fn the_blocking_example_runs_through() {
    blocking::main().unwrap();
}
