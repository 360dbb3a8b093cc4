//! The SDKs: where they are installed, how they are started, and what they can do.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::world::World;

/// An SDK, and a script beside it that uses it.
#[derive(Debug)]
pub(crate) struct Sdk {
    pub(crate) name: &'static str,
    /// Its name in its registry.
    pub(crate) package: &'static str,
    /// What its requests say of it.
    pub(crate) user_agent: &'static str,
    pub(crate) journeys: &'static [&'static str],
    /// From the installed SDKs' folder on: a file of the SDK's own.
    installed: &'static str,
    /// The program that runs the script: in the path, or, with a slash, in the installed SDKs' folder.
    program: &'static str,
    script: &'static str,
}

pub(crate) const NODE: Sdk = Sdk {
    name: "node",
    package: "wechatpay-axios-plugin",
    user_agent: "wechatpay-axios-plugin/",
    journeys: &[
        "order",
        "certificates",
        "paid_and_refunded",
        "upload",
        "bill",
        "transfer",
        "v2",
    ],
    installed: "node/node_modules/wechatpay-axios-plugin/package.json",
    program: "node",
    script: "node/journeys.js",
};

pub(crate) const PYTHON: Sdk = Sdk {
    name: "python",
    package: "wechatpayv3",
    user_agent: "wechatpay python sdk ",
    journeys: &[
        "order",
        "certificates",
        "combined",
        "paid_and_refunded",
        "notified_in_certificate_mode",
        "upload",
        "bill",
        "transfer",
        "shared",
    ],
    // Written last, when all of it is there.
    installed: "python/installed.txt",
    program: "python/bin/python",
    script: "python/journeys.py",
};

impl Sdk {
    /// The program to start, if the SDK is installed.
    pub(crate) fn program(&self) -> Option<PathBuf> {
        let folder = folder();
        let program = match self.program.contains('/') {
            true => folder.join(self.program),
            false => PathBuf::from(self.program),
        };
        let starts = Command::new(&program)
            .arg("--version")
            .stdout(Stdio::null())
            .status();
        let starts = starts.is_ok_and(|status| status.success());
        (starts && folder.join(self.installed).is_file()).then_some(program)
    }

    /// One journey. All that tells the SDK of the simulator is what the environment says of proxies and certificates.
    pub(crate) fn command(&self, program: &Path, journey: &str, world: &World) -> Command {
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("foreign");
        let ca = world.ca.path();
        let mut command = Command::new(program);
        command
            .arg(scripts.join(self.script))
            .arg(journey)
            .env("WXPAY_WORLD", world.json())
            .env("HTTPS_PROXY", format!("http://{}", world.simulator.address()))
            .env_remove("https_proxy")
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .env("NODE_EXTRA_CA_CERTS", ca)
            .env("NODE_PATH", folder().join("node/node_modules"))
            .env("REQUESTS_CA_BUNDLE", ca)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null());
        command
    }
}

/// Where `tests/foreign/install` puts the SDKs: beside what cargo builds.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("foreign")
}
