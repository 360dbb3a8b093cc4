//! The v3 protocol: JSON over HTTPS, signed with RSA-SHA256.

mod answer;
mod authorization;
mod body_hints;
mod call;
pub mod canonical;
pub mod certificates;
mod credentials;
pub mod migration;
pub mod notification;
mod platform_keys;
mod refusal;
mod render;
pub mod request_payment;
mod statement;
mod ticket;
mod top_level;

use bytes::Bytes;

pub use answer::{CLOCK_WINDOW, SignatureHeaders};
pub use authorization::{Authorization, AuthorizationError};
pub use body_hints::{BodyHint, body_hints};
pub use call::{Call, Download, File, Raw, Statement, UnprovenFile};
pub use certificates::FetchCertificates;
pub use credentials::{Account, Credentials, Scheme};
pub use migration::Migration;
pub use notification::{
    Acknowledgement, NotificationError, OpenedNotification, UnverifiedNotification, VerifiedNotification,
};
pub use platform_keys::{PlatformKey, PlatformKeys};
pub use refusal::read as read_refusal;
pub use statement::statement_digest;
pub use ticket::{FileTicket, SealedFileTicket, TicketError};

use crate::crypto::{Algorithm, Signature};
use crate::draft::Draft;
use crate::error::{BuildError, VerifyError};
use crate::proof::{SignatureRule, VerifiedBy};
use crate::protocol::{Failure, Opened, Protocol, Question, RawAnswer, sealed};
use crate::stamp::{Stamp, UnixTime};

/// The v3 protocol.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct V3;

impl sealed::Sealed for V3 {}

impl Protocol for V3 {
    type Credentials = Credentials;
    type Keys = PlatformKeys;
    type Rendered = render::Rendered;
    type Asked = ();

    fn render(draft: Draft, credentials: &Credentials, stamp: &Stamp) -> Result<Self::Rendered, BuildError> {
        render::render(draft, credentials, stamp)
    }

    fn message(rendered: &Self::Rendered) -> Vec<u8> {
        rendered.message()
    }

    fn algorithm(rendered: &Self::Rendered) -> Algorithm {
        rendered.algorithm()
    }

    fn asked(_: &Self::Rendered) -> Self::Asked {}

    fn attach(rendered: Self::Rendered, signature: &Signature) -> Result<http::Request<Bytes>, BuildError> {
        rendered.attach(signature)
    }

    fn open(
        answer: &RawAnswer,
        (): &Self::Asked,
        keys: &PlatformKeys,
        now: UnixTime,
        rule: SignatureRule,
        question: Question,
    ) -> Result<Opened, Failure> {
        let signed = || answer.header(&answer::SIGNATURE).is_some();
        let verify = || {
            let headers = SignatureHeaders::read(&answer.headers)?;
            headers
                .verify(&answer.body, keys, now)
                .map(VerifiedBy::PlatformKey)
        };
        if !answer.status.is_success() {
            let mut error = refusal::refusal(answer, question);
            if signed() {
                if let Err(problem) = verify() {
                    return Err(Failure::Unverified(problem, Some(Box::new(error))));
                }
                error.authentic = true;
            }
            return Err(Failure::Refused(Box::new(error)));
        }
        let by = match rule {
            SignatureRule::Never => None,
            SignatureRule::IfPresent if !signed() => None,
            SignatureRule::Digest => {
                Some(statement(answer, keys, now).map_err(|problem| Failure::Unverified(problem, None))?)
            }
            _ => Some(verify().map_err(|problem| Failure::Unverified(problem, None))?),
        };
        Ok(Opened {
            by,
            ..Opened::default()
        })
    }

    fn members(answer: &RawAnswer, _: &Opened, names: &[&str]) -> Vec<Option<String>> {
        // A broken byte in a member that nobody reads must not hide the members that are asked for.
        let body = refusal::without_bom(&answer.body);
        match std::str::from_utf8(body) {
            Ok(body) => top_level::texts(body, names),
            Err(_) => top_level::texts(&String::from_utf8_lossy(body), names),
        }
    }
}

/// Verifies a file whose digest is signed in its place (protocol section 2.4).
fn statement(answer: &RawAnswer, keys: &PlatformKeys, now: UnixTime) -> Result<VerifiedBy, VerifyError> {
    let (digest, key) = statement_digest(&answer.headers, keys, now)?;
    digest.check(&answer.body)?;
    Ok(VerifiedBy::PlatformKey(key))
}
