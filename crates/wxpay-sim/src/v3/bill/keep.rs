//! Keeps bills until they are downloaded.

use serde_json::{Value, json};
use wxpay_proto::crypto::{DigestAlgorithm, FileDigest};
use wxpay_proto::{Host, UnixTime};

use crate::store::{Lock, Statement};
use crate::v3::call::Call;
use crate::world::World;

/// How long a `download_url` lives: 5 minutes.
const LIFE: i64 = 300;

/// Keeps a bill for its download. Gives where it is, and its digest.
pub(super) fn keep(
    call: &Call<'_>,
    world: &mut World<'_>,
    text: String,
    gzip: bool,
    lock: Option<Lock>,
) -> Value {
    let token = world.sequence.alphanumeric(48);
    let digest = FileDigest::of(DigestAlgorithm::Sha1, text.as_bytes()).to_hex();
    let tail = if gzip { "&tartype=gzip" } else { "" };
    let url = format!(
        "https://{}/v3/billdownload/file?token={token}{tail}",
        Host::API.as_str()
    );
    let now = world.clocks.business;
    world.store.statements.put(Statement {
        token,
        mchid: call.signer.id().as_str().to_owned(),
        text,
        gzip,
        lock,
        expires: UnixTime::from_secs(now.as_secs().saturating_add(LIFE)),
    });
    json!({ "hash_type": "SHA1", "hash_value": digest, "download_url": url })
}
