//! Where a file is to be fetched, and what will prove it: members of one signed answer (protocol sections 11.1, 11.4
//! and 11.5).

use serde::Deserialize;

use super::call::Download;
use crate::crypto::{Decryptor, FileDigest, InvalidDigest};
use crate::file::{FileError, FileKey, FileReader, MissingPiece, SealedFile, in_sequence};
use crate::host::ForeignHost;
use crate::proof::Verified;

/// A file's address, which is good for minutes or seconds, and its digest.
///
/// Whatever operation answers with `download_url`, `hash_type` and `hash_value` answers with a ticket: bills, receipts,
/// untyped calls. It is read from the verified body, so what it says was signed.
#[derive(Clone, Debug)]
pub struct FileTicket {
    download: Download,
    digest: FileDigest,
}

/// The members as they are answered.
#[derive(Deserialize)]
struct Told {
    download_url: Option<String>,
    hash_type: Option<String>,
    hash_value: Option<String>,
    encrypt_key: Option<String>,
    nonce: Option<String>,
    bill_sequence: Option<i64>,
}

impl FileTicket {
    /// Reads the ticket of an answer.
    ///
    /// # Errors
    /// [`TicketError`] when the answer has none, when its address is not WeChat Pay's, or its digest is of an unknown
    /// kind.
    pub fn of<T>(answer: &Verified<T>) -> Result<Self, TicketError> {
        let told: Told = read(answer.body())?;
        if told.encrypt_key.is_some() {
            return Err(TicketError::Sealed);
        }
        Ok(Self {
            download: told.download()?,
            digest: told
                .digest()?
                .ok_or(TicketError::Missing { member: "hash_value" })?,
        })
    }

    /// Fetches the file.
    #[must_use]
    pub fn download(&self) -> &Download {
        &self.download
    }

    /// Proves the file.
    #[must_use]
    pub fn digest(&self) -> &FileDigest {
        &self.digest
    }
}

/// The address of one piece of an encrypted file, and what opens and proves it (protocol section 11.4).
#[derive(Debug)]
pub struct SealedFileTicket {
    download: Download,
    digest: Option<FileDigest>,
    encrypt_key: String,
    nonce: String,
}

#[derive(Deserialize)]
struct List {
    download_bill_count: Option<i64>,
    download_bill_list: Option<Vec<Told>>,
}

impl SealedFileTicket {
    /// Reads the tickets of an answer with `download_bill_list`, in the order of `bill_sequence`: the files, opened
    /// one by one and put together, are the bill.
    ///
    /// # Errors
    /// [`TicketError`] as for [`FileTicket::of`], and when a piece is missing.
    pub fn of<T>(answer: &Verified<T>) -> Result<Vec<Self>, TicketError> {
        let list: List = read(answer.body())?;
        let pieces = list.download_bill_list.ok_or(TicketError::Missing {
            member: "download_bill_list",
        })?;
        let numbered = (1..).zip(pieces);
        let pieces = numbered
            .map(|(at, told)| (told.bill_sequence.unwrap_or(at), told))
            .collect();
        let pieces = in_sequence(list.download_bill_count, pieces)?;
        pieces.into_iter().map(Told::sealed).collect()
    }

    /// Fetches the file.
    #[must_use]
    pub fn download(&self) -> &Download {
        &self.download
    }

    /// The digest of the text, where one was told; without one the tag alone proves the file.
    #[must_use]
    pub fn digest(&self) -> Option<&FileDigest> {
        self.digest.as_ref()
    }

    /// Opens the file's key with the merchant's, and begins to read: the text has at most `limit` bytes.
    ///
    /// # Errors
    /// [`FileError::Key`] when it was not encrypted for this key, and the others that [`FileKey::open`] and
    /// [`SealedFile::new`] tell.
    pub fn reader(&self, merchant: &(impl Decryptor + ?Sized), limit: u64) -> Result<FileReader, FileError> {
        let key = FileKey::open(&self.encrypt_key, merchant)?;
        let sealed = SealedFile::new(&key, &self.nonce)?;
        Ok(FileReader::sealed(sealed, self.digest.as_ref(), limit))
    }
}

fn read<T: for<'a> Deserialize<'a>>(body: &[u8]) -> Result<T, TicketError> {
    serde_json::from_slice(body).map_err(|error| TicketError::Form {
        problem: error.to_string(),
    })
}

impl Told {
    fn download(&self) -> Result<Download, TicketError> {
        let url = self.download_url.as_deref().filter(|url| !url.is_empty());
        let url = url.ok_or(TicketError::Missing {
            member: "download_url",
        })?;
        Ok(Download::new(url)?)
    }

    /// `hash_type` is always told; SHA-1 is what it is where an answer knows no such member.
    fn digest(&self) -> Result<Option<FileDigest>, TicketError> {
        let value = self.hash_value.as_deref().filter(|value| !value.is_empty());
        let kind = self.hash_type.as_deref().unwrap_or("SHA1");
        Ok(value.map(|value| FileDigest::new(kind, value)).transpose()?)
    }

    fn sealed(self) -> Result<SealedFileTicket, TicketError> {
        let (download, digest) = (self.download()?, self.digest()?);
        let missing = |member| move || TicketError::Missing { member };
        Ok(SealedFileTicket {
            download,
            digest,
            encrypt_key: self.encrypt_key.ok_or_else(missing("encrypt_key"))?,
            nonce: self.nonce.ok_or_else(missing("nonce"))?,
        })
    }
}

/// An answer that tells no file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TicketError {
    /// A member is missing.
    #[error("the answer has no `{member}`: it tells no file, or the file is not made yet")]
    Missing {
        /// The member.
        member: &'static str,
    },
    /// The file is encrypted: take [`SealedFileTicket`].
    #[error("the answer has an `encrypt_key`: its file is encrypted")]
    Sealed,
    /// The answer is no object with texts in these members.
    #[error("the answer has another form: {problem}")]
    Form {
        /// What the parser said.
        problem: String,
    },
    /// The address is not WeChat Pay's.
    #[error("`download_url`: {0}")]
    Address(#[from] ForeignHost),
    /// The digest cannot be used.
    #[error(transparent)]
    Digest(#[from] InvalidDigest),
    /// A piece is missing.
    #[error(transparent)]
    Piece(#[from] MissingPiece),
}
