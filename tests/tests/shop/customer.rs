//! A town with a bank, and a customer who buys tea.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ureq::Agent;
use wxpay_axum::{SqliteStore, Store as _};
use wxpay_sim::{OrderRef, Simulator};

use crate::child::{Process, Stall};
use crate::orders::Orders;

/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// WeChat Pay, and the folder in which the shop keeps its books.
pub(crate) struct Town {
    simulator: Simulator,
    folder: PathBuf,
}

/// An open shop.
pub(crate) struct Shop {
    process: RefCell<Process>,
    agent: Agent,
}

impl Town {
    pub(crate) fn new(name: &str) -> Self {
        let folder = format!("shop-{name}-{}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let simulator = Simulator::start().unwrap();
        Self { simulator, folder }
    }

    /// Opens the shop, at a port of its own or at the one where it was.
    pub(crate) fn open(&self, stall: Stall, port: u16) -> Shop {
        let agent = Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false);
        Shop {
            process: RefCell::new(Process::start(&self.folder, &self.simulator, stall, port)),
            agent: agent.build().into(),
        }
    }

    /// The customer's phone pays.
    pub(crate) fn pay(&self, number: &str) {
        self.simulator.pay(&OrderRef::order(number)).unwrap();
    }

    /// How often the shop has acknowledged the payment's notification.
    pub(crate) fn acknowledged(&self) -> usize {
        let told = self.simulator.control(|platform, _| platform.notifications());
        let attempts = told.iter().flat_map(|told| &told.attempts);
        attempts.filter(|attempt| attempt.acknowledged).count()
    }

    /// WeChat Pay sends the last notification once more.
    pub(crate) fn tell_again(&self) {
        let again = self.simulator.control(|platform, clocks| {
            let id = platform.notifications().pop().unwrap().id;
            platform.resend(&id, false, clocks)
        });
        assert!(again);
    }

    /// How often an order was shipped.
    pub(crate) fn shipments(&self, number: &str) -> i64 {
        let path = self.folder.join("orders.db");
        run(async move {
            Orders::open(&path)
                .await
                .unwrap()
                .shipments(number)
                .await
                .unwrap()
        })
    }

    /// Whether the inbox has nothing to do, and has parked nothing.
    pub(crate) fn nothing_waits(&self) -> bool {
        let path = self.folder.join("inbox.db");
        run(async move {
            let counts = SqliteStore::open(path).await.unwrap().counts().await.unwrap();
            assert_eq!(counts.parked, 0);
            counts.open == 0 && counts.handled == 1
        })
    }

    pub(crate) fn until(&self, done: impl Fn() -> bool) {
        let start = Instant::now();
        while !done() {
            assert!(
                start.elapsed() < PATIENCE,
                "it does not happen in {}",
                self.folder.display()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

impl Shop {
    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.process.borrow().port)
    }

    /// Buys, and gives the order's number.
    pub(crate) fn buy(&self) -> String {
        let answer = self.agent.post(self.url("/buy")).send_empty().unwrap();
        let to = answer.headers()["location"].to_str().unwrap();
        to.strip_prefix("/orders/").unwrap().to_owned()
    }

    pub(crate) fn page(&self, number: &str) -> String {
        let mut answer = self
            .agent
            .get(self.url(&format!("/orders/{number}")))
            .call()
            .unwrap();
        answer.body_mut().read_to_string().unwrap()
    }

    pub(crate) fn until_stalled(&self) {
        self.process.borrow_mut().until_stalled();
    }

    /// `SIGKILL`, where there are signals; its port can be taken again.
    pub(crate) fn kill(self) -> u16 {
        self.process.borrow().port
    }
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}
