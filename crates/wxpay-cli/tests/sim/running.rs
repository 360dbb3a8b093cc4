//! A running `wxpay sim`, and what is done with it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// A simulator in a process of its own. It is killed when it is dropped.
pub(crate) struct Running {
    process: Child,
    /// What it told when it had started.
    pub(crate) told: Value,
}

/// A folder of a test's own, empty.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("sim-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wxpay"));
    command
        .args(["sim", "--json", "--dir"])
        .arg(folder)
        .args(arguments);
    if !arguments.contains(&"--port") {
        command.args(["--port", "0"]);
    }
    command
}

/// A run that is expected to end by itself.
pub(crate) fn ends(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

impl Running {
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut process = command(folder, arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut told = String::new();
        let out = process.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut told).unwrap();
        let told = serde_json::from_str(&told).unwrap();
        Self { process, told }
    }

    /// SIGKILL: it has no time for anything.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// The process's number.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// SIGTERM, and the exit code.
    #[cfg(unix)]
    pub(crate) fn terminate(mut self) -> Option<i32> {
        let id = self.process.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        self.process.wait().unwrap().code()
    }

    /// Asks control.
    pub(crate) fn control(&self, path: &str, body: Option<&Value>) -> (u16, Value) {
        self.controls().ask(path, body).unwrap()
    }

    /// Control, for somebody else to ask.
    pub(crate) fn controls(&self) -> Control {
        Control(self.told["control"].as_str().unwrap().to_owned())
    }

    /// Calls it with `wxpay call` and the profile that it wrote.
    pub(crate) fn call(&self, role: &str, arguments: &[&str]) -> Output {
        let profile = self.told["accounts"][role]["profile"].as_str().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_wxpay"))
            .arg("call")
            .args(arguments)
            .args(["--profile", profile])
            .output();
        output.unwrap()
    }

    /// Creates a combined order of the merchant's.
    pub(crate) fn order(&self, number: &str) {
        let parts: Vec<Value> = [1, 2]
            .map(|index| {
                serde_json::json!({
                    "mchid": "1900007291",
                    "attach": "深圳分店",
                    "amount": { "total_amount": 100, "currency": "CNY" },
                    "out_trade_no": format!("{number}_000{index}"),
                    "description": "伞",
                })
            })
            .to_vec();
        let parts = format!("sub_orders={}", Value::from(parts));
        let number = format!("combine_out_trade_no={number}");
        let done = self.call(
            "merchant",
            &[
                "v3.combine_transactions.native_prepay",
                "--set",
                "combine_appid=wxd678efh567hg6787",
                "--set",
                "combine_mchid=1900007291",
                "--set",
                &number,
                "--set",
                &parts,
                "--set",
                "notify_url=https://shop.example/notify",
            ],
        );
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

/// Where control is.
#[derive(Clone, Debug)]
pub(crate) struct Control(String);

impl Control {
    /// What it answers; nothing when the simulator is gone.
    pub(crate) fn get(&self, path: &str) -> Option<Value> {
        self.ask(path, None).map(|(_, answer)| answer)
    }

    /// The status that it answers with.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Option<u16> {
        self.ask(path, Some(body)).map(|(status, _)| status)
    }

    /// Asks in plain text, as curl does. An answer that is cut short is none.
    fn ask(&self, path: &str, body: Option<&Value>) -> Option<(u16, Value)> {
        let (address, prefix) = self.0.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let method = if body.is_some() { "POST" } else { "GET" };
        let body = body.map(ToString::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(address).ok()?;
        write!(
            stream,
            "{method} /{prefix}{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, serde_json::from_str(body).ok()?))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
