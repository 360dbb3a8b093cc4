//! What a whole call costs beside a bare signature and a bare verification: over TLS with keep-alive, to a server in a
//! process of its own whose answers are signed beforehand, so that no RSA but the client's is measured.
//!
//! `cargo bench -p wxpay-tests --bench calls`
//!
//! Beside it stands the same by hand: hyper-util's client on hyper-rustls, one header for the signature, the answer's body
//! verified and not read. What a call costs beyond RSA and beyond that is ours; the rest is the way.
//!
//! Told are the clock's time, which holds the server's share and the way between the processes, and the processor's time
//! of the client alone, by the kernel's count (Linux). With 32 calls in flight over two threads, the processor's time says
//! how much of what the client does is RSA, and the clock's how busy both cores are with it, server included.

#![expect(clippy::expect_used, reason = "a benchmark that cannot go on fails")]
#![expect(clippy::print_stdout, reason = "the server tells where it is")]

use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, criterion_group};
use http_body_util::{BodyExt as _, Empty};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use wxpay_hyper::Client;
use wxpay_proto::BaseUrl;
use wxpay_proto::crypto::{
    Algorithm, Backend, MerchantKey, PublicKey, Signature, Signer as _, Verifier as _,
};
use wxpay_proto::v3::canonical;
use wxpay_tests::journey::{PLATFORM, merchant_key, now, signed_answer, trusted, v3_credentials};
use wxpay_tests::keys::public_key;
use wxpay_tests::samples::ANSWER;
use wxpay_types::v3::pay_transactions::QueryByOutTradeNo;

/// Calls under way at a time.
const IN_FLIGHT: u64 = 32;
/// Threads that make them.
const CORES: u64 = 2;

/// The other process: it says where it is and which root vouches for it, and ends with its input.
fn serve() {
    let own = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.signing_key.serialize_der()));
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![own.cert.der().clone()], key)
            .expect("a certificate");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let answer: Arc<[u8]> = answer().into();
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.spawn(async move {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("https://{}", listener.local_addr().expect("an address"));
        println!("{}", own.cert.pem().trim().replace('\r', "").replace('\n', "|"));
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            let (acceptor, answer) = (acceptor.clone(), Arc::clone(&answer));
            // What goes wrong on a connection is seen at its other end.
            tokio::spawn(async move { speak(acceptor, stream, &answer).await });
        }
    });
    runtime.block_on(async {
        let wait = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
        wait.await.expect("a thread").expect("an input");
    });
}

/// Answers whatever is asked; the questions of this benchmark have no body.
async fn speak(acceptor: TlsAcceptor, stream: TcpStream, answer: &[u8]) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = acceptor.accept(stream).await?;
    let mut asked = Vec::new();
    loop {
        while !asked.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut asked).await? == 0 {
                return Ok(());
            }
        }
        asked.clear();
        stream.write_all(answer).await?;
        stream.flush().await?;
    }
}

/// The same signed answer as in the core's benchmarks, as it stands on the wire.
fn answer() -> Vec<u8> {
    let answer = signed_answer(200, ANSWER);
    let mut text = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n", answer.body().len());
    for (name, value) in answer.headers() {
        text.push_str(&format!("{name}: {}\r\n", value.to_str().expect("a text")));
    }
    text.push_str("Content-Type: application/json\r\n\r\n");
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(answer.body());
    bytes
}

struct Server {
    process: Child,
    base: String,
    root: String,
}

impl Server {
    fn start() -> Self {
        let mut process = Command::new(std::env::current_exe().expect("a program"))
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let mut lines = BufReader::new(process.stdout.take().expect("an output")).lines();
        let mut line = || lines.next().expect("a line").expect("a text");
        let (base, root) = (line(), line().replace('|', "\n"));
        Self { process, base, root }
    }

    fn client(&self) -> Client {
        Client::builder()
            .merchant(v3_credentials(), merchant_key())
            .platform_keys(trusted())
            .base_url(BaseUrl::new(&self.base).expect("an address"))
            .extra_root_pem(self.root.clone())
            .only_extra_roots()
            .clock(now)
            .build()
            .expect("a client")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // It has nothing left to do.
        let _ = self.process.wait();
    }
}

fn question() -> QueryByOutTradeNo {
    QueryByOutTradeNo::default()
        .out_trade_no("1217752501201407033233368018")
        .mchid("1900007291")
}

/// One signature and one verification, bare.
struct Bare {
    key: MerchantKey,
    public: PublicKey,
    message: Vec<u8>,
    signature: Signature,
}

impl Bare {
    fn new() -> Self {
        let answer = signed_answer(200, ANSWER);
        let header = |name: &str| answer.headers()[name].to_str().expect("a text");
        Self {
            key: merchant_key(),
            public: public_key(PLATFORM, Backend::AwsLc),
            message: canonical::answer_message(
                header("wechatpay-timestamp"),
                header("wechatpay-nonce"),
                answer.body(),
            ),
            signature: Signature::from_base64(header("wechatpay-signature")).expect("base64"),
        }
    }

    fn once(&self) {
        let message = black_box(&self.message);
        black_box(self.key.sign(Algorithm::RsaSha256, message).expect("signed"));
        let verified = self.public.verify(Algorithm::RsaSha256, message, &self.signature);
        verified.expect("good");
    }
}

/// What whoever writes it down himself has: a client of hyper-util's, and nothing of ours but the two RSA operations.
struct ByHand {
    client: HyperClient<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    address: http::Uri,
}

