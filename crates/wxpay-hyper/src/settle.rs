//! Asking what became of a call whose outcome is unknown.

use std::fmt;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tracing::info;
use wxpay_proto::proof::Proof;
use wxpay_proto::retry::Reason;
use wxpay_proto::settled::{Progress, is_not_found};
use wxpay_proto::{Operation, Outcome, Response, Settled, Verified};

use crate::client::Client;
use crate::error::Error;
use crate::observer::Event;
use crate::parts::ClientProtocol;

/// What became of a call that was sent by [`Client::send_settled`].
#[derive(Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "every caller must handle all three, and there is no fourth"
)]
pub enum Sent<A, Q> {
    /// WeChat Pay answered it.
    Answered(A),
    /// No answer was had, and the query has found it.
    Found(Found<Q>),
    /// Still unknown: it may or may not have been executed. Ask again later ([`Client::settle`]); never repeat it blindly,
    /// and never under another number.
    Unknown(Unsettled<Q>),
}

/// What the query has found.
#[derive(Debug)]
#[non_exhaustive]
pub struct Found<Q> {
    /// Its answer. It tells what exists under that number: hold its amounts against yours.
    pub answer: Verified<Q>,
    /// How far it has come: [`Progress::Final`] or [`Progress::Accepted`].
    pub progress: Progress,
    /// How many queries it took.
    pub queries: u32,
}

/// A call that no query could settle within its time.
#[derive(Debug)]
#[non_exhaustive]
pub struct Unsettled<Q> {
    /// How the call itself ended, when it was sent by [`Client::send_settled`].
    pub call: Option<Error>,
    /// The last answer of the query, if it had any: nothing in it is certain about the call.
    pub last: Option<Box<Verified<Q>>>,
    /// Why the last query told nothing. That the number is not found proves nothing yet.
    pub error: Option<Error>,
    /// How many queries were sent.
    pub queries: u32,
}

impl<Q> fmt::Display for Unsettled<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.call {
            Some(call) => write!(f, "{call}; ")?,
            None => f.write_str("the outcome of the call is unknown; ")?,
        }
        write!(f, "{} queries have not settled it", self.queries)?;
        if let Some(error) = &self.error {
            write!(f, ", the last because: {error}")?;
        }
        f.write_str("; ask again later, and never take another number")
    }
}

impl<Q: fmt::Debug> std::error::Error for Unsettled<Q> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.call.as_ref().map(|call| call as _)
    }
}

type Answer<O> =
    <<<O as Operation>::Response as Response>::Proof as Proof>::Answer<<O as Operation>::Response>;
type Queried<O> = <<O as Settled>::Query as Operation>::Response;

impl Client {
    /// Sends an operation as [`send`](Self::send) does, and when its outcome is unknown asks what became of it, as
    /// [`settle`](Self::settle) does.
    ///
    /// # Errors
    /// [`Error`] when it is certain that the call was not executed: [`Outcome::NotSent`] or [`Outcome::Refused`].
    pub async fn send_settled<O>(&self, operation: &O) -> Result<Sent<Answer<O>, Queried<O>>, Error>
    where
        O: Settled<Protocol: ClientProtocol, Response: Response<Proof: Proof>>,
    {
        let error = match self.send(operation).await {
            Ok(answer) => return Ok(Sent::Answered(answer)),
            Err(error) if error.outcome() == Outcome::Unknown => error,
            Err(error) => return Err(error),
        };
        Ok(match self.settle(operation).await {
            Ok(found) => Sent::Found(found),
            Err(unsettled) => Sent::Unknown(Unsettled {
                call: Some(error),
                ..unsettled
            }),
        })
    }

    /// Asks what became of a call whose outcome is unknown, until that is certain or the time is up
    /// ([`CallOptions::settle_timeout`](crate::CallOptions::settle_timeout)). The call itself is not made again.
    ///
    /// The query is the one that the catalogue names ([`Settled`]). A number that is not found proves nothing yet, so it is
    /// asked for again; so is a state that may still change, unless the number exists only because the call was accepted.
    ///
    /// # Errors
    /// [`Unsettled`] with what was heard until then.
    pub async fn settle<O>(&self, operation: &O) -> Result<Found<Queried<O>>, Unsettled<Queried<O>>>
    where
        O: Settled<Protocol: ClientProtocol>,
    {
        let query = operation.query();
        let until = Instant::now() + self.options().settle;
        let mut unsettled = Unsettled {
            call: None,
            last: None,
            error: None,
            queries: 0,
        };
        loop {
            let wait = self.wait_before_query(unsettled.queries + 1);
            let left = until.saturating_duration_since(Instant::now());
            if wait >= left {
                return Err(unsettled);
            }
            sleep(wait).await;
            self.observed().tell(&Event::Settling {
                operation: O::META.name,
                query: O::Query::META.name,
                before: unsettled.queries,
            });
            let left = left.saturating_sub(wait);
            let answer = self
                .with(|calls| calls.call_timeout(calls.call.min(left)))
                .send(&query)
                .await;
            unsettled.queries += 1;
            match answer {
                Ok(answer) => match O::progress(&answer) {
                    Progress::Open => {
                        unsettled.last = Some(Box::new(answer));
                        unsettled.error = None;
                    }
                    progress => {
                        let queries = unsettled.queries;
                        info!(operation = O::META.name, queries, ?progress, "settled");
                        return Ok(Found {
                            answer,
                            progress,
                            queries,
                        });
                    }
                },
                Err(error) => {
                    let in_vain = is_in_vain(&error);
                    unsettled.error = Some(error);
                    if in_vain {
                        return Err(unsettled);
                    }
                }
            }
        }
    }

    /// As between attempts: more each time, and not at the same moment as others.
    fn wait_before_query(&self, number: u32) -> Duration {
        self.options().budget.wait(number, false, self.jitter())
    }
}

/// Whether asking again would end in the same way.
fn is_in_vain(error: &Error) -> bool {
    match error.outcome() {
        Outcome::Unknown => false,
        Outcome::NotSent => error.reason() == Reason::NotMade,
        Outcome::Refused => {
            error.reason() == Reason::SameAnswer && !error.api_error().is_some_and(is_not_found)
        }
    }
}
