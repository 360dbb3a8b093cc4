//! Keys and certificates, made once for all tests.

use std::sync::{Arc, LazyLock};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    PKCS_RSA_SHA256, RsaKeySize,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::v3::{Credentials, PlatformKey, PlatformKeys};
use wxpay_proto::{BrandId, KeyId, MerchantId, PublicKeyId, Serial};

pub(crate) const MERCHANT: &str = "1900007291";
pub(crate) const BRAND: &str = "6000000001";
pub(crate) const PLATFORM: &str = "PUB_KEY_ID_0119000072912024092500326400000000";
pub(crate) const API_V2_KEY: &str = "C0FFEEc0ffeeC0FFEEc0ffeeC0FFEE42";

/// Every key of a test.
pub(crate) struct Keys {
    merchant_pem: String,
    brand_pem: String,
    platform_pem: String,
    platform_public_pem: String,
    pub(crate) root_pem: String,
    server_pem: (String, String),
    pub(crate) client_pem: (String, String),
}

static KEYS: LazyLock<Keys> = LazyLock::new(Keys::generate);

impl Keys {
    pub(crate) fn get() -> &'static Self {
        &KEYS
    }

    fn generate() -> Self {
        let rsa = || KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).expect("an RSA key");
        let (merchant, brand, platform) = (rsa(), rsa(), rsa());
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key"));
        let authority = authority.expect("a root certificate");
        let leaf = |names: &[&str], usage| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let mut params = CertificateParams::new(names).expect("names");
            params.extended_key_usages = vec![usage];
            let key = KeyPair::generate().expect("a key");
            let certificate = params.signed_by(&key, &authority).expect("a certificate");
            (certificate.pem(), key.serialize_pem())
        };
        Self {
            merchant_pem: merchant.serialize_pem(),
            brand_pem: brand.serialize_pem(),
            platform_pem: platform.serialize_pem(),
            platform_public_pem: platform.public_key_pem(),
            server_pem: leaf(&["localhost", "::1"], ExtendedKeyUsagePurpose::ServerAuth),
            client_pem: leaf(&["merchant.example"], ExtendedKeyUsagePurpose::ClientAuth),
            root_pem: authority.pem(),
        }
    }

    pub(crate) fn merchant_key(&self) -> MerchantKey {
        private(&self.merchant_pem)
    }

    pub(crate) fn brand_key(&self) -> MerchantKey {
        private(&self.brand_pem)
    }

    pub(crate) fn platform_key(&self) -> MerchantKey {
        private(&self.platform_pem)
    }

    pub(crate) fn merchant_credentials(&self) -> Credentials {
        let serial = Serial::new("0A").expect("hexadecimal");
        Credentials::merchant(MerchantId::new(MERCHANT).expect("digits"), serial)
    }

    pub(crate) fn brand_credentials(&self) -> Credentials {
        let serial = Serial::new("0B").expect("hexadecimal");
        Credentials::brand(BrandId::new(BRAND).expect("digits"), serial)
    }

    pub(crate) fn platform_keys(&self) -> PlatformKeys {
        let id = PublicKeyId::new(PLATFORM).expect("an id");
        let key = PlatformKey::from_public_key_pem(id, &self.platform_public_pem, Backend::AwsLc);
        PlatformKeys::new().with(key.expect("a public key"))
    }

    pub(crate) fn platform_id(&self) -> KeyId {
        KeyId::new(PLATFORM).expect("an id")
    }

    /// What no log may hold: each private key's second line of base64, and the APIv2 key.
    pub(crate) fn secrets(&self) -> Vec<&str> {
        let pems = [&self.merchant_pem, &self.brand_pem, &self.client_pem.1];
        let lines = pems.into_iter().filter_map(|pem| pem.lines().nth(2));
        lines.chain([API_V2_KEY]).collect()
    }

    /// Every line of every private key, and the APIv2 key.
    pub(crate) fn all_secrets(&self) -> Vec<String> {
        let pems = [&self.merchant_pem, &self.brand_pem, &self.client_pem.1];
        let lines = pems.into_iter().flat_map(|pem| pem.lines());
        let inner = lines.filter(|line| !line.starts_with("-----") && line.len() > 20);
        inner.chain([API_V2_KEY]).map(str::to_owned).collect()
    }

    /// TLS for a server that takes client certificates but asks for none.
    pub(crate) fn server_config(&self, alpn: &[&str]) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(certificate(&self.root_pem)).expect("a root");
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let verifier = verifier.allow_unauthenticated().build().expect("a verifier");
        let key = PrivateKeyDer::from_pem_slice(self.server_pem.1.as_bytes()).expect("a key");
        let config = ServerConfig::builder_with_provider(provider);
        let mut config = config
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![certificate(&self.server_pem.0)], key)
            .expect("a certificate");
        config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
        Arc::new(config)
    }
}

fn private(pem: &str) -> MerchantKey {
    MerchantKey::from_pem(pem, Backend::AwsLc).expect("a private key")
}

fn certificate(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate")
}
