//! A secret cannot be stored by accident, within another value say.

use wxpay_proto::ApiV2Key;

#[derive(serde::Serialize)]
struct Settings {
    key: ApiV2Key,
}

fn main() {
    let _ = |settings: Settings| settings.key;
    let _: Option<ApiV2Key> = None;
}
