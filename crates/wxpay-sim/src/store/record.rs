//! What every record on a shelf can do.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wxpay_proto::UnixTime;

/// A record: one row of the store.
pub(crate) trait Record: Serialize + DeserializeOwned {
    /// The shelf's name, as rows carry it. It is stored: never change it.
    const SHELF: &'static str;

    /// What the record is called on its shelf. It stays the same for the record's whole life.
    fn key(&self) -> String;

    /// Further texts that the record is found by ([`Shelf::marked`](super::Shelf::marked)), each with the kind of text
    /// in front: `id:4200…`.
    fn marks(&self) -> Vec<String> {
        Vec::new()
    }

    /// When time by itself is to do something to the record ([`Shelf::due`](super::Shelf::due)).
    fn due(&self) -> Option<UnixTime> {
        None
    }
}
