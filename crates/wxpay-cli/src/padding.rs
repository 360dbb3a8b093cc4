//! How encrypted fields (敏感信息) are padded, as a user names it.

use wxpay_proto::crypto::Padding;

/// The paddings that occur.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum PaddingName {
    /// RSAES-OAEP with SHA-1, of nearly every field.
    #[default]
    Oaep,
    /// RSAES-PKCS1-v1_5, of a few global operations.
    Pkcs1,
}

impl From<PaddingName> for Padding {
    fn from(name: PaddingName) -> Self {
        match name {
            PaddingName::Oaep => Self::OaepSha1,
            PaddingName::Pkcs1 => Self::Pkcs1v15,
        }
    }
}
