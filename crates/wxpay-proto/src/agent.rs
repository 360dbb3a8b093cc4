//! What the protocol asks every client to tell of itself (protocol section 1.5).

/// `User-Agent`.
pub(crate) const AGENT: &str = concat!("wxpay/", env!("CARGO_PKG_VERSION"), " (Rust)");
