//! Files: what a link in an answer leads to, with the digest that the answer tells.

use serde_json::{Map, Value};
use wxpay_proto::Host;
use wxpay_proto::crypto::{DigestAlgorithm, FileDigest};
use wxpay_proto::file::FileKey;
use wxpay_types::schema::{OperationInfo, Returns};
use wxpay_types::table;

use super::likeness::Likeness;
use crate::bills;
use crate::ids::Sequence;

/// What the tokens begin with that lead to files of this module.
const TOKEN: &str = "wxpay-sim-";
/// What stands in a token whose file is packed.
const PACKED: &str = "-gzip";
/// What a token ends in whose file is encrypted, and how long the file's key is in bytes: with AES-256 and with SM4.
const SEALED: [(&str, usize); 2] = [("-aes", 32), ("-sm4", 16)];
/// Where files are fetched, unless the documentation shows another place.
const DOWNLOAD: &str = "/v3/billdownload/file";

/// A picture of one pixel.
const PIXEL: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\x0aIDATx\xdac\xf8\x0f\x00\x01\x01\x01\x00\x1c\xb0\x8c\x99\x00\x00\x00\x00IEND\xaeB`\x82";

/// A file as an answer.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) media_type: String,
    pub(crate) content: Vec<u8>,
}

/// Whether a token leads to a file of this module.
pub(crate) fn is_ours(token: &str) -> bool {
    token.starts_with(TOKEN)
}

/// The file of an operation that answers one. Without a token there is one for each operation.
pub(crate) fn file(info: &OperationInfo, token: Option<&str>) -> File {
    let token = token.unwrap_or(&info.name);
    let plain = plain(&info.path, token);
    let media_type = match plain.first_chunk() {
        Some(b"%PDF") => "application/pdf",
        Some(b"\x89PNG") => "image/png",
        _ => "text/plain; charset=utf-8",
    };
    let (media_type, content) = if token.contains(PACKED) {
        ("application/x-gzip", bills::gzip(&plain))
    } else {
        (media_type, plain)
    };
    let (media_type, content) = match Key::of(token) {
        Some(key) => ("application/octet-stream", key.seal(&content)),
        None => (media_type, content),
    };
    File {
        media_type: media_type.to_owned(),
        content,
    }
}

/// Makes a `download_url` lead to a file, and its digest beside it true: that of the text, packed and encrypted or not.
/// The request may say whether it is packed, and how it is encrypted.
pub(super) fn link(members: &mut Map<String, Value>, request: &Value, likeness: &Likeness) {
    let Some(shown) = members.get("download_url").and_then(Value::as_str) else {
        return;
    };
    // A link that leads elsewhere than to WeChat Pay's interfaces stays what the documentation shows.
    let (host, target) = match Host::split(shown) {
        Ok((host, target)) => (host, target),
        Err(_) if shown.starts_with(&format!("https://{EXAMPLE}")) => (Host::API, DOWNLOAD),
        Err(_) => return,
    };
    let path = target.split('?').next().unwrap_or_default();
    let path = match table::find("GET", path) {
        Some((info, _)) if info.returns == Returns::File => info.path.as_str(),
        _ => DOWNLOAD,
    };
    let asked = |name: &str| request.get(name).and_then(Value::as_str).unwrap_or_default();
    let algorithm = ["algorithm", "encryption_algorithm"].map(asked).concat();
    let (packed, tail) = match asked("tar_type") {
        "GZIP" => (PACKED, "&tartype=gzip"),
        _ => ("", ""),
    };
    let sealed = match (members.contains_key("encrypt_key"), algorithm.contains("SM4")) {
        (false, _) => "",
        (true, sm4) => SEALED[usize::from(sm4)].0,
    };
    let token = format!(
        "{TOKEN}{}{packed}{sealed}",
        likeness.sequence("download_url").hex()
    );
    let content = plain(path, &token);
    let url = format!("https://{}{path}?token={token}{tail}", host.as_str());
    members.insert("download_url".to_owned(), url.into());
    if let Some(key) = Key::of(&token) {
        members.insert("encrypt_key".to_owned(), key.text.as_str().into());
        members.insert("nonce".to_owned(), key.nonce.as_str().into());
    }
    let algorithm = match members.get("hash_type").and_then(Value::as_str) {
        Some("SHA256") => DigestAlgorithm::Sha256,
        Some("SM3") => DigestAlgorithm::Sm3,
        _ => DigestAlgorithm::Sha1,
    };
    if let Some(value) = members.get_mut("hash_value") {
        *value = FileDigest::of(algorithm, &content).to_hex().into();
    }
}

/// Where made-up addresses lead.
const EXAMPLE: &str = "wxpay-sim.example/";

fn plain(path: &str, token: &str) -> Vec<u8> {
    if path.contains("/images/") {
        return PIXEL.to_vec();
    }
    if path.contains("/transferdownload/") {
        return format!("%PDF-1.4\n% wxpay-sim: an example, {token}\n%%EOF\n").into_bytes();
    }
    format!("\u{feff}微信支付模拟器的示例文件\r\nan example file of the simulator: {token}\r\n").into_bytes()
}

/// The key of an encrypted file, told by its token: nothing about it is a secret.
struct Key {
    /// ASCII characters (protocol section 11.4).
    text: String,
    nonce: String,
}

impl Key {
    fn of(token: &str) -> Option<Self> {
        let token = token.strip_prefix(TOKEN)?;
        let (_, length) = SEALED.iter().find(|(end, _)| token.ends_with(end))?;
        let mut sequence = Sequence::new(u64::from_str_radix(token.get(..16)?, 16).ok()?);
        let mut text = sequence.hex();
        text.truncate(*length);
        Some(Self {
            text,
            nonce: sequence.digits(12),
        })
    }

    fn seal(&self, plain: &[u8]) -> Vec<u8> {
        // Invariant: the key has one of the two lengths, the nonce is not empty, and no file here has 64 GiB.
        FileKey::new(self.text.as_bytes())
            .and_then(|key| key.seal(&self.nonce, b"", plain))
            .unwrap_or_default()
    }
}
