//! What is told when the simulator has started: where everything is.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use wxpay_sim::{Role, Setup, Simulator};

/// Where everything is.
pub(super) struct Started {
    base_url: String,
    proxy: String,
    control: String,
    console: String,
    ca: PathBuf,
    store: Option<PathBuf>,
    accounts: Vec<(Role, PathBuf)>,
}

impl Started {
    pub(super) fn new(simulator: &Simulator, setup: &Setup, folder: &Path) -> Self {
        let address = simulator.address();
        let account = |role| Some((role, setup.account_folder(role)?));
        Self {
            base_url: simulator.base_url().to_string(),
            proxy: format!("http://{address}"),
            control: format!("http://{address}{}", wxpay_sim::CONTROL),
            console: format!("http://{address}{}", wxpay_sim::CONSOLE),
            ca: folder.join("keys").join("ca.pem"),
            store: setup.store.clone(),
            accounts: Role::ALL.into_iter().filter_map(account).collect(),
        }
    }

    pub(super) fn json(&self) -> Value {
        let accounts: serde_json::Map<String, Value> = self
            .accounts
            .iter()
            .map(|(role, folder)| {
                let account = json!({ "mchid": role.mchid(), "folder": folder, "profile": folder.join("profile.json") });
                (role.name().to_owned(), account)
            })
            .collect();
        json!({
            "base_url": self.base_url,
            "proxy": self.proxy,
            "control": self.control,
            "console": self.console,
            "ca": self.ca,
            "store": self.store,
            "accounts": accounts,
        })
    }

    pub(super) fn text(&self) -> String {
        let store = self.store.as_ref().map_or_else(
            || "in memory, gone when it stops".to_owned(),
            |path| path.display().to_string(),
        );
        let mut text = format!(
            "WeChat Pay (微信支付), simulated. Its money is not real and neither are its keys.\n\
             base address  {}\n\
             HTTPS proxy   HTTPS_PROXY={}\n\
             CA to trust   {}\n\
             control       {}\n\
             console       {} (in a browser)\n\
             orders        {store}\n",
            self.base_url,
            self.proxy,
            self.ca.display(),
            self.control,
            self.console,
        );
        for (role, folder) in &self.accounts {
            // Invariant: writing into a text does not fail.
            let _ = writeln!(
                text,
                "{:<13} {} {}",
                role.name(),
                role.mchid(),
                folder.join("profile.json").display()
            );
        }
        text.push_str("Ctrl-C stops it.\n");
        text
    }
}
