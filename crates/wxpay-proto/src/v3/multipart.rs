//! The body of an upload (protocol section 10.2): the text that describes the file, then the file.

use bytes::{BufMut as _, Bytes, BytesMut};

use crate::draft::Upload;
use crate::stamp::Nonce;

/// Writes the two parts and says the content type with its boundary.
///
/// The boundary is made from the nonce, which keeps the bytes reproducible; a content that happens to hold it (one
/// was made to, or a recorded upload is sent again) is refused rather than cut short at the other end.
pub(super) fn write(upload: &Upload, nonce: &Nonce) -> Result<(String, Bytes), String> {
    let boundary = format!("wxpay-{nonce}");
    let inside = |bytes: &[u8]| {
        bytes
            .windows(boundary.len())
            .any(|window| window == boundary.as_bytes())
    };
    if inside(&upload.content) || inside(upload.meta.as_bytes()) {
        return Err(
            "the file holds the boundary of this attempt; send it again with a fresh nonce".to_owned(),
        );
    }
    if upload.content_type.bytes().any(|b| b.is_ascii_control()) {
        return Err("the file's media type holds a control character".to_owned());
    }
    let mut body = BytesMut::with_capacity(upload.content.len() + upload.meta.len() + 512);
    body.put_slice(
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"\r\nContent-Type: application/json\r\n\r\n",
            escape(&upload.meta_name)
        )
        .as_bytes(),
    );
    body.put_slice(upload.meta.as_bytes());
    body.put_slice(
        format!(
            "\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
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
