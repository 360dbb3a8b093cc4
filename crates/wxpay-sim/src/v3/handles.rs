//! What the client takes the user to the cashier with; a fresh one for each call (protocol section 13.2).

use serde_json::{Value, json};
use wxpay_proto::UnixTime;

use crate::store::Handle;
use crate::world::World;

/// How long a `prepay_id` or a `code_url` leads to the cashier, in seconds: 2 h.
const LONG: i64 = 7200;

/// How long an `h5_url` does: 5 minutes.
const SHORT: i64 = 300;

/// What kind of handle a product gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    PrepayId,
    CodeUrl,
    H5Url,
    /// Global's name for it.
    MwebUrl,
}

/// Makes a handle for an order, given by its key, and the answer that tells it.
pub(super) fn handle(world: &mut World<'_>, form: Form, order: &str, combined: bool) -> Value {
    let now = world.clocks.business;
    let sequence = &mut *world.sequence;
    let (name, text, life) = match form {
        Form::PrepayId => ("prepay_id", sequence.prepay_id(now), LONG),
        Form::CodeUrl if combined => {
            let link = format!("weixin://wxpay/bizpayurl/up?pr={}&groupid=00", sequence.token());
            ("code_url", link, LONG)
        }
        Form::CodeUrl => (
            "code_url",
            format!("weixin://wxpay/bizpayurl?pr={}", sequence.token()),
            LONG,
        ),
        Form::H5Url => {
            let prepay_id = sequence.prepay_id(now);
            let package = sequence.next() % 10_000_000_000;
            let link = format!(
                "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id={prepay_id}&package={package}"
            );
            ("h5_url", link, SHORT)
        }
        Form::MwebUrl => {
            let prepay_id = sequence.prepay_id(now);
            let link = format!("https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id={prepay_id}");
            ("mweb_url", link, SHORT)
        }
    };
    let answer = json!({ name: text });
    world.store.handles.put(Handle {
        text,
        order: order.to_owned(),
        combined,
        expires: UnixTime::from_secs(now.as_secs().saturating_add(life)),
    });
    answer
}
