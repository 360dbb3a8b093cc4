//! A folder with one account's files, and the command run in it.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::vectors::{bytes, key};

pub(crate) const MCHID: &str = "1900007291";
pub(crate) const API_V3_KEY: &str = "Q9xV3kTestOnly0123456789abcdefGH";
pub(crate) const API_V2_KEY: &str = "192006250b4c09247ec02edce69f6a2d";

/// A folder with the files of the vectors' merchant.
pub(crate) struct World {
    pub(crate) folder: PathBuf,
}

/// What a run of the command came to.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: Vec<u8>,
    pub(crate) said: String,
}

impl World {
    pub(crate) fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("tools-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let world = Self { folder };
        for (path, content) in [
            ("apiclient_cert.pem", key("merchant_rsa", "certificate_pem")),
            ("apiclient_key.pem", key("merchant_rsa", "private_pkcs8_pem")),
            ("pub_key.pem", key("platform_rsa_pubkey", "public_spki_pem")),
            ("old.pem", key("platform_rsa_old", "certificate_pem")),
            ("new.pem", key("platform_rsa_new", "certificate_pem")),
            ("other_key.pem", key("platform_rsa_old", "private_pkcs8_pem")),
            ("apiv2.txt", API_V2_KEY),
            ("apiv3.txt", &format!("{API_V3_KEY}\n")),
        ] {
            world.write(path, content.as_bytes());
        }
        let p12 = bytes(&json!(key("merchant_rsa", "pkcs12_modern_base64")));
        world.write("apiclient_cert.p12", &p12);
        world.write("shop.json", world.profile().to_string().as_bytes());
        world
    }

    /// The profile that fits.
    pub(crate) fn profile(&self) -> Value {
        json!({
            "merchant": MCHID,
            "certificate": "apiclient_cert.pem",
            "private_key": "apiclient_key.pem",
            "platform_public_key": {
                "id": key("platform_rsa_pubkey", "public_key_id"),
                "file": "pub_key.pem",
            },
            "platform_certificates": ["old.pem", "new.pem"],
            "api_v3_key": { "file": "apiv3.txt" },
            "api_v2_key": { "file": "apiv2.txt" },
        })
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.folder.join(name), content).unwrap();
    }

    /// Runs `wxpay`, with nothing on standard input.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.pipe(arguments, b"")
    }

    /// Runs `wxpay` in this folder; no secret may be in what it says.
    pub(crate) fn pipe(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_wxpay"))
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        // A command that reads nothing closes the pipe.
        let feeder = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().unwrap();
        feeder.join().unwrap();
        let run = Run {
            code: output.status.code(),
            out: output.stdout,
            said: String::from_utf8(output.stderr).unwrap(),
        };
        for secret in secrets() {
            let shown = run.text().contains(&secret) || run.said.contains(&secret);
            assert!(!shown, "a secret is shown by {arguments:?}");
        }
        run
    }
}

/// What must not be seen anywhere: the API keys, and each line of the private keys.
fn secrets() -> Vec<String> {
    let mut secrets = vec![API_V3_KEY.to_owned(), API_V2_KEY.to_owned()];
    for (name, member) in [
        ("merchant_rsa", "private_pkcs8_pem"),
        ("merchant_rsa", "private_pkcs1_pem"),
        ("platform_rsa_old", "private_pkcs8_pem"),
        ("merchant_sm2", "private_pkcs8_pem"),
    ] {
        let lines = key(name, member)
            .lines()
            .filter(|line| !line.starts_with("-----"));
        // The first line is the same for every key of a kind.
        secrets.extend(lines.skip(1).filter(|line| line.len() > 20).map(str::to_owned));
    }
    secrets
}

impl Run {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }

    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        let (out, said) = (self.text(), &self.said);
        assert_eq!(self.code, Some(code), "stdout: {out}\nstderr: {said}");
        self
    }

    /// On standard error.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.said.contains(text), "{text:?} is not in: {}", self.said);
        self
    }

    /// On standard output.
    #[track_caller]
    pub(crate) fn shows(self, text: &str) -> Self {
        assert!(self.text().contains(text), "{text:?} is not in: {}", self.text());
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.out).unwrap()
    }
}
