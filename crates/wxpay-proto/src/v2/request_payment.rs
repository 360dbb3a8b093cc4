//! Request payment (调起支付) and its kin that are signed with the **APIv2 key** (protocol sections 6.2, 6.3 and 6.5).
//!
//! | product | front end | parameters | algorithm |
//! |---|---|---|---|
//! | v2 order | a page inside WeChat | [`jsapi`] | that of the order |
//! | v2 order | `wx.requestPayment` | [`mini_program`] | that of the order |
//! | v2 order | the app's SDK | [`app`] | that of the order |
//! | red packet (小程序红包) | `wx.sendBizRedPacket` | [`mini_program_red_packet`] | MD5 |
//! | payscore (支付分), confirm an order | page, mini program, app | [`payscore_confirm`] | HMAC-SHA256 |
//! | payscore, show an order | page, mini program, app | [`payscore_detail`] | HMAC-SHA256 |
//! | coupons (发券), plugin | mini program | [`send_coupons`] | HMAC-SHA256 |
//! | coupon of a merchant (商家券), link | a page inside WeChat | [`h5_coupon`] | HMAC-SHA256 |
//! | papay contract (委托代扣), link | a page inside WeChat | [`Contract::entrust_web`] | MD5 |
//! | papay contract, link | a browser | [`Contract::h5_entrust_web`] | HMAC-SHA256 |
//! | papay contract | mini program | [`Contract::mini_program`] | MD5 |
//!
//! The last products came with v3 and are still signed with the APIv2 key. An order's algorithm is the one that
//! `unifiedorder` was signed with; another one is refused by WeChat Pay as a wrong signature.
//!
//! Left out: `wxpayScoreEnable` with its token, which no source at hand confirms.

mod coupon;
mod order;
mod pairs;
mod papay;
mod payscore;
mod red_packet;

pub use coupon::{Coupon, SendCoupons, h5_coupon, send_coupons};
pub use order::{App, Jsapi, MiniProgram, app, jsapi, mini_program};
pub use pairs::{Link, Pairs};
pub use papay::{Contract, ContractMiniProgram};
pub use payscore::{PayScore, payscore_confirm, payscore_detail};
pub use red_packet::{RedPacket, mini_program_red_packet};
