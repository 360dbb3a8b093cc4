//! Signing on other threads than those that wait.

use std::fmt;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use wxpay_proto::crypto::{Algorithm, CryptoError, Signature, Signer};

use super::AsyncSigner;

/// Signs with a key at hand, on threads of its own: an RSA signature takes a good half of a millisecond, during which a
/// thread that signs does nothing else. Thousands of them in a row would stop everything that shares the thread.
///
/// So many signatures are made at a time as threads were given; all others wait in the order in which they came, each no
/// longer than its call's deadline, and a call that gives up is not signed. As many threads as the machine has cores is
/// the most that helps. The threads are tokio's for blocking work.
///
/// For a few calls at a time the key itself is the better signer: handing over costs some microseconds for each call.
///
/// ```no_run
/// use wxpay_hyper::{Client, SigningThreads};
/// # use wxpay_proto::crypto::MerchantKey;
/// # use wxpay_proto::v3::Credentials;
///
/// # fn example(credentials: Credentials, key: MerchantKey) {
/// let builder = Client::builder().merchant_async(credentials, SigningThreads::new(key, 2));
/// # }
/// ```
pub struct SigningThreads<S> {
    signer: Arc<S>,
    places: Arc<Semaphore>,
}

impl<S: Signer + Send + Sync + 'static> SigningThreads<S> {
    /// Signs with `signer`, at most `threads` signatures at a time; at least one.
    #[must_use]
    pub fn new(signer: S, threads: usize) -> Self {
        Self {
            signer: Arc::new(signer),
            places: Arc::new(Semaphore::new(threads.clamp(1, Semaphore::MAX_PERMITS))),
        }
    }
}

impl<S: Signer + Send + Sync + 'static> AsyncSigner for SigningThreads<S> {
    async fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Signature, CryptoError> {
        let lost = |problem: String| CryptoError::Signer { problem };
        let place = Arc::clone(&self.places).acquire_owned().await;
        // Invariant: the semaphore is never closed.
        let place = place.map_err(|_| lost("the signing threads are closed".to_owned()))?;
        let (signer, message) = (Arc::clone(&self.signer), message.to_owned());
        let work = spawn_blocking(move || {
            let signature = signer.sign(algorithm, &message);
            // The place is taken until the work is done, whether anybody waits for it or not.
            drop(place);
            signature
        });
        work.await
            .unwrap_or_else(|error| Err(lost(format!("a signing thread ended: {error}"))))
    }
}

impl<S> fmt::Debug for SigningThreads<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningThreads")
            .field("free", &self.places.available_permits())
            .finish_non_exhaustive()
    }
}
