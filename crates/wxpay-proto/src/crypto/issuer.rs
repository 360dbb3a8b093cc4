//! Who issued a certificate: one step of a chain, for callers who hold WeChat Pay's root.

use super::certificate::Certificate;
use super::key::{Backend, PublicKey};
use super::key_file::KeyError;
use super::{Signature, Verifier as _};
use crate::stamp::UnixTime;

impl Certificate {
    /// Checks that `issuer`, a root that you trust, signed this certificate with RSA and SHA-256 (or, with the
    /// feature `sm`, with SM2 and SM3), and is valid at `now`.
    ///
    /// It is one step, without intermediate certificates, since platform certificates are issued by the root itself.
    /// A certificate that is its own issuer passes only when it is the root that was given.
    ///
    /// # Errors
    /// [`KeyError::Unusable`] that says what does not fit.
    pub fn check_issuer(&self, issuer: &Self, backend: Backend, now: UnixTime) -> Result<(), KeyError> {
        let unusable = |problem: String| KeyError::Unusable {
            kind: "the certificate",
            problem,
        };
        if self.issuer != issuer.subject {
            let name = issuer.common_name().unwrap_or("the given root");
            return Err(unusable(format!("it was not issued by {name}")));
        }
        if now < issuer.not_before() || now > issuer.not_after() {
            return Err(unusable("its root is not valid at this time".to_owned()));
        }
        let algorithm = self
            .signed_with()
            .ok_or_else(|| unusable("it is not signed with RSA and SHA-256".to_owned()))?;
        let signature = Signature::new(self.signature.clone());
        PublicKey::from_certificate(issuer, backend)?
            .verify(algorithm, &self.signed, &signature)
            .map_err(|_| unusable("its root's signature does not fit".to_owned()))
    }
}
