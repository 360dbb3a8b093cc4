//! One call: choose, seal, stamp, sign, send, verify.

use tokio::time::{Instant, timeout_at};
use tracing::field::{Empty, display};
use tracing::{Span, debug, warn};
use wxpay_proto::{
    BuildError, KeyId, Operation, Outcome, Protocol, Stamp, UnixTime, Unsigned, Unverified, Written,
};

use crate::entropy::RandomFailed;
use crate::error::{Error, Phase};
use crate::inner::Inner;
use crate::parts::sealed::Choose;
use crate::parts::{Chosen, ClientProtocol, Turn};

type Keys<O> = <<O as Operation>::Protocol as Protocol>::Keys;

/// The span of a call. No header and no body goes into it.
pub(crate) fn span(operation: &'static str) -> Span {
    tracing::info_span!(
        "wxpay.call",
        operation,
        method = Empty,
        host = Empty,
        key = Empty,
        status = Empty,
        request_id = Empty,
        duration_ms = Empty,
    )
}

impl Inner {
    /// Makes a call; `prove` takes the answer apart.
    pub(crate) async fn call<O, T>(
        &self,
        operation: &O,
        span: &Span,
        prove: impl FnOnce(Unverified<O>, &Keys<O>, UnixTime) -> Result<T, wxpay_proto::Error>,
    ) -> Result<T, Error>
    where
        O: Operation<Protocol: ClientProtocol>,
    {
        let started = Instant::now();
        let turn = self.turn(operation);
        let result = self.attempt(operation, turn, span, prove, started).await;
        span.record(
            "duration_ms",
            u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        );
        match &result {
            Ok(_) => debug!("answered"),
            Err(error) => tell(error),
        }
        result
    }

    async fn attempt<O, T>(
        &self,
        operation: &O,
        turn: Turn,
        span: &Span,
        prove: impl FnOnce(Unverified<O>, &Keys<O>, UnixTime) -> Result<T, wxpay_proto::Error>,
        started: Instant,
    ) -> Result<T, Error>
    where
        O: Operation<Protocol: ClientProtocol>,
    {
        let name = O::META.name;
        let deadline = started + self.wire.limits.call;
        self.keys_at_hand::<O>(turn, deadline).await?;
        let Prepared {
            unsigned,
            chosen,
            certificate,
        } = self.prepare(operation, turn)?;
        let signing = chosen.signer.sign(unsigned.algorithm(), unsigned.message());
        let signature = match timeout_at(deadline, signing).await {
            Ok(signed) => signed.map_err(|source| wxpay_proto::Error::Sign {
                operation: name,
                source,
            })?,
            Err(_) => {
                let limit = self.wire.limits.call;
                return Err(Error::Timeout {
                    operation: name,
                    phase: Phase::Signing,
                    limit,
                });
            }
        };
        let mut signed = unsigned.attach(&signature)?;
        if let Some(base) = &self.base {
            signed = signed.at(base);
        }
        let (request, pending) = signed.into_parts();
        self.saw_asked::<O>(turn, &request);
        let response = self
            .wire
            .exchange(name, span, request, certificate, deadline)
            .await?;
        let answer = pending.receive(response);
        span.record("request_id", answer.request_id().map(display));
        Ok(self.proven(turn, answer, deadline, prove).await?)
    }

    /// Everything up to the signature; nothing in here waits.
    fn prepare<O>(&self, operation: &O, turn: Turn) -> Result<Prepared<'_, O>, Error>
    where
        O: Operation<Protocol: ClientProtocol>,
    {
        let name = O::META.name;
        let now = self.clock.now();
        let sealed = self.seal(operation, turn, now)?;
        let written = Written::new(sealed.as_ref().unwrap_or(operation))?;
        let certificate = written.needs_client_certificate();
        let chosen = O::Protocol::choose(&self.parts, turn, written.target(), now)?;
        if certificate && self.wire.mutual.is_none() {
            let missing = "the merchant's client certificate (apiclient_cert.pem and apiclient_key.pem)";
            return Err(BuildError::MissingCredential {
                operation: name,
                missing,
            }
            .into());
        }
        let nonce = self
            .random
            .nonce()
            .map_err(|RandomFailed| Error::Random { operation: name })?;
        let unsigned = written.unsigned(&chosen.credentials, &Stamp::new(now, nonce))?;
        Ok(Prepared {
            unsigned,
            chosen,
            certificate,
        })
    }
}

/// What [`Inner::prepare`] makes.
struct Prepared<'a, O: Operation> {
    unsigned: Unsigned<O>,
    chosen: Chosen<'a, O::Protocol>,
    certificate: bool,
}

impl Inner {
    /// A copy of the operation with every sensitive field sealed; none when there was nothing to seal.
    fn seal<O>(&self, operation: &O, turn: Turn, now: UnixTime) -> Result<Option<O>, Error>
    where
        O: Operation<Protocol: ClientProtocol>,
    {
        let name = O::META.name;
        let mut copy = operation.clone();
        let mut open = false;
        let mut sealed_for: Option<KeyId> = None;
        copy.sensitive(&mut |_, field| {
            open |= !field.is_writable();
            if let Some(key) = field.key() {
                sealed_for = Some(key.clone());
            }
        });
        if !open {
            return Ok(None);
        }
        // No value is filled in yet, and none decides whose name an operation with sensitive fields is signed in.
        let chosen = O::Protocol::choose(&self.parts, turn, O::META.path, now)?;
        let key = O::Protocol::sealing_key(&self.parts, &chosen.credentials, sealed_for.as_ref(), now);
        let mut problem: Option<Error> = None;
        let mut failed = false;
        copy.sensitive(&mut |pointer, field| {
            if problem.is_some() || field.is_writable() {
                return;
            }
            let mut entropy = |bytes: &mut [u8]| failed |= self.random.fill(bytes).is_err();
            let done = match &key {
                Ok(key) => field
                    .seal_with(O::META.padding, key.public_key(), key.id(), &mut entropy)
                    .map_err(|error| error.to_string()),
                Err(missing) => Err((*missing).to_owned()),
            };
            if let Err(text) = done {
                problem = Some(Error::Seal {
                    operation: name,
                    pointer: pointer.to_owned(),
                    problem: text,
                });
            }
        });
        match problem {
            _ if failed => Err(Error::Random { operation: name }),
            Some(problem) => Err(problem),
            None => Ok(Some(copy)),
        }
    }
}

/// Says in the log how a call ended, without a word of what was asked or answered.
fn tell(error: &Error) {
    let code = error.api_error().and_then(|error| error.code.as_deref());
    match error.outcome() {
        Outcome::Unknown => warn!(
            kind = error.kind(),
            code, "the outcome is unknown: query, never repeat blindly"
        ),
        Outcome::Refused => debug!(kind = error.kind(), code, "refused"),
        Outcome::NotSent => debug!(kind = error.kind(), "not sent"),
    }
}
