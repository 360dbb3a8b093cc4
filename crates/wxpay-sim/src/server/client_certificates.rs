//! The certificates that clients show in the TLS handshake: asked for, never demanded.

use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

use crate::client_certificate::ClientCertificate;
use crate::profile::Profile;

/// The accounts' API certificates, byte for byte: whoever shows one of them, and has its key, is that merchant.
#[derive(Debug)]
pub(super) struct KnownCertificates(Vec<(CertificateDer<'static>, ClientCertificate)>);

impl KnownCertificates {
    pub(super) fn of(profile: &Profile) -> Result<Self, rustls::pki_types::pem::Error> {
        let accounts = profile.merchants().iter();
        let known = accounts.map(|account| {
            let certificate = CertificateDer::from_pem_slice(account.certificate_pem().as_bytes())?;
            Ok((certificate, ClientCertificate::of(account.id().as_str())))
        });
        known.collect::<Result<_, _>>().map(Self)
    }

    /// Whose certificate a chain starts with.
    pub(super) fn owner(&self, chain: Option<&[CertificateDer<'_>]>) -> Option<ClientCertificate> {
        let shown = chain?.first()?;
        let mut known = self.0.iter();
        let found = known.find(|(certificate, _)| certificate == shown);
        found.map(|(_, owner)| owner.clone())
    }
}

/// Takes any certificate whose key the client proves to have. One that is no account's counts as none later on, where the
/// refusal can say so: an alert in the handshake tells nothing.
#[derive(Debug)]
pub(super) struct Asked(pub(super) Arc<CryptoProvider>);

impl ClientCertVerifier for Asked {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        // Clients that choose by the issuer would offer none of a real merchant's.
        &[]
    }

    fn verify_client_cert(
        &self,
        _shown: &CertificateDer<'_>,
        _chain: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, shown, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, shown, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
