//! The transport of wxpay: sends any operation of WeChat Pay (微信支付) over HTTPS, signs it and verifies its answer.
//!
//! One [`Client`] serves a merchant, whatever mix of protocols: it is made of optional parts, and an operation whose
//! part is missing is not sent and names it.
//!
//! ```no_run
//! use wxpay_hyper::Client;
//! use wxpay_proto::crypto::{Backend, MerchantKey};
//! use wxpay_proto::v3::{Call, Credentials, PlatformKey, PlatformKeys};
//! use wxpay_proto::{MerchantId, Outcome, PublicKeyId, Serial};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! # let (key_pem, platform_pem) = ("", "");
//! let merchant = MerchantId::new("1900007291")?;
//! let serial = Serial::new("408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB")?;
//! let platform_key = PlatformKey::from_public_key_pem(
//!     PublicKeyId::new("PUB_KEY_ID_0119000072912024092500326400000000")?,
//!     platform_pem,
//!     Backend::AwsLc,
//! )?;
//! let client = Client::builder()
//!     .merchant(Credentials::merchant(merchant, serial), MerchantKey::from_pem(key_pem, Backend::AwsLc)?)
//!     .platform_keys(PlatformKeys::new().with(platform_key))
//!     .build()?;
//!
//! // Any operation will do: one of wxpay-types, one of yours, or a call spelled out.
//! let query = Call::new(http::Method::GET, "/v3/pay/transactions/out-trade-no/20260101?mchid=1900007291");
//! match client.send(&query).await {
//!     Ok(answer) => println!("verified by {:?}: {:?}", answer.verified_by(), answer.body),
//!     Err(error) => match error.outcome() {
//!         Outcome::NotSent => println!("correct it and call again: {error}"),
//!         Outcome::Refused => println!("WeChat Pay refused: {error}"),
//!         Outcome::Unknown => println!("query, never repeat blindly: {error}"),
//!     },
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Connections are HTTPS only (hyper-rustls with AWS-LC), HTTP/1.1 or HTTP/2 as the server chooses, and kept for the next
//! call. Redirects are not followed: a 3xx is an error like every other answer that is no success. Calls have
//! [deadlines](ClientBuilder::call_timeout) and answers a [longest size](ClientBuilder::answer_limit).
//!
//! Files come [as a stream](FileStream) or are [stored](Client::save_file) when they are proven, and go out
//! [from a file, a reader or a stream](Content). Connections go through a [proxy](Proxy), are [limited](ClientBuilder::calls_in_flight), and can
//! have [services around them](ClientBuilder::layered).
//!
//! A call is made again, and at another host, where [`retry`](wxpay_proto::retry) finds that safe: never one that moves
//! money and may have been executed, unless WeChat Pay itself asks for it. [`Budget::once`](wxpay_proto::retry::Budget::once)
//! turns that off.
//!
//! WeChat Pay's keys are a fixed set or a [`KeyStore`], which fetches certificates when an answer names one that is not known
//! and holds the answer meanwhile. [`Client::for_merchant`] makes clients for other merchants over the same connections.
//!
//! Each call is a `tracing` span `wxpay.call` with operation, number of attempts, outcome and duration; each attempt a span
//! `wxpay.attempt` within, with method, host, the key asked for, status, `Request-ID` and duration. Neither ever holds a
//! header, a body or a key.

mod attempt;
mod bodies;
mod body;
mod builder;
mod client;
mod connect;
mod content;
mod course;
mod download;
mod download_error;
mod entropy;
mod error;
mod failure;
mod fault;
mod fetching;
mod files;
mod gate;
mod hosts;
mod inner;
mod keyed;
mod keys;
mod merchant;
mod net;
mod observer;
mod options;
mod partial;
mod parts;
mod places;
mod pool;
mod progress;
mod proxy;
mod send;
mod settle;
mod signer;
mod skew;
mod tls;
mod transport;
mod wire;

pub use body::Body;
pub use builder::ClientBuilder;
pub use client::Client;
pub use content::Content;
pub use download::FileStream;
pub use download_error::DownloadError;
pub use error::{ConfigError, Error, FailedAttempt};
pub use failure::{Failure, Phase, TransportError};
pub use fault::NothingSent;
pub use keys::{BoxError, FileStorage, KeyStorage, KeyStore, KeyStoreBuilder, KeysError, Turn};
pub use merchant::Merchant;
pub use observer::{Event, Observer};
pub use options::CallOptions;
pub use parts::ClientProtocol;
pub use proxy::Proxy;
pub use settle::{Found, Sent, Unsettled};
pub use signer::{AsyncSigner, SigningThreads};
pub use transport::{ShowsCertificate, Transport};