impl ByHand {
    fn new(server: &Server) -> Self {
        let mut roots = rustls::RootCertStore::empty();
        let root = CertificateDer::from_pem_slice(server.root.as_bytes()).expect("a certificate");
        roots.add(root).expect("a root");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let https = HttpsConnectorBuilder::new().with_tls_config(tls).https_only();
        let address = format!(
            "{}/v3/pay/transactions/out-trade-no/1217752501201407033233368018?mchid=1900007291",
            server.base
        );
        Self {
            client: HyperClient::builder(TokioExecutor::new())
                .build(https.enable_http1().wrap_connector(tcp)),
            address: address.parse().expect("an address"),
        }
    }

    async fn once(&self, bare: &Bare) {
        let signed = bare
            .key
            .sign(Algorithm::RsaSha256, &bare.message)
            .expect("signed");
        let authorization = format!("WECHATPAY2-SHA256-RSA2048 signature=\"{}\"", signed.to_base64());
        let question = http::Request::get(self.address.clone())
            .header("authorization", authorization)
            .header("accept", "application/json")
            .body(Empty::new())
            .expect("a request");
        let (head, body) = self
            .client
            .request(question)
            .await
            .expect("answered")
            .into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        let header = |name: &str| head.headers[name].to_str().expect("a text");
        let (timestamp, nonce) = (header("wechatpay-timestamp"), header("wechatpay-nonce"));
        let message = canonical::answer_message(timestamp, nonce, &body);
        let signature = Signature::from_base64(header("wechatpay-signature")).expect("base64");
        let verified = bare.public.verify(Algorithm::RsaSha256, &message, &signature);
        verified.expect("good");
    }
}

/// What a thread has had of the processors.
fn processor_of(thread: &Path) -> Duration {
    let text = std::fs::read_to_string(thread.join("schedstat")).expect("the kernel's count");
    let spent = text.split_whitespace().next().expect("a number");
    Duration::from_nanos(spent.parse().expect("nanoseconds"))
}

/// What all threads of this process have had of the processors.
fn processor() -> Duration {
    let threads = std::fs::read_dir("/proc/self/task").expect("Linux");
    threads
        .map(|thread| processor_of(&thread.expect("a thread").path()))
        .sum()
}

/// Both clocks, each as a benchmark of its own: `work` does it so many times.
fn both(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, mut work: impl FnMut(u64)) {
    group.bench_function(format!("{name}_by_the_clock"), |bencher| {
        bencher.iter_custom(|times| {
            let started = Instant::now();
            work(times);
            started.elapsed()
        });
    });
    group.bench_function(format!("{name}_of_the_processor"), |bencher| {
        bencher.iter_custom(|times| {
            let before = processor();
            work(times);
            processor() - before
        });
    });
}

/// One call after the other.
fn alone(criterion: &mut Criterion, server: &Server, bare: &Bare) {
    let mut group = criterion.benchmark_group("call_alone");
    // The kernel counts in steps of some milliseconds: no sample is short.
    group.sampling_mode(SamplingMode::Flat);
    both(&mut group, "bare", |times| (0..times).for_each(|_| bare.once()));
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let by_hand = ByHand::new(server);
    both(&mut group, "by_hand", |times| {
        runtime.block_on(async {
            for _ in 0..times {
                by_hand.once(bare).await;
            }
        });
    });
    let client = server.client();
    both(&mut group, "call", |times| {
        runtime.block_on(async {
            for _ in 0..times {
                black_box(client.send(&question()).await.expect("answered"));
            }
        });
    });
    group.finish();
    runtime.block_on(client.shutdown());
}

/// Many calls at a time, on two threads; bare, two threads as well, since cores slow each other down.
fn together(criterion: &mut Criterion, server: &Server, bare: &Bare) {
    let mut group = criterion.benchmark_group("calls_32_in_flight");
    group.sampling_mode(SamplingMode::Flat);
    group.bench_function("bare_of_the_processor", |bencher| {
        bencher.iter_custom(|times| {
            std::thread::scope(|scope| {
                let threads = (0..CORES).map(|thread| {
                    let share = (times + thread) / CORES;
                    scope.spawn(move || {
                        (0..share).for_each(|_| bare.once());
                        processor_of(Path::new("/proc/thread-self"))
                    })
                });
                let threads: Vec<_> = threads.collect();
                let spent = threads.into_iter().map(|thread| thread.join().expect("a thread"));
                spent.sum()
            })
        });
    });
    let threads = usize::try_from(CORES).expect("a small number");
    let runtime: Runtime = Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()
        .expect("a runtime");
    let client = server.client();
    both(&mut group, "call", |times| {
        runtime.block_on(async {
            let mut flight = JoinSet::new();
            for lane in 0..IN_FLIGHT {
                let client = client.clone();
                let share = (times + lane) / IN_FLIGHT;
                flight.spawn(async move {
                    for _ in 0..share {
                        black_box(client.send(&question()).await.expect("answered"));
                    }
                });
            }
            while let Some(done) = flight.join_next().await {
                done.expect("a lane");
            }
        });
    });
    group.finish();
    runtime.block_on(client.shutdown());
}

fn calls(criterion: &mut Criterion) {
    let (server, bare) = (Server::start(), Bare::new());
    alone(criterion, &server, &bare);
    together(criterion, &server, &bare);
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(4))
        .sample_size(30);
    targets = calls
}

fn main() {
    if std::env::args().nth(1).as_deref() == Some("serve") {
        return serve();
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}
