//! Uploads that are not held in memory.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http::Method;
use wxpay_hyper::{Content, Failure};
use wxpay_proto::v3::{Raw, V3};
use wxpay_proto::{BuildError, Draft, Effect, FilePart, FileSummer, FileSums, Meta, Operation, Outcome};

use crate::client;
use crate::server::{Behaviour, Server};

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
    let streamed = Content::stream(sums(&content), chunks(&content));
    assert_eq!(file.sums(), streamed.sums());
    for content in [&file, &file, &streamed] {
        let upload = Upload(content.part("a.mp4", "video/mp4"));
        client.upload(&upload, content).await.unwrap();
        assert!(body(&server) == held);
    }
    std::fs::remove_file(&path).unwrap();

    // A stream is sent once, a file that is gone not at all; and what is no upload has no place for a file.
    let upload = Upload(streamed.part("a.mp4", "video/mp4"));
    for (upload, content) in [
        (&upload, &streamed),
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
