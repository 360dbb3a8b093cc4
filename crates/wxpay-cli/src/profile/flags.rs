//! A profile on the command line: the same entries, for whoever has key files and no profile.

use std::path::{Path, PathBuf};

use super::file::{ProfileFile, PublicKeyFile, SecretSource};
use super::reader::Reader;
use crate::ended::NotSent;

/// Keys: a profile, single files, or both, where a file goes over the profile's entry.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Keys")]
pub(crate) struct Keys {
    /// A JSON file that names the merchant's key files (`wxpay profile --example`).
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
    /// The merchant number (商户号) who signs.
    #[arg(long, value_name = "NUMBER")]
    mchid: Option<String>,
    /// The merchant's API certificate, apiclient_cert.pem.
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// The API certificate's serial number (商户API证书序列号), when the certificate is not at hand.
    #[arg(long, value_name = "HEX")]
    serial: Option<String>,
    /// The merchant's private key, apiclient_key.pem.
    #[arg(long, value_name = "FILE")]
    private_key: Option<PathBuf>,
    /// Certificate and private key in one file, apiclient_cert.p12; its password is the merchant number.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["certificate", "private_key"])]
    p12: Option<PathBuf>,
    /// WeChat Pay's public key (微信支付公钥), pub_key.pem.
    #[arg(long, value_name = "FILE", requires = "public_key_id")]
    public_key: Option<PathBuf>,
    /// Its id, PUB_KEY_ID_….
    #[arg(long, value_name = "ID", requires = "public_key")]
    public_key_id: Option<String>,
    /// A platform certificate (平台证书); may be given more than once.
    #[arg(long, value_name = "FILE")]
    platform_certificate: Vec<PathBuf>,
    /// A file that holds the APIv3 key (APIv3密钥).
    #[arg(long, value_name = "FILE")]
    api_v3_key: Option<PathBuf>,
    /// A file that holds the APIv2 key (APIv2密钥).
    #[arg(long, value_name = "FILE")]
    api_v2_key: Option<PathBuf>,
}

impl Keys {
    /// Reads the profile and lays the single files over it; none of the key files is read yet.
    pub(crate) fn reader(&self) -> Result<Reader, NotSent> {
        let mut reader = match &self.profile {
            Some(path) => Reader::open(path)?,
            None => Reader {
                name: None,
                folder: PathBuf::new(),
                file: ProfileFile::default(),
            },
        };
        let file = &mut reader.file;
        if self.mchid.is_some() {
            file.merchant.clone_from(&self.mchid);
        }
        if self.serial.is_some() {
            file.certificate_serial.clone_from(&self.serial);
        }
        if let Some(path) = &self.p12 {
            file.p12 = Some(here(path)?);
            (file.certificate, file.private_key) = (None, None);
        }
        if let Some(path) = &self.certificate {
            file.certificate = Some(here(path)?);
        }
        if let Some(path) = &self.private_key {
            file.private_key = Some(here(path)?);
        }
        if self.certificate.is_some() || self.private_key.is_some() {
            file.p12 = None;
        }
        if let (Some(path), Some(id)) = (&self.public_key, &self.public_key_id) {
            file.platform_public_key = Some(PublicKeyFile {
                id: id.clone(),
                file: here(path)?,
            });
        }
        for path in &self.platform_certificate {
            file.platform_certificates.push(here(path)?);
        }
        let secret = |path: &Option<PathBuf>| {
            let source = path
                .as_deref()
                .map(|path| here(path).map(|file| SecretSource::File { file }));
            source.transpose()
        };
        if let Some(source) = secret(&self.api_v3_key)? {
            file.api_v3_key = Some(source);
        }
        if let Some(source) = secret(&self.api_v2_key)? {
            file.api_v2_key = Some(source);
        }
        Ok(reader)
    }
}

/// Paths on the command line are relative to where the command runs, not to the profile.
fn here(path: &Path) -> Result<PathBuf, NotSent> {
    std::path::absolute(path).map_err(|error| NotSent::new(format!("{}: {error}", path.display())))
}
