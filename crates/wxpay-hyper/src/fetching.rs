//! What a key store sends with: its client, but without a key store, so that a download can never wait for itself.

use std::sync::Arc;

use tracing::Instrument as _;
use wxpay_proto::UnixTime;
use wxpay_proto::v3::FetchCertificates;

use crate::error::ConfigError;
use crate::inner::Inner;
use crate::keys::{Fetch, Fetching, KeyStore, KeysError};
use crate::parts::Parts;

struct Fetcher {
    inner: Inner,
    merchant: String,
}

/// Gives a client's key store something to send with.
pub(crate) fn bind(inner: &Inner) -> Result<(), ConfigError> {
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
        ..inner.clone()
    };
    store.bind(Arc::new(Fetcher { inner, merchant }));
    Ok(())
}

impl Fetch for Fetcher {
    fn fetch<'a>(&'a self, request: &'a FetchCertificates) -> Fetching<'a> {
        Box::pin(async move {
            let span = crate::send::span("v3.certificates.fetch");
            let call = self.inner.call(request, &span, |answer, _, _| Ok(answer));
            let answer = call.instrument(span.clone()).await;
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
