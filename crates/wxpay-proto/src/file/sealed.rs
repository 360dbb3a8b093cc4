//! Encrypted bills (protocol section 11.4): AES-256-GCM, or SM4-GCM, with the tag at the very end.

use std::mem;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::check::FileProof;
use super::cipher::FileCipher;
use super::error::FileError;
use super::unproven::UnprovenBytes;
use crate::crypto::{CryptoError, Decryptor, Padding, TAG};
use crate::proof::VerifiedBy;

/// The longest piece.
const PIECE: usize = 64 * 1024;

/// The key of one encrypted file: 32 bytes for AES-256, 16 for SM4 (feature `sm`); wiped on drop. Each file has its own.
pub struct FileKey(Zeroizing<Vec<u8>>);

impl FileKey {
    /// Opens `encrypt_key` of a signed answer, base64, with the merchant's private key.
    ///
    /// # Errors
    /// [`FileError::Key`] when it was not encrypted for this key, [`FileError::KeyLength`] when another cipher is
    /// meant.
    pub fn open(encrypt_key: &str, merchant: &(impl Decryptor + ?Sized)) -> Result<Self, FileError> {
        let sealed = STANDARD
            .decode(encrypt_key)
            .map_err(|_| FileError::Key(CryptoError::Decrypt))?;
        let key = merchant
            .decrypt(Padding::OaepSha1, &sealed)
            .map_err(FileError::Key)?;
        Self::checked(key)
    }

    /// Takes the bytes themselves: a simulator makes them up.
    ///
    /// # Errors
    /// [`FileError::KeyLength`] when no cipher here has a key of that length.
    pub fn new(key: impl Into<Vec<u8>>) -> Result<Self, FileError> {
        Self::checked(Zeroizing::new(key.into()))
    }

    fn checked(key: Zeroizing<Vec<u8>>) -> Result<Self, FileError> {
        match key.len() {
            bytes if FileCipher::takes(bytes) => Ok(Self(key)),
            bytes => Err(FileError::KeyLength { bytes }),
        }
    }

    /// Encrypts a file that is in memory as a whole, as WeChat Pay does.
    ///
    /// A nonce must never be used twice with one key.
    ///
    /// # Errors
    /// [`FileError::EmptyNonce`], and [`FileError::Key`] for more than 64 GiB.
    pub fn seal(&self, nonce: &str, associated_data: &[u8], text: &[u8]) -> Result<Vec<u8>, FileError> {
        let mut cipher = self.cipher(nonce, associated_data)?;
        let mut file = text.to_vec();
        cipher.encrypt(&mut file).map_err(FileError::Key)?;
        file.extend_from_slice(&cipher.tag());
        Ok(file)
    }

    fn cipher(&self, nonce: &str, associated_data: &[u8]) -> Result<FileCipher, FileError> {
        if nonce.is_empty() {
            return Err(FileError::EmptyNonce);
        }
        let bytes = self.0.len();
        FileCipher::new(&self.0, nonce, associated_data).ok_or(FileError::KeyLength { bytes })
    }
}

impl std::fmt::Debug for FileKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileKey(…)")
    }
}

/// Decrypts a file as it arrives. What comes out may be packed: hand it to a [`FileCheck`](super::FileCheck) or an
/// [`Unpack`](super::Unpack).
///
/// The tag stands at the end of the file, so nothing is proven before [`finish`](Self::finish): whoever can change the
/// file on its way decides every bit of what is read before.
pub struct SealedFile {
    cipher: FileCipher,
    /// What has arrived; before `at` it was decrypted and read.
    input: Vec<u8>,
    at: usize,
    length: u64,
}

impl SealedFile {
    /// Takes the file's key and its `nonce`, without associated data.
    ///
    /// No source says what WeChat Pay authenticates beside the file. Nothing is the likeliest, and not confirmed; if
    /// every file is refused, try [`with_associated_data`](Self::with_associated_data).
    ///
    /// # Errors
    /// [`FileError::EmptyNonce`].
    pub fn new(key: &FileKey, nonce: &str) -> Result<Self, FileError> {
        Self::with_associated_data(key, nonce, b"")
    }

    /// As [`new`](Self::new), with associated data.
    ///
    /// # Errors
    /// [`FileError::EmptyNonce`].
    pub fn with_associated_data(
        key: &FileKey,
        nonce: &str,
        associated_data: &[u8],
    ) -> Result<Self, FileError> {
        Ok(Self {
            cipher: key.cipher(nonce, associated_data)?,
            input: Vec::new(),
            at: 0,
            length: 0,
        })
    }

    /// Takes the next bytes of the file, as many as there are.
    pub fn push(&mut self, chunk: &[u8]) {
        self.input.drain(..mem::take(&mut self.at));
        self.input.extend_from_slice(chunk);
    }

    /// The next piece, decrypted, or nothing when the next chunk is needed. It is never empty.
    ///
    /// # Errors
    /// [`FileError::Forged`] past the 64 GiB that one key can encrypt.
    pub fn next_piece(&mut self) -> Result<Option<UnprovenBytes<'_>>, FileError> {
        // The last bytes may be the tag until more comes.
        let ready = (self.input.len() - self.at).saturating_sub(TAG);
        if ready == 0 {
            return Ok(None);
        }
        let end = self.at + ready.min(PIECE);
        let piece = &mut self.input[self.at..end];
        self.cipher.decrypt(piece).map_err(|_| FileError::Forged)?;
        self.at = end;
        self.length += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        Ok(Some(UnprovenBytes::new(piece)))
    }

    /// Ends the file and compares the tag. Only now what was read before is proven.
    ///
    /// # Errors
    /// [`FileError::Forged`] when the tag does not fit, [`FileError::Unread`] when there are pieces left.
    pub fn finish(self) -> Result<FileProof, FileError> {
        let rest = &self.input[self.at..];
        if rest.len() > TAG {
            return Err(FileError::Unread { bytes: rest.len() });
        }
        if bool::from(rest.ct_eq(&self.cipher.tag())) {
            Ok(FileProof::new(VerifiedBy::FileKey, self.length))
        } else {
            Err(FileError::Forged)
        }
    }
}

impl std::fmt::Debug for SealedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealedFile")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}
