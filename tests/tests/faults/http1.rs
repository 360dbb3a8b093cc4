//! Just enough of HTTP/1.1 to take messages whole and pass them on byte for byte.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _};

/// Reads a message to its end. Nothing when the peer closes before it is complete.
pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    let mut message = Vec::new();
    loop {
        if let Some(whole) = length(&message)
            && message.len() >= whole
        {
            return Ok(Some(message));
        }
        if stream.read_buf(&mut message).await? == 0 {
            return Ok(None);
        }
    }
}

/// The length of the whole message, once its head is here.
fn length(message: &[u8]) -> Option<usize> {
    let head = message.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&message[..head]).to_ascii_lowercase();
    let body = text.lines().find_map(|line| line.strip_prefix("content-length:"));
    Some(head + body.and_then(|body| body.trim().parse().ok()).unwrap_or(0))
}

/// An answer that is not signed.
pub(crate) fn answer(status: u16, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} Whatever\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}
