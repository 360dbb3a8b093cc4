//! What is wrong with a p12 file, in one wording.

use crate::crypto::key_file::KeyError;

const KIND: &str = "the p12 file";

pub(super) fn malformed(problem: &str) -> KeyError {
    KeyError::Malformed {
        kind: KIND,
        problem: problem.to_owned(),
    }
}

pub(super) fn unreadable(error: pkcs8::der::Error) -> KeyError {
    malformed(&format!("its structure is damaged ({})", error.kind()))
}

pub(super) fn unusable(problem: String) -> KeyError {
    KeyError::Unusable { kind: KIND, problem }
}
