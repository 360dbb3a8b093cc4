//! The list of the platform certificates (protocol section 3.1).

use super::answer::{Answer, Reply};
use super::call::Call;
use super::inner;
use super::refusal::Refusal;
use crate::certificates;
use crate::world::World;

pub(super) fn list(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let algorithm = call.query_parameter("algorithm_type")?;
    let rsa = matches!(algorithm.as_deref(), None | Some("RSA" | "ALL"));
    if !certificates::exist(world) || !rsa {
        return Err(Refusal::new(
            404,
            "RESOURCE_NOT_EXISTS",
            inner::ILLEGAL_PARAMETER,
            certificates::NONE,
        ));
    }
    // Invariant: the profile's certificates were read once already, and its keys have 32 characters.
    let list = certificates::list(world, call.signer.api_v3_key()).ok_or_else(Refusal::system_error)?;
    Ok(Reply::ok(list))
}
