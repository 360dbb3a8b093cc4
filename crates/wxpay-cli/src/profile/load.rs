//! Reading a profile and the files that it names; errors name the entry and what belongs there, never a content.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use wxpay_proto::crypto::{
    Algorithm, Backend, Certificate, MerchantKey, PublicKey, Signer as _, Verifier as _,
};
use wxpay_proto::v3::{Credentials, PlatformKey, PlatformKeys};
use wxpay_proto::{ApiV2Key, BaseUrl, BrandId, MerchantId, PublicKeyId, Serial, v2};
use zeroize::Zeroizing;

use super::account::{Account, ClientCertificate};
use super::file::{ProfileFile, PublicKeyFile, SecretSource};
use crate::ended::NotSent;

/// Reads a profile.
pub(crate) fn load(path: &Path) -> Result<Account, NotSent> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| NotSent::new(format!("the profile {}: {error}", path.display())))?;
    let file: ProfileFile = serde_json::from_str(&text).map_err(|error| {
        NotSent::new(format!(
            "the profile {}: {error} (see `wxpay profile --example`)",
            path.display()
        ))
    })?;
    let reader = Reader {
        profile: path,
        folder: path.parent().unwrap_or_else(|| Path::new("")),
    };
    reader.account(&file)
}

/// Reads the files of one profile.
struct Reader<'a> {
    profile: &'a Path,
    folder: &'a Path,
}

/// Who signs, before it is known whether it is a merchant or a brand.
struct Signing<'a> {
    entry: &'a str,
    number: Option<&'a str>,
    serial: Option<&'a str>,
    certificate: Option<&'a Path>,
    private_key: &'a Path,
}

