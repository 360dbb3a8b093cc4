//! The catalogue, read once.

use std::path::Path;
use std::sync::OnceLock;

use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{Family, Field, Op};
use wxpay_catalogue::read;

/// Every family.
///
/// # Panics
/// When the catalogue cannot be read.
#[must_use]
#[expect(clippy::expect_used, reason = "the catalogue is part of the workspace")]
pub fn families() -> &'static [Family] {
    static FAMILIES: OnceLock<Vec<Family>> = OnceLock::new();
    FAMILIES.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/wxpay-types/catalogue");
        read::folder(&folder).expect("a catalogue without mistakes")
    })
}

/// Every operation with its full name, in the order of the files.
pub fn operations() -> impl Iterator<Item = (&'static Family, String, &'static Op)> {
    families().iter().flat_map(|family| {
        family
            .ops
            .iter()
            .map(move |(id, op)| (family, family.name_of(id), op))
    })
}

/// What the type of a field says.
///
/// # Panics
/// When it is none.
#[must_use]
#[expect(clippy::expect_used, reason = "the catalogue was checked")]
pub fn kind(field: &Field) -> Kind {
    Kind::parse(&field.kind).expect("a type")
}

/// Whether a text that says nothing counts as missing: a time, or one of several words.
#[must_use]
pub fn is_word(family: &Family, field: &Field, kind: &Kind) -> bool {
    match kind {
        Kind::YesNo => true,
        Kind::Named(name) => family.enums.contains_key(name),
        Kind::Text => matches!(
            field.format.as_deref(),
            Some("rfc3339" | "datetime" | "yyyymmddhhmmss")
        ),
        _ => false,
    }
}
