//! On which days a user may be charged by a contract, as the official pages say of scheduled deductions (预约扣费) and of
//! announced ones (预扣费通知). A contract that has neither is charged at any time.

use wxpay_proto::{TimeText, UnixTime};

use crate::store::{Contract, Planned};

pub(crate) const DAY: i64 = 86_400;
const HOUR: i64 = 3600;

/// Beijing's distance from UTC.
const BEIJING: i64 = 8 * HOUR;

/// For so long after its signature a contract is charged without an announcement.
const FIRST: i64 = 12 * HOUR;

/// The day of an announcement and the next one are the user's to think about it.
const WAIT: i64 = 2 * DAY;

/// On so many days a deduction may be made, unless its announcement says something else.
pub(crate) const USUAL: i64 = 7;

/// How a scheduled deduction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    NotScheduled,
    Scheduled,
    Paid,
    /// Its day is over.
    Expired,
}

/// Why a deduction cannot be scheduled, or made, now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Untimely {
    #[error("no day was agreed when the contract was offered")]
    NotAgreed,
    #[error("the deduction was scheduled already")]
    Again,
    #[error("the deduction was not scheduled")]
    NotScheduled,
    #[error("it is not the day for it")]
    OtherDay,
    #[error("at this hour users are not disturbed")]
    Night,
    #[error("it is not the amount that was agreed")]
    OtherAmount,
    #[error("it is more than was announced")]
    TooMuch,
}

/// When the day of a time begins, in Beijing.
pub(crate) fn day_of(time: UnixTime) -> UnixTime {
    let local = time.as_secs().saturating_add(BEIJING);
    UnixTime::from_secs(time.as_secs().saturating_sub(local.rem_euclid(DAY)))
}

/// The day of a time in Beijing, `yyyy-MM-dd`.
pub(crate) fn date(time: UnixTime) -> String {
    TimeText::beijing(time).as_str().chars().take(10).collect()
}

/// How many seconds of the day are over, in Beijing.
pub(crate) fn clock(time: UnixTime) -> i64 {
    time.seconds_since(day_of(time))
}

fn later(time: UnixTime, seconds: i64) -> UnixTime {
    UnixTime::from_secs(time.as_secs().saturating_add(seconds))
}

/// Whether a deduction on this day can still be offered: until 19:00 of the day before.
pub(crate) fn is_ahead(day: UnixTime, now: UnixTime) -> bool {
    now < later(day, 19 * HOUR - DAY)
}

impl Planned {
    pub(crate) fn standing(&self, now: UnixTime) -> Standing {
        if self.paid.is_some() {
            return Standing::Paid;
        }
        if now >= later(self.day, DAY) {
            return Standing::Expired;
        }
        if self.scheduled {
            Standing::Scheduled
        } else {
            Standing::NotScheduled
        }
    }
}

/// Whether a deduction can be scheduled now: once, on the day before it, for the amount that was agreed, and, where
/// `quiet` says that the hours count, from 8:00 to 19:30.
pub(crate) fn may_schedule(
    contract: &Contract,
    amount: i64,
    now: UnixTime,
    quiet: bool,
) -> Result<(), Untimely> {
    let planned = contract.planned.as_ref().ok_or(Untimely::NotAgreed)?;
    if planned.scheduled {
        return Err(Untimely::Again);
    }
    if day_of(now) != later(planned.day, -DAY) {
        return Err(Untimely::OtherDay);
    }
    if quiet && !(8 * HOUR..19 * HOUR + HOUR / 2).contains(&clock(now)) {
        return Err(Untimely::Night);
    }
    if amount != planned.amount {
        return Err(Untimely::OtherAmount);
    }
    Ok(())
}

/// Whether the user may be charged so much now.
pub(crate) fn may_charge(contract: &Contract, amount: i64, now: UnixTime) -> Result<(), Untimely> {
    if let Some(planned) = &contract.planned {
        return match planned.standing(now) {
            Standing::NotScheduled => Err(Untimely::NotScheduled),
            Standing::Scheduled if day_of(now) != planned.day => Err(Untimely::OtherDay),
            Standing::Scheduled if amount != planned.amount => Err(Untimely::OtherAmount),
            Standing::Scheduled => Ok(()),
            Standing::Paid | Standing::Expired => Err(Untimely::OtherDay),
        };
    }
    let Some(announced) = &contract.announced else {
        return Ok(());
    };
    if contract.signed.is_some_and(|signed| now < later(signed, FIRST)) {
        return Ok(());
    }
    let since = now.seconds_since(day_of(announced.at));
    if !(WAIT..WAIT + announced.days.saturating_mul(DAY)).contains(&since) {
        return Err(Untimely::OtherDay);
    }
    if amount > announced.amount {
        return Err(Untimely::TooMuch);
    }
    Ok(())
}
