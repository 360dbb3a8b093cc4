//! Journeys over real sockets: client and simulator, TLS between them, nothing mocked.

mod abroad;
mod bills;
mod client_certificates;
mod closes;
mod complaints;
mod deductions;
mod documented;
mod embedded;
mod faults;
mod funds;
mod malformed;
mod payments;
mod refunds;
mod refusals;
mod sealed;
mod settled;
mod signers;
mod support;
mod v2_orders;
