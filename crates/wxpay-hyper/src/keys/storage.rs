//! Where certificates are kept over a restart, and shared between instances.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

/// Any error, as storages return them.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Held while an instance downloads; the next one has its turn when it is dropped.
pub type Turn = Box<dyn Any + Send>;

/// Keeps a merchant's platform certificates: in a file ([`FileStorage`](crate::FileStorage)), or wherever you like, so that
/// many instances share one download.
///
/// What is kept is a text of a few kilobytes with a version and a digest, all of it public. Whoever can change it can
/// have forged answers believed: keep it like a configuration file. A text that cannot be used is logged and downloaded
/// anew.
///
/// ```
/// use wxpay_hyper::{BoxError, KeyStorage};
///
/// /// A row in a table that all instances see.
/// struct Row;
///
/// impl KeyStorage for Row {
///     async fn load(&self) -> Result<Option<String>, BoxError> {
///         Ok(None) // SELECT text FROM wechatpay_certificates WHERE merchant = …
///     }
///
///     async fn save(&self, text: &str) -> Result<(), BoxError> {
///         let _ = text; // INSERT … ON CONFLICT (merchant) DO UPDATE
///         Ok(())
///     }
/// }
/// ```
pub trait KeyStorage: Send + Sync {
    /// What was saved last; nothing when nothing was.
    ///
    /// # Errors
    /// Anything; it is logged, and the certificates are downloaded.
    fn load(&self) -> impl Future<Output = Result<Option<String>, BoxError>> + Send;

    /// Replaces what was saved, as a whole.
    ///
    /// # Errors
    /// Anything; it is logged, and this instance goes on with what it has downloaded.
    fn save(&self, text: &str) -> impl Future<Output = Result<(), BoxError>> + Send;

    /// Waits until no other instance downloads. Whoever waited loads first, and finds what the other has saved.
    ///
    /// Unless it is written, nobody waits, and instances that start in the same moment download once each.
    ///
    /// # Errors
    /// Anything; it is logged, and nobody is waited for.
    fn turn(&self) -> impl Future<Output = Result<Turn, BoxError>> + Send {
        async { Ok(Box::new(()) as Turn) }
    }
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send + 'a>>;

/// The form of [`KeyStorage`] that fits behind a pointer.
pub(crate) trait AnyStorage: Send + Sync {
    fn load(&self) -> Boxed<'_, Option<String>>;
    fn save<'a>(&'a self, text: &'a str) -> Boxed<'a, ()>;
    fn turn(&self) -> Boxed<'_, Turn>;
}

impl<S: KeyStorage> AnyStorage for S {
    fn load(&self) -> Boxed<'_, Option<String>> {
        Box::pin(KeyStorage::load(self))
    }

    fn save<'a>(&'a self, text: &'a str) -> Boxed<'a, ()> {
        Box::pin(KeyStorage::save(self, text))
    }

    fn turn(&self) -> Boxed<'_, Turn> {
        Box::pin(KeyStorage::turn(self))
    }
}

impl fmt::Debug for dyn AnyStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyStorage(…)")
    }
}
