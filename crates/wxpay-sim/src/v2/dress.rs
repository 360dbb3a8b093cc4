//! How the fields that every call has are called.

/// Ordinary calls and combined orders name their merchant differently, and are signed differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dress {
    /// `mch_id`; MD5 unless `sign_type` says otherwise.
    Ordinary,
    /// `combine_mch_id`; HMAC-SHA256 and nothing else.
    Combined,
}

impl Dress {
    /// The field with the merchant's number.
    pub(super) const fn merchant(self) -> &'static str {
        match self {
            Self::Ordinary => "mch_id",
            Self::Combined => "combine_mch_id",
        }
    }

    pub(super) const fn needs_sign_type(self) -> &'static [&'static str] {
        match self {
            Self::Ordinary => &[],
            Self::Combined => &["sign_type"],
        }
    }

    /// What an answer repeats of its request.
    pub(super) const fn repeated(self) -> &'static [&'static str] {
        match self {
            Self::Ordinary => &["appid", "mch_id", "sub_appid", "sub_mch_id", "device_info"],
            Self::Combined => &["combine_appid", "combine_mch_id"],
        }
    }
}
