//! Who signs: an account with its serial number, its certificate and its private key, held against each other.

use std::path::Path;

use wxpay_proto::crypto::{Algorithm, Backend, Certificate, MerchantIdentity, MerchantKey, P12};
use wxpay_proto::v3::{Account as Signer, Credentials};
use wxpay_proto::{BrandId, MerchantId, Serial};
use zeroize::Zeroizing;

use super::reader::Reader;
use crate::ended::NotSent;

/// Who signs v3 requests; the private key and the certificate may be elsewhere.
#[derive(Debug)]
pub(crate) struct Signing {
    pub(crate) credentials: Credentials,
    pub(crate) key: Option<MerchantKey>,
    pub(crate) certificate: Option<Certificate>,
}

/// The entries about a signer.
struct Entries<'a> {
    /// What stands in front of their names.
    prefix: &'a str,
    account: Signer,
    serial: Option<&'a str>,
    certificate: Option<&'a Path>,
    private_key: Option<&'a Path>,
    p12: Option<&'a Path>,
}

impl Reader {
    /// The merchant number.
    pub(crate) fn merchant_id(&self) -> Result<Option<MerchantId>, NotSent> {
        let number = self.file.merchant.as_deref();
        number
            .map(|number| self.about("merchant", MerchantId::new(number)))
            .transpose()
    }

    /// The merchant who signs, if there is one.
    pub(crate) fn merchant(&self) -> Result<Option<Signing>, NotSent> {
        let file = &self.file;
        let Some(id) = self.merchant_id()? else {
            for (given, entry) in [
                (file.private_key.is_some(), "private_key"),
                (file.p12.is_some(), "p12"),
            ] {
                if given {
                    return Err(self.problem("merchant", &format!("it is needed beside `{entry}`")));
                }
            }
            return Ok(None);
        };
        self.signing(&Entries {
            prefix: "",
            account: Signer::Merchant(id),
            serial: file.certificate_serial.as_deref(),
            certificate: file.certificate.as_deref(),
            private_key: file.private_key.as_deref(),
            p12: file.p12.as_deref(),
        })
    }

    /// The brand that signs, if there is one.
    pub(crate) fn brand(&self) -> Result<Option<Signing>, NotSent> {
        let Some(brand) = &self.file.brand else {
            return Ok(None);
        };
        self.signing(&Entries {
            prefix: "brand.",
            account: Signer::Brand(self.about("brand.id", BrandId::new(&*brand.id))?),
            serial: brand.certificate_serial.as_deref(),
            certificate: brand.certificate.as_deref(),
            private_key: Some(&brand.private_key),
            p12: None,
        })
    }

    /// The API certificate of the merchant, or of the brand: what WeChat Pay verifies requests with. Whose it is, is not
    /// looked at.
    pub(crate) fn signer_certificate(&self, brand: bool) -> Result<Certificate, NotSent> {
        let entry = "certificate";
        let found = match &self.file.certificate {
            Some(path) if !brand => {
                let pem = self.text(entry, path)?;
                Some(self.in_file(entry, path, Certificate::from_pem(&pem))?)
            }
            _ => {
                let signing = if brand { self.brand()? } else { self.merchant()? };
                signing.and_then(|signing| signing.certificate)
            }
        };
        found.ok_or_else(|| {
            NotSent::new(
                "the API certificate is not at hand, which verifies requests: give --profile with `certificate`, or \
                 --certificate",
            )
        })
    }

    /// The merchant's private key alone, for whoever needs nothing else of the profile.
    pub(crate) fn merchant_key(&self) -> Result<MerchantKey, NotSent> {
        let entry = "private_key";
        let found = match &self.file.private_key {
            Some(path) => {
                let pem = Zeroizing::new(self.text(entry, path)?);
                Some(self.in_file(entry, path, MerchantKey::from_pem(&pem, Backend::AwsLc))?)
            }
            None => self.merchant()?.and_then(|signing| signing.key),
        };
        found.ok_or_else(|| {
            NotSent::new("the merchant's private key is not at hand: give --profile with `private_key`, or --private-key")
        })
    }

