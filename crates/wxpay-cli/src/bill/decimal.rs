//! Sums of decimal numbers, exact: in hundred-thousandths of a yuan.

use wxpay_proto::DecimalText;

/// Decimals that a sum keeps: fees have five.
const DECIMALS: u8 = 5;

/// A sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum(i128);

impl Sum {
    /// Reads a cell; nothing when it is no decimal number of at most five decimals.
    pub(super) fn read(cell: &str) -> Option<Self> {
        // `¥` stands in front of the amounts of some summaries.
        let cell = cell.trim().trim_start_matches(['¥', '￥']);
        DecimalText::new(cell).scaled(DECIMALS).ok().map(Self)
    }

    /// Adds; nothing when it does not fit.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}

/// With two decimals, or with five where two do not do.
impl std::fmt::Display for Sum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let positive = self.0.unsigned_abs();
        let (whole, fraction) = (positive / 100_000, positive % 100_000);
        if fraction % 1000 == 0 {
            write!(f, "{sign}{whole}.{:02}", fraction / 1000)
        } else {
            write!(f, "{sign}{whole}.{fraction:05}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Sum;

    #[test]
    fn sums_are_exact_and_show_what_they_need() {
        let sum = |cells: &[&str]| {
            let mut cells = cells.iter().map(|cell| Sum::read(cell).unwrap());
            cells.try_fold(Sum::default(), Sum::plus).unwrap().to_string()
        };
        assert_eq!(sum(&["0.1", "0.2", "¥0.03"]), "0.33");
        assert_eq!(sum(&["0.01000", "-0.00001"]), "0.00999");
        assert_eq!(sum(&["-0.10", "0.05"]), "-0.05");
        for cell in ["", "a", "0.000001", "1,000.00"] {
            assert_eq!(Sum::read(cell), None, "{cell}");
        }
    }
}
