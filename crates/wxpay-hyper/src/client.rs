//! The client: one for a merchant, whatever mix of protocols.

mod files;
mod merchants;

use std::fmt;
use std::sync::Arc;

use wxpay_proto::crypto::FileDigest;
use wxpay_proto::proof::{Digest, Proof};
use wxpay_proto::retry::Jitter;
use wxpay_proto::{Operation, Response, Unverified, Verified};

use crate::error::Error;
use crate::inner::Inner;
use crate::observer::Observed;
use crate::options::CallOptions;
use crate::parts::ClientProtocol;

/// Sends operations. It is cheap to clone, and its clones share their connections; make one and keep it.
///
/// A call is one or several attempts, each stamped and signed afresh: what [`retry`](wxpay_proto::retry) finds safe is
/// repeated, after a failure of the connection at another of WeChat Pay's hosts. [`CallOptions`] say how often and how long.
/// When the future of a call is dropped before it is done, its outcome is unknown; the log says so.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    options: CallOptions,
}

impl Client {
    pub(crate) fn new(inner: Inner, options: CallOptions) -> Self {
        let inner = Arc::new(inner);
        Self { inner, options }
    }

    pub(crate) fn options(&self) -> &CallOptions {
        &self.options
    }

    pub(crate) fn observed(&self) -> &Observed {
        &self.inner.observed
    }

    pub(crate) fn jitter(&self) -> Jitter {
        self.inner.random.jitter()
    }

    /// How many seconds this machine's clock is ahead of WeChat Pay's (negative: behind), by the `Date` of the last answer
    /// that had one. No signature covers that header: it is a hint, and a reason to look at the clock from a minute on.
    #[must_use]
    pub fn clock_skew(&self) -> Option<i64> {
        self.inner.skew.seconds()
    }

    /// The same client, with other deadlines and limits for the calls that are made through the copy.
    ///
    /// A limit of zero fails every such call.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(CallOptions) -> CallOptions) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            options: change(self.options),
        }
    }

    /// Sends an operation and verifies its answer.
    ///
    /// Sensitive fields that are not sealed yet are sealed on the way, in a copy, with the padding that the operation's
    /// facts say. What comes out is [`Verified`], [`Checked`](wxpay_proto::Checked) or [`Unauthenticated`](wxpay_proto::Unauthenticated), by the
    /// operation.
    ///
    /// # Errors
    /// [`Error`]; its [`outcome`](Error::outcome) tells whether the call may have been executed.
    pub async fn send<O>(
        &self,
        operation: &O,
    ) -> Result<<<O::Response as Response>::Proof as Proof>::Answer<O::Response>, Error>
    where
        O: Operation<Protocol: ClientProtocol, Response: Response<Proof: Proof>>,
    {
        self.inner
            .call(operation, self.options, |answer, keys, now| {
                answer.verify(keys, now)
            })
            .await
    }

    /// Fetches a file and checks it by the digest that a signed answer told beforehand.
    ///
    /// # Errors
    /// As for [`send`](Self::send); an [`Unverified`](wxpay_proto::Error::Unverified) one when it is another file.
    pub async fn download<O>(
        &self,
        operation: &O,
        digest: &FileDigest,
    ) -> Result<Verified<O::Response>, Error>
    where
        O: Operation<Protocol: ClientProtocol, Response: Response<Proof = Digest>>,
    {
        self.inner
            .call(operation, self.options, |answer, keys, now| {
                answer.file(digest, keys, now)
            })
            .await
    }
}

impl Client {
    /// Sends an operation and hands over its answer as it came, with nothing proven: for answers that are proven in a way
    /// of their own, such as the platform certificates ([`FetchCertificates`](wxpay_proto::v3::FetchCertificates)).
    ///
    /// A refusal is an answer here, and no error; nothing that was answered is repeated.
    ///
    /// # Errors
    /// [`Error`] when no answer was had; its [`outcome`](Error::outcome) tells whether the call may have been executed.
    pub async fn exchange<O>(&self, operation: &O) -> Result<Unverified<O>, Error>
    where
        O: Operation<Protocol: ClientProtocol>,
    {
        self.inner
            .call(operation, self.options, |answer, _, _| Ok(answer))
            .await
    }
}

impl Client {
    /// Shuts the client down, with all its clones and the clients for other merchants that share its connections: a call
    /// that begins after this is not sent, those under way go on, and so do files that are being read. It is done when all
    /// of them are.
    ///
    /// A call ends by its deadline, so this takes no longer than the longest of them; a file ends when it is read or
    /// dropped. To wait no longer than you will, put a timeout around it: nothing begins again. Idle connections close
    /// with the last clone.
    pub async fn shutdown(&self) {
        self.inner.gate.close().await;
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &self.inner.parts;
        let account = |part: &Option<crate::parts::Account>| {
            part.as_ref().map(|account| account.credentials.account().clone())
        };
        f.debug_struct("Client")
            .field("merchant", &account(&parts.merchant))
            .field("brand", &account(&parts.brand))
            .field(
                "v2",
                &parts.v2.as_ref().map(|(credentials, _)| credentials.merchant()),
            )
            .field("client_certificate", &parts.certificate.is_some())
            .field("bases", &self.inner.hosts.bases())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
