//! Who signs: a key at hand, or one that has to be asked over a network.

mod threads;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use wxpay_proto::crypto::{Algorithm, CryptoError, Signature, Signer};

pub use threads::SigningThreads;

/// Signs messages with a key that lives elsewhere, in a KMS or an HSM: the asynchronous twin of
/// [`Signer`].
///
/// ```
/// use wxpay_hyper::AsyncSigner;
/// use wxpay_proto::crypto::{Algorithm, CryptoError, Signature};
///
/// struct Kms;
///
/// impl AsyncSigner for Kms {
///     async fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Signature, CryptoError> {
///         # async fn ask(_: &[u8]) -> Result<Vec<u8>, std::io::Error> { Ok(Vec::new()) }
///         if algorithm != Algorithm::RsaSha256 {
///             return Err(CryptoError::Unsupported { key: "this KMS key", algorithm });
///         }
///         let signed = ask(message).await;
///         signed.map(Signature::new).map_err(|error| CryptoError::Signer { problem: error.to_string() })
///     }
/// }
/// ```
pub trait AsyncSigner: Send + Sync {
    /// Signs `message`, which holds no secret. The call's deadline applies: the future may be dropped.
    ///
    /// # Errors
    /// [`CryptoError::Signer`] with what the key's keeper said; [`CryptoError::Unsupported`] for an algorithm that it
    /// does not have.
    fn sign(
        &self,
        algorithm: Algorithm,
        message: &[u8],
    ) -> impl Future<Output = Result<Signature, CryptoError>> + Send;
}

type Signing<'a> = Pin<Box<dyn Future<Output = Result<Signature, CryptoError>> + Send + 'a>>;

/// The form of [`AsyncSigner`] that fits behind a pointer.
pub(crate) trait Remote: Send + Sync {
    fn sign<'a>(&'a self, algorithm: Algorithm, message: &'a [u8]) -> Signing<'a>;
}

impl<S: AsyncSigner> Remote for S {
    fn sign<'a>(&'a self, algorithm: Algorithm, message: &'a [u8]) -> Signing<'a> {
        Box::pin(AsyncSigner::sign(self, algorithm, message))
    }
}

/// A signer of either kind.
#[derive(Clone)]
pub(crate) enum AnySigner {
    Local(Arc<dyn Signer + Send + Sync>),
    Remote(Arc<dyn Remote>),
}

impl AnySigner {
    pub(crate) fn local(signer: impl Signer + Send + Sync + 'static) -> Self {
        Self::Local(Arc::new(signer))
    }

    pub(crate) fn remote(signer: impl AsyncSigner + 'static) -> Self {
        Self::Remote(Arc::new(signer))
    }

    pub(crate) fn borrow(&self) -> SignerRef<'_> {
        match self {
            Self::Local(signer) => SignerRef::Local(&**signer),
            Self::Remote(signer) => SignerRef::Remote(&**signer),
        }
    }
}

impl fmt::Debug for AnySigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Local(_) => "Local(…)",
            Self::Remote(_) => "Remote(…)",
        })
    }
}

/// The signer of one call.
#[derive(Clone, Copy)]
pub(crate) enum SignerRef<'a> {
    Local(&'a (dyn Signer + Send + Sync)),
    Remote(&'a dyn Remote),
}

impl SignerRef<'_> {
    pub(crate) async fn sign(self, algorithm: Algorithm, message: &[u8]) -> Result<Signature, CryptoError> {
        match self {
            Self::Local(signer) => signer.sign(algorithm, message),
            Self::Remote(signer) => signer.sign(algorithm, message).await,
        }
    }
}
