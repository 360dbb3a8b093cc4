//! The HTTPS server around the platform, which is a proxy too.

mod body;
mod client_certificates;
mod connection;
mod console;
mod control;
mod courier;
mod desk;
mod front;
pub(crate) mod hosts;
mod limits;
mod outgone;
mod plain;
mod proxy;
mod room;
mod sender;
mod sent;
mod service;
mod tls;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};

use client_certificates::KnownCertificates;
pub use console::CONSOLE;
pub use control::CONTROL;
use courier::Courier;
pub(crate) use desk::Desk;
use front::Front;
pub(crate) use limits::Limits;
use room::Room;
pub use sender::Sender;
pub(crate) use tls::Identity;
#[cfg(feature = "disk")]
pub(crate) use tls::certified;

/// How a server is set up.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) listen: IpAddr,
    /// 0 takes a free one.
    pub(crate) port: u16,
    pub(crate) identity: Identity,
    /// Hosts that the proxy may connect to, each with or without a port.
    pub(crate) tunnels: Vec<String>,
    /// Authorities that are trusted beside the public ones when notifications are delivered, as PEM.
    pub(crate) notification_roots: Vec<String>,
    /// Whether control answers other machines too.
    pub(crate) control_for_all: bool,
    /// Whether HTTP/2 is offered beside HTTP/1.1.
    pub(crate) http2: bool,
    pub(crate) limits: Limits,
}

/// A listening server. Dropping it stops it and closes its connections.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(desk: Arc<Desk>, plan: Plan) -> io::Result<Self> {
        let sender = Sender::new(&plan.notification_roots, plan.limits.reply)?;
        let courier = Courier::new(Arc::clone(&desk), sender);
        let certificates = desk.look(|platform, _| KnownCertificates::of(platform.profile()));
        let front = Arc::new(Front {
            desk,
            certificates: certificates.map_err(io::Error::other)?,
            acceptor: tls::acceptor(&plan.identity, plan.http2).map_err(io::Error::other)?,
            limits: plan.limits,
            places: Arc::new(Semaphore::new(plan.limits.connections)),
            control_for_all: plan.control_for_all,
            http2: plan.http2,
            room: Room::new(&plan.limits),
            tunnels: plan
                .tunnels
                .iter()
                .map(|host| host.to_ascii_lowercase())
                .collect(),
        });
        let listener = std::net::TcpListener::bind((plan.listen, plan.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("wxpay-sim".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    // Invariant: the listener is non-blocking and this is inside a runtime, so it can be taken over.
                    if let Ok(listener) = TcpListener::from_std(listener) {
                        tokio::spawn(courier.run());
                        accept(&listener, &front, stopped).await;
                    }
                });
            })?;
        Ok(Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // Nobody listens any more if the thread has ended by itself, which is what is wanted.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn accept(listener: &TcpListener, front: &Arc<Front>, mut stopped: oneshot::Receiver<()>) {
    loop {
        let stream = tokio::select! {
            _ = &mut stopped => return,
            accepted = listener.accept() => accepted,
        };
        match stream {
            Ok((stream, peer)) => {
                // One connection too many is closed: it may not push out those that are being served.
                if let Ok(place) = Arc::clone(&front.places).try_acquire_owned() {
                    let front = Arc::clone(front);
                    tokio::spawn(async move {
                        connection::serve(stream, peer, front).await;
                        drop(place);
                    });
                }
            }
            // Out of file descriptors, say: waiting lets connections end, and spinning does not.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
