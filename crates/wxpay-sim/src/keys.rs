//! Keys of the simulator's own: made on the first start, and kept in a folder as files that every SDK can load.

mod authority;
mod chance;
mod error;
mod files;
mod make;
mod p12;

use std::net::IpAddr;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;
use wxpay_proto::{BaseUrl, TimeText, UnixTime};

pub use error::FolderError;

use crate::profile::{Given, GivenAccount, GivenIdentity, Profile, Role};
use crate::server::Identity;
use authority::{Authority, AuthorityFiles};
use files::{File, Folder};
use make::Issuing;
use p12::Salts;

/// Where the platform's own keys are.
const PLATFORM: &str = "platform";

/// A folder with keys.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    folder: Folder,
}

impl Keys {
    /// Opens the folder, and makes what it should hold when it is new.
    pub(crate) fn open(folder: &Path) -> Result<Self, FolderError> {
        let kept = folder.join("keys");
        let folder = match Folder::open(&kept)? {
            Some(folder) => folder,
            None => Folder::create(&kept, &everything()?)?,
        };
        Ok(Self { folder })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder with an account's files.
    pub(crate) fn account(&self, role: Role) -> PathBuf {
        self.folder.path().join(role.name())
    }

    /// What the server shows to its clients. `listen` is named in its certificate beside loopback.
    pub(crate) fn identity(&self, listen: IpAddr, now: UnixTime) -> Result<Identity, FolderError> {
        let files = AuthorityFiles {
            certificate: self.folder.read("ca.pem")?,
            private_key: self.folder.read("ca_key.pem")?,
        };
        let unusable = |error| FolderError::unusable(&self.folder.path().join("ca_key.pem"), error);
        let certificates = Authority::new(&files, listen, last_year(now)).map_err(unusable)?;
        Ok(Identity {
            ca_pem: files.certificate.into(),
            certificates: Arc::new(certificates),
        })
    }

    /// Who there is.
    pub(crate) fn profile(&self) -> Result<Profile, FolderError> {
        let identity = |certificate: &str, key: &str| {
            Ok::<_, FolderError>(GivenIdentity {
                pem: self.folder.read(&format!("{PLATFORM}/{certificate}"))?.into(),
                private_key: self.folder.read(&format!("{PLATFORM}/{key}"))?.into(),
            })
        };
        let account = |role: Role| {
            let read = |name: &str| self.folder.read(&format!("{}/{name}", role.name()));
            Ok::<_, FolderError>(GivenAccount {
                certificate: read("apiclient_cert.pem")?.into(),
                private_key: read("apiclient_key.pem")?.into(),
                api_v2_key: read("apiv2_key.txt")?.into(),
                api_v3_key: read("apiv3_key.txt")?.into(),
            })
        };
        let given = Given {
            accounts: [
                account(Role::Merchant)?,
                account(Role::Partner)?,
                account(Role::Institution)?,
            ],
            certificate: identity("cert.pem", "key.pem")?,
            next_certificate: identity("next_cert.pem", "next_key.pem")?,
            public_key: identity("public_key.pem", "public_key_private.pem")?,
            public_key_id: self.folder.read(&format!("{PLATFORM}/public_key_id.txt"))?,
        };
        Profile::given(given).map_err(|error| FolderError::unusable(self.folder.path(), error))
    }

    /// Writes a profile file for `wxpay call` into every account's folder.
    pub(crate) fn write_profiles(&self, profile: &Profile, base: &BaseUrl) -> Result<(), FolderError> {
        for account in profile.merchants() {
            let certificates = [
                profile.platform_certificate(),
                profile.next_platform_certificate(),
            ];
            let profile = json!({
                "merchant": account.id().as_str(),
                "certificate": "apiclient_cert.pem",
                // Other programs' SDKs want it beside the key.
                "certificate_serial": account.serial().as_str(),
                "private_key": "apiclient_key.pem",
                "platform_public_key": {
                    "id": profile.platform_public_key().id().as_str(),
                    "file": "pub_key.pem",
                },
                "platform_certificates": certificates.map(|known| certificate_name(known.id().as_str())),
                "api_v2_key": { "file": "apiv2_key.txt" },
                "api_v3_key": { "file": "apiv3_key.txt" },
                "base_url": base.to_string(),
                "extra_root": "../ca.pem",
            });
            let file = File::open(
                format!("{}/profile.json", account.role().name()),
                format!("{profile:#}\n"),
            );
            self.folder.write(&file)?;
        }
        Ok(())
    }
}

fn certificate_name(serial: &str) -> String {
    format!("wechatpay_{serial}.pem")
}

/// Year and month a year ago.
fn last_year(now: UnixTime) -> (i32, u8) {
    let text = TimeText::beijing(now);
    let number = |range: Range<usize>| text.as_str().get(range).and_then(|part| part.parse::<i32>().ok());
    let year = number(0..4).unwrap_or(2020).saturating_sub(1);
    let month = number(5..7).and_then(|month| u8::try_from(month).ok());
    (year, month.unwrap_or(1))
}

/// Makes all keys, as files.
fn everything() -> Result<Vec<File>, FolderError> {
    let authority = authority::make().map_err(FolderError::not_made)?;
    let issuing = Issuing::new()?;
    let (certificate, next) = (issuing.platform(2020)?, issuing.platform(2021)?);
    let public_key = make::bare()?;
    let public_key_id = format!(
        "PUB_KEY_ID_01{}{}",
        Role::Merchant.mchid(),
        chance::digits::<22>()?
    );
    let in_platform = |name: &str| format!("{PLATFORM}/{name}");
    let mut files = vec![
        File::open("ca.pem", authority.certificate),
        File::secret("ca_key.pem", authority.private_key),
        File::open(in_platform("cert.pem"), certificate.certificate.clone()),
        File::secret(in_platform("key.pem"), certificate.private_key.clone()),
        File::open(in_platform("next_cert.pem"), next.certificate.clone()),
        File::secret(in_platform("next_key.pem"), next.private_key.clone()),
        File::open(in_platform("public_key.pem"), public_key.public_key.clone()),
        File::secret(in_platform("public_key_private.pem"), public_key.private_key),
        File::open(in_platform("public_key_id.txt"), public_key_id.clone()),
    ];
    for role in Role::ALL {
        let own = issuing.merchant(role.mchid())?;
        let salts = Salts {
            key: chance::bytes()?,
            iv: chance::bytes()?,
            mac: chance::bytes()?,
        };
        let p12 = p12::write(&own.certificate_der, &own.private_key_der, role.mchid(), &salts)
            .map_err(FolderError::not_made)?;
        let named = |name: &str| format!("{}/{name}", role.name());
        files.extend([
            File::open(named("apiclient_cert.pem"), own.certificate),
            File::secret(named("apiclient_key.pem"), own.private_key),
            File::secret(named("apiclient_cert.p12"), p12),
            File::secret(named("apiv2_key.txt"), chance::api_key()?),
            File::secret(named("apiv3_key.txt"), chance::api_key()?),
            File::open(named("pub_key.pem"), public_key.public_key.clone()),
            File::open(named("pub_key_id.txt"), public_key_id.clone()),
        ]);
        for platform in [&certificate, &next] {
            let name = certificate_name(&platform.serial);
            files.push(File::open(named(&name), platform.certificate.clone()));
        }
    }
    Ok(files)
}
