//! The parts of a profile, each read on its own, and an account made of them.

use std::path::{Path, PathBuf};

use wxpay_proto::crypto::{Backend, Certificate};
use wxpay_proto::v3::{PlatformKey, PlatformKeys};
use wxpay_proto::{ApiV2Key, ApiV3Key, BaseUrl, PublicKeyId, v2};
use zeroize::Zeroizing;

use super::account::{Account, ClientCertificate};
use super::file::{PublicKeyFile, SecretSource};
use super::reader::Reader;
use super::signing::Signing;
use crate::ended::NotSent;

/// Reads a profile.
pub(crate) fn load(path: &Path) -> Result<Account, NotSent> {
    Reader::open(path)?.account()
}

impl Reader {
    /// Everything that a client is made of.
    pub(crate) fn account(&self) -> Result<Account, NotSent> {
        let signer = |signing: Signing| signing.key.map(|key| (signing.credentials, key));
        let api_v2_key = self.api_v2_key()?;
        Ok(Account {
            merchant: self.merchant()?.and_then(signer),
            brand: self.brand()?.and_then(signer),
            platform_keys: self.platform_keys()?,
            v2: match api_v2_key {
                Some(key) => {
                    let id = self.merchant_id()?;
                    let id =
                        id.ok_or_else(|| self.problem("merchant", "it is needed beside `api_v2_key`"))?;
                    Some((v2::Credentials::new(id), key))
                }
                None => None,
            },
            api_v3_key: None,
            client_certificate: self.client_certificate()?,
            base: self.base()?,
            extra_root: self.extra_root()?,
            simulator: None,
        })
    }

    /// What v3 needs alone, so that nothing else keeps it from being tried.
    pub(crate) fn v3_account(&self) -> Result<Account, NotSent> {
        let merchant = self.merchant()?;
        Ok(Account {
            merchant: merchant.and_then(|signing| signing.key.map(|key| (signing.credentials, key))),
            platform_keys: self.platform_keys()?,
            // Without it the rest can be tried all the same.
            api_v3_key: self.api_v3_key().ok().flatten(),
            base: self.base()?,
            extra_root: self.extra_root()?,
            ..Account::default()
        })
    }

    /// WeChat Pay's keys, all of them.
    pub(crate) fn platform_keys(&self) -> Result<PlatformKeys, NotSent> {
        let public = self.platform_public_key()?;
        let certificates = self.file.platform_certificates.iter();
        let certificates = certificates.map(|path| self.platform_certificate(path));
        public.map(Ok).into_iter().chain(certificates).collect()
    }

    /// WeChat Pay's public key (微信支付公钥).
    pub(crate) fn platform_public_key(&self) -> Result<Option<PlatformKey>, NotSent> {
        let Some(PublicKeyFile { id, file: path }) = &self.file.platform_public_key else {
            return Ok(None);
        };
        let id = self.about("platform_public_key.id", PublicKeyId::new(&**id))?;
        let entry = "platform_public_key.file";
        let pem = self.text(entry, path)?;
        let key = PlatformKey::from_public_key_pem(id, &pem, Backend::AwsLc);
        self.in_file(entry, path, key).map(Some)
    }

    /// The APIv2 key as it stands in its place, for who seals in WeChat Pay's place.
    pub(crate) fn api_v2_key_text(&self) -> Result<Option<Zeroizing<String>>, NotSent> {
        let source = self.file.api_v2_key.as_ref();
        source.map(|source| self.secret("api_v2_key", source)).transpose()
    }

    /// The APIv3 key as it stands in its place, for who seals in WeChat Pay's place.
    pub(crate) fn api_v3_key_text(&self) -> Result<Option<Zeroizing<String>>, NotSent> {
        let source = self.file.api_v3_key.as_ref();
        source.map(|source| self.secret("api_v3_key", source)).transpose()
    }

