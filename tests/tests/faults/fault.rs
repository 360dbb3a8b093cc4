//! What goes wrong on the way.

use std::time::Duration;

use crate::random::Random;

/// What becomes of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Greeting {
    /// It is taken.
    Honest,
    /// It is closed at once.
    HangUp,
    /// Nobody speaks.
    Silence,
    /// Something else than TLS is spoken.
    Junk,
    /// The handshake stops in the middle.
    HalfHello,
    /// The certificate is for another name.
    WrongName,
    /// The certificate is from an authority that nobody knows.
    UnknownAuthority,
}

impl Greeting {
    pub(crate) fn choose(random: &mut Random) -> Self {
        match random.below(20) {
            0 => Self::HangUp,
            1 => Self::Silence,
            2 => Self::Junk,
            3 => Self::HalfHello,
            4 => Self::WrongName,
            5 => Self::UnknownAuthority,
            _ => Self::Honest,
        }
    }
}

/// What becomes of a request and its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing goes wrong.
    None,
    /// The connection is closed before the request.
    CutBefore,
    /// Within the request.
    CutWithin,
    /// The request arrives nowhere, and there is no answer.
    LoseRequest,
    /// The request arrives, and its answer does not.
    LoseAnswer,
    /// The same, and only the one direction is closed.
    HalfClose,
    /// The request arrives when nobody waits for it any more.
    ArriveLate(Duration),
    /// The request arrives twice.
    ArriveTwice,
    /// Both wait for a while: the request, or its answer.
    Delay { request: bool, by: Duration },
    /// The answer breaks off, after so many hundredths.
    CutAnswer(u64),
    /// The connection is closed after the answer, without a word that it would be.
    CloseAfter,
    /// The answer comes by the byte.
    Drip,
    /// The answer is of another request.
    OutOfOrder,
    /// The answer is no HTTP.
    Junk,
    /// The answer's body is something else.
    JunkBody,
    /// A gateway's page in place of an answer.
    Page { status: u16, arrived: bool },
    /// `500 SYSTEM_ERROR`, which asks for a repetition.
    SystemError { arrived: bool },
    /// `429 FREQUENCY_LIMITED`, and the request arrives nowhere.
    TooMany,
}

impl Fault {
    pub(crate) fn choose(random: &mut Random) -> Self {
        let by = Duration::from_millis(random.below(400));
        match random.below(60) {
            0 => Self::CutBefore,
            1 => Self::CutWithin,
            2 => Self::LoseRequest,
            3 => Self::LoseAnswer,
            4 => Self::HalfClose,
            5 => Self::ArriveLate(by),
            6 => Self::ArriveTwice,
            7 => Self::Delay { request: true, by },
            8 => Self::Delay { request: false, by },
            9 => Self::CutAnswer(random.below(100)),
            10 => Self::CloseAfter,
            11 => Self::Drip,
            12 => Self::OutOfOrder,
            13 => Self::Junk,
            14 => Self::JunkBody,
            15 | 16 => Self::Page {
                status: [429, 500, 502, 503, 504][usize::try_from(random.below(5)).unwrap_or(0)],
                arrived: random.coin(),
            },
            17..=21 => Self::SystemError {
                arrived: random.coin(),
            },
            22 => Self::TooMany,
            _ => Self::None,
        }
    }
}
