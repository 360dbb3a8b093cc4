//! The inner codes at the end of a `Request-ID` (protocol section 9.4).

pub(super) const ILLEGAL_PARAMETER: u32 = 268_435_461;
pub(super) const OUT_OF_RANGE: u32 = 268_435_464;
pub(super) const SIGNATURE: u32 = 268_443_699;
pub(super) const NO_RELATION: u32 = 268_443_701;
pub(super) const SUB_MERCHANT_MISSING: u32 = 268_443_704;
pub(super) const SUB_MERCHANT_IS_OWN: u32 = 268_443_705;
pub(super) const MERCHANT_UNAVAILABLE: u32 = 268_443_715;
pub(super) const APPID_MISMATCH: u32 = 268_445_527;
pub(super) const OTHER_MERCHANT: u32 = 268_447_843;
pub(super) const OTHER_SUB_MERCHANT: u32 = 268_447_845;
pub(super) const NOT_VALID_ANY_MORE: u32 = 268_447_914;
pub(super) const ONLY_REVERSE: u32 = 268_449_641;
pub(super) const TOO_OFTEN: u32 = 268_447_840;
pub(super) const PAID: u32 = 268_449_538;
pub(super) const OTHER_PARAMETERS: u32 = 268_498_688;
pub(super) const OPENID_MISSING: u32 = 268_501_013;
pub(super) const UNKNOWN_ORDER: u32 = 268_512_771;
pub(super) const UNKNOWN_MEMBER: u32 = 270_924_358;
/// Not in the sources; any other than 0 will do.
pub(super) const NO_FUNDS: u32 = 268_435_470;
/// Not in the sources either.
pub(super) const SYSTEM: u32 = 268_435_457;
