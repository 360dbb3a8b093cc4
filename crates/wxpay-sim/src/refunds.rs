//! What may happen to refunds, whoever asks for it (protocol section 13.6).

use wxpay_proto::UnixTime;

use crate::accounts;
use crate::settings::RefundShown;
use crate::splits;
use crate::store::{Dialect, Document, Order, Refund, RefundState, State, Store};
use crate::world::World;

/// How long after the payment a refund can be asked for: a year.
const YEAR: i64 = 365 * 86_400;

/// How many partial refunds an order has at most.
const MOST: u32 = 50;

/// A refund that is asked for.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Who asks.
    pub(crate) mchid: String,
    pub(crate) out_refund_no: String,
    /// The order's key.
    pub(crate) order: String,
    pub(crate) amount: i64,
    /// What the order's amount is said to be.
    pub(crate) total: i64,
    /// Empty when nothing is said.
    pub(crate) currency: String,
    pub(crate) notify_url: Option<String>,
    pub(crate) dialect: Dialect,
    pub(crate) asked: Document,
}

/// Why there is no refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotRefunded {
    /// The number is in use for another order or amount.
    Different,
    Unpaid,
    OtherTotal,
    OtherCurrency,
    /// More than what is left of the payment.
    TooMuch,
    /// More than 50 refunds.
    TooMany,
    /// More than a year after the payment.
    TooLate,
    /// Too soon after the one before it.
    TooSoon,
    NotEnough,
    /// What was shared of the payment must come back first.
    Shared,
}

/// Accepts a refund, or finds the one that it repeats. Gives its key.
pub(crate) fn accept(world: &mut World<'_>, asked: Asked) -> Result<String, NotRefunded> {
    let now = world.clocks.business;
    let key = Refund::key_of(&asked.mchid, &asked.out_refund_no);
    if let Some(known) = world.store.refunds.get(&key) {
        let same = known.order == asked.order && known.amount == asked.amount;
        return if same {
            Ok(key)
        } else {
            Err(NotRefunded::Different)
        };
    }
    let order = world.store.orders.get(&asked.order).ok_or(NotRefunded::Unpaid)?;
    let payment = match &order.payment {
        Some(payment) if order.state(now) == State::Paid => payment,
        _ => return Err(NotRefunded::Unpaid),
    };
    if asked.total != order.total {
        return Err(NotRefunded::OtherTotal);
    }
    if !asked.currency.is_empty() && asked.currency != order.currency {
        return Err(NotRefunded::OtherCurrency);
    }
    if asked.amount > order.total - order.refunded {
        return Err(NotRefunded::TooMuch);
    }
    if order.refunds >= MOST {
        return Err(NotRefunded::TooMany);
    }
    if now.seconds_since(payment.at) > YEAR {
        return Err(NotRefunded::TooLate);
    }
    let interval = world.settings.refund_interval;
    if order
        .last_refund
        .is_some_and(|last| now.seconds_since(last) < interval)
    {
        return Err(NotRefunded::TooSoon);
    }
    let payer_refund = payers_part(order, order.total - payment.coupon, asked.amount);
    let (receiver, currency) = (order.receiver().to_owned(), order.currency.clone());
    // What others have of the payment, the merchant cannot give back.
    let kept = order.payer_total() - order.payer_refunded - splits::given_away(world.store, &asked.order);
    if payer_refund > kept {
        return Err(NotRefunded::Shared);
    }
    if !accounts::has(world.store, &receiver, &currency, payer_refund) {
        return Err(NotRefunded::NotEnough);
    }
    let settles = world.settings.refund_seconds;
    let mut refund = Refund {
        mchid: asked.mchid,
        sub_mchid: order.sub_mchid.clone(),
        out_refund_no: asked.out_refund_no,
        refund_id: world.sequence.refund_id(now),
        dialect: asked.dialect,
        order: asked.order.clone(),
        amount: asked.amount,
        payer_refund,
        index: order.refunds,
        notify_url: asked.notify_url,
        asked: asked.asked,
        created: now,
        state: RefundState::Processing,
        succeeded: None,
        settles: settles.map(|seconds| UnixTime::from_secs(now.as_secs().saturating_add(seconds))),
        elsewhere: None,
        history: Vec::new(),
    };
    refund.note(now, "refund accepted");
    let amount = refund.amount;
    world.store.refunds.put(refund);
    accounts::move_money(world.store, &receiver, &currency, -payer_refund);
    world.store.orders.edit(&asked.order, |order| {
        order.refunded += amount;
        order.payer_refunded += payer_refund;
        order.refunds += 1;
        order.last_refund = Some(now);
        order.note(now, "refund accepted");
    });
    show(world.store, &asked.order, world.settings.refund_shown);
    Ok(key)
}

