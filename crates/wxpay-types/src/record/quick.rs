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

/// Reads a record from bytes that are one object, or nothing, where serde_json has to be asked.
pub(crate) fn read<T: Record + Default>(bytes: &[u8]) -> Option<T> {
    let mut value = T::default();
    let reader = Reader(std::str::from_utf8(bytes).ok()?);
    let at = reader.members(reader.behind(b'{', 0)?, &mut value, 0)?;
    reader.next(at).is_none().then_some(value)
}

/// A text. What reads a part of it is told where that begins, and tells where it ends.
struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    /// The first byte from there on that is not blank, and where it stands.
    fn next(&self, mut at: usize) -> Option<(usize, u8)> {
        loop {
            match self.0.as_bytes().get(at)? {
                b' ' | b'\n' | b'\r' | b'\t' => at += 1,
                byte => return Some((at, *byte)),
            }
        }
    }

    /// Behind this byte, which has to be the next one.
    fn behind(&self, byte: u8, at: usize) -> Option<usize> {
        let (at, found) = self.next(at)?;
        (found == byte).then_some(at + 1)
    }

    /// The text from there to the next quote, when it has no escapes, and the place behind the quote.
    fn plain_text(&self, from: usize) -> Option<(&'a str, usize)> {
        let bytes = self.0.as_bytes();
        let to = from + plain_length(bytes.get(from..)?);
        if bytes.get(to) == Some(&b'"') {
            Some((self.0.get(from..to)?, to + 1))
        } else {
            None
        }
    }

    /// The members of an object, from behind its bracket to behind the other.
    fn members(&self, from: usize, to: &mut dyn Record, depth: usize) -> Option<usize> {
        if depth == DEEPEST {
            return None;
        }
        let names = to.names();
        let mut next = 0;
        let (mut at, first) = self.next(from)?;
        if first == b'}' {
            return Some(at + 1);
        }
        loop {
            let (place, value) = self.name(self.behind(b'"', at)?, names, next)?;
            next = place.map_or(next, |place| place + 1);
            let end = match place.and_then(|place| to.field_mut(place)) {
                Some(field) => self.value(value, field.slot(), depth)?,
                None => self.passed_over(value)?,
            };
            match self.next(end)? {
                (comma, b',') => at = comma + 1,
                (bracket, b'}') => return Some(bracket + 1),
                _ => return None,
            }
        }
    }

    /// The place of the member whose name comes now, and where its value begins. Members often come in the order in which
    /// they are documented: then the name is compared before it is even known how long it is.
    fn name(&self, from: usize, names: &[&str], next: usize) -> Option<(Option<usize>, usize)> {
        let rest = self.0.as_bytes().get(from..)?;
        if let Some(name) = names.get(next)
            && begins_alike(rest, name.as_bytes())
            && let Some(rest) = rest.strip_prefix(name.as_bytes())
            && rest.starts_with(b"\":")
        {
            return Some((Some(next), from + name.len() + 2));
        }
        let (name, end) = self.plain_text(from)?;
        let value = self.behind(b':', end)?;
        let (before, behind) = names.split_at_checked(next)?;
        let is_name = |known: &&str| begins_alike(known.as_bytes(), rest) && *known == name;
        let place = behind.iter().position(is_name).map(|place| place + next);
        Some((place.or_else(|| before.iter().position(is_name)), value))
    }

    fn value(&self, from: usize, slot: Slot<'_>, depth: usize) -> Option<usize> {
        let (from, first) = self.next(from)?;
        match (slot, first) {
            (Slot::Text(to), b'"') => match self.plain_text(from + 1) {
                Some((text, end)) => {
                    to.put(text);
                    Some(end)
                }
                None => self.passed_on(from, Slot::Text(to)),
            },
            (Slot::Word(to), b'"') => match self.plain_text(from + 1) {
                Some(("", end)) => {
                    to.clear();
                    Some(end)
                }
                Some((text, end)) => {
                    to.put(text);
                    Some(end)
                }
                None => self.passed_on(from, Slot::Word(to)),
            },
            (Slot::Int(to), b'0'..=b'9') => match self.plain_int(from) {
                Some((number, end)) => {
                    *to = Some(number);
                    Some(end)
                }
                None => self.passed_on(from, Slot::Int(to)),
            },
            (Slot::Object(to), b'{') => {
                to.clear();
                self.members(from + 1, to.add(), depth + 1)
            }
            (Slot::Objects(to), b'[') => self.objects(from, to, depth),
            (slot, _) => self.passed_on(from, slot),
        }
    }

    /// A list in which there are objects only.
    fn objects(&self, from: usize, to: &mut dyn Objects, depth: usize) -> Option<usize> {
        to.clear();
        if let Some(end) = self.behind(b']', from + 1) {
            return Some(end);
        }
        let mut at = from + 1;
        loop {
            let Some(object) = self.behind(b'{', at) else {
                return self.passed_on(from, Slot::Objects(to));
            };
            let end = self.members(object, to.add(), depth + 1)?;
            match self.next(end)? {
                (comma, b',') => at = comma + 1,
                (bracket, b']') => return Some(bracket + 1),
                _ => return None,
            }
        }
    }

    /// A number that is whole, not negative, and of at most eighteen digits.
    fn plain_int(&self, from: usize) -> Option<(i64, usize)> {
        let rest = self.0.as_bytes().get(from..)?;
        let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, behind) = rest.split_at_checked(length)?;
        let ends = matches!(behind.first()?, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t');
        if !ends || length > 18 || (length > 1 && digits.first() == Some(&b'0')) {
            return None;
        }
        let number = digits
            .iter()
            .fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
        Some((number, from + length))
    }

    /// A value in which nothing is of interest.
    fn passed_over(&self, from: usize) -> Option<usize> {
        let (from, first) = self.next(from)?;
        if first == b'"'
            && let Some((_, end)) = self.plain_text(from + 1)
        {
            return Some(end);
        }
        let end = self.end(from)?;
        serde_json::from_str::<IgnoredAny>(self.0.get(from..end)?).ok()?;
        Some(end)
    }

    /// A value that serde_json reads.
    fn passed_on(&self, from: usize, slot: Slot<'_>) -> Option<usize> {
        let end = self.end(from)?;
        let mut json = serde_json::Deserializer::from_str(self.0.get(from..end)?);
        slot.deserialize(&mut json).ok()?;
        json.end().ok()?;
        Some(end)
    }

    /// Where a value ends, if it is one: before the comma or bracket that is not its own.
    fn end(&self, from: usize) -> Option<usize> {
        let mut at = from;
        let mut open = 0_usize;
        loop {
            match self.0.as_bytes().get(at)? {
                b'"' => {
                    at = self.text_end(at + 1)?;
                    if open == 0 {
                        return Some(at);
                    }
                    continue;
                }
                b'{' | b'[' if open == DEEPEST => return None,
                b'{' | b'[' => open += 1,
                b',' | b'}' | b']' if open == 0 => return Some(at),
                b'}' | b']' => {
                    open -= 1;
                    if open == 0 {
                        return Some(at + 1);
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Behind the quote that ends a text.
    fn text_end(&self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            at += plain_length(self.0.as_bytes().get(at..)?);
            match self.0.as_bytes().get(at)? {
                b'"' => return Some(at + 1),
                // An escape is of two bytes at least, and no byte behind these two can end the text.
                b'\\' => at += 2,
                _ => return None,
            }
        }
    }
}

/// Asked first, because most names differ in their first byte.
fn begins_alike(one: &[u8], other: &[u8]) -> bool {
    one.first() == other.first()
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
