//! One client's connections for many merchants.

use super::Client;
use crate::error::ConfigError;
use crate::fetching::bind;
use crate::inner::Inner;
use crate::merchant::Merchant;
use crate::transport::ShowsCertificate;

impl Client {
    /// A client for another merchant: it shares this one's connections, settings and clock, and nothing else. Neither
    /// merchant signs, verifies or seals with the other's keys.
    ///
    /// It is cheap, but make it once and keep it: its key store belongs to it, and so do the connections that show its
    /// client certificate, if it has one.
    ///
    /// ```
    /// use std::collections::HashMap;
    ///
    /// use wxpay_hyper::{Client, ConfigError, KeyStore, Merchant};
    /// use wxpay_proto::crypto::MerchantKey;
    /// use wxpay_proto::v3::Credentials;
    /// use wxpay_proto::{ApiV3Key, MerchantId};
    ///
    /// fn clients(
    ///     merchants: Vec<(MerchantId, Credentials, MerchantKey, ApiV3Key)>,
    /// ) -> Result<HashMap<MerchantId, Client>, ConfigError> {
    ///     let connections = Client::builder().build()?;
    ///     let each = merchants.into_iter().map(|(id, credentials, key, api_v3_key)| {
    ///         let store = KeyStore::builder().certificates(api_v3_key).build();
    ///         let merchant = Merchant::new().account(credentials, key).key_store(store);
    ///         Ok((id, connections.for_merchant(merchant)?))
    ///     });
    ///     each.collect()
    /// }
    /// # clients(Vec::new()).unwrap();
    /// ```
    ///
    /// # Errors
    /// [`ConfigError`] that says which part cannot be used.
    pub fn for_merchant(&self, merchant: Merchant) -> Result<Self, ConfigError> {
        merchant.check()?;
        let mut parts = merchant.parts;
        if let Some(certificate) = merchant.certificate {
            let connections = self.inner.wire.connections.as_ref();
            let connections = connections.ok_or_else(|| ConfigError::ClientCertificate {
                problem:
                    "the client sends over a transport that was given to it, which shows its own or none"
                        .to_owned(),
            })?;
            parts.certificate = Some(ShowsCertificate {
                of_a_merchant: Some(connections(certificate.identity()?)?),
            });
        }
        let inner = Inner {
            parts,
            ..(*self.inner).clone()
        };
        bind(&inner, self.options)?;
        Ok(Self::new(inner, self.options))
    }
}
