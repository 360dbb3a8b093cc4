//! Ten thousand calls at once over one client, with the server in a process of its own: how much memory they take, how
//! long, and whether anybody overtakes.
//!
//! `cargo run -p wxpay-tests --example crowd` makes 10,000 calls; another number can be given. It runs on Linux, which
//! tells a process how much memory it has had.

#![expect(clippy::print_stdout, reason = "an example tells what it does")]

use std::error::Error;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use wxpay_hyper::Client;
use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::{BaseUrl, v3};
use wxpay_sim::{Profile, Setup, Simulator};
use wxpay_types::v3::pay_transactions::{Amount, NativePrepay, QueryByOutTradeNo};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// How long the last of the calls may take.
const PATIENCE: Duration = Duration::from_secs(300);
const NUMBER: &str = "CROWD0001";

#[tokio::main]
pub(crate) async fn main() -> Outcome<()> {
    match std::env::args().nth(1).as_deref() {
        Some("serve") => serve(),
        Some(calls) => crowd(calls.parse()?).await,
        None => crowd(10_000).await,
    }
}

/// The other process: it says where it is, and ends with its input.
fn serve() -> Outcome<()> {
    // One connection serves them all.
    let mut setup = Setup::default();
    setup.http2 = true;
    let simulator = Simulator::start_with(setup)?;
    println!("{}", simulator.base_url());
    println!("{}", simulator.ca_pem().replace('\n', "|"));
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

async fn crowd(calls: usize) -> Outcome<()> {
    let mut server = Command::new(std::env::current_exe()?)
        .arg("serve")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let output = server.stdout.take().ok_or("the server says nothing")?;
    let mut lines = BufReader::new(output).lines();
    let mut line = || {
        lines
            .next()
            .ok_or("the server ended")
            .map_err(Box::<dyn Error + Send + Sync>::from)
    };
    let (base, authority) = (line()??, line()??.replace('|', "\n"));

    let profile = Profile::test();
    let merchant = profile.merchant();
    let key = MerchantKey::from_pem(merchant.private_key_pem(), Backend::AwsLc)?;
    let client = Client::builder()
        .merchant(
            v3::Credentials::merchant(merchant.id().clone(), merchant.serial().clone()),
            key,
        )
        .platform_keys(profile.platform_keys())
        .base_url(BaseUrl::new(&base)?)
        .extra_root_pem(authority)
        .only_extra_roots()
        .call_timeout(PATIENCE)
        .build()?;
    let mchid = merchant.id().as_str();
    let order = NativePrepay::default()
        .appid(merchant.appids().first().ok_or("an appid")?)
        .mchid(mchid)
        .description("a crowd")
        .out_trade_no(NUMBER)
        .notify_url("https://shop.example/paid")
        .amount(Amount::default().total(1));
    client.send(&order).await?;

    let before = peak()?;
    let started = Instant::now();
    let mut crowd = JoinSet::new();
    for index in 0..calls {
        let client = client.clone();
        let query = QueryByOutTradeNo::default().out_trade_no(NUMBER).mchid(mchid);
        crowd.spawn(async move { client.send(&query).await.map(|_| index) });
    }
    // In the order in which they were answered.
    let mut answered = Vec::with_capacity(calls);
    while let Some(done) = crowd.join_next().await {
        answered.push(done??);
    }
    let took = started.elapsed();
    let overtaken = answered
        .iter()
        .enumerate()
        .map(|(place, index)| place.abs_diff(*index))
        .max();
    let after = peak()?;
    println!(
        "{calls} calls, all answered and verified, in {:.1} s",
        took.as_secs_f64()
    );
    println!(
        "memory at most {after} KiB, of which {} KiB for the calls: {} bytes each",
        after - before,
        (after - before) * 1024 / calls.max(1)
    );
    println!(
        "furthest from its place in the queue: {} places",
        overtaken.unwrap_or(0)
    );
    client.shutdown().await;
    drop(server.stdin.take());
    server.wait()?;
    Ok(())
}

/// The most memory that this process has had, in KiB.
fn peak() -> Outcome<usize> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line
        .and_then(|line| line.split_whitespace().next())
        .ok_or("no VmHWM")?;
    Ok(number.parse()?)
}
