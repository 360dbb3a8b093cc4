//! Misbehaviour on demand.

/// What goes wrong with an answer: with the next one ([`Platform::fail_next`](crate::Platform::fail_next)), or with those
/// that a [`Rule`](crate::Rule) chooses.
///
/// A fault that an answer has no place for (a timestamp in v2, a signature in a `401`, half of an empty body) is used up
/// without an effect. What is said of time and connections the server does; who calls a
/// [`Platform`](crate::Platform) itself reads it off the answer ([`Manner`](crate::Manner)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// One digit of the answer is changed after it was signed; without a body, a digit of the nonce.
    TamperBody,
    /// The answer is signed correctly, but 301 s ago. v3 only.
    Stale,
    /// The answer names a key that nobody has. v3 only.
    UnknownSerial,
    /// The answer is about another order, and signed correctly: every order number in it is another one.
    OtherOrder,
    /// The answer is not signed: every header that a signature has is missing, or v2's `sign`.
    MissingSignature,
    /// The signature is that of probe traffic (`WECHATPAY/SIGNTEST/…`).
    Probe,
    /// The signature is well-formed and was made over something else.
    WrongSignature,
    /// `500 SYSTEM_ERROR`, and nothing was done. v2 answers it as `SYSTEMERROR`.
    ServerErrorBefore,
    /// `500 SYSTEM_ERROR`, although everything was done. v2 answers it as `SYSTEMERROR`.
    ServerErrorAfter,
    /// `502` with a page of a gateway's, and nothing was done.
    BadGateway,
    /// `429 FREQUENCY_LIMITED`, and nothing was done. v2 has no such status: `err_code` tells it.
    TooManyRequests,
    /// Everything is done, and the answer comes late ([`Settings::slow_milliseconds`](crate::Settings)).
    Slow,
    /// The connection is closed without an answer, and nothing was done.
    CutBefore,
    /// The connection is closed without an answer, although everything was done.
    CutAfter,
    /// Everything is done; half of the body comes, and then the connection is closed.
    Truncated,
}

impl Fault {
    /// Every fault.
    pub const ALL: &[Self] = &[
        Self::TamperBody,
        Self::Stale,
        Self::UnknownSerial,
        Self::OtherOrder,
        Self::MissingSignature,
        Self::Probe,
        Self::WrongSignature,
        Self::ServerErrorBefore,
        Self::ServerErrorAfter,
        Self::BadGateway,
        Self::TooManyRequests,
        Self::Slow,
        Self::CutBefore,
        Self::CutAfter,
        Self::Truncated,
    ];

    /// Its name on command lines: `tamper-body`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TamperBody => "tamper-body",
            Self::Stale => "stale",
            Self::UnknownSerial => "unknown-serial",
            Self::OtherOrder => "other-order",
            Self::MissingSignature => "missing-signature",
            Self::Probe => "probe",
            Self::WrongSignature => "wrong-signature",
            Self::ServerErrorBefore => "server-error-before",
            Self::ServerErrorAfter => "server-error-after",
            Self::BadGateway => "bad-gateway",
            Self::TooManyRequests => "too-many-requests",
            Self::Slow => "slow",
            Self::CutBefore => "cut-before",
            Self::CutAfter => "cut-after",
            Self::Truncated => "truncated",
        }
    }

    /// Finds a fault by its name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.name() == name)
    }

    /// The names of all, for messages.
    pub(crate) fn names() -> String {
        let names: Vec<&str> = Self::ALL.iter().map(|fault| fault.name()).collect();
        names.join(", ")
    }
}

/// The text with its first digit changed, or with another end if it has no digit.
pub(crate) fn change_a_digit(text: &str) -> String {
    match text.char_indices().find(|(_, c)| c.is_ascii_digit()) {
        Some((index, digit)) => {
            let other = if digit == '9' { '0' } else { '9' };
            format!("{}{other}{}", &text[..index], &text[index + 1..])
        }
        None => format!("{text} "),
    }
}

/// Another order's number of the same length.
pub(crate) fn another(number: &str) -> String {
    let last = number.chars().last().unwrap_or_default();
    let other = if last == '0' { '1' } else { '0' };
    format!(
        "{}{other}",
        &number[..number.len() - last.len_utf8().min(number.len())]
    )
}