    fn signing(&self, entries: &Entries<'_>) -> Result<Option<Signing>, NotSent> {
        let name = |name: &str| format!("{}{name}", entries.prefix);
        let (certificate, key) = match entries.p12 {
            Some(path) => {
                let both = self.p12(path, entries)?;
                (Some(both.0), Some(both.1))
            }
            None => self.pair(entries)?,
        };
        let told = entries
            .serial
            .map(|text| self.about(&name("certificate_serial"), Serial::new(text)))
            .transpose()?;
        let serial = match (told, &certificate) {
            (Some(told), Some(certificate)) if told != *certificate.serial() => {
                let problem = format!("the certificate's own is {}", certificate.serial());
                return Err(self.problem(&name("certificate_serial"), &problem));
            }
            (_, Some(certificate)) => certificate.serial().clone(),
            (Some(told), None) => told,
            (None, None) if key.is_some() => {
                return Err(self.problem(
                    &name("certificate"),
                    "wanted is the API certificate, apiclient_cert.pem, or its serial number as `certificate_serial`",
                ));
            }
            (None, None) => return Ok(None),
        };
        let is_sm2 = key
            .as_ref()
            .is_some_and(|key| key.algorithm() == Algorithm::Sm2Sm3);
        let credentials = match &entries.account {
            Signer::Merchant(id) if is_sm2 => Credentials::merchant_sm2(id.clone(), serial),
            account => Credentials::new(account.clone(), serial),
        };
        Ok(Some(Signing {
            credentials,
            key,
            certificate,
        }))
    }

    /// The two files of one download; mixed-up files are the usual mistake.
    fn pair(&self, entries: &Entries<'_>) -> Result<(Option<Certificate>, Option<MerchantKey>), NotSent> {
        let name = |name: &str| format!("{}{name}", entries.prefix);
        let key = entries.private_key.map(|path| {
            let entry = name("private_key");
            let pem = Zeroizing::new(self.text(&entry, path)?);
            self.in_file(&entry, path, MerchantKey::from_pem(&pem, Backend::AwsLc))
        });
        let key = key.transpose()?;
        let Some(path) = entries.certificate else {
            return Ok((None, key));
        };
        let entry = name("certificate");
        let pem = self.text(&entry, path)?;
        let certificate = self.in_file(&entry, path, Certificate::from_pem(&pem))?;
        self.check_owner(&entry, path, &certificate, &entries.account)?;
        let Some(key) = key else {
            return Ok((Some(certificate), None));
        };
        let identity = MerchantIdentity::new(certificate, key, Backend::AwsLc);
        let (certificate, key) = self.in_file(&entry, path, identity)?.into_parts();
        Ok((Some(certificate), Some(key)))
    }

    fn p12(&self, path: &Path, entries: &Entries<'_>) -> Result<(Certificate, MerchantKey), NotSent> {
        let entry = "p12";
        if entries.certificate.is_some() || entries.private_key.is_some() {
            let problem = "it holds both: give it, or `certificate` and `private_key`";
            return Err(self.problem(entry, problem));
        }
        let identity = self.open_p12(path, entries.account.as_str())?;
        let identity = self.in_file(entry, path, identity.identity(Backend::AwsLc))?;
        let (certificate, key) = identity.into_parts();
        self.check_owner(entry, path, &certificate, &entries.account)?;
        Ok((certificate, key))
    }

    /// Opens the p12 file; its password is the merchant number.
    pub(super) fn open_p12(&self, path: &Path, number: &str) -> Result<P12, NotSent> {
        let bytes = self.bytes("p12", path)?;
        self.in_file("p12", path, P12::open(&bytes, number))
    }

    fn check_owner(
        &self,
        entry: &str,
        path: &Path,
        certificate: &Certificate,
        account: &Signer,
    ) -> Result<(), NotSent> {
        let Signer::Merchant(number) = account else {
            return Ok(());
        };
        let found = certificate.merchant();
        if found == Some(number.as_str()) {
            return Ok(());
        }
        let found = found.map_or_else(
            || "no merchant's".to_owned(),
            |found| format!("that of merchant {found}"),
        );
        let problem = format!(
            "{}: wanted is the API certificate of merchant {number}, and this is {found}",
            path.display()
        );
        Err(self.problem(entry, &problem))
    }
}
