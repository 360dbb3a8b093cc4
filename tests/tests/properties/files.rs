//! Files as they arrive: packed or not, encrypted or not, in chunks of any size.

use std::io::Write as _;

use aes_gcm::aead::consts::{U1, U12, U16, U32};
use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::aes::Aes256;
use aes_gcm::{AesGcm, KeyInit as _};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use wxpay_proto::crypto::{Aead, DigestAlgorithm, FileDigest};
use wxpay_proto::file::{
    FileCheck, FileError, FileForm, FileKey, FileReader, SealedFile, in_sequence, unpack,
};
use wxpay_proto::{ApiV3Key, VerifiedBy};

use crate::{bytes, config};

const LIMIT: u64 = 1 << 20;

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).expect("memory");
    encoder.finish().expect("memory")
}

/// Of the text, by the core itself: the error says what it found.
fn digest(algorithm: DigestAlgorithm, text: &[u8]) -> FileDigest {
    let zeros = match algorithm {
        DigestAlgorithm::Sha1 => "00".repeat(20),
        _ => "00".repeat(32),
    };
    let wrong = FileDigest::new(algorithm.as_str(), &zeros).expect("a digest");
    let found = wrong.check(text).expect_err("zeros are nobody's digest").found;
    FileDigest::new(algorithm.as_str(), &found).expect("a digest")
}

fn chunks<'a>(mut rest: &'a [u8], parts: &'a [usize]) -> impl Iterator<Item = &'a [u8]> {
    parts.iter().copied().chain([usize::MAX]).map(move |part| {
        let (chunk, after) = rest.split_at(part.min(rest.len()));
        rest = after;
        chunk
    })
}

fn check(file: &[u8], digest: &FileDigest, limit: u64, parts: &[usize]) -> Result<Vec<u8>, FileError> {
    let mut check = FileCheck::new(digest, limit);
    let mut text = Vec::new();
    for chunk in chunks(file, parts) {
        check.push(chunk);
        while let Some(piece) = check.next_piece()? {
            assert!(!piece.claimed().is_empty());
            text.extend_from_slice(piece.claimed());
        }
    }
    let proof = check.finish()?;
    assert_eq!(proof.length(), text.len() as u64);
    Ok(text)
}

fn open(file: &[u8], key: &FileKey, nonce: &str, aad: &[u8], parts: &[usize]) -> Result<Vec<u8>, FileError> {
    let mut sealed = SealedFile::with_associated_data(key, nonce, aad)?;
    let mut text = Vec::new();
    for chunk in chunks(file, parts) {
        sealed.push(chunk);
        while let Some(piece) = sealed.next_piece()? {
            text.extend_from_slice(piece.claimed());
        }
    }
    assert_eq!(sealed.finish()?.verified_by(), &VerifiedBy::FileKey);
    Ok(text)
}

fn parts() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(prop_oneof![3 => 0..20_usize, 1 => 0..400_usize], 0..60)
}

/// What packs well, and what does not.
fn content() -> impl Strategy<Value = Vec<u8>> {
    let repeated = (bytes(20), 1..300_usize).prop_map(|(bytes, times)| bytes.repeat(times));
    prop_oneof![bytes(600), repeated]
}

fn aes_gcm(key: &[u8; 32], nonce: &str, aad: &[u8], text: &[u8]) -> Vec<u8> {
    let payload = Payload { msg: text, aad };
    let sealed = match nonce.len() {
        12 => AesGcm::<Aes256, U12>::new(key.into()).encrypt(nonce.as_bytes().into(), payload),
        16 => AesGcm::<Aes256, U16>::new(key.into()).encrypt(nonce.as_bytes().into(), payload),
        32 => AesGcm::<Aes256, U32>::new(key.into()).encrypt(nonce.as_bytes().into(), payload),
        _ => AesGcm::<Aes256, U1>::new(key.into()).encrypt(nonce.as_bytes().into(), payload),
    };
    sealed.expect("it can be encrypted")
}

fn nonce() -> impl Strategy<Value = String> {
    prop_oneof!["[!-~]{12}", "[!-~]{16}", "[!-~]{32}", "[!-~]{1}"]
}

