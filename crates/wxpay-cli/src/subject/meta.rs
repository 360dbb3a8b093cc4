//! What the signature of a request covers of its body: all of it, or, of an upload, the text of `meta`.

use crate::captured::Captured;

pub(super) fn signed_part(captured: &Captured) -> Vec<u8> {
    meta(captured).unwrap_or_else(|| captured.body.to_vec())
}

/// The content of the part `meta`, or of the only other part that v3's uploads have in its place.
fn meta(captured: &Captured) -> Option<Vec<u8>> {
    let content_type = captured.header("content-type")?;
    if !content_type
        .to_ascii_lowercase()
        .starts_with("multipart/form-data")
    {
        return None;
    }
    let boundary = content_type.split("boundary=").nth(1)?;
    let boundary = boundary.split(';').next()?.trim().trim_matches('"');
    let delimiter = format!("--{boundary}");
    let body = &captured.body[..];
    let mut at = find(body, delimiter.as_bytes())?;
    loop {
        let part = body.get(at + delimiter.len()..)?;
        let length = find(part, format!("\r\n{delimiter}").as_bytes())?;
        let part_end = at + delimiter.len() + length;
        let part = part.get(..length)?.strip_prefix(b"\r\n")?;
        let head_end = find(part, b"\r\n\r\n")?;
        let (head, content) = part.split_at(head_end);
        let head = String::from_utf8_lossy(head).to_ascii_lowercase();
        if head.contains("name=\"meta\"") || head.contains("name=meta") {
            return Some(content[4..].to_vec());
        }
        at = part_end + 2;
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::signed_part;
    use crate::captured::parse;

    #[test]
    fn of_an_upload_the_text_of_meta_is_signed() {
        let head = "POST /v3/merchant/media/upload HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=\"b\"\r\n\r\n";
        let file = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n\0\r\n";
        let meta = "--b\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{\"a\":\r\n1}\r\n";
        for parts in [format!("{meta}{file}"), format!("{file}{meta}")] {
            let captured = parse(format!("{head}{parts}--b--\r\n").as_bytes()).unwrap();
            assert_eq!(signed_part(&captured), b"{\"a\":\r\n1}");
        }
        // Without one, everything that is there is all that can be compared.
        let captured = parse(format!("{head}{file}--b--\r\n").as_bytes()).unwrap();
        assert_eq!(signed_part(&captured), captured.body);
    }
}
