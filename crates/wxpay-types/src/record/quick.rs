//! Records from JSON that is spelled as WeChat Pay spells it: members in about the documented order, texts without
//! escapes, plain numbers.
//!
//! Whatever else JSON allows goes to serde_json, piece by piece; and what this reader does not understand it leaves to
//! serde_json altogether, which alone says what is an error. So it can only be faster, never decide differently.

use serde::de::{DeserializeSeed as _, IgnoredAny};

use super::{Objects, Record, Slot};

/// Objects inside one another that are read here, and brackets inside one another that are passed on as one piece: together
/// fewer than serde_json allows.
const DEEPEST: usize = 32;

/// Reads a record from a text that is one object, or nothing, where serde_json has to be asked.
pub(crate) fn read<T: Record + Default>(text: &str) -> Option<T> {
    let mut value = T::default();
    let mut reader = Reader { text, at: 0 };
    reader.take(b'{')?;
    reader.members(&mut value, 0)?;
    reader.next().is_none().then_some(value)
}

/// A text, and how far it was read.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The first byte that is not blank, which is not taken yet.
    fn next(&mut self) -> Option<u8> {
        loop {
            match self.peek()? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then(|| self.at += 1)
    }

    /// The members of an object whose bracket was read.
    fn members(&mut self, to: &mut dyn Record, depth: usize) -> Option<()> {
        if depth == DEEPEST {
            return None;
        }
        let names = to.names();
        let mut next = 0;
        if self.next()? == b'}' {
            self.at += 1;
            return Some(());
        }
        loop {
            let place = self.name(names, next)?;
            match place.and_then(|place| to.field_mut(place)) {
                Some(field) => self.value(field.slot(), depth)?,
                None => self.passed_over()?,
            }
            next = place.map_or(next, |place| place + 1);
            match self.next()? {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    return Some(());
                }
                _ => return None,
            }
        }
    }

    /// The place of the member whose name comes now, which is read as far as its colon. Members often come in the order
    /// in which they are documented: then the name is compared before it is even known how long it is.
    #[inline]
    fn name(&mut self, names: &[&str], next: usize) -> Option<Option<usize>> {
        self.take(b'"')?;
        if let Some(name) = names.get(next) {
            let rest = self.rest().strip_prefix(name.as_bytes());
            if rest.is_some_and(|rest| rest.starts_with(b"\":")) {
                self.at += name.len() + 2;
                return Some(Some(next));
            }
        }
        self.name_out_of_order(names, next)
    }

    #[inline(never)]
    fn name_out_of_order(&mut self, names: &[&str], next: usize) -> Option<Option<usize>> {
        let name = self.plain_text()?;
        self.take(b':')?;
        let (before, behind) = names.split_at_checked(next)?;
        let is_name = |known: &&str| *known == name;
        let place = behind.iter().position(is_name).map(|place| place + next);
        Some(place.or_else(|| before.iter().position(is_name)))
    }

    /// The text whose first quote was read, when it has no escapes.
    #[inline(never)]
    fn plain_text(&mut self) -> Option<&'a str> {
        let from = self.at;
        let to = from + plain_length(self.rest());
        if self.text.as_bytes().get(to) != Some(&b'"') {
            return None;
        }
        self.at = to + 1;
        self.text.get(from..to)
    }

    fn value(&mut self, slot: Slot<'_>, depth: usize) -> Option<()> {
        let first = self.next()?;
        let from = self.at;
        match (slot, first) {
            (Slot::Text(to), b'"') => {
                self.at += 1;
                match self.plain_text() {
                    Some(text) => to.put(text),
                    None => self.passed_on(Slot::Text(to), from)?,
                }
            }
            (Slot::Word(to), b'"') => {
                self.at += 1;
                match self.plain_text() {
                    Some("") => to.clear(),
                    Some(text) => to.put(text),
                    None => self.passed_on(Slot::Word(to), from)?,
                }
            }
            (Slot::Int(to), b'0'..=b'9') => match self.plain_int() {
                Some(number) => *to = Some(number),
                None => self.passed_on(Slot::Int(to), from)?,
            },
            (Slot::Object(to), b'{') => {
                self.at += 1;
                to.clear();
                self.members(to.add(), depth + 1)?;
            }
            (Slot::Objects(to), b'[') => self.objects(to, depth)?,
            (slot, _) => self.passed_on(slot, from)?,
        }
        Some(())
    }

    /// A list in which there are objects only.
    fn objects(&mut self, to: &mut dyn Objects, depth: usize) -> Option<()> {
        let from = self.at;
        self.at += 1;
        to.clear();
        if self.take(b']').is_some() {
            return Some(());
        }
        loop {
            if self.take(b'{').is_none() {
                return self.passed_on(Slot::Objects(to), from);
            }
            self.members(to.add(), depth + 1)?;
            match self.next()? {
                b',' => self.at += 1,
                b']' => {
                    self.at += 1;
                    return Some(());
                }
                _ => return None,
            }
        }
    }

    /// A number that is whole, not negative, and of at most eighteen digits.
    fn plain_int(&mut self) -> Option<i64> {
        let rest = self.rest();
        let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, behind) = rest.split_at_checked(length)?;
        let ends = matches!(behind.first()?, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t');
        if !ends || length > 18 || (length > 1 && digits.first() == Some(&b'0')) {
            return None;
        }
        self.at += length;
        Some(
            digits
                .iter()
                .fold(0, |number, digit| number * 10 + i64::from(digit - b'0')),
        )
    }

    /// A value in which nothing is of interest.
    fn passed_over(&mut self) -> Option<()> {
        let quoted = self.next()? == b'"';
        let from = self.at;
        if quoted {
            self.at += 1;
            if self.plain_text().is_some() {
                return Some(());
            }
        }
        let piece = self.piece(from)?;
        serde_json::from_str::<IgnoredAny>(piece).ok().map(drop)
    }

    /// A value that serde_json reads.
    fn passed_on(&mut self, slot: Slot<'_>, from: usize) -> Option<()> {
        let piece = self.piece(from)?;
        let mut json = serde_json::Deserializer::from_str(piece);
        slot.deserialize(&mut json).ok()?;
        json.end().ok()
    }

    /// The value from there to where it ends, if it is one: it ends before the comma or bracket that is not its own.
    fn piece(&mut self, from: usize) -> Option<&'a str> {
        self.at = from;
        let mut open = 0_usize;
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    self.text_end()?;
                    if open == 0 {
                        break;
                    }
                    continue;
                }
                b'{' | b'[' if open == DEEPEST => return None,
                b'{' | b'[' => open += 1,
                b'}' | b']' if open == 0 => break,
                b'}' | b']' => {
                    open -= 1;
                    if open == 0 {
                        self.at += 1;
                        break;
                    }
                }
                b',' if open == 0 => break,
                _ => {}
            }
            self.at += 1;
        }
        self.text.get(from..self.at)
    }

    /// Goes behind the quote that ends a text.
    fn text_end(&mut self) -> Option<()> {
        loop {
            self.at += plain_length(self.rest());
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                // An escape is of two bytes at least, and no byte behind these two can end the text.
                b'\\' => self.at += 2,
                _ => return None,
            }
        }
    }
}

/// The number of bytes before the first quote, backslash or control character, looked for in eight bytes at a time.
fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    let mut length = 0;
    while let Some(word) = bytes.get(length..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*word);
        // Below 0x21 are, with this bit turned, the quote (0x22) and the control characters.
        let quote = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
        let backslash = (word ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
        // The high bit of a byte is set where the byte is one of them; behind the first such byte it may be set wrongly,
        // but only the first one counts. Bytes that have it anyway are no ASCII.
        let found = (quote | backslash) & !word & HIGHS;
        if found != 0 {
            return length + (found.trailing_zeros() / 8) as usize;
        }
        length += 8;
    }
    let rest = bytes.get(length..).unwrap_or_default();
    let plain = |byte: &&u8| !matches!(**byte, b'"' | b'\\' | 0..0x20);
    length + rest.iter().take_while(plain).count()
}

#[cfg(test)]
mod tests;
