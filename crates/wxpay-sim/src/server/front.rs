//! What every connection needs.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use super::client_certificates::KnownCertificates;
use super::desk::Desk;
use super::limits::Limits;
use super::room::Room;

/// What every connection needs, made once.
pub(super) struct Front {
    pub(super) desk: Arc<Desk>,
    pub(super) acceptor: TlsAcceptor,
    /// Whose certificate a client has shown.
    pub(super) certificates: KnownCertificates,
    pub(super) limits: Limits,
    /// Places for connections.
    pub(super) places: Arc<Semaphore>,
    /// Room for the bodies that are being read.
    pub(super) room: Room,
    /// Hosts that the proxy may connect to, each with or without a port; in lower case.
    pub(super) tunnels: BTreeSet<String>,
    /// Whether control answers other machines too.
    pub(super) control_for_all: bool,
    /// Whether HTTP/2 is spoken too.
    pub(super) http2: bool,
}
