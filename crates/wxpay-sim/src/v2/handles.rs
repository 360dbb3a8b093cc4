//! What the client takes the user to the cashier with; a fresh one for each call.

use wxpay_proto::UnixTime;

use super::answer::Reply;
use crate::store::{Handle, TradeType};
use crate::world::World;

/// How long a handle leads to the cashier, in seconds: 2 h.
const LIFE: i64 = 7200;

/// Makes the handles of an order, given by its key, and the answer that tells them.
pub(super) fn handle(world: &mut World<'_>, trade_type: TradeType, order: &str, combined: bool) -> Reply {
    let prepay_id = world.sequence.prepay_id(world.clocks.business);
    let token = world.sequence.token();
    let mut reply = Reply::new();
    let mut put = |name: &str, text: String| {
        let expires = UnixTime::from_secs(world.clocks.business.as_secs().saturating_add(LIFE));
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
            );
        }
        TradeType::Native => put("code_url", format!("weixin://wxpay/bizpayurl?pr={token}")),
        TradeType::Mweb => {
            let link = format!("https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?package={token}");
            put("mweb_url", link);
        }
        TradeType::Jsapi | TradeType::App | TradeType::Micropay | TradeType::Pap => {}
    }
    put("prepay_id", prepay_id);
    reply.insert("trade_type".to_owned(), trade_type.as_str().to_owned());
    reply
}
