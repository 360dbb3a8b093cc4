//! What a key store sends with: its client, but without a key store, so that a download can never wait for itself.

use std::sync::Arc;

use tokio::time::Instant;
use wxpay_proto::UnixTime;
use wxpay_proto::v3::FetchCertificates;

use crate::error::ConfigError;
use crate::inner::Inner;
use crate::keys::{Fetch, Fetching, KeyStore, KeysError};
use crate::observer::Event;
use crate::options::CallOptions;
use crate::parts::Parts;

struct Fetcher {
    inner: Inner,
    options: CallOptions,
    merchant: String,
}

/// Gives a client's key store something to send with.
pub(crate) fn bind(inner: &Inner, options: CallOptions) -> Result<(), ConfigError> {
    let Some(account) = &inner.parts.merchant else {
        return Ok(());
    };
    let merchant = account.credentials.account().as_str().to_owned();
    let store = &inner.parts.keys;
    if let Some(other) = store.bound_to().filter(|other| *other != merchant) {
        return Err(ConfigError::ForeignKeyStore { merchant, other });
    }
    let parts = Parts {
        merchant: Some(account.clone()),
        keys: KeyStore::default(),
        ..Parts::default()
    };
    let inner = Inner {
        parts,
        // Calls that are under way in a shutdown still need keys.
        gate: Arc::default(),
        ..inner.clone()
    };
    store.bind(Arc::new(Fetcher {
        inner,
        options,
        merchant,
    }));
    Ok(())
}

impl Fetch for Fetcher {
    fn fetch<'a>(&'a self, request: &'a FetchCertificates) -> Fetching<'a> {
        Box::pin(async move {
            let started = Instant::now();
            let call = self.inner.call(request, self.options, |answer, _, _| Ok(answer));
            let answer = call.await;
            self.inner.observed.tell(&Event::KeysFetched {
                answered: answer.is_ok(),
                took: started.elapsed(),
            });
            answer.map_err(|error| KeysError::Download {
                problem: error.to_string(),
            })
        })
    }

    fn now(&self) -> UnixTime {
        self.inner.clock.now()
    }

    fn merchant(&self) -> &str {
        &self.merchant
    }
}
