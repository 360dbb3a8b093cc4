//! What nobody but the user, the bank and the clockmaker can do.

use wxpay_proto::UnixTime;

use super::Platform;
use crate::accounts;
use crate::clocks::Clocks;
use crate::complaints;
use crate::fault::Fault;
use crate::notices;
use crate::order::{OrderKind, OrderRef, PayError, Payer, RefundOutcome, RefundRef, SettleError};
use crate::outbox::{self, Notified};
use crate::payments;
use crate::refunds;
use crate::settings::Rotation;
use crate::store::{Record as _, Refund, RefundState};

impl Platform {
    /// The user pays: an order, or a combined order with all its parts.
    ///
    /// # Errors
    /// [`PayError`] when there is no such order, or it cannot be paid any more.
    pub fn pay(&mut self, order: &OrderRef, clocks: Clocks) -> Result<(), PayError> {
        self.pay_as(order, &Payer::default(), clocks)
    }

    /// As [`pay`](Self::pay), with the user, the bank and the coupon that are told. It also confirms a code payment that
    /// waits for the user's password.
    ///
    /// # Errors
    /// [`PayError`] when there is no such order, or it cannot be paid any more.
    pub fn pay_as(&mut self, order: &OrderRef, payer: &Payer, clocks: Clocks) -> Result<(), PayError> {
        payments::pay(&mut self.world(clocks), order, payer)
    }

    /// The user's payment fails. The order waits on; a code payment that waited for a password is `PAYERROR`.
    ///
    /// # Errors
    /// [`PayError`] when there is no such order, or it cannot be paid any more.
    pub fn fail_payment(&mut self, order: &OrderRef, clocks: Clocks) -> Result<(), PayError> {
        payments::fail(&mut self.world(clocks), order, "payment failed")
    }

    /// The user leaves the cashier without paying. The order waits on; a code payment that waited for a password is
    /// `PAYERROR`.
    ///
    /// # Errors
    /// [`PayError`] when there is no such order, or it cannot be paid any more.
    pub fn abandon(&mut self, order: &OrderRef, clocks: Clocks) -> Result<(), PayError> {
        payments::fail(&mut self.world(clocks), order, "abandoned")
    }

    /// The order that a `prepay_id`, `code_url` or `h5_url` leads to; nothing when it has expired or never was.
    #[must_use]
    pub fn order_behind(&self, handle: &str, clocks: Clocks) -> Option<OrderRef> {
        let handle = self.store.handles.get(handle)?;
        if clocks.business >= handle.expires {
            return None;
        }
        let (mchid, number) = handle.order.split_once('/')?;
        let kind = if handle.combined {
            OrderKind::Combine
        } else {
            OrderKind::Order
        };
        Some(OrderRef::new(kind, number).created_by(mchid))
    }

    /// What the bank does with a refund. A refund settles once; an abnormal one is not settled yet.
    ///
    /// # Errors
    /// [`SettleError`] when there is no such refund, or it is settled.
    pub fn settle_refund(
        &mut self,
        refund: &RefundRef,
        outcome: RefundOutcome,
        clocks: Clocks,
    ) -> Result<(), SettleError> {
        let number = || refund.number.clone();
        let mark = format!("number:{}", refund.number);
        let wanted = |found: &&Refund| refund.creator.as_ref().is_none_or(|mchid| *mchid == found.mchid);
        let found = self.store.refunds.marked(&mark).filter(wanted);
        let found: Vec<(String, String)> = found.map(|refund| (refund.key(), refund.order.clone())).collect();
        let (key, order) = match found.as_slice() {
            [] => return Err(SettleError::Unknown { number: number() }),
            [found] => found.clone(),
            _ => return Err(SettleError::Ambiguous { number: number() }),
        };
        let to = match outcome {
            RefundOutcome::Success => RefundState::Success,
            RefundOutcome::Closed => RefundState::Closed,
            RefundOutcome::Abnormal => RefundState::Abnormal,
        };
        let mut world = self.world(clocks);
        if !refunds::settle(&mut world, &key, to, clocks.business) {
            return Err(SettleError::Settled { number: number() });
        }
        notices::refund_settled(&mut world, &key, clocks.business);
        if to == RefundState::Success {
            complaints::refunded(&mut world, &order, clocks.business);
        }
        Ok(())
    }

    /// Says how much money a merchant has, in fen; refunds and transfers beyond it are `NOT_ENOUGH` from now on. Payments add to it.
    /// Of a partner's orders it is the sub-merchant's money.
    pub fn set_balance(&mut self, mchid: &str, fen: i64) {
        accounts::limit(&mut self.store, mchid, "CNY", fen);
    }

    /// How much money a merchant has, in the smallest unit of the currency: what payments brought less what refunds and
    /// transfers took, from 0 or from what was [set](Self::set_balance).
    #[must_use]
    pub fn balance(&self, mchid: &str, currency: &str) -> i64 {
        accounts::balance(&self.store, mchid, currency)
    }

    /// All notifications with every attempt at them, oldest first.
    #[must_use]
    pub fn notifications(&self) -> Vec<Notified> {
        let mut all: Vec<Notified> = self.store.notifications.iter().map(Notified::from).collect();
        all.sort_by(|one, other| (one.created, &one.id).cmp(&(other.created, &other.id)));
        all
    }

    /// The notification with this `id`.
    #[must_use]
    pub fn notification(&self, id: &str) -> Option<Notified> {
        self.store.notifications.get(id).map(Notified::from)
    }

    /// Delivers a notification once more at the next poll, genuine or with the signature of a probe. Gives whether there
    /// is a notification with that `id`.
    pub fn resend(&mut self, notification: &str, probe: bool, clocks: Clocks) -> bool {
        outbox::resend(&mut self.world(clocks), notification, probe)
    }

    /// Holds a notification's next attempt back for some seconds of the business clock, so that later ones overtake it.
    /// Gives whether there is a notification with that `id`.
    pub fn hold(&mut self, notification: &str, seconds: i64, clocks: Clocks) -> bool {
        outbox::hold(&mut self.world(clocks), notification, seconds)
    }

    /// When the next notification is due by the business clock, or the next thing happens by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<UnixTime> {
        let due = [
            self.store.notifications.next_due(),
            self.store.orders.next_due(),
            self.store.contracts.next_due(),
            self.store.refunds.next_due(),
            self.store.transfers.next_due(),
            self.store.splits.next_due(),
            self.store.split_returns.next_due(),
        ];
        due.into_iter().flatten().min()
    }

    /// Turns the business clock, forwards or backwards, from where it stands. The platform only keeps how far it is
    /// turned: clocks are given to every call.
    pub fn turn_business_clock(&mut self, seconds: i64) {
        self.turned = self.turned.saturating_add(seconds);
    }

    /// How many seconds the business clock is turned.
    #[must_use]
    pub fn business_clock_turn(&self) -> i64 {
        self.turned
    }

    /// Goes on with the replacement of the platform certificate, or back: the next answer obeys it.
    pub fn rotate(&mut self, rotation: Rotation) {
        self.settings.rotation = rotation;
    }

    /// Spoils the next answer, or the one after those that are to be spoiled already. Rules do not see the call.
    pub fn fail_next(&mut self, fault: Fault) {
        self.faults.wait(fault);
    }

    /// The faults that wait for the next answers, the first one first.
    #[must_use]
    pub fn waiting_faults(&self) -> Vec<Fault> {
        self.faults.waiting().collect()
    }

    /// Forgets the faults that wait for the next answers. Rules stay.
    pub fn forget_faults(&mut self) {
        self.faults.forget();
    }
}
