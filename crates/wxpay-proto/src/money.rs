//! Amounts: integers in the smallest unit everywhere but in bills, which write yuan with decimals.

/// Reads an amount in yuan (`45.0`, `-0.10`, `100000000.00`) as whole fen, without floats.
///
/// # Errors
/// [`InvalidAmount`] when the text is no decimal number, does not fit, or is not a whole number of fen.
pub fn fen_from_yuan(yuan: &str) -> Result<i64, InvalidAmount> {
    let invalid = |problem| InvalidAmount {
        found: yuan.to_owned(),
        problem,
    };
    let (negative, plain) = match yuan.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, yuan),
    };
    let (whole, decimals) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let dangling = plain.contains('.') && decimals.is_empty();
    if whole.is_empty() || dangling || !digits(whole) || !digits(decimals) {
        return Err(invalid("it is no decimal number"));
    }
    let (fen, below) = decimals.split_at(decimals.len().min(2));
    if below.bytes().any(|b| b != b'0') {
        return Err(invalid("it is not a whole number of fen"));
    }
    let text = format!("{}{whole}{fen:0<2}", if negative { "-" } else { "" });
    text.parse().map_err(|_| invalid("it is too large"))
}

/// A text that is no amount in whole fen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} cannot be read as fen: {problem}")]
pub struct InvalidAmount {
    found: String,
    problem: &'static str,
}
