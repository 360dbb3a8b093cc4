//! `wxpay sim`: the simulator as a server of its own, for programs in any language.

mod clock;
mod started;

use std::io::{IsTerminal as _, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use wxpay_sim::{NotificationKey, PlatformKeyMode, Scenario, Setup, Simulator};

use crate::ended::{Ended, NotSent};
use crate::roots;
use crate::stopped::Stopped;
use clock::Clock;
use started::Started;

/// What `wxpay sim` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The port; 0 takes a free one.
    #[arg(long, default_value_t = 8089)]
    port: u16,
    /// The address to listen on. Whoever can reach another one than loopback can call the simulator.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    listen: IpAddr,
    /// Where keys and the store are kept; `.wxpay-sim` in the home folder when it is left out.
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    /// Keep orders in memory only; keys are kept in the folder all the same.
    #[arg(long)]
    memory: bool,
    /// Turn the business clock: by `+2h`, `-90s`, `+7d`, or to a time, `2026-05-20T13:29:35+08:00`.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    clock: Option<Clock>,
    /// A host that is not WeChat Pay's and that the proxy connects to all the same, with or without a port.
    #[arg(long, value_name = "HOST")]
    allow: Vec<String>,
    /// Let other machines use the control API too: whoever reaches it can have orders paid.
    #[arg(long)]
    control_for_all: bool,
    /// Offer HTTP/2 beside HTTP/1.1. WeChat Pay's gateway speaks HTTP/1.1, and some SDKs cannot read answers by HTTP/2.
    #[arg(long)]
    http2: bool,
    /// What signs v3's notifications: the public key (微信支付公钥), or the platform certificate (平台证书) for programs that
    /// have no public key yet.
    #[arg(long, value_name = "KEY", default_value = "public-key", value_parser = ["public-key", "certificate"])]
    notification_key: String,
    /// Which keys the platform has: both, as during a migration, or the public key alone (公钥模式), as merchants have it that
    /// were never given a platform certificate.
    #[arg(long, value_name = "KEYS", default_value = "both", value_parser = ["both", "public-key"])]
    platform_keys: String,
    /// The code of a v3 request with an undocumented parameter; the real platform has been seen to say `PARAM_ERROR`.
    #[arg(long, value_name = "CODE", default_value = "INVALID_REQUEST", value_parser = ["INVALID_REQUEST", "PARAM_ERROR"])]
    undocumented_code: String,
    /// A root certificate (PEM) to trust beside the public ones when notifications are delivered.
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,
    /// What goes wrong, as a file of rules (TOML or JSON): docs/guide/simulator.md shows one.
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// Tell where everything is as one JSON object, for scripts.
    #[arg(long)]
    json: bool,
}

/// Runs until it is told to stop: by Ctrl-C, or by SIGTERM.
pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Ended, NotSent> {
    let folder = folder(arguments.dir.as_deref())?;
    // Before anything is started: who is stopped in between is stopped as cleanly.
    let stopped = Stopped::listen().map_err(failed)?;
    let mut setup = Setup::in_folder(&folder).map_err(failed)?;
    setup.listen = arguments.listen;
    setup.port = arguments.port;
    setup.tunnels.clone_from(&arguments.allow);
    setup.control_for_all = arguments.control_for_all;
    setup.http2 = arguments.http2;
    if arguments.notification_key == "certificate" {
        setup.settings.notification_key = NotificationKey::Certificate;
    }
    if arguments.platform_keys == "public-key" {
        setup.settings.platform_keys = PlatformKeyMode::PublicKeyOnly;
    }
    setup
        .settings
        .undocumented_code
        .clone_from(&arguments.undocumented_code);
    if arguments.memory {
        setup.store = None;
    }
    if let Some(path) = &arguments.scenario {
        let read = Scenario::open(path);
        setup.scenario = read.map_err(|error| NotSent::new(format!("--scenario {error}")))?;
    }
    setup.notification_roots = roots::read(&arguments.trust)?;
    let simulator = Simulator::start_with(setup.clone()).map_err(|error| {
        NotSent::new(format!(
            "the simulator does not start at {}:{}: {error}",
            arguments.listen, arguments.port
        ))
    })?;
    if let Some(clock) = &arguments.clock {
        let seconds = clock
            .seconds_from(simulator.business_time())
            .map_err(NotSent::new)?;
        simulator.turn_business_clock(seconds);
    }
    let started = Started::new(&simulator, &setup, &folder);
    if arguments.json {
        writeln!(out, "{}", started.json())?;
    } else {
        write!(out, "{}", started.text())?;
    }
    out.flush()?;
    stopped.wait();
    simulator.shutdown();
    if !arguments.json && std::io::stdout().is_terminal() {
        writeln!(out, "Stopped.")?;
    }
    Ok(Ended::Done)
}

fn folder(given: Option<&Path>) -> Result<PathBuf, NotSent> {
    let folder = match given {
        Some(folder) => folder.to_owned(),
        None => std::env::home_dir()
            .ok_or_else(|| NotSent::new("there is no home folder: say where keys are kept with --dir"))?
            .join(".wxpay-sim"),
    };
    // What is printed is to be copied into the settings of programs that run elsewhere.
    std::path::absolute(&folder).map_err(|error| NotSent::new(format!("--dir {}: {error}", folder.display())))
}

fn failed(error: impl std::fmt::Display) -> NotSent {
    NotSent::new(format!("the simulator does not start: {error}"))
}
