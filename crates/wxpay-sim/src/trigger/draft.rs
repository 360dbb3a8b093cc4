//! A notification before it is sealed.

use serde_json::Value;

use crate::profile::{Merchant, Profile};

/// A notification that is to be sent although nothing has happened ([`Platform::draft`](crate::Platform::draft),
/// [`Platform::trigger`](crate::Platform::trigger)).
///
/// ```
/// use wxpay_sim::{Clocks, Platform, Profile, Settings};
/// use wxpay_types::table;
///
/// let clocks = Clocks::at(wxpay_proto::UnixTime::from_secs(1_700_000_000));
/// let mut platform = Platform::new(Profile::test(), Settings::default());
/// let event = table::event("REFUND.CLOSED").expect("it is documented");
/// let mut draft = platform.draft(event, None, "1900007291", clocks)?;
/// draft.document["out_refund_no"] = "R1".into();
/// let id = platform.trigger(&draft, "http://127.0.0.1:3000/notify", clocks)?;
/// let delivery = &platform.poll(clocks)[0];
/// assert_eq!(delivery.id.notification, id);
/// assert_eq!(delivery.request.uri().path(), "/notify");
/// # Ok::<(), wxpay_sim::TriggerError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventDraft {
    /// The merchant whose keys seal it.
    pub mchid: String,
    /// Its type; of v2 a name of the catalogue's, unless the message has an `event_type`.
    pub event_type: String,
    /// v3: `resource.original_type`; left out when it is empty.
    pub original_type: String,
    /// v3: `summary`.
    pub summary: String,
    /// v3: the object that is encrypted. v2: the fields of the message, the encrypted one as the object that is in it.
    pub document: Value,
    pub(super) envelope: Envelope,
}

/// How a draft becomes a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Envelope {
    V3,
    /// Flat fields, of which this one is encrypted.
    V2(Option<String>),
}

/// Why there is no such notification.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TriggerError {
    /// Nobody has keys to seal it.
    #[error("there is no merchant {mchid}; there are {known}")]
    Merchant {
        /// The number that was given.
        mchid: String,
        /// The numbers that there are.
        known: String,
    },
    /// It cannot be sent there.
    #[error("{url} is no address: wanted is http:// or https://, and a host")]
    Address {
        /// The address that was given.
        url: String,
    },
    /// What is encrypted is no object.
    #[error("`{field}` is to be an object: what it holds is encrypted on the way")]
    Encrypted {
        /// The member of the document.
        field: String,
    },
}

/// The merchant whose keys seal it.
pub(super) fn find<'a>(profile: &'a Profile, mchid: &str) -> Result<&'a Merchant, TriggerError> {
    profile.find(mchid).ok_or_else(|| {
        let known = profile.merchants().iter();
        let known: Vec<&str> = known.map(|account| account.id().as_str()).collect();
        TriggerError::Merchant {
            mchid: mchid.to_owned(),
            known: known.join(", "),
        }
    })
}