/// The text, its length proven, of all steps in one.
fn read(mut reader: FileReader, file: &[u8], parts: &[usize]) -> Result<Vec<u8>, FileError> {
    let mut text = Vec::new();
    for chunk in chunks(file, parts) {
        reader.push(chunk);
        while let Some(piece) = reader.next_piece()? {
            assert!(!piece.claimed().is_empty());
            text.extend_from_slice(piece.claimed());
        }
    }
    assert_eq!(reader.finish()?.length(), text.len() as u64);
    Ok(text)
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn all_steps_in_one_read_what_the_steps_read(text in content(), pack in any::<bool>(), parts in parts(), cut in any::<prop::sample::Index>()) {
        prop_assume!(FileForm::of(&text) != FileForm::Gzip && text.first() != Some(&0x1f));
        let whole = digest(DigestAlgorithm::Sha1, &text);
        let file = if pack { gzip(&text) } else { text.clone() };
        prop_assert_eq!(read(FileReader::checked(&whole, LIMIT), &file, &parts), Ok(text.clone()));
        let key = FileKey::new([7; 32]).expect("a key");
        let sealed = key.seal("nonce", b"", &file).expect("a short file");
        let begin = || SealedFile::new(&key, "nonce").expect("a nonce");
        for digest in [None, Some(&whole)] {
            prop_assert_eq!(read(FileReader::sealed(begin(), digest, LIMIT), &sealed, &parts), Ok(text.clone()));
            // Cut anywhere, it proves nothing.
            let cut = &sealed[..cut.index(sealed.len())];
            prop_assert!(read(FileReader::sealed(begin(), digest, LIMIT), cut, &parts).is_err());
        }
        // The tag alone does not make another text the one that was told.
        let other = digest(DigestAlgorithm::Sha1, &[&text[..], b"x"].concat());
        prop_assert!(read(FileReader::sealed(begin(), Some(&other), LIMIT), &sealed, &parts).is_err());
    }

    #[test]
    fn packed_and_plain_agree(text in content(), more in content(), parts in parts(), sha1 in any::<bool>()) {
        // What begins as gzip by chance is packed as far as anybody can tell.
        prop_assume!(FileForm::of(&text) != FileForm::Gzip && text.first() != Some(&0x1f));
        let algorithm = if sha1 { DigestAlgorithm::Sha1 } else { DigestAlgorithm::Sha256 };
        let whole = digest(algorithm, &text);
        prop_assert_eq!(check(&text, &whole, LIMIT, &parts), Ok(text.clone()));
        prop_assert_eq!(check(&gzip(&text), &whole, LIMIT, &parts), Ok(text.clone()));
        prop_assert_eq!(unpack(&gzip(&text), LIMIT), Ok(text.clone()));
        // A digest of the packed bytes proves the text as well.
        let of_packed = digest(algorithm, &gzip(&text));
        prop_assert_eq!(check(&gzip(&text), &of_packed, LIMIT, &parts), Ok(text.clone()));
        // Several members, as pieces put together have.
        let both = [text.clone(), more.clone()].concat();
        let members = [gzip(&text), gzip(&more)].concat();
        prop_assert_eq!(check(&members, &digest(algorithm, &both), LIMIT, &parts), Ok(both.clone()));
    }

    #[test]
    fn a_flipped_bit_or_a_cut_is_refused(
        text in content(), at in any::<prop::sample::Index>(), bit in 0..8_u8, packed in any::<bool>(), parts in parts(),
    ) {
        let whole = digest(DigestAlgorithm::Sha1, &text);
        let file = if packed { gzip(&text) } else { text.clone() };
        prop_assume!(!text.is_empty() && (packed || text.first() != Some(&0x1f)));
        let mut flipped = file.clone();
        flipped[at.index(file.len())] ^= 1 << bit;
        // gzip has bits that mean nothing (a time, padding): then the text is the same.
        if let Ok(found) = check(&flipped, &whole, LIMIT, &parts) {
            prop_assert!(packed);
            prop_assert_eq!(&found, &text);
        }
        prop_assert!(check(&file[..at.index(file.len())], &whole, LIMIT, &parts).is_err());
    }

    #[test]
    fn a_bomb_is_refused_before_it_goes_off(size in 2_000..200_000_usize, parts in parts()) {
        let text = vec![b'0'; size];
        let whole = digest(DigestAlgorithm::Sha1, &text);
        let file = gzip(&text);
        prop_assert_eq!(check(&file, &whole, size as u64, &parts).map(|text| text.len()), Ok(size));
        let limit = size as u64 - 1;
        prop_assert_eq!(check(&file, &whole, limit, &parts), Err(FileError::TooLarge { limit }));
        prop_assert_eq!(check(&text, &whole, limit, &parts), Err(FileError::TooLarge { limit }));
    }

    #[test]
    fn no_bytes_panic(bytes in bytes(300), parts in parts()) {
        let zeros = FileDigest::new("SHA1", &"00".repeat(20)).expect("a digest");
        prop_assert!(check(&bytes, &zeros, 1000, &parts).is_err());
        let after_magic = [&[0x1f, 0x8b, 8][..], &bytes].concat();
        prop_assert!(check(&after_magic, &zeros, 1000, &parts).is_err());
        let key = FileKey::new([7; 32]).expect("a key");
        prop_assert!(open(&bytes, &key, "nonce", b"", &parts).is_err());
    }

    #[test]
    fn encrypted_files_are_those_of_another_implementation(
        text in content(), key in any::<[u8; 32]>(), nonce in nonce(), aad in bytes(40), parts in parts(),
    ) {
        let ours = FileKey::new(key).expect("a key");
        let sealed = aes_gcm(&key, &nonce, &aad, &text);
        prop_assert_eq!(ours.seal(&nonce, &aad, &text), Ok(sealed.clone()));
        prop_assert_eq!(open(&sealed, &ours, &nonce, &aad, &parts), Ok(text.clone()));
    }

    #[test]
    fn any_change_of_an_encrypted_file_is_refused(
        text in content(), key in any::<[u8; 32]>(), at in any::<prop::sample::Index>(), bit in 0..8_u8, parts in parts(),
    ) {
        let key = FileKey::new(key).expect("a key");
        let sealed = key.seal("abcdef012345", b"", &text).expect("sealed");
        let mut flipped = sealed.clone();
        flipped[at.index(sealed.len())] ^= 1 << bit;
        let forged = Err(FileError::Forged);
        prop_assert_eq!(open(&flipped, &key, "abcdef012345", b"", &parts), forged.clone());
        prop_assert_eq!(open(&sealed[..at.index(sealed.len())], &key, "abcdef012345", b"", &parts), forged.clone());
        prop_assert_eq!(open(&[sealed.clone(), vec![0]].concat(), &key, "abcdef012345", b"", &parts), forged.clone());
        prop_assert_eq!(open(&sealed, &key, "abcdef012346", b"", &parts), forged.clone());
        prop_assert_eq!(open(&sealed, &key, "abcdef012345", b"x", &parts), forged);
    }

    #[test]
    fn pieces_are_put_in_order(count in 0..20_i64, seed in any::<u64>(), lost in any::<prop::sample::Index>()) {
        let mut pieces: Vec<(i64, i64)> = (1..=count).map(|number| (number, number)).collect();
        pieces.sort_by_key(|(number, _)| (*number as u64).wrapping_mul(seed | 1));
        let wanted: Vec<i64> = (1..=count).collect();
        prop_assert_eq!(in_sequence(Some(count), pieces.clone()), Ok(wanted.clone()));
        prop_assert_eq!(in_sequence(None, pieces.clone()), Ok(wanted));
        prop_assert!(in_sequence(Some(count + 1), pieces.clone()).is_err());
        if count > 0 {
            let (number, _) = pieces.remove(lost.index(pieces.len()));
            let error = in_sequence(Some(count), pieces.clone()).expect_err("one is missing");
            prop_assert_eq!(error.wanted, number);
            let other = if number == 1 { count.max(2) } else { 1 };
            pieces.push((other, other));
            prop_assert!(count == 1 || in_sequence(Some(count), pieces).is_err());
        }
    }
}

