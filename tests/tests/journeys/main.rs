//! Journeys over real sockets: client and simulator, TLS between them, nothing mocked.

mod abroad;
mod bills;
mod certificates;
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
mod platform_roots;
mod prepays;
mod receiver;
mod refunds;
mod refusals;
mod sealed;
mod settled;
mod signers;
mod support;
mod unruly;
mod uploads;
mod v2_orders;
mod v2_twins;
