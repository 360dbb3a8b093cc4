//! What a client holds: all that a call needs beside the operation.

use wxpay_proto::BaseUrl;

use crate::entropy::{Clock, Random};
use crate::parts::Parts;
use crate::wire::Wire;

pub(crate) struct Inner {
    pub(crate) parts: Parts,
    pub(crate) wire: Wire,
    pub(crate) base: Option<BaseUrl>,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
}
