//! Bills past 16 GB come in pieces, which are put together by their numbers (protocol section 11.4).

/// Puts the pieces of a bill into their order, by `bill_sequence`, which begins at 1, and checks that none is missing
/// (against `download_bill_count` where that is known).
///
/// Each piece is decrypted and checked by itself; what comes out is put together in this order.
///
/// # Errors
/// [`MissingPiece`] when a number is missing or occurs twice.
pub fn in_sequence<T>(count: Option<i64>, pieces: Vec<(i64, T)>) -> Result<Vec<T>, MissingPiece> {
    let mut pieces = pieces;
    pieces.sort_by_key(|(sequence, _)| *sequence);
    let wrong = (1..).zip(&pieces).find(|(wanted, (found, _))| wanted != found);
    if let Some((wanted, (found, _))) = wrong {
        return Err(MissingPiece {
            wanted,
            found: Some(*found),
        });
    }
    let next = i64::try_from(pieces.len()).map_or(i64::MAX, |length| length + 1);
    match count {
        Some(count) if count != next - 1 => Err(MissingPiece {
            wanted: next.min(count.max(0) + 1),
            found: (count < next).then_some(next - 1),
        }),
        _ => Ok(pieces.into_iter().map(|(_, piece)| piece).collect()),
    }
}

/// The pieces of a bill do not make a whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("piece {wanted} of the bill is missing{}", instead(*.found))]
#[non_exhaustive]
pub struct MissingPiece {
    /// The number where the sequence breaks.
    pub wanted: i64,
    /// The number that stands there instead.
    pub found: Option<i64>,
}

fn instead(found: Option<i64>) -> String {
    found
        .map(|found| format!(", and there is a piece {found} instead"))
        .unwrap_or_default()
}
