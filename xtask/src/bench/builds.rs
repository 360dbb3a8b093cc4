//! A cold release build of a small application on wxpay-hyper, beside one on the bare set: hyper-util, hyper-rustls and
//! aws-lc-rs.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::run::{self, root};

/// The application that has everything still to do.
const BARE: (&str, &str) = (
    r#"hyper-util = { version = "0.1", default-features = false, features = ["client", "client-legacy", "http1", "http2", "tokio"] }
hyper-rustls = { version = "0.27", default-features = false, features = ["aws-lc-rs", "http1", "http2", "tls12", "webpki-tokio"] }
aws-lc-rs = { version = "1", default-features = false, features = ["aws-lc-sys", "alloc"] }
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
http-body-util = "0.1"
bytes = "1"
"#,
    r#"use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

#[tokio::main]
async fn main() {
    let tls = hyper_rustls::HttpsConnectorBuilder::new()
        .with_webpki_roots()
        .https_only()
        .enable_http1()
        .enable_http2()
        .build();
    let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build(tls);
    let answer = client.get("https://api.mch.weixin.qq.com/".parse().unwrap()).await.unwrap();
    println!("{:?}", answer.into_body().collect().await.unwrap().to_bytes());
}
"#,
);

/// The application that pays, and names the family that it does it with.
const OURS: (&str, &str) = (
    r#"wxpay-hyper = { path = "{root}/crates/wxpay-hyper" }
wxpay-proto = { path = "{root}/crates/wxpay-proto", default-features = false }
wxpay-types = { path = "{root}/crates/wxpay-types", default-features = false, features = ["v3-pay-transactions"] }
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
"#,
    r#"use wxpay_hyper::Client;
use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::{MerchantId, Serial, v3};
use wxpay_types::v3::pay_transactions::QueryByOutTradeNo;

#[tokio::main]
async fn main() {
    let merchant = MerchantId::new("1900007291").unwrap();
    let serial = Serial::new("1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C").unwrap();
    let pem = std::fs::read_to_string("apiclient_key.pem").unwrap();
    let key = MerchantKey::from_pem(&pem, Backend::AwsLc).unwrap();
    let client = Client::builder()
        .merchant(v3::Credentials::merchant(merchant, serial), key)
        .build()
        .unwrap();
    let query = QueryByOutTradeNo::default().out_trade_no("1").mchid("1900007291");
    println!("{:?}", client.send(&query).await.unwrap());
}
"#,
);

pub(super) fn run() -> Result<(), String> {
    let folder = std::env::temp_dir().join(format!("wxpay-builds-{}", std::process::id()));
    let measured = [("bare", BARE), ("wxpay-hyper", OURS)].map(|(name, (dependencies, main))| {
        let at = folder.join(name);
        application(&at, dependencies, main)
            .and_then(|()| build(&at))
            .map(|(seconds, crates)| (name, seconds, crates))
    });
    // What was measured is told even where the folder stays.
    let _ = std::fs::remove_dir_all(&folder);
    let [bare, ours] = measured;
    let (bare, ours) = (bare?, ours?);
    for (name, seconds, crates) in [bare, ours] {
        eprintln!("{name:>12} {seconds:>8.1} s {crates:>5} crates");
    }
    eprintln!("{:>12} {:>8.2}", "ratio", ours.1 / bare.1);
    Ok(())
}

fn application(at: &Path, dependencies: &str, main: &str) -> Result<(), String> {
    let root = root();
    let manifest = format!(
        "[package]\nname = \"application\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{}",
        dependencies.replace("{root}", &root.to_string_lossy())
    );
    let write = || {
        std::fs::create_dir_all(at.join("src"))?;
        std::fs::write(at.join("Cargo.toml"), manifest)?;
        std::fs::write(at.join("src/main.rs"), main)?;
        // The versions of the workspace, as far as they are needed.
        std::fs::copy(root.join("Cargo.lock"), at.join("Cargo.lock")).map(|_| ())
    };
    write().map_err(|error| format!("{}: {error}", at.display()))
}

/// Seconds of a build from nothing, and the crates beside the application itself.
fn build(at: &Path) -> Result<(f64, usize), String> {
    run::run(cargo(at).arg("fetch"))?;
    let started = Instant::now();
    run::run(cargo(at).args(["build", "--release"]))?;
    let seconds = started.elapsed().as_secs_f64();
    let tree = cargo(at)
        .args([
            "tree",
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ])
        .output()
        .map_err(|error| format!("cargo tree did not start: {error}"))?;
    let text = String::from_utf8_lossy(&tree.stdout);
    let names = text.lines().map(|line| line.trim_end_matches(" (*)"));
    let crates: BTreeSet<&str> = names.filter(|name| !name.is_empty()).collect();
    Ok((seconds, crates.len().saturating_sub(1)))
}

fn cargo(at: &Path) -> Command {
    let mut command = run::cargo([]);
    command.current_dir(at).env_remove("CARGO_TARGET_DIR");
    command
}
