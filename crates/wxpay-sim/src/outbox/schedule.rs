//! When notifications are sent again (protocol section 4.3).

use crate::store::Schedule;

/// Most of v3, and newer v2: the gaps sum up to 24 h 4 min.
const DAY: [i64; 15] = [
    15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600,
];

/// Eight attempts in half an hour is all that is known of v2's combined orders; the gaps are a guess.
const HALF_HOUR: [i64; 7] = [15, 15, 30, 180, 300, 600, 660];

/// The seconds until the next attempt, when so many have been made before the one that is made now; nothing after the
/// last.
pub(super) fn gap(schedule: Schedule, made: u32) -> Option<i64> {
    let index = usize::try_from(made).unwrap_or(usize::MAX);
    match schedule {
        Schedule::Day => DAY.get(index).copied(),
        Schedule::HalfHour => HALF_HOUR.get(index).copied(),
        Schedule::Transfer => match made {
            0..10 => Some(15),
            10..20 => Some(300),
            20..64 => Some(1800),
            _ => None,
        },
        Schedule::Minutes(attempts) => (made.saturating_add(1) < attempts).then_some(60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gaps(schedule: Schedule) -> Vec<i64> {
        (0..).map_while(|made| gap(schedule, made)).collect()
    }

    #[test]
    fn schedules_are_the_documented_ones() {
        assert_eq!(gaps(Schedule::Day).iter().sum::<i64>(), 24 * 3600 + 240);
        assert_eq!(gaps(Schedule::HalfHour).iter().sum::<i64>(), 1800);
        assert_eq!(gaps(Schedule::HalfHour).len(), 7);
        assert_eq!(gaps(Schedule::Transfer).len(), 64);
        assert_eq!(
            gaps(Schedule::Transfer).iter().sum::<i64>(),
            150 + 3000 + 44 * 1800
        );
        assert_eq!(gaps(Schedule::Minutes(9)), [60; 8]);
    }
}
