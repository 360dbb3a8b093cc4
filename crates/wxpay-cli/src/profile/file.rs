//! The form of a profile file: JSON that names files and never holds a secret.

use std::path::PathBuf;

use serde::Deserialize;

/// A profile as it is written. Paths are relative to the profile file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileFile {
    /// The merchant number (商户号) who signs; a partner's or institution's own.
    pub(super) merchant: Option<String>,
    /// The serial number of the API certificate (商户API证书序列号).
    pub(super) certificate_serial: Option<String>,
    /// The API certificate (`apiclient_cert.pem`); its serial number is read from it.
    pub(super) certificate: Option<PathBuf>,
    /// The API private key (`apiclient_key.pem`).
    pub(super) private_key: Option<PathBuf>,
    /// Certificate and private key in one file (`apiclient_cert.p12`), whose password is the merchant number.
    pub(super) p12: Option<PathBuf>,
    /// WeChat Pay's public key (微信支付公钥).
    pub(super) platform_public_key: Option<PublicKeyFile>,
    /// Platform certificates (平台证书).
    #[serde(default)]
    pub(super) platform_certificates: Vec<PathBuf>,
    /// The APIv2 key, for v2.
    pub(super) api_v2_key: Option<SecretSource>,
    /// The APIv3 key, which decrypts notifications and certificates.
    pub(super) api_v3_key: Option<SecretSource>,
    /// The client certificate for v2's refunds and transfers (双向证书).
    pub(super) client_certificate: Option<ClientCertificateFiles>,
    /// The brand (品牌) that signs `/brand/…`.
    pub(super) brand: Option<BrandFile>,
    /// A test server in the place of all of WeChat Pay's hosts.
    pub(super) base_url: Option<String>,
    /// A root certificate to trust beside the public ones.
    pub(super) extra_root: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PublicKeyFile {
    pub(super) id: String,
    pub(super) file: PathBuf,
}

/// Where a secret is: in a file or in an environment variable. A key that stands here itself is not repeated in the
/// error, which is why the error's words are fixed.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "`api_v2_key` and `api_v3_key`: wanted is { \"file\": … } or { \"env\": … }; a key never stands in the \
                 profile itself"
)]
pub(super) enum SecretSource {
    File { file: PathBuf },
    Env { env: String },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientCertificateFiles {
    pub(super) certificate: PathBuf,
    pub(super) private_key: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BrandFile {
    pub(super) id: String,
    pub(super) certificate_serial: Option<String>,
    pub(super) certificate: Option<PathBuf>,
    pub(super) private_key: PathBuf,
}

/// What `wxpay profile --example` prints.
pub(super) const EXAMPLE: &str = r#"{
  "merchant": "1900007291",
  "certificate": "apiclient_cert.pem",
  "private_key": "apiclient_key.pem",
  "platform_public_key": {
    "id": "PUB_KEY_ID_0119000072912024092500326400000000",
    "file": "pub_key.pem"
  },
  "platform_certificates": [],
  "api_v3_key": { "env": "WXPAY_API_V3_KEY" },
  "api_v2_key": { "env": "WXPAY_API_V2_KEY" }
}
"#;

#[cfg(test)]
mod tests {
    use super::{EXAMPLE, ProfileFile, SecretSource};

    #[test]
    fn the_example_is_a_profile() {
        let profile: ProfileFile = serde_json::from_str(EXAMPLE).unwrap();
        assert!(matches!(profile.api_v2_key, Some(SecretSource::Env { env }) if env == "WXPAY_API_V2_KEY"));
    }
}
