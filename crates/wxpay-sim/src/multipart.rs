//! Takes uploads apart (protocol sections 7.13 and 10.2).

/// A part of a multipart form.
#[derive(Debug)]
pub(crate) struct Part<'a> {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    /// Byte for byte.
    pub(crate) content: &'a [u8],
}

/// All parts in their order; nothing when the body is no multipart form, or one that breaks off.
pub(crate) fn parts<'a>(content_type: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let mut parameters = content_type.split(';').map(str::trim);
    if !parameters.next()?.eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let named = parameters.find_map(|pair| pair.strip_prefix("boundary="));
    let delimiter = match named {
        Some(boundary) => [b"--", boundary.trim_matches('"').as_bytes()].concat(),
        None => first_line(body)?.to_vec(),
    };
    let mut rest = body.get(find(body, &delimiter)? + delimiter.len()..)?;
    let delimiter = [b"\r\n", &delimiter[..]].concat();
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let part = rest.strip_prefix(b"\r\n")?;
        let head = find(part, b"\r\n\r\n")?;
        let content = part.get(head + 4..)?;
        let end = find(content, &delimiter)?;
        parts.push(read(&part[..head], &content[..end]));
        rest = &content[end + delimiter.len()..];
    }
    Some(parts)
}

/// The line that a form without a preamble starts with, which is its delimiter. SDKs in use leave the boundary out of the
/// header, and their uploads are taken.
fn first_line(body: &[u8]) -> Option<&[u8]> {
    let line = &body[..find(body, b"\r\n")?];
    (line.len() > 2 && line.starts_with(b"--")).then_some(line)
}

/// The content of the part named `meta`, byte for byte: what is signed of a v3 upload.
pub(crate) fn meta<'a>(content_type: &str, body: &'a [u8]) -> Option<&'a [u8]> {
    let mut parts = parts(content_type, body)?.into_iter();
    Some(parts.find(|part| part.name == "meta")?.content)
}

/// One official SDK ends the header in a semicolon, and names stand with or without quotes.
fn read<'a>(head: &[u8], content: &'a [u8]) -> Part<'a> {
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    let disposition = lines.find(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"));
    let disposition = disposition.map(|(_, value)| value).unwrap_or_default();
    let parameter = |wanted: &str| {
        // Quoted names may hold what separates parameters; escapes stay as they are.
        let quoted = disposition
            .match_indices(&format!("{wanted}=\""))
            .find(|(at, _)| disposition[..*at].ends_with([' ', ';']));
        if let Some((at, start)) = quoted {
            return disposition[at + start.len()..]
                .split('"')
                .next()
                .map(str::to_owned);
        }
        let mut pairs = disposition
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='));
        pairs
            .find(|(name, _)| *name == wanted)
            .map(|(_, value)| value.to_owned())
    };
    Part {
        name: parameter("name").unwrap_or_default(),
        file_name: parameter("filename"),
        content,
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::{meta, parts};

    const BODY: &[u8] = b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n\x00\xff\r\n--b\r\n\
        Content-Disposition: form-data; name=\"meta\";\r\nContent-Type: application/json\r\n\r\n{ \"a\": 1 }\r\n--b--\r\n";

    #[test]
    fn finds_the_meta_part_wherever_it_stands() {
        assert_eq!(
            meta("multipart/form-data; boundary=b", BODY),
            Some(&b"{ \"a\": 1 }"[..])
        );
        assert_eq!(
            meta("multipart/form-data; boundary=\"b\"", BODY),
            Some(&b"{ \"a\": 1 }"[..])
        );
        assert_eq!(meta("multipart/form-data; boundary=c", BODY), None);
        assert_eq!(meta("multipart/form-data", BODY), Some(&b"{ \"a\": 1 }"[..]));
        assert_eq!(meta("multipart/form-data", &BODY[1..]), None);
        assert_eq!(meta("application/json", BODY), None);
    }

    #[test]
    fn parts_are_told_by_their_names() {
        let found = parts("multipart/form-data; boundary=b", BODY).unwrap();
        let names: Vec<_> = found
            .iter()
            .map(|part| (part.name.as_str(), part.file_name.as_deref()))
            .collect();
        assert_eq!(names, [("file", Some("a")), ("meta", None)]);
        assert_eq!(found[0].content, b"\x00\xff");
    }

    #[test]
    fn a_quoted_name_may_hold_a_semicolon() {
        let body =
            b"--b\r\nContent-Disposition: form-data; name=file; filename=\"a; name=b.png\"\r\n\r\n\r\n--b--";
        let found = parts("multipart/form-data; boundary=b", body).unwrap();
        assert_eq!(found[0].name, "file");
        assert_eq!(found[0].file_name.as_deref(), Some("a; name=b.png"));
    }

    #[test]
    fn a_form_that_breaks_off_is_none() {
        for length in 0..BODY.len() - 6 {
            assert!(
                parts("multipart/form-data; boundary=b", &BODY[..length]).is_none(),
                "{length}"
            );
        }
    }
}
