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

/// Writes the parts and says the content type with its boundary.
///
/// The boundary is made from the nonce, which keeps the bytes reproducible; a content that happens to hold it (one
/// was made to, or a recorded upload is sent again) is refused rather than cut short at the other end.
pub(crate) fn write(
    texts: &[TextPart<'_>],
    upload: &Upload,
    nonce: &Nonce,
) -> Result<(String, Bytes), String> {
    let boundary = format!("wxpay-{nonce}");
    let inside = |bytes: &[u8]| {
        bytes
            .windows(boundary.len())
            .any(|window| window == boundary.as_bytes())
    };
    if inside(&upload.content) || texts.iter().any(|part| inside(part.text.as_bytes())) {
        return Err(
            "the file holds the boundary of this attempt; send it again with a fresh nonce".to_owned(),
        );
    }
    if upload.content_type.bytes().any(|b| b.is_ascii_control()) {
        return Err("the file's media type holds a control character".to_owned());
    }
    let mut body = BytesMut::with_capacity(upload.content.len() + upload.meta.len() + 512);
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
        body.put_slice(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{media_type}\r\n\r\n")
                .as_bytes(),
        );
        body.put_slice(text.as_bytes());
        body.put_slice(b"\r\n");
    }
    body.put_slice(
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
            escape(&upload.file_name_of_part),
            escape(&upload.file_name),
            upload.content_type
        )
        .as_bytes(),
    );
    body.put_slice(&upload.content);
    body.put_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    Ok((format!("multipart/form-data; boundary={boundary}"), body.freeze()))
}

/// As browsers do it: quotes and line ends are percent-encoded, everything else stays.
fn escape(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
