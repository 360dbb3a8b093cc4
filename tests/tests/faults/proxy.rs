//! A proxy between client and simulator that spoils connections, requests and answers.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_rustls::server::TlsStream;
use wxpay_proto::BaseUrl;

use crate::fault::{Fault, Greeting};
use crate::http1;
use crate::random::Random;
use crate::tls::Tls;

/// A request of which at least a part has arrived at the proxy.
#[derive(Clone, Debug)]
pub(crate) struct Arrived {
    pub(crate) text: String,
    pub(crate) fault: Fault,
}

/// A proxy; it ends with the test.
pub(crate) struct Proxy {
    base: BaseUrl,
    way: Arc<Way>,
    _connections: JoinSet<()>,
}

/// What all connections share.
struct Way {
    tls: Tls,
    simulator: SocketAddr,
    random: Mutex<Random>,
    arrived: Mutex<Vec<Arrived>>,
    /// The last success, for a request that it does not belong to.
    before: Mutex<Option<Vec<u8>>>,
    /// Requests that arrive when nobody waits any more.
    late: Mutex<JoinSet<()>>,
}

impl Proxy {
    pub(crate) async fn start(tls: Tls, simulator: SocketAddr, random: Random) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let way = Arc::new(Way {
            tls,
            simulator,
            random: Mutex::new(random),
            arrived: Mutex::default(),
            before: Mutex::default(),
            late: Mutex::default(),
        });
        let shared = Arc::clone(&way);
        let mut connections = JoinSet::new();
        connections.spawn(async move {
            let mut served = JoinSet::new();
            while let Ok((tcp, _)) = listener.accept().await {
                let way = Arc::clone(&shared);
                served.spawn(async move {
                    // A connection that breaks is what this is about.
                    let _ = way.serve(tcp).await;
                });
            }
        });
        Self {
            base: BaseUrl::new(&format!("https://localhost:{port}")).unwrap(),
            way,
            _connections: connections,
        }
    }

    pub(crate) fn base(&self) -> BaseUrl {
        self.base.clone()
    }

    /// Every request so far, in the order in which they came.
    pub(crate) fn arrived(&self) -> Vec<Arrived> {
        self.way.arrived.lock().unwrap().clone()
    }

    /// Waits until everything that is under way has arrived.
    pub(crate) async fn quiet(&self) {
        let mut late = std::mem::take(&mut *self.way.late.lock().unwrap());
        while late.join_next().await.is_some() {}
    }
}

impl Way {
    fn choose<T>(&self, choose: impl FnOnce(&mut Random) -> T) -> T {
        choose(&mut self.random.lock().unwrap())
    }

    async fn serve(self: &Arc<Self>, mut tcp: TcpStream) -> io::Result<()> {
        tcp.set_nodelay(true)?;
        let acceptor = match self.choose(Greeting::choose) {
            Greeting::Honest => &self.tls.good,
            Greeting::WrongName => &self.tls.wrong_name,
            Greeting::UnknownAuthority => &self.tls.unknown_authority,
            Greeting::HangUp => return Ok(()),
            Greeting::Silence => {
                sleep(Duration::from_secs(5)).await;
                return Ok(());
            }
            Greeting::Junk => {
                let junk = self.choose(|random| random.bytes(200));
                return tcp.write_all(&junk).await;
            }
            Greeting::HalfHello => {
                tcp.read_exact(&mut [0; 20]).await?;
                return tcp.write_all(&[22, 3, 3, 0, 80, 2, 0]).await;
            }
        };
        let mut tls = acceptor.accept(tcp).await?;
        while self.pass_on(&mut tls).await? {}
        Ok(())
    }