/// What of a refund goes back to the payer: its share, and with the last refund all that is left.
fn payers_part(order: &Order, paid: i64, amount: i64) -> i64 {
    if order.refunded + amount == order.total {
        return paid - order.payer_refunded;
    }
    let share = i128::from(amount) * i128::from(paid) / i128::from(order.total.max(1));
    i64::try_from(share).unwrap_or(i64::MAX)
}

/// Ends a refund, or finds that its account does not take it. Gives whether anything changed.
pub(crate) fn settle(world: &mut World<'_>, key: &str, to: RefundState, at: UnixTime) -> bool {
    let Some(refund) = world.store.refunds.get(key) else {
        return false;
    };
    let may = match refund.state {
        RefundState::Processing => to != RefundState::Processing,
        RefundState::Abnormal => matches!(to, RefundState::Success | RefundState::Closed),
        RefundState::Success | RefundState::Closed => false,
    };
    if !may {
        return false;
    }
    let (order, amount, payer_refund) = (refund.order.clone(), refund.amount, refund.payer_refund);
    let what = match to {
        RefundState::Success => "refund succeeded",
        RefundState::Closed => "refund closed",
        RefundState::Abnormal => "refund abnormal",
        RefundState::Processing => "refund accepted",
    };
    world.store.refunds.edit(key, |refund| {
        refund.state = to;
        refund.settles = None;
        refund.succeeded = (to == RefundState::Success).then_some(at);
        refund.note(at, what);
    });
    if to == RefundState::Closed {
        let owner = world.store.orders.edit(&order, |order| {
            order.refunded -= amount;
            order.payer_refunded -= payer_refund;
            order.refunds -= 1;
            (order.receiver().to_owned(), order.currency.clone())
        });
        if let Some((receiver, currency)) = owner {
            accounts::move_money(world.store, &receiver, &currency, payer_refund);
        }
    }
    world.store.orders.edit(&order, |order| order.note(at, what));
    show(world.store, &order, world.settings.refund_shown);
    true
}

/// Sends an abnormal refund somewhere else.
pub(crate) fn redirect(world: &mut World<'_>, key: &str, account: String) -> bool {
    let now = world.clocks.business;
    let seconds = world.settings.refund_seconds;
    let redirected = world.store.refunds.edit(key, |refund| {
        if refund.state != RefundState::Abnormal {
            return false;
        }
        refund.state = RefundState::Processing;
        refund.elsewhere = Some(account);
        refund.note(now, "refund sent elsewhere");
        refund.settles = seconds.map(|seconds| UnixTime::from_secs(now.as_secs().saturating_add(seconds)));
        true
    });
    redirected.unwrap_or_default()
}

/// The refunds of an order, in the order in which they were accepted.
pub(crate) fn of_order(store: &Store, order: &str) -> Vec<Refund> {
    let mut refunds: Vec<Refund> = store.refunds.marked(&format!("order:{order}")).cloned().collect();
    refunds.sort_by_key(|refund| (refund.created, refund.index));
    refunds
}

/// A refund by its id.
pub(crate) fn by_id<'a>(store: &'a Store, mchid: &str, refund_id: &str) -> Option<&'a Refund> {
    let mut refunds = store.refunds.marked(&format!("id:{refund_id}"));
    refunds.find(|refund| refund.mchid == mchid)
}

/// Whether the order is `REFUND` by now: the sources say either moment (protocol section 15, 21).
fn show(store: &mut Store, key: &str, shown: RefundShown) {
    let counts = |refund: &Refund| match shown {
        RefundShown::OnAcceptance => refund.state != RefundState::Closed,
        RefundShown::OnSuccess => refund.state == RefundState::Success,
    };
    let shows = store.refunds.marked(&format!("order:{key}")).any(counts);
    store.orders.edit(key, |order| order.shows_refund = shows);
}
