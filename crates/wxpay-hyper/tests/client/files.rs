//! Files on their way in: whatever breaks, nothing is taken for proven that is not.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use wxpay_hyper::{Client, DownloadError};
use wxpay_proto::crypto::{DigestAlgorithm, FileDigest};
use wxpay_proto::file::{FileError, FileKey, FileReader, SealedFile};
use wxpay_proto::v3::{Call, Download};

use crate::builder;
use crate::server::{Behaviour, Server};

const LIMIT: u64 = 1 << 20;

fn text() -> Vec<u8> {
    (0..3_000_u32)
        .flat_map(|number| format!("`{number},`1.00\r\n").into_bytes())
        .collect()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn sha1(text: &[u8]) -> FileDigest {
    FileDigest::of(DigestAlgorithm::Sha1, text)
}

/// A file as HTTP/1.1 writes it, in parts; with its length, or in chunks.
fn written(file: &[u8], chunked: bool) -> Vec<Vec<u8>> {
    let parts = file.chunks(file.len().div_ceil(9));
    if !chunked {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", file.len());
        return std::iter::once(head.into_bytes())
            .chain(parts.map(<[u8]>::to_vec))
            .collect();
    }
    let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    let chunks = parts.map(|part| [format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat());
    std::iter::once(head)
        .chain(chunks)
        .chain([b"0\r\n\r\n".to_vec()])
        .collect()
}

fn download(number: usize) -> Download {
    Download::new(&format!(
        "https://api.mch.weixin.qq.com/v3/billdownload/file?token={number}"
    ))
    .unwrap()
}

async fn read(client: &Client, download: &Download, reader: FileReader) -> Result<Vec<u8>, DownloadError> {
    let file = client.download_stream(download, reader).await;
    let mut file = file.map_err(DownloadError::Fetch)?;
    let mut text = Vec::new();
    loop {
        match file.next_piece().await {
            Ok(Some(piece)) => text.extend_from_slice(piece.claimed()),
            Ok(None) => break,
            Err(error) => {
                assert!(file.proof().is_none());
                let again = file.next_piece().await;
                assert!(
                    matches!(again, Err(DownloadError::Ended { .. })),
                    "an error is no end"
                );
                return Err(error);
            }
        }
    }
    assert_eq!(file.proof().unwrap().length(), text.len() as u64);
    assert!(file.next_piece().await.unwrap().is_none());
    Ok(text)
}

#[tokio::test]
async fn a_file_that_breaks_off_anywhere_is_an_error_and_a_whole_one_is_proven() {
    let text = text();
    let key = || FileKey::new([7; 32]).unwrap();
    let sealed = key().seal("nonce", b"", &gzip(&text)).unwrap();
    let digest = sha1(&text);
    for (file, is_sealed) in [(text.clone(), false), (gzip(&text), false), (sealed, true)] {
        for chunked in [false, true] {
            let parts = written(&file, chunked);
            let count = parts.len();
            let server = Server::scripted(move |target| {
                let (_, number) = target.rsplit_once('=').unwrap();
                parts[..number.parse().unwrap()].to_vec()
            })
            .await;
            let client = builder(&server).build().unwrap();
            let reader = || match is_sealed {
                true => FileReader::sealed(SealedFile::new(&key(), "nonce").unwrap(), Some(&digest), LIMIT),
                false => FileReader::checked(&digest, LIMIT),
            };
            for number in 1..count {
                let error = read(&client, &download(number), reader()).await.unwrap_err();
                assert!(
                    matches!(error, DownloadError::Broken { .. }),
                    "{number} of {count}: {error:?}"
                );
                assert!(error.to_string().contains("do not use"), "{error}");
            }
            assert_eq!(read(&client, &download(count), reader()).await.unwrap(), text);
        }
    }
}

#[tokio::test]
async fn a_file_that_is_another_or_a_bomb_or_stalls_is_an_error() {
    let text = text();
    let bomb = gzip(&vec![0; 64 << 20]);
    assert!(bomb.len() < 100_000);
    let (plain, packed) = (text.clone(), bomb.clone());
    let server = Server::scripted(move |target| match target {
        "/v3/billdownload/file?token=1" => written(&plain, false),
        "/v3/billdownload/file?token=2" => written(&packed, true),
        _ => written(&gzip(b"garbage")[..12], false),
    })
    .await;
    let client = builder(&server).build().unwrap();
    let file = |number| {
        let client = &client;
        async move {
            match read(
                client,
                &download(number),
                FileReader::checked(&sha1(b"told"), LIMIT),
            )
            .await
            {
                Err(DownloadError::File(error)) => error,
                other => panic!("{other:?}"),
            }
        }
    };
    assert!(matches!(file(1).await, FileError::WrongDigest(_)));
    assert_eq!(file(2).await, FileError::TooLarge { limit: LIMIT });
    assert!(matches!(file(3).await, FileError::Gzip { .. }));
    // An encrypted file with another tag: its text has come, and is not proven.
    let mut sealed = FileKey::new([7; 32]).unwrap().seal("nonce", b"", &text).unwrap();
    *sealed.last_mut().unwrap() ^= 1;
    let server = Server::scripted(move |_| written(&sealed, false)).await;
    let client = builder(&server).build().unwrap();
    let key = FileKey::new([7; 32]).unwrap();
    let reader = FileReader::sealed(SealedFile::new(&key, "nonce").unwrap(), None, LIMIT);
    let error = read(&client, &download(1), reader).await.unwrap_err();
    assert!(
        matches!(error, DownloadError::File(FileError::Forged)),
        "{error:?}"
    );

    let server = Server::start(Behaviour::Slow(text.into())).await;
    let client = builder(&server)
        .file_idle_timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let error = read(&client, &download(1), FileReader::checked(&sha1(b""), LIMIT))
        .await
        .unwrap_err();
    assert!(matches!(error, DownloadError::Stalled { .. }), "{error:?}");
}

#[tokio::test]
async fn a_refusal_in_the_place_of_a_file_is_told() {
    let body = r#"{"code":"NO_STATEMENT_EXIST","message":"no"}"#;
    let server = Server::start(Behaviour::plain(404, vec![], body)).await;
    let error = builder(&server)
        .build()
        .unwrap()
        .download_stream(&download(1), FileReader::checked(&sha1(b""), LIMIT))
        .await
        .unwrap_err();
    assert_eq!(
        error.api_error().unwrap().code.as_deref(),
        Some("NO_STATEMENT_EXIST")
    );
}

/// A folder of its own, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("wxpay-files-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A server with one bill, whose file comes as `file` says for the first, second … time it is fetched. Each address is
/// good for one time.
async fn with_bill(
    told: FileDigest,
    file: impl Fn(usize) -> Vec<Vec<u8>> + Send + Sync + 'static,
) -> (Server, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let server = Server::scripted(move |target| match target.split_once("token=") {
        Some((_, token)) if token == counted.load(Ordering::SeqCst).to_string() => {
            file(counted.load(Ordering::SeqCst))
        }
        Some(_) => {
            vec![Behaviour::plain(400, vec![], r#"{"code":"INVALID_REQUEST","message":"old"}"#).written()]
        }
        None => {
            let number = counted.fetch_add(1, Ordering::SeqCst) + 1;
            let url = format!("https://api.mch.weixin.qq.com/v3/billdownload/file?token={number}");
            let body = format!(
                r#"{{"hash_type":"SHA1","hash_value":"{}","download_url":"{url}"}}"#,
                told.to_hex()
            );
            vec![Behaviour::signed(&body).written()]
        }
    })
    .await;
    (server, asked)
}

fn ask() -> Call {
    Call::new(http::Method::GET, "/v3/bill/tradebill?bill_date=2026-01-01")
}

#[tokio::test]
async fn a_stored_file_appears_when_it_is_proven_and_is_begun_again_from_a_fresh_address() {
    let (text, folder) = (text(), Folder::new("again"));
    let path = folder.0.join("bill.csv");
    std::fs::write(&path, "yesterday's").unwrap();
    let parts = written(&gzip(&text), false);
    let before = folder.0.clone();
    let (server, asked) = with_bill(sha1(&text), move |time| {
        // Whatever has come so far, the file under the name is the one that was there.
        assert_eq!(std::fs::read(before.join("bill.csv")).unwrap(), b"yesterday's");
        match time {
            1 => parts[..4].to_vec(),
            2 => written(&gzip(b"another file"), false),
            _ => parts.clone(),
        }
    })
    .await;
    let client = builder(&server).build().unwrap();
    let length = client.save_file(&ask(), &path).await.unwrap();
    assert_eq!((length, asked.load(Ordering::SeqCst)), (text.len() as u64, 3));
    assert_eq!(std::fs::read(&path).unwrap(), text);
    assert_eq!(folder.names(), ["bill.csv"]);
}

#[tokio::test]
async fn a_file_that_is_never_whole_leaves_nothing_behind() {
    let (text, folder) = (text(), Folder::new("never"));
    let path = folder.0.join("bill.csv");
    let parts = written(&text, true);
    let (server, asked) = with_bill(sha1(&text), move |_| parts[..5].to_vec()).await;
    let client = builder(&server).build().unwrap();
    let error = client.save_file(&ask(), &path).await.unwrap_err();
    assert!(matches!(error, DownloadError::Broken { .. }), "{error:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 3);
    assert!(folder.names().is_empty(), "{:?}", folder.names());

    // A bomb is one attempt: it stays one.
    let (server, asked) = with_bill(sha1(&text), |_| written(&gzip(&vec![0; 1 << 20]), false)).await;
    let client = builder(&server).file_limit(100_000).build().unwrap();
    let error = client.save_file(&ask(), &path).await.unwrap_err();
    assert!(
        matches!(error, DownloadError::File(FileError::TooLarge { limit: 100_000 })),
        "{error:?}"
    );
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert!(folder.names().is_empty());

    // So is a folder that is not there.
    let error = client
        .save_file(&ask(), folder.0.join("nowhere/bill.csv"))
        .await
        .unwrap_err();
    assert!(matches!(error, DownloadError::Disk { .. }), "{error:?}");
    assert!(error.to_string().contains("nowhere"), "{error}");
}