impl Reader<'_> {
    fn account(&self, file: &ProfileFile) -> Result<Account, NotSent> {
        let mut account = Account::default();
        let merchant = file
            .merchant
            .as_deref()
            .map(|number| self.about("merchant", MerchantId::new(number)))
            .transpose()?;
        if let Some(path) = &file.private_key {
            let id = merchant
                .clone()
                .ok_or_else(|| self.problem("merchant", "it is needed beside `private_key`"))?;
            let (serial, key) = self.signing(&Signing {
                entry: "",
                number: Some(id.as_str()),
                serial: file.certificate_serial.as_deref(),
                certificate: file.certificate.as_deref(),
                private_key: path,
            })?;
            account.merchant = Some((Credentials::merchant(id, serial), key));
        }
        if let Some(brand) = &file.brand {
            let id = self.about("brand.id", BrandId::new(&*brand.id))?;
            let (serial, key) = self.signing(&Signing {
                entry: "brand.",
                number: None,
                serial: brand.certificate_serial.as_deref(),
                certificate: brand.certificate.as_deref(),
                private_key: &brand.private_key,
            })?;
            account.brand = Some((Credentials::brand(id, serial), key));
        }
        account.platform_keys = self.platform_keys(file)?;
        if let Some(source) = &file.api_v2_key {
            let id = merchant.ok_or_else(|| self.problem("merchant", "it is needed beside `api_v2_key`"))?;
            account.v2 = Some((v2::Credentials::new(id), self.api_v2_key(source)?));
        }
        account.client_certificate = self.client_certificate(file)?;
        let base = file.base_url.as_deref();
        account.base = base
            .map(|text| self.about("base_url", BaseUrl::new(text)))
            .transpose()?;
        let root = file.extra_root.as_deref();
        account.extra_root = root.map(|path| self.text("extra_root", path)).transpose()?;
        Ok(account)
    }

    fn signing(&self, wanted: &Signing<'_>) -> Result<(Serial, MerchantKey), NotSent> {
        let name = |name: &str| format!("{}{name}", wanted.entry);
        let entry = name("private_key");
        let pem = Zeroizing::new(self.text(&entry, wanted.private_key)?);
        let key = self.in_file(
            &entry,
            wanted.private_key,
            MerchantKey::from_pem(&pem, Backend::AwsLc),
        )?;
        let certificate = wanted
            .certificate
            .map(|path| self.api_certificate(&name("certificate"), path, wanted.number, &key))
            .transpose()?;
        let told = wanted
            .serial
            .map(|text| self.about(&name("certificate_serial"), Serial::new(text)))
            .transpose()?;
        match (told, certificate) {
            (Some(told), Some(certificate)) if told != *certificate.serial() => Err(self.problem(
                &name("certificate_serial"),
                &format!("the certificate's own is {}", certificate.serial()),
            )),
            (_, Some(certificate)) => Ok((certificate.serial().clone(), key)),
            (Some(told), None) => Ok((told, key)),
            (None, None) => Err(self.problem(
                &name("certificate"),
                "wanted is the API certificate, apiclient_cert.pem, or its serial number as `certificate_serial`",
            )),
        }
    }

    /// The account's own certificate, held against its number and its key: mixed-up files are the usual mistake.
    fn api_certificate(
        &self,
        entry: &str,
        path: &Path,
        number: Option<&str>,
        key: &MerchantKey,
    ) -> Result<Certificate, NotSent> {
        let pem = self.text(entry, path)?;
        let certificate = self.in_file(entry, path, Certificate::from_pem(&pem))?;
        let found = certificate.merchant();
        if let Some(number) = number.filter(|number| found != Some(number)) {
            let found = found.map_or_else(
                || "no merchant's".to_owned(),
                |found| format!("that of merchant {found}"),
            );
            let problem = format!(
                "{}: wanted is the API certificate of merchant {number}, and this is {found}",
                path.display()
            );
            return Err(self.problem(entry, &problem));
        }
        let public = self.in_file(
            entry,
            path,
            PublicKey::from_certificate(&certificate, Backend::AwsLc),
        )?;
        let probe = b"wxpay";
        let fits = key
            .sign(Algorithm::RsaSha256, probe)
            .and_then(|signature| public.verify(Algorithm::RsaSha256, probe, &signature));
        match fits {
            Ok(()) => Ok(certificate),
            Err(_) => Err(self.problem(entry, "the private key is not the one of this certificate")),
        }
    }

    fn platform_keys(&self, file: &ProfileFile) -> Result<PlatformKeys, NotSent> {
        let mut keys = PlatformKeys::new();
        if let Some(PublicKeyFile { id, file: path }) = &file.platform_public_key {
            let id = self.about("platform_public_key.id", PublicKeyId::new(&**id))?;
            let entry = "platform_public_key.file";
            let pem = self.text(entry, path)?;
            let key = PlatformKey::from_public_key_pem(id, &pem, Backend::AwsLc);
            keys.add(self.in_file(entry, path, key)?);
        }
        for path in &file.platform_certificates {
            let entry = "platform_certificates";
            let pem = self.text(entry, path)?;
            let key = PlatformKey::from_certificate_pem(&pem, Backend::AwsLc);
            keys.add(self.in_file(entry, path, key)?);
        }
        Ok(keys)
    }

    fn api_v2_key(&self, source: &SecretSource) -> Result<ApiV2Key, NotSent> {
        // Neither path nor name is shown: somebody may have written the key there.
        let text = match source {
            SecretSource::File { file } => std::fs::read_to_string(self.beside(file)).map_err(|error| {
                let problem = format!("wanted is the name of a file that holds the key: {error}");
                self.problem("api_v2_key.file", &problem)
            })?,
            SecretSource::Env { env } => std::env::var(env).map_err(|_| {
                let problem = "wanted is the name of an environment variable; the one named is not set";
                self.problem("api_v2_key.env", problem)
            })?,
        };
        let text = Zeroizing::new(text);
        // An editor ends a file with a line end, which no key has.
        self.about("api_v2_key", ApiV2Key::new(text.trim_end_matches(['\r', '\n'])))
    }

    /// The one that is named, or else the API certificate with its key, which is the same.
    fn client_certificate(&self, file: &ProfileFile) -> Result<Option<ClientCertificate>, NotSent> {
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

    fn text(&self, entry: &str, path: &Path) -> Result<String, NotSent> {
        if path.to_string_lossy().contains("-----BEGIN") {
            return Err(self.problem(
                entry,
                "wanted is the name of a file, and this is a file's content",
            ));
        }
        let path = self.beside(path);
        std::fs::read_to_string(&path)
            .map_err(|error| self.problem(entry, &format!("{}: {error}", path.display())))
    }

    fn beside(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    fn in_file<T>(&self, entry: &str, path: &Path, result: Result<T, impl Display>) -> Result<T, NotSent> {
        result.map_err(|error| self.problem(entry, &format!("{}: {error}", self.beside(path).display())))
    }

    fn about<T>(&self, entry: &str, result: Result<T, impl Display>) -> Result<T, NotSent> {
        result.map_err(|error| self.problem(entry, &error.to_string()))
    }

    fn problem(&self, entry: &str, problem: &str) -> NotSent {
        NotSent::new(format!(
            "the profile {}: `{entry}`: {problem}",
            self.profile.display()
        ))
    }
}
