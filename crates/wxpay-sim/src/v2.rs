//! (being written)
use crate::{fault::Fault, world::World};
use bytes::Bytes;
pub(crate) fn handle(_: &http::Request<Bytes>, _: &mut World<'_>, _: Option<Fault>) -> http::Response<Bytes> {
    http::Response::new(Bytes::new())
}
