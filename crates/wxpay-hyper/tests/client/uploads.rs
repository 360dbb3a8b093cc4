//! Uploads that are not held in memory.

use std::io::{self, Cursor};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http::Method;
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};
use wxpay_hyper::{Content, Failure};
use wxpay_proto::v3::{Raw, V3};
use wxpay_proto::{BuildError, Draft, Effect, FilePart, FileSummer, FileSums, Meta, Operation, Outcome};

use crate::server::{Behaviour, Server};
use crate::{builder, client};

#[derive(Clone)]
struct Upload(FilePart);

impl Operation for Upload {
    type Protocol = V3;
    type Response = Raw;
    const META: Meta =
        Meta::new("test.upload", Method::POST, "/v3/merchant/media/video_upload").effect(Effect::Write);

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        let meta = serde_json::json!({ "filename": self.0.name(), "sha256": self.0.sha256() });
        draft.multipart(&meta, &[], "file", Some(&self.0))
    }
}

fn content() -> Vec<u8> {
    (0..400_000_u32).flat_map(u32::to_le_bytes).collect()
}

fn sums(content: &[u8]) -> FileSums {
    let mut summer = FileSummer::default();
    summer.push(content);
    summer.finish()
}

struct Chunks(Vec<Bytes>);

impl Stream for Chunks {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop().map(Ok))
    }
}

fn chunks(content: &[u8]) -> Chunks {
    Chunks(content.chunks(70_001).rev().map(Bytes::copy_from_slice).collect())
}

/// What arrived, without the boundary, which differs each time.
fn body(server: &Server) -> Vec<u8> {
    let seen = server.only();
    let boundary = seen
        .header("content-type")
        .unwrap()
        .rsplit_once('=')
        .unwrap()
        .1
        .to_owned();
    assert_eq!(
        seen.header("content-length"),
        Some(&*seen.request.body().len().to_string())
    );
    let body = seen.request.body();
    let mut stripped = Vec::new();
    let mut rest = &body[..];
    while let Some(at) = rest
        .windows(boundary.len())
        .position(|window| window == boundary.as_bytes())
    {
        stripped.extend_from_slice(&rest[..at]);
        rest = &rest[at + boundary.len()..];
    }
    stripped.extend_from_slice(rest);
    stripped
}

#[tokio::test]
async fn what_flows_is_what_would_have_been_held() {
    let content = content();
    let path = std::env::temp_dir().join(format!("wxpay-upload-{}", std::process::id()));
    std::fs::write(&path, &content).unwrap();
    let server = Server::with_alpn(Behaviour::signed("{}"), &["http/1.1"]).await;
    let client = client(&server);
    client
        .send(&Upload(FilePart::new("a.mp4", "video/mp4", content.clone())))
        .await
        .unwrap();
    let held = body(&server);

    let file = Content::file(&path).await.unwrap();
    // From where it stands: what was read before does not count.
    let mut reader = Cursor::new([b"before", &content[..]].concat());
    reader.set_position(6);
    let reader = Content::reader(reader).await.unwrap();
    let once = Content::reader_once(sums(&content), File::open(&path).await.unwrap());
    let streamed = Content::stream(sums(&content), chunks(&content));
    assert_eq!(file.sums(), streamed.sums());
    assert_eq!(reader.sums(), streamed.sums());
    for content in [&file, &file, &reader, &reader, &once, &streamed] {
        let upload = Upload(content.part("a.mp4", "video/mp4"));
        client.upload(&upload, content).await.unwrap();
        assert!(body(&server) == held);
    }
    std::fs::remove_file(&path).unwrap();

    // A stream is sent once, as is a reader that cannot go back, a file that is gone not at all; and what is no upload has
    // no place for a file.
    let upload = Upload(streamed.part("a.mp4", "video/mp4"));
    for (upload, content) in [
        (&upload, &streamed),
        (&upload, &once),
        (&upload, &file),
        (&Upload(FilePart::new("a.mp4", "video/mp4", "x")), &file),
    ] {
        let error = client.upload(upload, content).await.unwrap_err();
        assert!(matches!(error.failure(), Failure::Content { .. }), "{error:?}");
        assert_eq!(error.outcome(), Outcome::NotSent);
    }
    // Without its content it would go out empty.
    let error = client.send(&upload).await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Content { .. }), "{error:?}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_content_of_another_length_is_not_sent_as_if_it_were_whole() {
    let content = content();
    for alpn in ["http/1.1", "h2"] {
        let server = Server::with_alpn(Behaviour::signed("{}"), &[alpn]).await;
        for other in [&content[1..], &[&content[..], b"x"].concat()] {
            let content = Content::stream(sums(&content), chunks(other));
            let upload = Upload(content.part("a.mp4", "video/mp4"));
            let error = client(&server).upload(&upload, &content).await.unwrap_err();
            assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
        }
        assert!(server.seen().is_empty(), "{alpn}");
    }
}

