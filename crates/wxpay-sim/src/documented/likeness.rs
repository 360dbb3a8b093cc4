//! Numbers that are made up, and the same whenever the same thing is asked for.

use serde_json::Value;
use wxpay_types::schema::{Field, OperationInfo};
use wxpay_types::table;

use crate::ids::Sequence;

/// The shortest run of digits at the end of an example that is a counter rather than part of a name.
const COUNTER: usize = 6;
/// How many of its digits are replaced at most; what stands before them may be a day or a kind.
const REPLACED: usize = 10;

/// Makes numbers that depend on the simulator's seed and on what the request is about, and on nothing else: a query gives
/// the number that the creation gave.
#[derive(Clone, Debug)]
pub(super) struct Likeness(u64);

impl Likeness {
    pub(super) fn new(info: &OperationInfo, request: &Value, seed: u64) -> Self {
        let about = |name: &str| Some(request.get(name)?.to_string());
        let echoed = || info.echo.iter().map(|(asked, _)| asked.as_str());
        let given = request.as_object().into_iter().flatten();
        let own = echoed().chain(given.map(|(name, _)| name.as_str()));
        let own = own.filter(|name| name.starts_with("out_"));
        let named = info
            .idempotent_by
            .as_deref()
            .into_iter()
            .chain(own)
            .chain(echoed());
        let subject = named.filter_map(about).next();
        let subject = subject.unwrap_or_else(|| request.to_string());
        Self::of(&info.family, &subject, seed)
    }

    /// Of a subject in a family.
    pub(super) fn of(family: &str, subject: &str, seed: u64) -> Self {
        let family = hash(0xCBF2_9CE4_8422_2325 ^ seed, family);
        Self(hash(hash(family, "\n"), subject))
    }

    /// A sequence of the thing's own, for what has this name.
    pub(super) fn sequence(&self, name: &str) -> Sequence {
        Sequence::new(hash(self.0, name))
    }

    /// The example that the family's first operation has of this number: the others may show it in another form.
    pub(super) fn shown(info: &OperationInfo, name: &str) -> Option<&'static str> {
        let family = table::operations().filter(|other| other.family == info.family);
        let mut fields = family.filter_map(|other| other.response.as_ref()?.field(name));
        fields.find_map(|field| field.example.as_deref())
    }

    /// The example with other digits at its end, if it ends in a counter.
    pub(super) fn vary(&self, name: &str, example: &str) -> String {
        let digits = example.bytes().rev().take_while(u8::is_ascii_digit).count();
        if digits < COUNTER {
            return example.to_owned();
        }
        let replaced = digits.min(REPLACED);
        let kept = &example[..example.len() - replaced];
        format!("{kept}{}", self.sequence(name).digits(replaced))
    }

    /// A text where the documentation shows none.
    pub(super) fn invent(&self, field: &Field) -> String {
        let mut sequence = self.sequence(&field.name);
        match field.format.as_str() {
            "digits" | "uint64" => sequence.digits(10),
            "url" | "media_url" => format!("https://wxpay-sim.example/{}", sequence.token()),
            _ if field.name.ends_with("url") => {
                format!("https://wxpay-sim.example/{}", sequence.token())
            }
            _ => format!("wxpay-sim-{}", sequence.token()),
        }
    }
}

/// FNV-1a, 64 bits (Fowler, Noll and Vo): spreads texts, and nothing here is a secret.
fn hash(start: u64, text: &str) -> u64 {
    text.bytes().fold(start, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}
