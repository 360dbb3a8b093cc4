//! Finds the signed part of an upload (protocol section 10.2).

/// The content of the part named `meta`, byte for byte; nothing when the body is no upload or has no such part.
pub(super) fn meta<'a>(content_type: &str, body: &'a [u8]) -> Option<&'a [u8]> {
    let (essence, parameters) = content_type.split_once(';')?;
    if !essence.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameters
        .split(';')
        .find_map(|pair| pair.trim().strip_prefix("boundary="))?;
    let delimiter = format!("--{}", boundary.trim_matches('"'));
    let mut rest = body.get(find(body, delimiter.as_bytes())? + delimiter.len()..)?;
    let delimiter = format!("\r\n{delimiter}");
    loop {
        let part = rest.strip_prefix(b"\r\n")?;
        let head = find(part, b"\r\n\r\n")?;
        let content = part.get(head + 4..)?;
        let end = find(content, delimiter.as_bytes())?;
        if is_meta(&part[..head]) {
            return Some(&content[..end]);
        }
        rest = &content[end + delimiter.len()..];
    }
}

/// One official SDK ends the header in a semicolon, and names stand with or without quotes.
fn is_meta(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    let disposition = lines.find(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"));
    disposition.is_some_and(|(_, value)| {
        value.split(';').any(|pair| {
            pair.trim()
                .strip_prefix("name=")
                .is_some_and(|name| name.trim_matches('"') == "meta")
        })
    })
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::meta;

    #[test]
    fn finds_the_meta_part_wherever_it_stands() {
        let body = b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n\x00\xff\r\n--b\r\n\
            Content-Disposition: form-data; name=\"meta\";\r\nContent-Type: application/json\r\n\r\n{ \"a\": 1 }\r\n--b--\r\n";
        assert_eq!(
            meta("multipart/form-data; boundary=b", body),
            Some(&b"{ \"a\": 1 }"[..])
        );
        assert_eq!(
            meta("multipart/form-data; boundary=\"b\"", body),
            Some(&b"{ \"a\": 1 }"[..])
        );
        assert_eq!(meta("multipart/form-data; boundary=c", body), None);
        assert_eq!(meta("application/json", body), None);
    }
}
