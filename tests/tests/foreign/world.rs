//! A simulator of a journey's own, and what the journey is told of it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use wxpay_sim::{CONTROL, Merchant, NotificationKey, Setup, Simulator};

pub(crate) struct World {
    pub(crate) simulator: Simulator,
    pub(crate) ca: CaFile,
}

impl World {
    pub(crate) fn new(journey: &str) -> Self {
        let mut setup = Setup::default();
        if journey == "notified_in_certificate_mode" {
            setup.settings.notification_key = NotificationKey::Certificate;
        }
        let simulator = Simulator::start_with(setup).unwrap();
        let ca = CaFile::of(&simulator);
        Self { simulator, ca }
    }

    pub(crate) fn json(&self) -> String {
        let profile = self.simulator.profile();
        let public_key = profile.platform_public_key();
        let certificates = [
            profile.platform_certificate(),
            profile.next_platform_certificate(),
        ];
        let certificates: serde_json::Map<String, Value> = certificates
            .into_iter()
            .map(|known| (known.id().as_str().to_owned(), known.pem().into()))
            .collect();
        let world = json!({
            "control": format!("http://{}{CONTROL}", self.simulator.address()),
            "merchant": account(profile.merchant()),
            "partner": account(profile.partner()),
            "platform": {
                "public_key_id": public_key.id().as_str(),
                "public_key": public_key.pem(),
                "certificates": certificates,
            },
        });
        world.to_string()
    }
}

fn account(account: &Merchant) -> Value {
    json!({
        "mchid": account.id().as_str(),
        "serial": account.serial().as_str(),
        "appid": account.appids()[0],
        "sub_merchants": account.sub_merchants(),
        "private_key": account.private_key_pem(),
        "certificate": account.certificate_pem(),
        "api_v2_key": account.api_v2_key(),
        "api_v3_key": account.api_v3_key(),
    })
}

/// The authority's certificate in a file, as other languages want it. It goes with this value.
#[derive(Debug)]
pub(crate) struct CaFile(PathBuf);

impl CaFile {
    fn of(simulator: &Simulator) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("foreign-ca-{}-{number}.pem", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, simulator.ca_pem()).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for CaFile {
    fn drop(&mut self) {
        // What is left is in cargo's folder for such things.
        let _ = std::fs::remove_file(&self.0);
    }
}
