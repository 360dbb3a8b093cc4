//! A small HTTPS server that answers as it is told: for what the simulator does not play.

use std::io::Write as _;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, PKCS_RSA_SHA256, RsaKeySize,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;
use wxpay_proto::crypto::{Algorithm, Backend, MerchantKey, Signer as _};
use wxpay_proto::v3::canonical::answer_message;

use crate::world::World;

const KEY_ID: &str = "PUB_KEY_ID_0119000072912024092500326400000077";

/// A request as it arrived.
pub(crate) struct Seen {
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    /// Path and query.
    pub(crate) fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// What is answered to the next request.
#[derive(Clone, Default)]
pub(crate) struct Answer {
    pub(crate) body: Vec<u8>,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// What v3's signature covers; without it, there is none.
    pub(crate) signed: Option<Vec<u8>>,
}

/// WeChat Pay's side, for one answer.
pub(crate) struct Server {
    seen: Arc<Mutex<Vec<Seen>>>,
    platform_pem: String,
}

impl Server {
    /// Starts it, and makes the world's profile its own.
    pub(crate) fn start(world: &World, answer: Answer) -> Self {
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &authority).unwrap().pem();
        let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let platform = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut profile = world.profile();
        profile["base_url"] = format!("https://{}", listener.local_addr().unwrap()).into();
        profile["platform_public_key"] = json!({ "id": KEY_ID, "file": "keys/server_key.pem" });
        profile["platform_certificates"] = json!([]);
        profile["extra_root"] = "keys/server_ca.pem".into();
        std::fs::write(world.folder.join("keys/server_ca.pem"), authority.pem()).unwrap();
        std::fs::write(
            world.folder.join("keys/server_key.pem"),
            platform.public_key_pem(),
        )
        .unwrap();
        world.write("profile.json", &profile);
        let server = Self {
            seen: Arc::default(),
            platform_pem: platform.serialize_pem(),
        };
        let (seen, signer) = (server.seen.clone(), server.platform_key());
        let config = Arc::new(config);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let connection = ServerConnection::new(config.clone()).unwrap();
                let mut stream = StreamOwned::new(connection, stream.unwrap());
                if let Some(request) = receive(&mut stream) {
                    seen.lock().unwrap().push(request);
                    let _ = stream.write_all(&response(&answer, &signer));
                    stream.conn.send_close_notify();
                    let _ = stream.flush();
                }
            }
        });
        server
    }

    pub(crate) fn platform_key(&self) -> MerchantKey {
        MerchantKey::from_pem(&self.platform_pem, Backend::AwsLc).unwrap()
    }

    /// The only request so far.
    pub(crate) fn only(&self) -> Seen {
        let mut seen = self.seen.lock().unwrap();
        assert_eq!(seen.len(), 1);
        seen.pop().unwrap()
    }
}

fn receive(stream: &mut impl std::io::Read) -> Option<Seen> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
            let seen = Seen {
                head,
                body: bytes[end + 4..].to_vec(),
            };
            let length = seen
                .header("content-length")
                .map_or(0, |text| text.parse().unwrap());
            if seen.body.len() >= length {
                return Some(seen);
            }
        }
        match stream.read(&mut chunk).ok()? {
            0 => return None,
            read => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}

fn response(answer: &Answer, signer: &MerchantKey) -> Vec<u8> {
    let mut head = "HTTP/1.1 200 OK\r\nConnection: close\r\nRequest-ID: 0800\r\n".to_owned();
    let mut header = |name: &str, value: &str| head.push_str(&format!("{name}: {value}\r\n"));
    header("Content-Length", &answer.body.len().to_string());
    for (name, value) in &answer.headers {
        header(name, value);
    }
    if let Some(signed) = &answer.signed {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs()
            .to_string();
        let message = answer_message(&now, "0123456789abcdef", signed);
        let signature = signer.sign(Algorithm::RsaSha256, &message).unwrap();
        header("Wechatpay-Timestamp", &now);
        header("Wechatpay-Nonce", "0123456789abcdef");
        header("Wechatpay-Serial", KEY_ID);
        header("Wechatpay-Signature", &signature.to_base64());
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(&answer.body);
    bytes
}
