//! One attempt at one notification.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tracing::{debug, error, warn};

use super::Inbox;
use super::lease::hold;
use crate::BoxError;
use crate::delivery::Delivery;
use crate::guarded::guarded;
use crate::store::{Claim, Ending, Held, NO_END, Store, StoreError};

/// How much of a handler's error is kept, in characters.
const ERROR: usize = 1000;
/// How often it is tried to record how an attempt ended, with pauses that double from the first one.
const RECORDINGS: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// What became of a notification that was taken out of the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended {
    /// The handler succeeded, and that is recorded.
    Handled {
        /// The notification's id.
        id: String,
    },
    /// The handler failed; it is tried again.
    Again {
        /// The notification's id.
        id: String,
        /// Why it failed.
        error: String,
    },
    /// The handler failed for the last time, or the process died in every attempt: it waits for
    /// [`Inbox::retry`](crate::Inbox::retry).
    Parked {
        /// The notification's id.
        id: String,
        /// Why it failed.
        error: String,
    },
    /// The claim was lost, so the handler was dropped where it waited, or its result came too late; it is tried again.
    Lost {
        /// The notification's id.
        id: String,
    },
}

impl<S: Store> Inbox<S> {
    /// Takes one notification that is due, and runs the handler on it; nothing when none is due. [`work`](Self::work)
    /// does this over and over.
    ///
    /// # Errors
    /// [`StoreError`] when none could be taken, or its end could not be recorded: then it is tried again when the lease
    /// has ended.
    pub async fn handle_next<H, F, E>(&self, handler: &H) -> Result<Option<Ended>, StoreError>
    where
        H: Fn(Delivery) -> F,
        F: Future<Output = Result<(), E>>,
        E: Into<BoxError>,
    {
        let asked = Instant::now();
        let Some(claim) = self.store.claim(self.policy.lease).await? else {
            return Ok(None);
        };
        let Claim { held, attempt, .. } = &claim;
        let ending = if *attempt > self.policy.attempts {
            // Every attempt has taken its process with it, or else it would have been parked at the end of the last.
            let error = claim.last_error.as_deref().unwrap_or(NO_END);
            Some(Ending::Parked {
                error: error.to_owned(),
            })
        } else {
            self.attempt(&claim, asked, handler).await
        };
        let id = held.id.clone();
        let Some(ending) = ending else {
            warn!(id, attempt, "a claim was lost, and its handler was stopped");
            return Ok(Some(Ended::Lost { id }));
        };
        if !self.record(held, &ending).await? {
            warn!(
                id,
                attempt, "an attempt ended after its claim was lost; its result is not recorded"
            );
            return Ok(Some(Ended::Lost { id }));
        }
        let event_type = claim.arrival.event_type.as_str();
        Ok(Some(match ending {
            Ending::Handled => {
                debug!(id, event_type, attempt, "a notification was handled");
                Ended::Handled { id }
            }
            Ending::Again { after, error } => {
                let again_in = after.as_secs_f64();
                warn!(id, event_type, attempt, error, again_in, "a handler failed");
                Ended::Again { id, error }
            }
            Ending::Parked { error } => {
                error!(
                    id,
                    event_type, attempt, error, "a notification is parked: see to it, then retry it"
                );
                Ended::Parked { id, error }
            }
        }))
    }

    /// Runs the handler while the claim holds; nothing when the claim was lost first.
    async fn attempt<H, F, E>(&self, claim: &Claim, asked: Instant, handler: &H) -> Option<Ending>
    where
        H: Fn(Delivery) -> F,
        F: Future<Output = Result<(), E>>,
        E: Into<BoxError>,
    {
        let result = match self.receiver.reopen(&claim.arrival) {
            Err(rejected) => Err(rejected.into()),
            Ok(notification) => {
                let delivery = Delivery {
                    notification,
                    attempt: claim.attempt,
                    received_at: claim.received_at,
                };
                tokio::select! {
                    biased;
                    () = hold(&self.store, &claim.held, self.policy.lease, asked) => return None,
                    result = guarded(|| handler(delivery)) => result,
                }
            }
        };
        let Err(error) = result else {
            return Some(Ending::Handled);
        };
        let error = kept(&error);
        Some(if claim.attempt >= self.policy.attempts {
            Ending::Parked { error }
        } else {
            let after = self.policy.pause(claim.attempt);
            Ending::Again { after, error }
        })
    }

    /// Records an end, through a short failure of the store as well: what was done should not be done again for that.
    async fn record(&self, held: &Held, ending: &Ending) -> Result<bool, StoreError> {
        let mut pause = FIRST_PAUSE;
        for _ in 1..RECORDINGS {
            match self.store.finish(held, ending).await {
                Ok(recorded) => return Ok(recorded),
                Err(error) => {
                    warn!(id = held.id, %error, "the end of an attempt could not be recorded; trying again");
                }
            }
            sleep(pause).await;
            pause *= 2;
        }
        self.store.finish(held, ending).await
    }
}

/// An error's text as it is kept, with its causes. PostgreSQL has no NUL in its texts.
fn kept(error: &BoxError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        let said = source.to_string();
        // Many errors repeat their cause in their own text.
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = source.source();
    }
    text.chars().filter(|c| *c != '\0').take(ERROR).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("no stock")]
    struct NoStock(#[source] std::num::ParseIntError);

    #[test]
    fn an_error_is_kept_with_its_causes() {
        let cause = "x".parse::<i32>().unwrap_err();
        assert_eq!(
            kept(&NoStock(cause).into()),
            "no stock: invalid digit found in string"
        );
        assert_eq!(kept(&"a\0b".into()), "ab");
        assert_eq!(kept(&"字".repeat(2000).into()).chars().count(), ERROR);
    }
}
