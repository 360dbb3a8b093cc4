//! The two clocks of the simulator.

use wxpay_proto::UnixTime;

/// The two clocks that the platform goes by.
///
/// They are two because tests turn one of them: were it the only one, turning it by two hours would make every
/// client's signature stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "there are two clocks and will be no third"
)]
pub struct Clocks {
    /// For signatures, which may be 300 s off; real time in the server.
    pub wire: UnixTime,
    /// For what happens to orders: lifetimes, minimum ages, `success_time`.
    pub business: UnixTime,
}

impl Clocks {
    /// Both clocks at the same time.
    #[must_use]
    pub const fn at(time: UnixTime) -> Self {
        Self {
            wire: time,
            business: time,
        }
    }

    /// The same wire clock, and the business clock turned by some seconds.
    #[must_use]
    pub const fn turned(self, seconds: i64) -> Self {
        let business = self.business.as_secs().saturating_add(seconds);
        Self {
            wire: self.wire,
            business: UnixTime::from_secs(business),
        }
    }
}
