//! What an operation has written, before anybody is chosen to sign it.

use std::fmt;
use std::marker::PhantomData;

use crate::draft::Draft;
use crate::error::BuildError;
use crate::exchange::Unsigned;
use crate::host::Host;
use crate::meta::Effect;
use crate::operation::Operation;
use crate::protocol::Protocol;
use crate::retry::Facts;
use crate::stamp::Stamp;

/// An operation that has written itself, before anybody is chosen to sign it.
///
/// For those who sign in several names: the target decides whose.
pub struct Written<O: Operation> {
    draft: Draft,
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation> Written<O> {
    /// Lets the operation write itself.
    ///
    /// # Errors
    /// [`BuildError`] when the values cannot make a request.
    pub fn new(operation: &O) -> Result<Self, BuildError> {
        let mut draft = Draft::new(O::meta());
        operation.write(&mut draft)?;
        Ok(Self {
            draft,
            operation: PhantomData,
        })
    }

    /// Path and query, as they will be signed and sent.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.draft.target
    }

    /// What the request does: of an untyped call, what its method says.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.draft.effect
    }

    /// Whether the merchant's client certificate is needed (双向证书).
    #[must_use]
    pub fn needs_client_certificate(&self) -> bool {
        self.draft.client_certificate
    }

    /// Sends the request to another of WeChat Pay's hosts than the documentation names, one of
    /// [`Host::SAME_SERVICE`] say; [`retry::Attempts::host`](crate::retry::Attempts::host) tells where to.
    #[must_use]
    pub fn on(mut self, host: Host) -> Self {
        self.draft.host = host;
        self
    }

    /// What a decision about repeating it needs to know. Cheap, but not free: ask once an attempt has failed.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let (draft, meta) = (&self.draft, O::meta());
        let keyed = meta
            .idempotent_by
            .is_some_and(|field| draft.carries(meta.path, field));
        Facts::of_request(draft.effect, draft.host, &draft.target, keyed, meta.settled_by)
    }

    /// Renders the request for those who will sign it.
    ///
    /// # Errors
    /// [`BuildError`] when it cannot be made with these credentials.
    pub fn unsigned(
        self,
        credentials: &<O::Protocol as Protocol>::Credentials,
        stamp: &Stamp,
    ) -> Result<Unsigned<O>, BuildError> {
        Unsigned::render(self.draft, credentials, stamp)
    }
}

impl<O: Operation> fmt::Debug for Written<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Written")
            .field("operation", &self.draft.name)
            .finish_non_exhaustive()
    }
}