#[tokio::test]
async fn what_nobody_has_read_of_can_go_to_another_host() {
    let content = content();
    for alpn in ["http/1.1", "h2"] {
        let dead = Server::raw(|tcp| async move { drop(tcp) }).await;
        let server = Server::with_alpn(Behaviour::signed("{}"), &[alpn]).await;
        let reader = Content::reader(Cursor::new(content.clone())).await.unwrap();
        let once = Content::reader_once(sums(&content), Cursor::new(content.clone()));
        let streamed = Content::stream(sums(&content), chunks(&content));
        for from in [reader, once, streamed] {
            let client = builder(&dead).base_url(server.base()).build().unwrap();
            let upload = Upload(from.part("a.mp4", "video/mp4"));
            client.upload(&upload, &from).await.unwrap();
            let seen = server.only();
            let body = seen.request.body();
            assert!(body.windows(content.len()).any(|window| window == content));
        }
    }
}

/// Gives some bytes, and fails.
struct Failing(Cursor<Vec<u8>>);

impl AsyncRead for Failing {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.0).poll_read(cx, buffer) {
            Poll::Ready(Ok(())) if buffer.filled().len() == before => {
                Poll::Ready(Err(io::Error::other("the disk is gone")))
            }
            polled => polled,
        }
    }
}

impl AsyncSeek for Failing {
    fn start_seek(mut self: Pin<&mut Self>, to: io::SeekFrom) -> io::Result<()> {
        Pin::new(&mut self.0).start_seek(to)
    }

    fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Pin::new(&mut self.0).poll_complete(cx)
    }
}

#[tokio::test]
async fn a_reader_that_ends_early_or_late_or_fails_is_not_sent_as_if_it_were_whole() {
    let content = content();
    let path = std::env::temp_dir().join(format!("wxpay-reader-{}", std::process::id()));
    let half = || Failing(Cursor::new(content[..content.len() / 2].to_vec()));
    for alpn in ["http/1.1", "h2"] {
        let server = Server::with_alpn(Behaviour::signed("{}"), &[alpn]).await;
        for other in [&content[1..], &[&content[..], b"x"].concat()] {
            tokio::fs::write(&path, &content).await.unwrap();
            let changing = Content::reader(File::open(&path).await.unwrap()).await.unwrap();
            tokio::fs::write(&path, other).await.unwrap();
            let once = Content::reader_once(sums(&content), Cursor::new(other.to_vec()));
            for content in [changing, once] {
                let upload = Upload(content.part("a.mp4", "video/mp4"));
                let error = client(&server).upload(&upload, &content).await.unwrap_err();
                assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
                assert!(error.to_string().contains("than it was summed up to"), "{error}");
            }
        }
        let failing = Content::reader_once(sums(&content), half());
        let upload = Upload(failing.part("a.mp4", "video/mp4"));
        let error = client(&server).upload(&upload, &failing).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
        assert!(error.to_string().contains("the disk is gone"), "{error}");
        assert!(server.seen().is_empty(), "{alpn}");
    }
    std::fs::remove_file(&path).unwrap();
    let error = Content::reader(half()).await.unwrap_err();
    assert!(error.to_string().contains("the disk is gone"), "{error}");
}
