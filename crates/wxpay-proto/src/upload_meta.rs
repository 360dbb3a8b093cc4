//! What uploads say of their files: the variants of `meta` (protocol section 10.3), and digests made while a file is
//! read.

use std::borrow::Cow;

use bytes::Bytes;
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::crypto::{DigestAlgorithm, Hasher};
use crate::draft::Upload;
use crate::file_part::FilePart;

/// How one family of upload operations describes its file: the name of the part, the members of `meta`, the digest.
///
/// ```
/// use wxpay_proto::{FilePart, UploadMeta};
///
/// let file = FilePart::new("a.png", "image/png", "…");
/// let upload = UploadMeta::media().upload(&file);
///
/// // The same for a file that comes in pieces: it is read twice, for its digest and to be sent.
/// let mut digest = UploadMeta::media().begin();
/// digest.update("…".as_bytes());
/// assert_eq!(digest.finish("a.png", "image/png").meta, upload.meta);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct UploadMeta {
    part: &'static str,
    name: Option<&'static str>,
    digest: &'static str,
    algorithm: DigestAlgorithm,
    /// The example of the documentation has capital digits.
    capitals: bool,
    more: Vec<(Cow<'static, str>, Value)>,
}

impl UploadMeta {
    const fn new(name: Option<&'static str>, digest: &'static str, algorithm: DigestAlgorithm) -> Self {
        Self {
            part: "file",
            name,
            digest,
            algorithm,
            capitals: false,
            more: Vec::new(),
        }
    }

    /// `{filename, sha256}`: pictures and videos of applications (`merchant/media`), coupons, complaints, product
    /// coupons, and global files.
    #[must_use]
    pub const fn media() -> Self {
        Self::new(Some("filename"), "sha256", DigestAlgorithm::Sha256)
    }

    /// `{file_name, file_digest}`: pictures of e-commerce cancellations (电商平台注销).
    #[must_use]
    pub const fn cancellation() -> Self {
        let mut meta = Self::new(Some("file_name"), "file_digest", DigestAlgorithm::Sha256);
        meta.capitals = true;
        meta
    }

    /// `{file_name, file_digest}` beside a part `submission_file`: what a merchant submits (商户提交资料).
    #[must_use]
    pub const fn submission() -> Self {
        let mut meta = Self::cancellation();
        meta.part = "submission_file";
        meta
    }

    /// `{file_name, file_digest}` beside a part `due_diligence_file`: due diligence (商户尽职调查). It takes further
    /// members, see [`with`](Self::with).
    #[must_use]
    pub const fn due_diligence() -> Self {
        let mut meta = Self::cancellation();
        meta.part = "due_diligence_file";
        meta
    }

    /// `{filename, sha256, bank_type}`: packages of a bank's users (银行号码包).
    #[must_use]
    pub fn bank_package(bank_type: impl Into<String>) -> Self {
        Self::media().with("bank_type", bank_type.into())
    }

    /// `{sha256, transaction_id, openid}`: shopping receipts (电子小票). They take further members, see
    /// [`with`](Self::with).
    #[must_use]
    pub fn shopping_receipt(transaction_id: impl Into<String>, openid: impl Into<String>) -> Self {
        Self::new(None, "sha256", DigestAlgorithm::Sha256)
            .with("transaction_id", transaction_id.into())
            .with("openid", openid.into())
    }

    /// `{digest, digest_alogrithm, file_type}` (the name is WeChat Pay's): invoices (电子发票), with SM3. `file_type` is
    /// `PDF`.
    #[cfg(feature = "sm")]
    #[must_use]
    pub fn fapiao(file_type: impl Into<String>) -> Self {
        Self::new(None, "digest", DigestAlgorithm::Sm3)
            .with("digest_alogrithm", "SM3")
            .with("file_type", file_type.into())
    }

    /// `{digest, digest_algorithm, company_mchid, region_id}`: invoices of taxis (出租车电子发票), with SM3.
    #[cfg(feature = "sm")]
    #[must_use]
    pub fn taxi_invoice(company_mchid: impl Into<String>, region_id: u32) -> Self {
        Self::new(None, "digest", DigestAlgorithm::Sm3)
            .with("digest_algorithm", "DIGEST_ALGORITHM_SM3")
            .with("company_mchid", company_mchid.into())
            .with("region_id", region_id)
    }

    /// Adds a member of `meta`, behind those that are there.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.more.push((name.into(), value.into()));
        self
    }

    /// An upload of a file that is in memory.
    #[must_use]
    pub fn upload(self, file: &FilePart) -> Upload {
        let mut digest = self.begin();
        digest.update(file.content());
        let mut upload = digest.finish(file.name(), file.media_type());
        upload.content = file.content().clone();
        upload
    }

    /// Begins the digest of a file that comes in pieces.
    #[must_use]
    pub fn begin(self) -> UploadDigest {
        UploadDigest {
            hasher: self.algorithm.hasher(),
            meta: self,
        }
    }
}

/// The digest of a file that is read piece by piece. Memory stays the same, however long the file is.
#[derive(Clone)]
pub struct UploadDigest {
    meta: UploadMeta,
    hasher: Hasher,
}

impl UploadDigest {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.hasher.update(piece);
    }

    /// An upload that describes the file and does not hold it: its `meta` is complete, its content is empty. Sign it,
    /// and send the file between [`Upload::frame`]'s prefix and suffix.
    #[must_use]
    pub fn finish(self, file_name: impl Into<String>, media_type: impl Into<String>) -> Upload {
        let Self { meta, hasher } = self;
        let file_name = file_name.into();
        let mut digest = hex::encode(hasher.finish());
        if meta.capitals {
            digest.make_ascii_uppercase();
        }
        let text = Members {
            meta: &meta,
            file_name: &file_name,
            digest: &digest,
        };
        // Invariant: texts under text keys always serialise; an empty meta would be refused by WeChat Pay.
        let text = serde_json::to_string(&text).unwrap_or_default();
        let mut upload = Upload::new(text, file_name, media_type, Bytes::new());
        upload.file_name_of_part = Cow::Borrowed(meta.part);
        upload
    }
}

impl std::fmt::Debug for UploadDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UploadDigest")
            .field("meta", &self.meta)
            .finish_non_exhaustive()
    }
}

/// The members of `meta` in their order.
struct Members<'a> {
    meta: &'a UploadMeta,
    file_name: &'a str,
    digest: &'a str,
}

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(name) = self.meta.name {
            map.serialize_entry(name, self.file_name)?;
        }
        map.serialize_entry(self.meta.digest, self.digest)?;
        for (name, value) in &self.meta.more {
            map.serialize_entry(&**name, value)?;
        }
        map.end()
    }
}