#[test]
fn what_was_not_read_is_not_proven() {
    let text = b"hello".repeat(100);
    let mut plain = FileCheck::new(&digest(DigestAlgorithm::Sha1, &text), LIMIT);
    plain.push(&text);
    assert!(matches!(
        plain.finish(),
        Err(FileError::WrongDigest(_) | FileError::Unread { .. })
    ));
    let mut packed = FileCheck::new(&digest(DigestAlgorithm::Sha1, &text), LIMIT);
    packed.push(&gzip(&text));
    assert!(packed.finish().is_err());
    let key = FileKey::new([7; 32]).expect("a key");
    let mut sealed = SealedFile::new(&key, "n").expect("a nonce");
    sealed.push(&key.seal("n", b"", &text).expect("sealed"));
    assert!(matches!(sealed.finish(), Err(FileError::Unread { .. })));
}

/// The bytes of an SM4 key are the first half of the APIv3 key's SM3, which is how the vectors have it.
#[test]
fn sm4_files_are_those_of_the_messages() {
    let api_key = ApiV3Key::new("Q9xV3kTestOnly0123456789abcdefGH").expect("a key");
    let zeros = FileDigest::new("SM3", &"00".repeat(32)).expect("a digest");
    let sm3 = zeros
        .check(api_key.expose())
        .expect_err("zeros are nobody's digest")
        .found;
    let half: Vec<u8> = (0..16)
        .map(|at| u8::from_str_radix(&sm3[2 * at..2 * at + 2], 16).expect("hexadecimal"))
        .collect();
    let key = FileKey::new(half).expect("a key");
    let text = b"a bill".repeat(50);
    let sealed = Aead::Sm4Gcm
        .seal(&api_key, b"abcdef012345", b"", &text)
        .expect("sealed");
    assert_eq!(key.seal("abcdef012345", b"", &text).as_ref(), Ok(&sealed));
    assert_eq!(open(&sealed, &key, "abcdef012345", b"", &[3, 70, 1]), Ok(text));
}

#[test]
fn keys_and_nonces_that_are_none_are_refused() {
    assert!(matches!(
        FileKey::new([7; 24]),
        Err(FileError::KeyLength { bytes: 24 })
    ));
    let key = FileKey::new([7; 32]).expect("a key");
    assert!(matches!(SealedFile::new(&key, ""), Err(FileError::EmptyNonce)));
    assert_eq!(format!("{key:?}"), "FileKey(…)");
}
