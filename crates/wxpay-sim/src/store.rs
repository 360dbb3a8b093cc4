//! Everything that the platform remembers.
//!
//! A *record* is one thing: an order, a refund, a notification. It is a plain struct with serde, in a file of its own
//! under `store/`, and implements [`Record`]: its [`SHELF`](Record::SHELF), its [`key`](Record::key), further texts
//! that it is found by ([`marks`](Record::marks)), and when time by itself does something to it
//! ([`due`](Record::due)). A [`Shelf`] holds all records of a kind:
//!
//! | to | call |
//! |---|---|
//! | read one, or all | [`get`](Shelf::get), [`iter`](Shelf::iter) |
//! | find by something else | [`marked`](Shelf::marked)`("id:4200…")` |
//! | add or replace | [`put`](Shelf::put) |
//! | change | [`edit`](Shelf::edit)`(key, |record| …)`: the only way, so that marks and changes follow |
//! | delete | [`remove`](Shelf::remove) |
//! | what time has come for | [`due`](Shelf::due), [`next_due`](Shelf::next_due) |
//!
//! Every `put`, `edit` and `remove` is a [`Change`] by itself. [`Store::take_changes`] gives the rows that were changed
//! since the last call; a store that is made from all of them with [`Store::restore`] is the same store.
//!
//! # To add a kind of record
//!
//! 1. `store/thing.rs`: the struct and its [`Record`]. Times are [`UnixTime`](wxpay_proto::UnixTime) with
//!    `#[serde(with = "seconds")]`, JSON is a [`Document`], keys are `merchant/number`. A field that is added later
//!    takes `#[serde(default)]`: rows of older versions are read.
//! 2. Here: `mod thing;`, a `pub(crate) use`, a field of [`Store`], and one line in [`Store::shelves`].
//! 3. What is done with it goes into a module of its own beside `orders.rs` and `refunds.rs`, without v2's or v3's
//!    words; operations and their refusals go under `v3/` and `v2/`. What time does goes into `progress.rs`.

mod account;
mod change;
mod combined;
mod complaint;
mod contract;
mod document;
mod handle;
mod moment;
mod names;
mod notification;
mod order;
mod payment;
mod planned;
mod receiver;
mod record;
mod refund;
mod seconds;
mod shelf;
mod split;
mod split_return;
mod statement;
mod transfer;
mod turn;

use shelf::Rows;

pub(crate) use account::Account;
pub use change::{Change, RestoreError};
pub(crate) use combined::Combined;
pub(crate) use complaint::{Complaint, ComplaintState, ComplaintUrl, Picture, Said};
pub(crate) use contract::{Contract, ContractState, EndedBy};
pub(crate) use document::Document;
pub(crate) use handle::Handle;
pub(crate) use moment::Moment;
pub(crate) use names::{Dialect, TradeType};
pub(crate) use notification::{Attempt, Form, Notification, Progress, Schedule};
pub(crate) use order::{Order, State};
pub(crate) use payment::Payment;
pub(crate) use planned::{Announced, Planned};
pub(crate) use receiver::Receiver;
pub(crate) use record::Record;
pub(crate) use refund::{Refund, RefundState};
pub(crate) use shelf::Shelf;
pub(crate) use split::{Share, ShareState, Split};
pub(crate) use split_return::{ReturnState, SplitReturn};
pub(crate) use statement::{Lock, Statement};
pub(crate) use transfer::{Transfer, TransferState};
pub(crate) use turn::Turn;

/// All shelves.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) orders: Shelf<Order>,
    pub(crate) combined: Shelf<Combined>,
    pub(crate) handles: Shelf<Handle>,
    pub(crate) refunds: Shelf<Refund>,
    pub(crate) transfers: Shelf<Transfer>,
    pub(crate) receivers: Shelf<Receiver>,
    pub(crate) splits: Shelf<Split>,
    pub(crate) split_returns: Shelf<SplitReturn>,
    pub(crate) statements: Shelf<Statement>,
    pub(crate) complaints: Shelf<Complaint>,
    pub(crate) complaint_urls: Shelf<ComplaintUrl>,
    pub(crate) pictures: Shelf<Picture>,
    pub(crate) contracts: Shelf<Contract>,
    pub(crate) accounts: Shelf<Account>,
    pub(crate) notifications: Shelf<Notification>,
    pub(crate) turn: Shelf<Turn>,
}

impl Store {
    /// Every shelf, once.
    fn shelves(&mut self) -> [&mut dyn Rows; 16] {
        [
            &mut self.orders,
            &mut self.combined,
            &mut self.handles,
            &mut self.refunds,
            &mut self.transfers,
            &mut self.receivers,
            &mut self.splits,
            &mut self.split_returns,
            &mut self.statements,
            &mut self.complaints,
            &mut self.complaint_urls,
            &mut self.pictures,
            &mut self.contracts,
            &mut self.accounts,
            &mut self.notifications,
            &mut self.turn,
        ]
    }

    /// The rows that were changed since the last call.
    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        self.shelves().into_iter().flat_map(Rows::take).collect()
    }

    /// The store that these changes made, in their order.
    pub(crate) fn restore(changes: impl IntoIterator<Item = Change>) -> Result<Self, RestoreError> {
        let mut store = Self::default();
        for change in changes {
            let mut shelves = store.shelves().into_iter();
            let shelf = shelves.find(|shelf| shelf.name() == change.shelf);
            let Some(shelf) = shelf else {
                return Err(RestoreError::UnknownShelf { shelf: change.shelf });
            };
            shelf.restore(&change.key, change.value.as_deref())?;
        }
        Ok(store)
    }
}
