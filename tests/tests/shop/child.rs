//! The shop as a process, so that it can be killed.

use std::io::{BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use tokio::net::TcpListener;
use wxpay_axum::{Delivery, Policy};
use wxpay_hyper::Client;
use wxpay_proto::BaseUrl;
use wxpay_sim::{Profile, Simulator};

use crate::orders::Orders;
use crate::shop::{Account, Shop, handle};

const FOLDER: &str = "WXPAY_SHOP_FOLDER";
const BASE: &str = "WXPAY_SHOP_BASE";
const ROOT: &str = "WXPAY_SHOP_ROOT";
const PORT: &str = "WXPAY_SHOP_PORT";
const STALL: &str = "WXPAY_SHOP_STALL";

/// Where the handler stops for good, so that the shop can be killed there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stall {
    Never,
    /// Before it has done anything.
    Before,
    /// When everything is done, and the inbox has not heard of it.
    After,
}

pub(crate) fn is_one() -> bool {
    std::env::var_os(FOLDER).is_some()
}

fn given(name: &str) -> String {
    std::env::var(name).expect("it is given to the child")
}

/// The shop. It ends when its standard input does: with the test, at the latest.
pub(crate) fn run() {
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(open());
}

async fn open() {
    let port: u16 = given(PORT).parse().unwrap();
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let profile = Profile::test();
    let merchant = profile.merchant();
    let account = Account {
        appid: "wxd678efh567hg6787".to_owned(),
        mchid: merchant.id().clone(),
        serial: merchant.serial().clone(),
        private_key: merchant.private_key_pem().to_owned(),
        api_v3_key: merchant.api_v3_key().to_owned(),
        public_key: profile.platform_public_key().key().clone(),
    };
    let connect = Client::builder()
        .base_url(BaseUrl::new(&given(BASE)).unwrap())
        .extra_root_pem(given(ROOT))
        .only_extra_roots();
    // What a killed process had is free after a second.
    let policy = Policy::default()
        .lease(Duration::from_secs(1))
        .poll(Duration::from_millis(50));
    let own_url = format!("http://127.0.0.1:{port}");
    let folder = given(FOLDER);
    let shop = Shop::open(Path::new(&folder), &own_url, account, connect, policy);
    let shop = shop.await.unwrap();
    let (orders, stall) = (shop.orders.clone(), given(STALL));
    tokio::spawn(shop.inbox.work(
        2,
        move |delivery| stalling(orders.clone(), delivery, stall.clone()),
        std::future::pending(),
    ));
    say(&port.to_string());
    axum::serve(listener, shop.router()).await.unwrap();
}

async fn stalling(orders: Orders, delivery: Delivery, stall: String) -> Result<(), wxpay_axum::BoxError> {
    if stall == format!("{:?}", Stall::After) {
        handle(orders, delivery).await?;
    } else if stall != format!("{:?}", Stall::Before) {
        return handle(orders, delivery).await;
    }
    say("stalled");
    std::future::pending().await
}

fn say(line: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "{line}").and_then(|()| out.flush()).unwrap();
}

/// A running shop, seen from the test. Killed when it is dropped, without a chance to tidy up.
pub(crate) struct Process {
    child: Child,
    out: BufReader<ChildStdout>,
    pub(crate) port: u16,
}

impl Process {
    pub(crate) fn start(folder: &Path, simulator: &Simulator, stall: Stall, port: u16) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .env(FOLDER, folder)
            .env(BASE, simulator.base_url().to_string())
            .env(ROOT, simulator.ca_pem())
            .env(PORT, port.to_string())
            .env(STALL, format!("{stall:?}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let port = line(&mut out).parse().expect("the shop opens");
        Self { child, out, port }
    }

    /// Waits until the handler stands where it was to stop.
    pub(crate) fn until_stalled(&mut self) {
        assert_eq!(line(&mut self.out), "stalled");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(out: &mut impl std::io::BufRead) -> String {
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    line.trim().to_owned()
}
