//! Helpers shared by the tests: the vectors, their keys, the journey in a few words, and what the fuzzers call.

pub mod cases;
pub mod fuzz;
pub mod journey;
pub mod keys;
pub mod samples;
pub mod seeds;
pub mod vectors;

/// The guide: its examples are compiled as documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/first-call.md")]
#[derive(Debug)]
pub struct FirstCall;

/// The guide to bills.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/bills.md")]
#[derive(Debug)]
pub struct Bills;

/// The guide to notifications; its examples run on the vectors.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/notifications.md")]
#[derive(Debug)]
pub struct Notifications;

/// The guide to receiving notifications with axum.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/receiving.md")]
#[derive(Debug)]
pub struct Receiving;

/// The guide to WeChat Pay's keys.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/keys.md")]
#[derive(Debug)]
pub struct Keys;

/// The guide to front-end parameters.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/front-end.md")]
#[derive(Debug)]
pub struct FrontEnd;

/// The guide to keys in a KMS.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/kms.md")]
#[derive(Debug)]
pub struct Kms;

/// The guide's page on the network.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/network.md")]
#[derive(Debug)]
pub struct Network;

/// The guide's page on failed calls.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/retries.md")]
#[derive(Debug)]
pub struct Retries;

/// The guide's page on failed signatures.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/troubleshooting.md")]
#[derive(Debug)]
pub struct Troubleshooting;
