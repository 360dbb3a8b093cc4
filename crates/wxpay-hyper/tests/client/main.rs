//! The client against a small HTTPS server of its own.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the finding"
)]

mod cancelled;
mod deadlines;
mod exchange;
mod files;
mod hosts;
mod keys;
mod limits;
mod logs;
mod merchants;
mod operations;
mod parts;
mod proxies;
mod recorder;
mod retries;
mod sealing;
mod seams;
mod secrets;
mod seen_from_outside;
mod server;
mod uploads;
mod wire;

use wxpay_hyper::{Client, ClientBuilder};
use wxpay_proto::{ApiV2Key, MerchantId, v2};

use crate::keys::Keys;
use crate::server::Server;

/// A client with every part but the client certificate, for one server.
fn client(server: &Server) -> Client {
    builder(server).build().expect("the parts are fine")
}

fn builder(server: &Server) -> ClientBuilder {
    let keys = Keys::get();
    Client::builder()
        .merchant(keys.merchant_credentials(), keys.merchant_key())
        .brand(keys.brand_credentials(), keys.brand_key())
        .platform_keys(keys.platform_keys())
        .api_v2(
            v2::Credentials::new(MerchantId::new(keys::MERCHANT).expect("digits")),
            api_v2_key(),
        )
        .base_url(server.base())
        .extra_root_pem(&keys.root_pem)
        .only_extra_roots()
}

fn api_v2_key() -> ApiV2Key {
    ApiV2Key::new(keys::API_V2_KEY).expect("32 characters")
}
