//! Request payment (调起支付), v3: what a front end hands to WeChat after an order was created (protocol section 6.1).
//!
//! | order | front end | parameters |
//! |---|---|---|
//! | JSAPI | a page inside WeChat | [`jsapi`] |
//! | mini program | `wx.requestPayment` | [`mini_program`] |
//! | APP | the app's SDK | [`app()`] |
//! | Native | a QR code of `code_url` | none; see [`CODE_URL_LIFETIME`] |
//! | H5 | a browser that opens `h5_url` | none; [`h5_redirect`] says where it returns to |
//! | medical insurance with a part paid by the user | a page or mini program | [`medical_insurance`] |
//! | merchant transfer (商家转账) that waits for the user | page, mini program or app | [`MerchantTransfer`], unsigned |
//!
//! **Combined orders** (合单) are the same, with `combine_appid`, the prepay id of the combined order and, in an app, the
//! `combine_mchid`. **Partners** (服务商) sign with their own key; [`partner_appid`] says whose appid is signed.
//!
//! What is signed is a prepay id, the appid, a moment and a nonce, never an amount: that stands in the order.
//!
//! Left out: parameters of merchants that use 国密 keys, of which no source tells the algorithm.

mod app;
mod bridge;
mod link;
mod medical;
mod partner;
mod transfer;

pub use app::{App, app};
pub use bridge::{Jsapi, MiniProgram, jsapi, mini_program};
pub use link::{CODE_URL_LIFETIME, H5_URL_LIFETIME, h5_redirect};
pub use medical::{MedicalInsurance, medical_insurance};
pub use partner::partner_appid;
pub use transfer::MerchantTransfer;
