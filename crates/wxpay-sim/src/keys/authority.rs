//! The authority that clients trust, and the certificates that it gives the server, a host at a time.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType, date_time_ymd,
};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::error::FolderError;
use crate::server::{certified, hosts};

/// What it may vouch for: who steals its key gains nothing against any other host of who trusts it.
const NAMES: [&str; 4] = ["weixin.qq.com", "wechatpay.cn", "wx.tenpay.com", "localhost"];

/// The authority's certificate and key, as PEM.
pub(super) struct AuthorityFiles {
    pub(super) certificate: String,
    pub(super) private_key: String,
}

pub(super) fn make() -> Result<AuthorityFiles, rcgen::Error> {
    let key = KeyPair::generate()?;
    let certificate = authority().self_signed(&key)?;
    Ok(AuthorityFiles {
        certificate: certificate.pem(),
        private_key: key.serialize_pem(),
    })
}

fn authority() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, "wxpay simulator CA (test only)");
    params
        .distinguished_name
        .push(DnType::OrganizationName, "wxpay simulator");
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2119, 12, 31);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let names = NAMES.map(|name| GeneralSubtree::DnsName(name.to_owned()));
    // Loopback, and the networks that nobody owns.
    let networks = [
        CidrSubnet::from_v4_prefix([127, 0, 0, 0], 8),
        CidrSubnet::from_v4_prefix([10, 0, 0, 0], 8),
        CidrSubnet::from_v4_prefix([172, 16, 0, 0], 12),
        CidrSubnet::from_v4_prefix([192, 168, 0, 0], 16),
        CidrSubnet::from_v6_prefix(Ipv6Addr::LOCALHOST.octets(), 128),
        CidrSubnet::from_v6_prefix([0xfc, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 7),
    ];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: names
            .into_iter()
            .chain(networks.map(GeneralSubtree::IpAddress))
            .collect(),
        excluded_subtrees: Vec::new(),
    });
    params
}

/// Makes certificates on demand, and keeps them while it lives.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// The address that the server listens on, beside loopback.
    address: IpAddr,
    /// Year and month from which certificates are valid.
    from: (i32, u8),
    made: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

impl Authority {
    pub(super) fn new(
        files: &AuthorityFiles,
        address: IpAddr,
        from: (i32, u8),
    ) -> Result<Self, rcgen::Error> {
        let key = KeyPair::from_pem(&files.private_key)?;
        Ok(Self {
            issuer: Issuer::new(authority(), key),
            address,
            from,
            made: Mutex::default(),
        })
    }

    /// The certificate for a name; for none of ours the one for local addresses, which the client will complain about.
    fn certificate(&self, name: Option<&str>) -> Result<Arc<CertifiedKey>, FolderError> {
        let name = name
            .map(str::to_ascii_lowercase)
            .filter(|name| hosts::is_wechats(name))
            .unwrap_or_else(|| "localhost".to_owned());
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(&name) {
            return Ok(Arc::clone(known));
        }
        let certificate = Arc::new(self.make(&name)?);
        made.insert(name, Arc::clone(&certificate));
        Ok(certificate)
    }

    fn make(&self, name: &str) -> Result<CertifiedKey, FolderError> {
        let key = KeyPair::generate().map_err(FolderError::not_made)?;
        let mut params = CertificateParams::new([name.to_owned()]).map_err(FolderError::not_made)?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        if name == "localhost" {
            let addresses = [
                self.address,
                Ipv4Addr::LOCALHOST.into(),
                Ipv6Addr::LOCALHOST.into(),
            ];
            params.subject_alt_names.extend(addresses.map(SanType::IpAddress));
        }
        // Some systems refuse server certificates that are valid for more than 825 days.
        let (year, month) = self.from;
        params.not_before = date_time_ymd(year, month, 1);
        params.not_after = date_time_ymd(year.saturating_add(2), month, 1);
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let signed = params
            .signed_by(&key, &self.issuer)
            .map_err(FolderError::not_made)?;
        let private = PrivateKeyDer::try_from(key.serialize_der()).map_err(FolderError::not_made)?;
        certified(signed.der().clone(), private).map_err(FolderError::not_made)
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Authority {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        // Without one the handshake is refused with an alert, which is all that can be said here.
        self.certificate(hello.server_name()).ok()
    }
}
