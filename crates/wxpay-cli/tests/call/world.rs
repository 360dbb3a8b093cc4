//! A simulator with a profile for it, and the command run against both.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};
use wxpay_sim::{Merchant, Simulator};

/// A simulator, and a folder with one account's profile and key files.
pub(crate) struct World {
    pub(crate) simulator: Simulator,
    pub(crate) folder: PathBuf,
}

/// What a run of the command came to.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) said: String,
}

impl World {
    pub(crate) fn new(name: &str, who: fn(&Simulator) -> &Merchant) -> Self {
        let simulator = Simulator::start().unwrap();
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("call-{name}"));
        fs::create_dir_all(folder.join("keys")).unwrap();
        let account = who(&simulator);
        let public_key = simulator.profile().platform_public_key();
        let files = [
            ("keys/apiclient_cert.pem", account.certificate_pem()),
            ("keys/apiclient_key.pem", account.private_key_pem()),
            ("keys/pub_key.pem", public_key.pem()),
            (
                "keys/platform_cert.pem",
                simulator.profile().platform_certificate().pem(),
            ),
            ("keys/apiv2.txt", &format!("{}\n", account.api_v2_key())),
            ("keys/ca.pem", simulator.ca_pem()),
        ];
        for (path, content) in files {
            fs::write(folder.join(path), content).unwrap();
        }
        let world = Self { simulator, folder };
        let profile = world.profile();
        world.write("profile.json", &profile);
        world
    }

    /// The profile that fits.
    pub(crate) fn profile(&self) -> Value {
        let certificate = fs::read_to_string(self.folder.join("keys/apiclient_cert.pem")).unwrap();
        let accounts = self.simulator.profile().merchants();
        let account = accounts
            .iter()
            .find(|account| account.certificate_pem() == certificate)
            .unwrap();
        json!({
            "merchant": account.id().as_str(),
            "certificate": "keys/apiclient_cert.pem",
            "private_key": "keys/apiclient_key.pem",
            "platform_public_key": {
                "id": self.simulator.profile().platform_public_key().id().as_str(),
                "file": "keys/pub_key.pem",
            },
            "platform_certificates": ["keys/platform_cert.pem"],
            "api_v2_key": { "file": "keys/apiv2.txt" },
            "base_url": self.simulator.base_url().to_string(),
            "extra_root": "keys/ca.pem",
        })
    }

    pub(crate) fn write(&self, name: &str, content: &Value) -> String {
        let path = self.folder.join(name);
        fs::write(&path, content.to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Runs `wxpay call` with this world's profile; no secret may be in what it says.
    pub(crate) fn call(&self, name: &str, arguments: &[&str]) -> Run {
        let profile = self.folder.join("profile.json");
        let mut all = vec!["call", name, "--profile", profile.to_str().unwrap()];
        all.extend(arguments);
        self.run(&all)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_wxpay"))
            .args(arguments)
            .output()
            .unwrap();
        let run = Run {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            said: String::from_utf8(output.stderr).unwrap(),
        };
        for account in self.simulator.profile().merchants() {
            let key_line = account.private_key_pem().lines().nth(1).unwrap();
            for secret in [account.api_v2_key(), key_line] {
                let shown = run.out.contains(secret) || run.said.contains(secret);
                assert!(!shown, "a secret is shown by {arguments:?}");
            }
        }
        run
    }

    pub(crate) fn create(&self, number: &str) -> Run {
        let order = json!({
            "combine_appid": "wxd678efh567hg6787",
            "combine_mchid": "1900000109",
            "combine_out_trade_no": number,
            "sub_orders": [{
                "mchid": "1900000109",
                "sub_mchid": "1900000110",
                "out_trade_no": format!("{number}-1"),
                "attach": "深圳分店",
                "description": "伞",
                "amount": { "total_amount": 1, "currency": "CNY" },
            }],
            "notify_url": "https://shop.example/notify",
        });
        let path = self.write(&format!("{number}.json"), &order);
        // What is set goes over what the file says.
        self.call(
            "v3.combine_transactions.native_prepay",
            &["--json", &path, "--set", "sub_orders.0.amount.total_amount=4990"],
        )
    }
}

impl Run {
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "stdout: {}\nstderr: {}",
            self.out,
            self.said
        );
        self
    }

    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.said.contains(text), "{text:?} is not in: {}", self.said);
        self
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap()
    }
}

pub(crate) fn partner(simulator: &Simulator) -> &Merchant {
    simulator.profile().partner()
}

pub(crate) fn merchant(simulator: &Simulator) -> &Merchant {
    simulator.profile().merchant()
}

pub(crate) const QUERY: &str = "v3.combine-transactions.query_by_out_trade_no";
pub(crate) const CLOSE: &str = "v3.combine_transactions.close";

pub(crate) fn close_of(number: &str) -> [String; 5] {
    [
        format!("combine_out_trade_no={number}"),
        "combine_appid=wxd678efh567hg6787".to_owned(),
        "sub_orders.0.mchid=1900000109".to_owned(),
        "/sub_orders/0/sub_mchid=1900000110".to_owned(),
        format!("sub_orders.0.out_trade_no={number}-1"),
    ]
}

pub(crate) fn sets(values: &[String]) -> Vec<&str> {
    values
        .iter()
        .flat_map(|value| ["--set", value.as_str()])
        .collect()
}
