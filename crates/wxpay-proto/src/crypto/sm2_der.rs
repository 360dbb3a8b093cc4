//! SM2's signatures and ciphertexts in DER: `SEQUENCE{r, s}` and `SEQUENCE{x, y, hash, text}` (C1C3C2).
//!
//! INTEGERs are as short as they can be and carry a zero in front of a high bit; fields have 32 bytes.

use pkcs8::der::asn1::{AnyRef, OctetStringRef, UintRef};
use pkcs8::der::{Decode, Encode, Tag};

type Field = [u8; 32];

/// The parts of a ciphertext.
pub(super) struct Ciphertext {
    pub(super) x: Field,
    pub(super) y: Field,
    pub(super) hash: Field,
    pub(super) text: Vec<u8>,
}

pub(super) fn read_signature(der: &[u8]) -> Option<(Field, Field)> {
    let parts = AnyRef::from_der(der).ok()?.sequence(|reader| {
        let r: UintRef<'_> = UintRef::decode(reader)?;
        let s: UintRef<'_> = UintRef::decode(reader)?;
        Ok((r.as_bytes().to_vec(), s.as_bytes().to_vec()))
    });
    let (r, s) = parts.ok()?;
    Some((pad(&r)?, pad(&s)?))
}

pub(super) fn write_signature(r: &[u8], s: &[u8]) -> Option<Vec<u8>> {
    let mut inner = UintRef::new(r).ok()?.to_der().ok()?;
    inner.extend(UintRef::new(s).ok()?.to_der().ok()?);
    sequence(&inner)
}

pub(super) fn read_ciphertext(der: &[u8]) -> Option<Ciphertext> {
    let parts = AnyRef::from_der(der).ok()?.sequence(|reader| {
        let x: UintRef<'_> = UintRef::decode(reader)?;
        let y: UintRef<'_> = UintRef::decode(reader)?;
        let hash: OctetStringRef<'_> = OctetStringRef::decode(reader)?;
        let text: OctetStringRef<'_> = OctetStringRef::decode(reader)?;
        Ok((
            pad(x.as_bytes()),
            pad(y.as_bytes()),
            hash.as_bytes().to_vec(),
            text.as_bytes().to_vec(),
        ))
    });
    let (x, y, hash, text) = parts.ok()?;
    Some(Ciphertext {
        x: x?,
        y: y?,
        hash: hash.try_into().ok()?,
        text,
    })
}

pub(super) fn write_ciphertext(sealed: &Ciphertext) -> Option<Vec<u8>> {
    let mut inner = UintRef::new(&sealed.x).ok()?.to_der().ok()?;
    inner.extend(UintRef::new(&sealed.y).ok()?.to_der().ok()?);
    inner.extend(OctetStringRef::new(&sealed.hash).ok()?.to_der().ok()?);
    inner.extend(OctetStringRef::new(&sealed.text).ok()?.to_der().ok()?);
    sequence(&inner)
}

fn sequence(inner: &[u8]) -> Option<Vec<u8>> {
    AnyRef::new(Tag::Sequence, inner).ok()?.to_der().ok()
}

/// The number in 32 bytes, if it has no more.
fn pad(number: &[u8]) -> Option<Field> {
    let mut field = [0; 32];
    let start = field.len().checked_sub(number.len())?;
    field.get_mut(start..)?.copy_from_slice(number);
    Some(field)
}
