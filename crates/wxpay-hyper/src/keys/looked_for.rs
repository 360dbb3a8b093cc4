//! Serial numbers that were looked for in vain.

use std::collections::HashMap;

use tokio::time::Instant;

/// How many are remembered: more of them at a time are nobody's rotation.
const MOST: usize = 64;

/// Which serial numbers were looked for, and until when they are not looked for again.
#[derive(Debug, Default)]
pub(crate) struct LookedFor(HashMap<String, Instant>);

impl LookedFor {
    /// Whether this one has to wait; when too many others do, it has to as well.
    pub(crate) fn rests(&mut self, serial: &str, now: Instant) -> bool {
        self.0.retain(|_, until| now < *until);
        self.0.contains_key(serial) || self.0.len() >= MOST
    }

    pub(crate) fn rest(&mut self, serial: &str, until: Instant) {
        self.0.insert(serial.to_owned(), until);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_rests_for_itself_and_too_many_do_together() {
        let start = Instant::now();
        let end = start + Duration::from_secs(60);
        let mut looked_for = LookedFor::default();
        assert!(!looked_for.rests("A", start));
        looked_for.rest("A", end);
        assert!(looked_for.rests("A", start) && !looked_for.rests("B", start));
        assert!(!looked_for.rests("A", end));
        for number in 0..MOST {
            looked_for.rest(&number.to_string(), end);
        }
        assert!(looked_for.rests("new", start));
        assert!(!looked_for.rests("new", end));
    }
}
