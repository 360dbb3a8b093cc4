//! What the client takes the user to the cashier with; a fresh one for each call.

use wxpay_proto::UnixTime;

use super::answer::Reply;
use crate::store::{Handle, TradeType};
use crate::world::World;

/// How long a `prepay_id` or a `code_url` leads to the cashier, in seconds: 2 h.
const LONG: i64 = 7200;

/// How long a `mweb_url` does: 5 minutes.
const SHORT: i64 = 300;

/// Makes the handles of an order, given by its key, and the answer that tells them.
pub(super) fn handle(world: &mut World<'_>, trade_type: TradeType, order: &str, combined: bool) -> Reply {
    let prepay_id = world.sequence.prepay_id(world.clocks.business);
    let token = world.sequence.token();
    let mut reply = Reply::new();
    let package = world.sequence.next() % 10_000_000_000;
    let mut put = |name: &str, text: String, life: i64| {
        let expires = UnixTime::from_secs(world.clocks.business.as_secs().saturating_add(life));
        world.store.handles.put(Handle {
            text: text.clone(),
            order: order.to_owned(),
            combined,
            expires,
        });
        reply.insert(name.to_owned(), text);
    };
    match trade_type {
        TradeType::Native if combined => {
            put(
                "code_url",
                format!("weixin://wxpay/bizpayurl/up?pr={token}&groupid=00"),
                LONG,
            );
        }
        TradeType::Native => put("code_url", format!("weixin://wxpay/bizpayurl?pr={token}"), LONG),
        TradeType::Mweb => {
            let link = format!(
                "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id={prepay_id}&package={package}"
            );
            put("mweb_url", link, SHORT);
        }
        TradeType::Jsapi | TradeType::App | TradeType::Micropay | TradeType::Pap => {}
    }
    put("prepay_id", prepay_id, LONG);
    reply.insert("trade_type".to_owned(), trade_type.as_str().to_owned());
    reply
}
