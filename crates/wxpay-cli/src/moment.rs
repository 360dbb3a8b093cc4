//! Time and chance, which the core asks its callers for.

use std::time::{SystemTime, UNIX_EPOCH};

use wxpay_proto::{Nonce, Stamp, TimeText, UnixTime};

use crate::ended::NotSent;

/// This machine's clock.
pub(crate) fn now() -> UnixTime {
    from_system(SystemTime::now())
}

pub(crate) fn from_system(time: SystemTime) -> UnixTime {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixTime::from_secs(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// A random nonce.
fn nonce() -> Result<Nonce, NotSent> {
    let mut random = [0; 32];
    getrandom::fill(&mut random)
        .map_err(|error| NotSent::new(format!("this machine's random generator failed: {error}")))?;
    Ok(Nonce::from_entropy(random))
}

/// This moment, and a random nonce.
pub(crate) fn stamp() -> Result<Stamp, NotSent> {
    Ok(Stamp::new(now(), nonce()?))
}

/// A moment as a user writes it: Unix seconds, or `2024-01-31T12:00:00+08:00`.
pub(crate) fn parse(text: &str) -> Result<UnixTime, String> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        let seconds = text.parse().map_err(|_| "it is too large".to_owned())?;
        return Ok(UnixTime::from_secs(seconds));
    }
    TimeText::new(text)
        .parse()
        .map_err(|_| "wanted are Unix seconds, or a time as 2024-01-31T12:00:00+08:00".to_owned())
}

/// A moment as people in Beijing read it.
pub(crate) fn in_words(time: UnixTime) -> String {
    TimeText::beijing(time).to_string()
}

/// The stamp of a signature: what is given, and this moment and chance for the rest.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Time and nonce")]
pub(crate) struct StampArgs {
    /// Sign for this moment: Unix seconds, or 2024-01-31T12:00:00+08:00. Now, when nothing is said.
    #[arg(long, value_name = "TIME", value_parser = parse)]
    pub(crate) timestamp: Option<UnixTime>,
    /// Sign with this nonce (随机串), 1 to 32 letters and digits. A random one, when nothing is said.
    #[arg(long, value_name = "TEXT")]
    pub(crate) nonce: Option<String>,
}

impl StampArgs {
    pub(crate) fn stamp(&self) -> Result<Stamp, NotSent> {
        let nonce = match &self.nonce {
            Some(text) => {
                Nonce::new(text.as_str()).map_err(|error| NotSent::new(format!("--nonce: {error}")))?
            }
            None => nonce()?,
        };
        Ok(Stamp::new(self.timestamp.unwrap_or_else(now), nonce))
    }
}