    /// Takes one request. Tells whether the connection goes on.
    async fn pass_on(self: &Arc<Self>, client: &mut TlsStream<TcpStream>) -> io::Result<bool> {
        let fault = self.choose(Fault::choose);
        if fault == Fault::CutBefore {
            return Ok(false);
        }
        if fault == Fault::CutWithin {
            let mut part = vec![0; 60];
            let count = client.read(&mut part).await?;
            self.note(&part[..count], fault);
            return Ok(false);
        }
        let Some(request) = http1::read(client).await? else {
            return Ok(false);
        };
        self.note(&request, fault);
        let answer = match fault {
            Fault::LoseRequest => return Ok(false),
            Fault::ArriveLate(by) => {
                let way = Arc::clone(self);
                self.late.lock().unwrap().spawn(async move {
                    sleep(by).await;
                    let _ = way.ask(&request).await;
                });
                return Ok(false);
            }
            Fault::Page { status, arrived } => {
                self.perhaps_ask(&request, arrived).await?;
                http1::answer(status, b"<html>nobody home</html>")
            }
            Fault::SystemError { arrived } => {
                self.perhaps_ask(&request, arrived).await?;
                http1::answer(500, br#"{"code":"SYSTEM_ERROR","message":"again"}"#)
            }
            Fault::TooMany => http1::answer(429, br#"{"code":"FREQUENCY_LIMITED","message":"slower"}"#),
            Fault::ArriveTwice => {
                let answer = self.ask(&request).await?;
                self.ask(&request).await?;
                answer
            }
            Fault::Delay { request: true, by } => {
                // The request is on its way, whoever still waits for it.
                self.finish(sleep_and_ask(Arc::clone(self), request, by)).await?
            }
            _ => {
                self.finish(sleep_and_ask(Arc::clone(self), request, Duration::ZERO))
                    .await?
            }
        };
        self.answer(client, fault, answer).await
    }

    async fn answer(
        &self,
        client: &mut TlsStream<TcpStream>,
        fault: Fault,
        answer: Vec<u8>,
    ) -> io::Result<bool> {
        // A refusal names nothing that it is about, so that nobody could tell one from another.
        let is_success = answer.starts_with(b"HTTP/1.1 2");
        let before = match is_success {
            true => self.before.lock().unwrap().replace(answer.clone()),
            false => self.before.lock().unwrap().clone(),
        };
        let mut goes_on = true;
        match fault {
            Fault::LoseAnswer => return Ok(false),
            Fault::HalfClose => {
                client.shutdown().await?;
                let _ = client.read(&mut [0; 1]).await;
                return Ok(false);
            }
            Fault::CutAnswer(hundredths) => {
                let count = answer.len() * usize::try_from(hundredths).unwrap() / 100;
                client.write_all(&answer[..count]).await?;
                goes_on = false;
            }
            Fault::Drip => {
                for byte in answer {
                    client.write_all(&[byte]).await?;
                    client.flush().await?;
                    sleep(Duration::from_millis(2)).await;
                }
            }
            Fault::OutOfOrder => client.write_all(&before.unwrap_or(answer)).await?,
            Fault::Junk => {
                let junk = self.choose(|random| random.bytes(300));
                client.write_all(&junk).await?;
                goes_on = false;
            }
            Fault::JunkBody => {
                let junk = self.choose(|random| random.bytes(100));
                client.write_all(&http1::answer(200, &junk)).await?;
            }
            _ => {
                if let Fault::Delay { request: false, by } = fault {
                    sleep(by).await;
                }
                client.write_all(&answer).await?;
                goes_on = fault != Fault::CloseAfter;
            }
        }
        client.flush().await?;
        Ok(goes_on)
    }

    fn note(&self, request: &[u8], fault: Fault) {
        let text = String::from_utf8_lossy(request).into_owned();
        self.arrived.lock().unwrap().push(Arrived { text, fault });
    }

    async fn perhaps_ask(&self, request: &[u8], arrived: bool) -> io::Result<()> {
        if arrived {
            self.ask(request).await?;
        }
        Ok(())
    }

    /// Runs to its end even when the connection is gone meanwhile.
    async fn finish(
        &self,
        work: impl Future<Output = io::Result<Vec<u8>>> + Send + 'static,
    ) -> io::Result<Vec<u8>> {
        let (tell, told) = tokio::sync::oneshot::channel();
        self.late.lock().unwrap().spawn(async move {
            let _ = tell.send(work.await);
        });
        told.await.map_err(io::Error::other)?
    }

    /// Asks the simulator.
    async fn ask(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        let tcp = TcpStream::connect(self.simulator).await?;
        let name = ServerName::try_from("localhost").unwrap();
        let mut tls = self.tls.upstream.connect(name, tcp).await?;
        tls.write_all(request).await?;
        http1::read(&mut tls)
            .await?
            .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

async fn sleep_and_ask(way: Arc<Way>, request: Vec<u8>, by: Duration) -> io::Result<Vec<u8>> {
    sleep(by).await;
    way.ask(&request).await
}
