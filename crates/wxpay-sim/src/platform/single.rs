//! Complaints and contracts, one at a time, for their pages.

use wxpay_proto::UnixTime;

use super::Platform;
use super::complaints::complained;
use super::contracts::contracted;
use super::history::{Event, Past, What, attempts};
use super::lists::{Ordered, ordered, text};
use crate::clocks::Clocks;
use crate::complaint::Complained;
use crate::contract::Contracted;
use crate::outbox::Notified;
use crate::store::{Contract, EndedBy, Order};

/// Something that was said or done about a complaint.
#[derive(Clone, Debug)]
pub(crate) struct Spoken {
    /// When, by the business clock.
    pub(crate) at: String,
    /// The user, the merchant's number, or the system.
    pub(crate) who: String,
    /// `operate_type`.
    pub(crate) kind: String,
    pub(crate) words: String,
    /// The `media_id`s of the pictures that came with it.
    pub(crate) pictures: Vec<String>,
}

/// All that a complaint's page shows.
#[derive(Clone, Debug)]
pub(crate) struct Grumble {
    pub(crate) complaint: Complained,
    pub(crate) said: Vec<Spoken>,
    pub(crate) past: Past,
    pub(crate) notices: Vec<Notified>,
}

/// All that a contract's page shows.
#[derive(Clone, Debug)]
pub(crate) struct Bond {
    pub(crate) contract: Contracted,
    /// The deductions by it, newest first.
    pub(crate) deductions: Vec<Ordered>,
    pub(crate) past: Past,
    pub(crate) notices: Vec<Notified>,
}

impl Platform {
    /// One complaint.
    pub(crate) fn complaint(&self, id: &str) -> Option<Grumble> {
        let known = self.store.complaints.get(id)?;
        let said = known.said.iter().map(|said| Spoken {
            at: text(said.at),
            who: said.operator.clone(),
            kind: said.kind.clone(),
            words: said.details.clone().unwrap_or_default(),
            pictures: said.images.clone(),
        });
        let notices = self.about(&[format!("about:complaint {id}")]);
        let past = Past {
            events: attempts(&notices),
            bills: Vec::new(),
            numbers: vec![id.to_owned()],
            askers: vec![known.account.clone(), known.mchid.clone()],
        };
        Some(Grumble {
            complaint: complained(known),
            said: said.collect(),
            past,
            notices,
        })
    }

    /// A picture that a merchant has uploaded, in base64.
    pub(crate) fn picture(&self, media_id: &str) -> Option<&str> {
        let picture = self.store.pictures.get(media_id)?;
        Some(&picture.content)
    }

    /// One contract, by its merchant, its template and the merchant's number.
    pub(crate) fn bond(&self, mchid: &str, plan_id: &str, code: &str, clocks: Clocks) -> Option<Bond> {
        let key = Contract::key_of(mchid, plan_id, code);
        let known = self.store.contracts.get(&key)?;
        let mut deductions: Vec<&Order> = self
            .store
            .orders
            .iter()
            .filter(|order| order.contract.as_deref() == Some(&*key))
            .collect();
        deductions.sort_by_key(|order| std::cmp::Reverse(order.created));
        let deductions = deductions
            .into_iter()
            .map(|order| ordered(order, clocks.business))
            .collect();
        let notices = self.about(&[format!("about:contract {key}")]);
        let mut events = moments(known);
        events.extend(attempts(&notices));
        let past = Past {
            events,
            bills: Vec::new(),
            numbers: vec![
                known.code.clone(),
                known.contract_id.clone(),
                known.handle.clone(),
            ],
            askers: vec![known.mchid.clone()],
        };
        Some(Bond {
            contract: contracted(known),
            deductions,
            past,
            notices,
        })
    }
}

fn moments(contract: &Contract) -> Vec<Event> {
    let ended = match contract.ended_by {
        Some(EndedBy::Merchant) => "terminated by the merchant",
        Some(EndedBy::System) => "terminated by the platform",
        Some(EndedBy::User) | None => "terminated by the user",
    };
    let moment = |at: Option<UnixTime>, what: &str| {
        at.map(|at| Event {
            at,
            what: What::Changed(what.to_owned()),
        })
    };
    [
        moment(Some(contract.created), "offered"),
        moment(contract.signed, "signed"),
        moment(contract.terminated, ended),
    ]
    .into_iter()
    .flatten()
    .collect()
}
