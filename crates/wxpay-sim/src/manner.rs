//! How answers leave the server when something goes wrong with that.

use std::time::Duration;

use bytes::Bytes;
use http::Response;

use crate::fault::Fault;

/// How an answer is to be delivered: an extension of the response that [`Platform::handle`](crate::Platform::handle)
/// gives. Without one it goes out at once and whole. The [`Fault`] that spoiled an answer is an extension too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "an answer comes late, in part, or not at all"
)]
pub enum Manner {
    /// After so long.
    Late(Duration),
    /// Half of the body, under the headers of all of it, and the connection ends.
    Truncated,
    /// Not at all: the connection ends.
    Cut,
}

/// Writes onto an answer what spoiled it, and how it is to be delivered.
pub(crate) fn mark(response: &mut Response<Bytes>, fault: Fault, late: Duration) {
    let manner = match fault {
        Fault::Slow => Some(Manner::Late(late)),
        Fault::CutBefore | Fault::CutAfter => Some(Manner::Cut),
        Fault::Truncated if !response.body().is_empty() => Some(Manner::Truncated),
        _ => None,
    };
    let extensions = response.extensions_mut();
    extensions.insert(fault);
    if let Some(manner) = manner {
        extensions.insert(manner);
    }
}
