//! AES-GCM over a stream of any length (NIST SP 800-38D), for files that do not fit into memory.
//!
//! The ciphers are RustCrypto's; what is ours is the order in which they are put together, because the ready-made
//! composition takes a whole message at once. The tests hold it against that composition.

use ctr::cipher::{
    Block, BlockCipher, BlockEncrypt, BlockSizeUser, InnerIvInit as _, StreamCipher as _,
    StreamCipherCoreWrapper,
};
use ctr::flavors::Ctr32BE;
use ctr::{CtrCore, cipher::consts::U16};
use ghash::GHash;
use ghash::universal_hash::{KeyInit as _, UniversalHash as _};

use super::CryptoError;

/// The length of a block, a tag and a counter, in bytes.
pub(crate) const BLOCK: usize = 16;

/// A block cipher that GCM can be built on.
pub(crate) trait Cipher: BlockCipher + BlockEncrypt + BlockSizeUser<BlockSize = U16> {}

impl<C: BlockCipher + BlockEncrypt + BlockSizeUser<BlockSize = U16>> Cipher for C {}

/// One message on its way through GCM.
pub(crate) struct GcmStream<C: Cipher> {
    keystream: StreamCipherCoreWrapper<CtrCore<C, Ctr32BE>>,
    hash: Hash,
    mask: [u8; BLOCK],
    aad_bytes: u64,
    text_bytes: u64,
}

impl<C: Cipher> GcmStream<C> {
    /// Begins a message. The nonce has any length; twelve bytes are the usual one.
    pub(crate) fn new(cipher: C, nonce: &[u8], aad: &[u8]) -> Self {
        let mut key = Block::<C>::default();
        cipher.encrypt_block(&mut key);
        let first = first_counter(&key, nonce);
        let mut mask = first;
        cipher.encrypt_block(Block::<C>::from_mut_slice(&mut mask));
        let mut counter = first;
        increment(&mut counter);
        let mut hash = Hash::new(&key);
        hash.update(aad);
        hash.pad();
        Self {
            keystream: StreamCipherCoreWrapper::from_core(CtrCore::inner_iv_init(
                cipher,
                Block::<C>::from_slice(&counter),
            )),
            hash,
            mask,
            aad_bytes: bytes(aad.len()),
            text_bytes: 0,
        }
    }

    /// Decrypts the next part in place. Nothing is proven before the tag is.
    pub(crate) fn decrypt(&mut self, part: &mut [u8]) -> Result<(), CryptoError> {
        self.hash.update(part);
        self.apply(part).ok_or(CryptoError::Decrypt)
    }

    /// Encrypts the next part in place.
    pub(crate) fn encrypt(&mut self, part: &mut [u8]) -> Result<(), CryptoError> {
        self.apply(part).ok_or(CryptoError::Encrypt)?;
        self.hash.update(part);
        Ok(())
    }

    /// Fails past the 64 GiB that one counter can encrypt.
    fn apply(&mut self, part: &mut [u8]) -> Option<()> {
        self.text_bytes = self.text_bytes.checked_add(bytes(part.len()))?;
        self.keystream.try_apply_keystream(part).ok()
    }

    /// The tag over all that went through.
    pub(crate) fn tag(mut self) -> [u8; BLOCK] {
        self.hash.pad();
        let mut lengths = [0; BLOCK];
        lengths[..8].copy_from_slice(&(self.aad_bytes * 8).to_be_bytes());
        lengths[8..].copy_from_slice(&(self.text_bytes * 8).to_be_bytes());
        self.hash.update(&lengths);
        let mut tag = self.hash.finish();
        for (byte, mask) in tag.iter_mut().zip(self.mask) {
            *byte ^= mask;
        }
        tag
    }
}

/// GHASH over parts of any length.
struct Hash {
    ghash: GHash,
    partial: [u8; BLOCK],
    filled: usize,
}

impl Hash {
    fn new(key: &[u8]) -> Self {
        Self {
            ghash: GHash::new(ghash::Key::from_slice(key)),
            partial: [0; BLOCK],
            filled: 0,
        }
    }

    fn update(&mut self, mut part: &[u8]) {
        if self.filled > 0 {
            let (head, rest) = part.split_at(part.len().min(BLOCK - self.filled));
            self.partial[self.filled..self.filled + head.len()].copy_from_slice(head);
            self.filled += head.len();
            part = rest;
            if self.filled < BLOCK {
                return;
            }
            self.pad();
        }
        let whole = part.len() - part.len() % BLOCK;
        let (blocks, rest) = part.split_at(whole);
        // Without a remainder, padding adds nothing.
        self.ghash.update_padded(blocks);
        self.partial[..rest.len()].copy_from_slice(rest);
        self.filled = rest.len();
    }

    /// Fills the last block up with zeros.
    fn pad(&mut self) {
        self.ghash.update_padded(&self.partial[..self.filled]);
        self.filled = 0;
    }

    fn finish(self) -> [u8; BLOCK] {
        self.ghash.finalize().into()
    }
}

/// The counter of the tag's mask: the nonce and a one, or the digest of a nonce of another length than twelve bytes.
fn first_counter(key: &[u8], nonce: &[u8]) -> [u8; BLOCK] {
    if nonce.len() == 12 {
        let mut counter = [0; BLOCK];
        counter[..12].copy_from_slice(nonce);
        counter[15] = 1;
        return counter;
    }
    let mut hash = Hash::new(key);
    hash.update(nonce);
    hash.pad();
    let mut lengths = [0; BLOCK];
    lengths[8..].copy_from_slice(&(bytes(nonce.len()) * 8).to_be_bytes());
    hash.update(&lengths);
    hash.finish()
}

/// Only the last four bytes count, and they wrap.
fn increment(counter: &mut [u8; BLOCK]) {
    for byte in counter[12..].iter_mut().rev() {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            return;
        }
    }
}

fn bytes(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
