//! A file's digest as a user writes it: `SHA1:…`.

use wxpay_proto::crypto::FileDigest;

use crate::ended::NotSent;

/// Reads `hash_type:hash_value` of a signed answer.
pub(crate) fn parse(text: &str) -> Result<FileDigest, NotSent> {
    let (algorithm, value) = text
        .split_once(':')
        .ok_or_else(|| NotSent::new(format!("--digest {text}: wanted is SHA1:… or SHA256:…")))?;
    FileDigest::new(algorithm, value).map_err(|error| NotSent::new(format!("--digest {text}: {error}")))
}