    /// Each platform certificate with its dates, or what is wrong with its file.
    pub(crate) fn platform_certificates(&self) -> impl Iterator<Item = Result<Certificate, NotSent>> {
        self.file.platform_certificates.iter().map(|path| {
            self.platform_certificate(path)?;
            let entry = "platform_certificates";
            self.in_file(entry, path, Certificate::from_pem(&self.text(entry, path)?))
        })
    }

    /// One platform certificate (平台证书).
    fn platform_certificate(&self, path: &Path) -> Result<PlatformKey, NotSent> {
        let entry = "platform_certificates";
        let pem = self.text(entry, path)?;
        self.in_file(
            entry,
            path,
            PlatformKey::from_certificate_pem(&pem, Backend::AwsLc),
        )
    }

    /// The APIv2 key.
    pub(crate) fn api_v2_key(&self) -> Result<Option<ApiV2Key>, NotSent> {
        let entry = "api_v2_key";
        let Some(source) = &self.file.api_v2_key else {
            return Ok(None);
        };
        let text = self.secret(entry, source)?;
        self.about(entry, ApiV2Key::new(text.as_str())).map(Some)
    }

    /// The APIv3 key.
    pub(crate) fn api_v3_key(&self) -> Result<Option<ApiV3Key>, NotSent> {
        let entry = "api_v3_key";
        let Some(source) = &self.file.api_v3_key else {
            return Ok(None);
        };
        let text = self.secret(entry, source)?;
        self.about(entry, ApiV3Key::new(text.as_str())).map(Some)
    }

    /// The one that is named, or else the API certificate with its key, which is the same.
    pub(crate) fn client_certificate(&self) -> Result<Option<ClientCertificate>, NotSent> {
        let file = &self.file;
        if let (None, Some(path), Some(number)) = (&file.client_certificate, &file.p12, &file.merchant) {
            let p12 = self.open_p12(path, number)?;
            return Ok(Some(ClientCertificate {
                chain: p12.certificates_pem(),
                key: p12.expose_private_key_pem(),
            }));
        }
        let (prefix, certificate, key) = match &file.client_certificate {
            Some(files) => ("client_certificate.", &files.certificate, &files.private_key),
            None => match (&file.certificate, &file.private_key) {
                (Some(certificate), Some(key)) => ("", certificate, key),
                _ => return Ok(None),
            },
        };
        Ok(Some(ClientCertificate {
            chain: self.text(&format!("{prefix}certificate"), certificate)?,
            key: Zeroizing::new(self.text(&format!("{prefix}private_key"), key)?),
        }))
    }

    /// The test server that stands in for WeChat Pay's hosts.
    pub(crate) fn base(&self) -> Result<Option<BaseUrl>, NotSent> {
        let base = self.file.base_url.as_deref();
        base.map(|text| self.about("base_url", BaseUrl::new(text)))
            .transpose()
    }

    /// The files that nobody else should be able to read, each with its entry.
    pub(crate) fn secret_files(&self) -> Vec<(&'static str, PathBuf)> {
        let file = &self.file;
        let secret = |source: &Option<SecretSource>| match source {
            Some(SecretSource::File { file }) => Some(file.clone()),
            _ => None,
        };
        let client = file.client_certificate.as_ref();
        let found = [
            ("private_key", file.private_key.clone()),
            ("p12", file.p12.clone()),
            (
                "brand.private_key",
                file.brand.as_ref().map(|brand| brand.private_key.clone()),
            ),
            (
                "client_certificate.private_key",
                client.map(|client| client.private_key.clone()),
            ),
            ("api_v3_key.file", secret(&file.api_v3_key)),
            ("api_v2_key.file", secret(&file.api_v2_key)),
        ];
        found
            .into_iter()
            .filter_map(|(entry, path)| Some((entry, self.beside(&path?))))
            .collect()
    }

    fn extra_root(&self) -> Result<Option<String>, NotSent> {
        let root = self.file.extra_root.as_deref();
        root.map(|path| self.text("extra_root", path)).transpose()
    }
}
