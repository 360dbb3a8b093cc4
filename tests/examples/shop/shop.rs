//! The shop: an order, a QR code, a notification, and the order is paid.

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::{Path as Segment, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use wxpay_axum::{BoxError, Delivery, Inbox, Keys, Policy, Receiver, SqliteStore};
use wxpay_hyper::{Client, ClientBuilder, FileStorage, KeyStore, SigningThreads};
use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::v3::{self, PlatformKey, PlatformKeys};
use wxpay_proto::{ApiV3Key, MerchantId, Serial};
use wxpay_types::events::v3::{Event, Transaction};
use wxpay_types::v3::pay_transactions::{Amount, NativePrepay};

use crate::orders::{Order, Orders};
use crate::pages;

/// What a pot of tea costs, in fen.
const PRICE: i64 = 888;

/// Who the shop is at WeChat Pay: what the merchant platform shows, and the files that it hands out.
pub(crate) struct Account {
    pub(crate) appid: String,
    pub(crate) mchid: MerchantId,
    /// Of `apiclient_cert.pem`.
    pub(crate) serial: Serial,
    /// `apiclient_key.pem`.
    pub(crate) private_key: String,
    pub(crate) api_v3_key: String,
    /// The WeChat Pay public key (微信支付公钥), `pub_key.pem`, under its id.
    pub(crate) public_key: PlatformKey,
}

/// The shop. It can be stopped at any moment, and goes on where it was.
#[derive(Clone)]
pub(crate) struct Shop {
    client: Client,
    appid: String,
    mchid: MerchantId,
    notify_url: String,
    pub(crate) orders: Orders,
    pub(crate) inbox: Arc<Inbox<SqliteStore>>,
}

impl Shop {
    /// Opens the shop at `own_url`, with everything that it has to remember in `folder`. `connect` says how WeChat Pay is
    /// reached: outside of tests that is `Client::builder()`.
    pub(crate) async fn open(
        folder: &Path,
        own_url: &str,
        account: Account,
        connect: ClientBuilder,
        policy: Policy,
    ) -> Result<Self, BoxError> {
        // WeChat Pay's keys, for answers and notifications alike: the public key, and certificates, which are fetched when
        // something is signed with one. A merchant who never had certificates leaves the two last lines out.
        let keys = KeyStore::builder()
            .platform_keys(PlatformKeys::new().with(account.public_key))
            .certificates(ApiV3Key::new(&*account.api_v3_key)?)
            .storage(FileStorage::new(folder.join("wechatpay.pem")))
            .build();
        let credentials = v3::Credentials::merchant(account.mchid.clone(), account.serial);
        let private_key = MerchantKey::from_pem(&account.private_key, Backend::AwsLc)?;
        let client = connect
            .merchant_async(credentials, SigningThreads::new(private_key, 2))
            .key_store(keys.clone())
            .build()?;
        let (view, report) = (keys.clone(), keys.clone());
        let keys = Keys::from_fn(
            move || view.current(),
            move |serial| {
                let keys = keys.clone();
                async move { Ok(keys.with_key(&serial).await.map(drop)?) }
            },
        )
        .counted_by(move |event_type, key| report.saw_notification(event_type, key));
        let receiver = Receiver::new(keys).api_v3_key(ApiV3Key::new(account.api_v3_key)?);
        let store = SqliteStore::open(folder.join("inbox.db")).await?;
        Ok(Self {
            client,
            appid: account.appid,
            mchid: account.mchid,
            notify_url: format!("{own_url}/wechatpay/notify"),
            orders: Orders::open(&folder.join("orders.db")).await?,
            inbox: Arc::new(Inbox::new(Arc::new(receiver), store).policy(policy)),
        })
    }

    /// What the shop answers.
    pub(crate) fn router(&self) -> Router {
        Router::new()
            .route("/", get(async || Html(pages::front())))
            .route("/buy", post(buy))
            .route("/orders/{number}", get(show))
            .with_state(self.clone())
            .route("/wechatpay/notify", self.inbox.route_v3())
    }

    /// Takes an order.
    pub(crate) async fn order(&self) -> Result<String, BoxError> {
        let number = format!("TEA{}", SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos());
        self.orders.add(&number, PRICE).await?;
        Ok(number)
    }

    /// The text of an order's QR code. The order number makes a repetition the same request, so that an order whose
    /// creation was interrupted, by a crash say, is simply created again.
    pub(crate) async fn code_url(&self, order: &Order) -> Result<String, BoxError> {
        if let Some(known) = &order.code_url {
            return Ok(known.clone());
        }
        let prepay = NativePrepay::default()
            .appid(&*self.appid)
            .mchid(self.mchid.as_str())
            .description("A pot of tea")
            .out_trade_no(&*order.number)
            .notify_url(&*self.notify_url)
            .amount(Amount::default().total(order.fen).currency("CNY"));
        let answer = self.client.send(&prepay).await?;
        let code_url = answer.code_url.clone().ok_or("an answer without `code_url`")?;
        self.orders.set_code_url(&order.number, &code_url).await?;
        Ok(code_url)
    }
}

/// What the shop does with a notification. It runs until it succeeds, and perhaps more than once.
pub(crate) async fn handle(orders: Orders, delivery: Delivery) -> Result<(), BoxError> {
    let Some(Event::TransactionSuccess(Transaction::Payment(payment))) = delivery.event() else {
        return Ok(()); // nothing that this shop waits for
    };
    let number = payment
        .out_trade_no
        .as_deref()
        .ok_or("a payment without an order number")?;
    let amount = payment.amount.as_ref().ok_or("a payment without an amount")?;
    let fen = amount.total.ok_or("a payment without a total")?;
    let transaction_id = payment.transaction_id.as_deref().unwrap_or_default();
    orders.paid(number, fen, transaction_id).await?;
    Ok(())
}

async fn buy(State(shop): State<Shop>) -> Result<Redirect, Failed> {
    let number = shop.order().await?;
    Ok(Redirect::to(&format!("/orders/{number}")))
}

async fn show(State(shop): State<Shop>, Segment(number): Segment<String>) -> Result<Response, Failed> {
    let Some(order) = shop.orders.find(&number).await? else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let code_url = if order.paid {
        None
    } else {
        Some(shop.code_url(&order).await?)
    };
    Ok(Html(pages::of(&order, code_url.as_deref())?).into_response())
}

/// The shop's own trouble, which it does not show its customers.
struct Failed(BoxError);

impl<E: Into<BoxError>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        tracing::error!(error = %self.0, "a page could not be shown");
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "Please load this page again in a moment.",
        )
            .into_response()
    }
}
