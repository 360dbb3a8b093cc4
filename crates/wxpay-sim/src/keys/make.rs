//! Makes the keys and certificates of the platform and of its accounts.

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, SerialNumber, date_time_ymd,
};

use super::chance;
use super::error::FolderError;

/// A certificate and its key, as PEM, and both in DER.
pub(super) struct Pair {
    pub(super) certificate: String,
    pub(super) private_key: String,
    pub(super) certificate_der: Vec<u8>,
    pub(super) private_key_der: Vec<u8>,
    /// The serial number, in capital hexadecimal digits.
    pub(super) serial: String,
}

/// A public key and the key that it belongs to, as PEM.
pub(super) struct Bare {
    pub(super) public_key: String,
    pub(super) private_key: String,
}

/// What gives merchants and the platform their certificates. It lives while keys are made and is thrown away then.
pub(super) struct Issuing(Issuer<'static, KeyPair>);

impl Issuing {
    pub(super) fn new() -> Result<Self, FolderError> {
        let key = rsa()?;
        let mut params = params(&[
            (DnType::CountryName, "CN"),
            (DnType::OrganizationName, "Tenpay.com"),
            (DnType::OrganizationalUnitName, "wxpay simulator (test only)"),
            (DnType::CommonName, "Tenpay.com Root CA"),
        ]);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        Ok(Self(Issuer::new(params, key)))
    }

    /// A merchant's API certificate (商户API证书).
    pub(super) fn merchant(&self, mchid: &str) -> Result<Pair, FolderError> {
        let mut params = params(&[
            (DnType::CountryName, "CN"),
            (DnType::LocalityName, "深圳"),
            (DnType::OrganizationName, "微信商户系统"),
            (DnType::OrganizationalUnitName, "wxpay simulator (test only)"),
            (DnType::CommonName, mchid),
        ]);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self.certify(params)
    }

    /// A platform certificate (平台证书), valid from the first day of a year.
    pub(super) fn platform(&self, from: i32) -> Result<Pair, FolderError> {
        let mut params = params(&[
            (DnType::CountryName, "CN"),
            (DnType::OrganizationName, "Tenpay.com"),
            (DnType::OrganizationalUnitName, "wxpay simulator (test only)"),
            (DnType::CommonName, "Tenpay.com sign"),
        ]);
        params.not_before = date_time_ymd(from, 1, 1);
        self.certify(params)
    }

    fn certify(&self, mut params: CertificateParams) -> Result<Pair, FolderError> {
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
        ];
        let key = rsa()?;
        // Positive, and 40 hexadecimal digits in every spelling.
        let mut number = chance::bytes::<20>()?;
        number[0] = number[0] & 0x6f | 0x10;
        params.serial_number = Some(SerialNumber::from_slice(&number));
        let serial = number.map(|byte| format!("{byte:02X}")).concat();
        let certificate = params.signed_by(&key, &self.0).map_err(FolderError::not_made)?;
        Ok(Pair {
            certificate: certificate.pem(),
            private_key: key.serialize_pem(),
            certificate_der: certificate.der().to_vec(),
            private_key_der: key.serialize_der(),
            serial,
        })
    }
}

/// A WeChat Pay public key (微信支付公钥) with the key that it verifies.
pub(super) fn bare() -> Result<Bare, FolderError> {
    let key = rsa()?;
    Ok(Bare {
        public_key: key.public_key_pem(),
        private_key: key.serialize_pem(),
    })
}

fn rsa() -> Result<KeyPair, FolderError> {
    KeyPair::generate_for(&PKCS_RSA_SHA256).map_err(FolderError::not_made)
}

/// Valid for a hundred years, as the shipped ones are: a business clock that is turned makes none of them expire.
fn params(subject: &[(DnType, &str)]) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    for (kind, value) in subject {
        params.distinguished_name.push(kind.clone(), *value);
    }
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2119, 12, 31);
    params
}
