//! The simulator in a process of its own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use wxpay_sim::{Setup, Simulator};

/// Serves until its standard input ends; with a store, if there is one.
pub(crate) fn serve(store: Option<&str>) {
    let mut setup = Setup::default();
    setup.store = store.map(Into::into);
    let simulator = Simulator::start_with(setup).expect("it starts");
    println!("{}", simulator.address());
    std::io::stdout().flush().expect("somebody reads it");
    let _ = std::io::stdin().read(&mut [0]);
    simulator.shutdown();
}

/// A running server. It ends when this is dropped, and tidies up.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) fn start(store: Option<&Path>) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this file"))
            .arg("serve")
            .args(store)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let address = line.trim().parse().expect("an address");
        Self { child, address }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
