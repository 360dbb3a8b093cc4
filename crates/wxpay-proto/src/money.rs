//! Amounts: integers in the smallest unit everywhere but in bills, which write yuan with decimals.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// Reads an amount in yuan (`45.0`, `-0.10`, `100000000.00`) as whole fen, without floats.
///
/// # Errors
/// [`InvalidAmount`] when the text is no decimal number, does not fit, or is not a whole number of fen.
pub fn fen_from_yuan(yuan: &str) -> Result<i64, InvalidAmount> {
    if let Some(fen) = plain_fen(yuan) {
        return Ok(fen);
    }
    let fen = scaled(yuan, 2)?.ok_or_else(|| invalid(yuan, "it is not a whole number of fen"))?;
    fen.try_into().map_err(|_| invalid(yuan, "it is too large"))
}

/// The usual form, `-123.45`, read in one go; nothing for every other, which is read in full or refused.
fn plain_fen(yuan: &str) -> Option<i64> {
    let (negative, digits) = match yuan.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let (fraction, whole) = match digits {
        [whole @ .., b'.', tens, ones] => ([*tens, *ones], whole),
        _ => return None,
    };
    // Sixteen digits and two more are far below the limit.
    if whole.is_empty() || whole.len() > 16 {
        return None;
    }
    let fen = whole.iter().chain(&fraction).try_fold(0_i64, |fen, digit| {
        digit.is_ascii_digit().then(|| fen * 10 + i64::from(digit - b'0'))
    })?;
    Some(if negative { -fen } else { fen })
}

/// Writes fen as bills write yuan, with two decimals: `-0.10`.
#[must_use]
pub fn yuan_from_fen(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let positive = fen.unsigned_abs();
    format!("{sign}{}.{:02}", positive / 100, positive % 100)
}

/// A decimal number as WeChat Pay wrote it, or as it is to be written; read on demand, and never a float.
///
/// Bills write fees in yuan with five decimals (`0.01000`), more than fen can hold. The text is kept; sums are exact
/// when they are made of [`scaled`](Self::scaled) values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct DecimalText(String);

impl DecimalText {
    /// Takes a text as it is.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number times ten to the power of `decimals`: `0.01000` yuan with 5 decimals is 1000.
    ///
    /// # Errors
    /// [`InvalidAmount`] when the text is no decimal number, has more decimals than that, or does not fit.
    pub fn scaled(&self, decimals: u8) -> Result<i128, InvalidAmount> {
        scaled(&self.0, decimals)?.ok_or_else(|| invalid(&self.0, "it has more decimals than asked for"))
    }

    /// An amount in yuan as whole fen.
    ///
    /// # Errors
    /// As for [`fen_from_yuan`].
    pub fn fen(&self) -> Result<i64, InvalidAmount> {
        fen_from_yuan(&self.0)
    }
}

impl From<&str> for DecimalText {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for DecimalText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for DecimalText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for DecimalText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::open_enum::__text(deserializer).map(Self)
    }
}

/// The number times ten to the power of `decimals`; nothing when there are decimals below that.
fn scaled(text: &str, decimals: u8) -> Result<Option<i128>, InvalidAmount> {
    let (negative, plain) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let dangling = plain.contains('.') && fraction.is_empty();
    if whole.is_empty() || dangling || !digits(whole) || !digits(fraction) {
        return Err(invalid(text, "it is no decimal number"));
    }
    let kept = usize::from(decimals).min(fraction.len());
    let (fraction, below) = fraction.split_at(kept);
    if below.bytes().any(|b| b != b'0') {
        return Ok(None);
    }
    let mut number: i128 = 0;
    let zeros = usize::from(decimals) - kept;
    for digit in whole
        .bytes()
        .chain(fraction.bytes())
        .chain((0..zeros).map(|_| b'0'))
    {
        let digit = i128::from(digit - b'0');
        // Counted downwards for negative numbers, which reach one further.
        let digit = if negative { -digit } else { digit };
        let next = number
            .checked_mul(10)
            .and_then(|number| number.checked_add(digit));
        number = next.ok_or_else(|| invalid(text, "it is too large"))?;
    }
    Ok(Some(number))
}

fn invalid(text: &str, problem: &'static str) -> InvalidAmount {
    InvalidAmount {
        found: text.to_owned(),
        problem,
    }
}

/// A text that is no amount in whole fen, or no decimal number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} cannot be read as an amount: {problem}")]
pub struct InvalidAmount {
    found: String,
    problem: &'static str,
}
