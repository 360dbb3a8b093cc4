//! The body of an upload (protocol sections 7.13 and 10.2): texts, then the file that they are about.

use bytes::{BufMut as _, Bytes, BytesMut};

use crate::draft::Upload;
use crate::stamp::Nonce;

/// A part that is a text.
pub(crate) struct TextPart<'a> {
    pub(crate) name: &'a str,
    pub(crate) media_type: Option<&'static str>,
    pub(crate) text: &'a str,
}

/// What stands around the file in an upload's body: the body is `prefix`, the file, `suffix`. With it a transport can
/// send a file that it does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploadFrame {
    /// `Content-Type`, with the boundary.
    pub content_type: String,
    /// Everything up to the first byte of the file.
    pub prefix: Bytes,
    /// Everything after its last byte.
    pub suffix: Bytes,
}

impl UploadFrame {
    /// What stands around the file in a request that an upload without content has become: a transport signs and sends
    /// that, with the file in between. Nothing when the request is no upload, or has content.
    #[must_use]
    pub fn of(request: &http::Request<Bytes>) -> Option<Self> {
        let content_type = request.headers().get(http::header::CONTENT_TYPE)?.to_str().ok()?;
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=")?;
        let suffix = format!("\r\n--{boundary}--\r\n");
        let body = request.body();
        let prefix = body.strip_suffix(suffix.as_bytes())?;
        // The last part is the file's. It is empty when its head ends where the body's end begins.
        let opening = format!("--{boundary}\r\n");
        let head = memchr::memmem::rfind(prefix, opening.as_bytes())?;
        let end = head + memchr::memmem::find(&prefix[head..], b"\r\n\r\n")? + 4;
        (end == prefix.len()).then(|| Self {
            content_type: content_type.to_owned(),
            prefix: body.slice(..end),
            suffix: body.slice(end..),
        })
    }

    /// `Content-Length` for a file of so many bytes.
    #[must_use]
    pub fn content_length(&self, file: u64) -> u64 {
        // Lengths in memory fit, whatever the platform.
        file.saturating_add((self.prefix.len() + self.suffix.len()) as u64)
    }
}

impl Upload {
    /// What stands around the file in the v3 body that is made with this nonce: the same bytes, for the same nonce, as
    /// the request's.
    ///
    /// The content of the upload is not looked at. Whoever streams a file cannot search it for the boundary; that holds
    /// the nonce, so chance does not put it there, and a nonce must not be used for a second attempt.
    ///
    /// # Errors
    /// What is wrong with the texts: they hold the boundary, or a name or the media type holds a control character.
    /// Line ends in names are escaped.
    pub fn frame(&self, nonce: &Nonce) -> Result<UploadFrame, InvalidUpload> {
        frame(&texts(self), self, nonce).map_err(|problem| InvalidUpload { problem })
    }
}

/// An upload that makes no body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("upload: {problem}")]
pub struct InvalidUpload {
    problem: String,
}

/// The texts of a v3 upload: the one that is signed, and those that are not.
pub(crate) fn texts(upload: &Upload) -> Vec<TextPart<'_>> {
    let meta = TextPart {
        name: &upload.meta_name,
        media_type: Some("application/json"),
        text: &upload.meta,
    };
    let further = upload.texts.iter().map(|(name, text)| TextPart {
        name,
        media_type: None,
        text,
    });
    std::iter::once(meta).chain(further).collect()
}

/// Writes the parts and says the content type with its boundary.
///
/// The boundary is made from the nonce, which keeps the bytes reproducible; a content that happens to hold it (one
/// was made to, or a recorded upload is sent again) is refused rather than cut short at the other end.
pub(crate) fn write(
    texts: &[TextPart<'_>],
    upload: &Upload,
    nonce: &Nonce,
) -> Result<(String, Bytes), String> {
    if holds(&upload.content, &boundary(nonce)) {
        return Err(INSIDE.to_owned());
    }
    let frame = frame(texts, upload, nonce)?;
    let mut body = BytesMut::with_capacity(frame.prefix.len() + upload.content.len() + frame.suffix.len());
    body.put_slice(&frame.prefix);
    body.put_slice(&upload.content);
    body.put_slice(&frame.suffix);
    Ok((frame.content_type, body.freeze()))
}

const INSIDE: &str =
    "the file or a text holds the boundary of this attempt; send it again with a fresh nonce";

fn boundary(nonce: &Nonce) -> String {
    format!("wxpay-{nonce}")
}

fn holds(bytes: &[u8], boundary: &str) -> bool {
    bytes
        .windows(boundary.len())
        .any(|window| window == boundary.as_bytes())
}

/// Writes what stands around the file.
fn frame(texts: &[TextPart<'_>], upload: &Upload, nonce: &Nonce) -> Result<UploadFrame, String> {
    let boundary = boundary(nonce);
    let names = [
        &*upload.file_name,
        &*upload.file_name_of_part,
        &*upload.content_type,
    ];
    let mut inside = texts.iter().flat_map(|part| [part.name, part.text]).chain(names);
    if inside.any(|text| holds(text.as_bytes(), &boundary)) {
        return Err(INSIDE.to_owned());
    }
    if upload.content_type.bytes().any(|b| b.is_ascii_control()) {
        return Err("the file's media type holds a control character".to_owned());
    }
    // Line ends are escaped below; of the others no header may hold one, and parsers refuse the whole body.
    let unescaped = |b: u8| b.is_ascii_control() && b != b'\r' && b != b'\n';
    let mut names = texts.iter().map(|part| part.name).chain([names[0], names[1]]);
    if names.any(|name| name.bytes().any(unescaped)) {
        return Err("a name holds a control character".to_owned());
    }
    let mut prefix = String::new();
    for TextPart {
        name,
        media_type,
        text,
    } in texts
    {
        let media_type = media_type
            .map(|media_type| format!("\r\nContent-Type: {media_type}"))
            .unwrap_or_default();
        let name = escape(name);
        prefix.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{media_type}\r\n\r\n{text}\r\n"
        ));
    }
    prefix.push_str(&format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
        escape(&upload.file_name_of_part),
        escape(&upload.file_name),
        upload.content_type
    ));
    Ok(UploadFrame {
        prefix: prefix.into(),
        suffix: format!("\r\n--{boundary}--\r\n").into(),
        content_type: format!("multipart/form-data; boundary={boundary}"),
    })
}

/// As browsers do it: quotes and line ends are percent-encoded, everything else stays.
fn escape(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
