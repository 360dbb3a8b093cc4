//! One call: seal; then, for each attempt: choose, stamp, sign, send, verify.

use tokio::time::timeout_at;
use tracing::{Instrument as _, warn};
use wxpay_proto::retry::Facts;
use wxpay_proto::{BuildError, KeyId, Operation, Protocol, Stamp, UnixTime, Unsigned, Unverified, Written};

use crate::attempt::Attempt;
use crate::bodies::Bodies;
use crate::course::Course;
use crate::entropy::RandomFailed;
use crate::error::Error;
use crate::failure::{Failure, Phase};
use crate::inner::Inner;
use crate::observer::Event;
use crate::options::CallOptions;
use crate::parts::sealed::Choose;
use crate::parts::{Chosen, ClientProtocol, Turn};

type Keys<O> = <<O as Operation>::Protocol as Protocol>::Keys;

impl Inner {
    /// Makes a call, in as many attempts as it takes and may take; `prove` takes the answer apart.
    pub(crate) async fn call<O, T>(
        &self,
        operation: &O,
        options: CallOptions,
        prove: impl Fn(Unverified<O>, &Keys<O>, UnixTime) -> Result<T, wxpay_proto::Error>,
    ) -> Result<T, Error>
    where
        O: Operation<Protocol: ClientProtocol>,
    {
        self.call_with(operation, options, &Bodies::default(), prove)
            .await
    }

    /// The same, with bodies that flow.
    pub(crate) async fn call_with<O, T>(
        &self,
        operation: &O,
        options: CallOptions,
        bodies: &Bodies<'_>,
        prove: impl Fn(Unverified<O>, &Keys<O>, UnixTime) -> Result<T, wxpay_proto::Error>,
    ) -> Result<T, Error>
    where
        O: Operation<Protocol: ClientProtocol>,
    {
        // Held to the end: a shutdown waits for it.
        let pass = self.gate.pass();
        let mut course = Course::begin(self, O::meta(), options, self.turn(operation));
        let mut sealed = None;
        loop {
            let span = course.attempt().span.clone();
            let attempt = async {
                if pass.is_none() {
                    let operation = O::META.name;
                    return Err(Failure::ShutDown { operation });
                }
                self.attempt(operation, &mut sealed, &mut course, bodies, &prove)
                    .await
            };
            match attempt.instrument(span).await {
                Ok(value) => {
                    course.succeeded();
                    return Ok(value);
                }
                Err(failure) => {
                    let operation = sealed.as_ref().unwrap_or(operation);
                    course = course.failed(failure, || facts(operation)).await?;
                }
            }
        }
    }

    /// One attempt, with a stamp and a signature of its own. What the first one seals is sent by all of them.
    async fn attempt<O, T>(
        &self,
        operation: &O,
        sealed: &mut Option<O>,
        course: &mut Course<'_>,
        bodies: &Bodies<'_>,
        prove: &impl Fn(Unverified<O>, &Keys<O>, UnixTime) -> Result<T, wxpay_proto::Error>,
    ) -> Result<T, Failure>
    where
        O: Operation<Protocol: ClientProtocol>,
    {
        let name = O::META.name;
        let turn = course.turn();
        self.keys_at_hand::<O>(turn, course.attempt()).await?;
        if sealed.is_none() {
            *sealed = self.seal(operation, turn, self.clock.now())?;
        }
        let operation = sealed.as_ref().unwrap_or(operation);
        course.start_where_others_succeed(|| facts(operation));
        let attempt = course.attempt();
        let Prepared {
            unsigned,
            chosen,
            certificate,
        } = self.prepare(operation, turn, attempt)?;
        let signing = chosen.signer.sign(unsigned.algorithm(), unsigned.message());
        let signature = match timeout_at(attempt.deadline, signing).await {
            Ok(signed) => signed.map_err(|source| wxpay_proto::Error::Sign {
                operation: name,
                source,
            })?,
            Err(_) => {
                return Err(Failure::Timeout {
                    operation: name,
                    phase: Phase::Signing,
                    limit: attempt.options.call,
                });
            }
        };
        let mut signed = unsigned.attach(&signature)?;
        let host = signed.request().uri().host().unwrap_or_default();
        if let Some(base) = self.hosts.stand_in(host) {
            signed = signed.at(base);
        }
        let (request, pending) = signed.into_parts();
        self.saw_asked::<O>(turn, &request);
        let certificate = self.parts.certificate.as_ref().filter(|_| certificate);
        let response = self.wire.exchange(attempt, request, certificate, bodies).await?;
        self.look_at_the_clock(response.headers());
        let answer = pending.receive(response);
        Ok(self.proven(turn, answer, attempt.deadline, prove).await?)
    }

    fn look_at_the_clock(&self, answer: &http::HeaderMap) {
        if let Some(seconds) = self.skew.saw(answer, self.clock.now()) {
            warn!(
                seconds,
                "this machine's clock is off, by the answer's Date: from 300 s on every signature is refused"
            );
            self.observed.tell(&Event::ClockSkew { seconds });
        }
    }

    /// Everything up to the signature; nothing in here waits.
    fn prepare<O>(&self, operation: &O, turn: Turn, attempt: &mut Attempt) -> Result<Prepared<'_, O>, Failure>
    where
        O: Operation<Protocol: ClientProtocol>,
    {
        let name = O::META.name;
        let now = self.clock.now();
        let mut written = Written::new(operation)?;
        attempt.effect = written.effect();
        if let Some(host) = attempt.host {
            written = written.on(host);
        }
        let certificate = written.needs_client_certificate();
        let chosen = O::Protocol::choose(&self.parts, turn, written.target(), now)?;
        if certificate && self.parts.certificate.is_none() {
            let missing = "the merchant's client certificate (apiclient_cert.pem and apiclient_key.pem, or apiclient_cert.p12)";
            return Err(BuildError::MissingCredential {
                operation: name,
                missing,
            }
            .into());
        }
        let nonce = self
            .random
            .nonce()
            .map_err(|RandomFailed| Failure::Random { operation: name })?;
        let unsigned = written.unsigned(&chosen.credentials, &Stamp::new(now, nonce))?;
        Ok(Prepared {
            unsigned,
            chosen,
            certificate,
        })
    }
}

/// What a decision about repeating the call needs to know; nothing of a request that cannot be written.
fn facts<O: Operation>(operation: &O) -> Option<Facts> {
    Some(Written::new(operation).ok()?.facts())
}

/// What [`Inner::prepare`] makes.
struct Prepared<'a, O: Operation> {
    unsigned: Unsigned<O>,
    chosen: Chosen<'a, O::Protocol>,
    certificate: bool,
}

impl Inner {
    /// A copy of the operation with every sensitive field sealed; none when there was nothing to seal.
    fn seal<O>(&self, operation: &O, turn: Turn, now: UnixTime) -> Result<Option<O>, Failure>
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
        let mut problem: Option<Failure> = None;
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
                problem = Some(Failure::Seal {
                    operation: name,
                    pointer: pointer.to_owned(),
                    problem: text,
                });
            }
        });
        match problem {
            _ if failed => Err(Failure::Random { operation: name }),
            Some(problem) => Err(problem),
            None => Ok(Some(copy)),
        }
    }
}
