//! Text in columns of a terminal, where a Chinese character takes two cells.

/// How many cells a text takes.
fn width(text: &str) -> usize {
    text.chars().map(cells).sum()
}

fn cells(c: char) -> usize {
    match u32::from(c) {
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f => 2,
        0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// The text in so many cells: filled up, or cut with `…` at its end.
pub(super) fn fit(text: &str, wanted: usize, at_right: bool) -> String {
    // A control character in a name must not move the cursor.
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let found = width(&text);
    if found <= wanted {
        let fill = " ".repeat(wanted - found);
        return if at_right {
            format!("{fill}{text}")
        } else {
            format!("{text}{fill}")
        };
    }
    let mut short = String::new();
    let mut left = wanted.saturating_sub(1);
    for c in text.chars() {
        if cells(c) > left {
            break;
        }
        left -= cells(c);
        short.push(c);
    }
    format!("{short}…{}", " ".repeat(left))
}

#[cfg(test)]
mod tests {
    use super::{fit, width};

    #[test]
    fn every_text_takes_the_cells_that_it_is_given() {
        for text in [
            "",
            "a",
            "交易时间",
            "1.00",
            "-3.5",
            "名称,带逗号abcdefgh",
            "a\u{7}b\n",
        ] {
            for (wanted, at_right) in [1, 2, 5, 8, 20].into_iter().flat_map(|n| [(n, false), (n, true)]) {
                let fitted = fit(text, wanted, at_right);
                assert_eq!(width(&fitted), wanted, "{text:?} in {wanted}: {fitted:?}");
                assert!(!fitted.contains(['\n', '\u{7}']));
            }
        }
        assert_eq!(fit("1.00", 6, true), "  1.00");
        assert_eq!(fit("交易时间", 6, false), "交易… ");
    }
}
