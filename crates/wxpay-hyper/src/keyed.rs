//! What WeChat Pay's keys have to do with a call: one must be there before it, and the right one after it.

use bytes::Bytes;
use tokio::time::{Instant, timeout_at};
use wxpay_proto::v3::migration::SeenIn;
use wxpay_proto::{Operation, Protocol, UnixTime, Unverified};

use crate::attempt::Attempt;
use crate::failure::{Failure, Phase};
use crate::inner::Inner;
use crate::keys::KeyStore;
use crate::parts::sealed::Choose;
use crate::parts::{ClientProtocol, Turn};

type Keys<O> = <<O as Operation>::Protocol as Protocol>::Keys;

impl Inner {
    /// Begins a call.
    pub(crate) fn turn<O>(&self, _: &O) -> Turn
    where
        O: Operation<Protocol: ClientProtocol>,
    {
        Turn {
            operation: O::META.name,
            number: O::Protocol::store(&self.parts).map_or(0, KeyStore::number),
        }
    }

    /// Sees to it that there is a key to ask for.
    pub(crate) async fn keys_at_hand<O>(&self, turn: Turn, attempt: &Attempt) -> Result<(), Failure>
    where
        O: Operation<Protocol: ClientProtocol>,
    {
        let Some(store) = O::Protocol::store(&self.parts) else {
            return Ok(());
        };
        let operation = turn.operation;
        match timeout_at(attempt.deadline, store.prepare(self.clock.now())).await {
            Ok(prepared) => prepared.map_err(|source| Failure::Keys { operation, source }),
            Err(_) => Err(Failure::Timeout {
                operation,
                phase: Phase::FetchingKeys,
                limit: attempt.options.call,
            }),
        }
    }

    /// Counts the key that a request asks for.
    pub(crate) fn saw_asked<O>(&self, turn: Turn, request: &http::Request<Bytes>)
    where
        O: Operation<Protocol: ClientProtocol>,
    {
        let asked = request.headers().get("wechatpay-serial");
        if let Some(store) = O::Protocol::store(&self.parts)
            && let Some(serial) = asked.and_then(|value| value.to_str().ok())
        {
            store.saw(SeenIn::Request, turn.operation, serial);
        }
    }

    /// Takes an answer apart, after the key that it names was looked for. The answer is held meanwhile: it is neither lost
    /// nor taken for proven.
    pub(crate) async fn proven<O, T>(
        &self,
        turn: Turn,
        answer: Unverified<O>,
        deadline: Instant,
        prove: impl FnOnce(Unverified<O>, &Keys<O>, UnixTime) -> Result<T, wxpay_proto::Error>,
    ) -> Result<T, wxpay_proto::Error>
    where
        O: Operation<Protocol: ClientProtocol>,
    {
        let named = O::Protocol::store(&self.parts).zip(answer.serial().map(str::to_owned));
        if let Some((store, serial)) = &named {
            // When it comes too late, the answer is verified with what there is.
            let _ = timeout_at(deadline, store.look_for(serial)).await;
        }
        let keys = O::Protocol::keys(&self.parts, turn)?;
        let proven = prove(answer, &keys, self.clock.now())?;
        if let Some((store, serial)) = &named {
            store.saw(SeenIn::Answer, turn.operation, serial);
        }
        Ok(proven)
    }
}
