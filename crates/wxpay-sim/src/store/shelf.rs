//! Records of one kind, what they are found by, and which of them were changed.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use wxpay_proto::UnixTime;

use super::change::{Change, RestoreError};
use super::record::Record;

/// All records of one kind, by their keys.
#[derive(Debug)]
pub(crate) struct Shelf<R> {
    rows: BTreeMap<String, R>,
    /// Mark and key.
    marks: BTreeSet<(String, String)>,
    due: BTreeSet<(UnixTime, String)>,
    changed: BTreeSet<String>,
}

impl<R> Default for Shelf<R> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            marks: BTreeSet::new(),
            due: BTreeSet::new(),
            changed: BTreeSet::new(),
        }
    }
}

impl<R: Record> Shelf<R> {
    pub(crate) fn get(&self, key: &str) -> Option<&R> {
        self.rows.get(key)
    }

    /// Every record, in the order of their keys.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &R> {
        self.rows.values()
    }

    /// The records with a mark, in the order of their keys.
    pub(crate) fn marked<'a>(&'a self, mark: &str) -> impl Iterator<Item = &'a R> + use<'a, R> {
        let mark = mark.to_owned();
        self.marks
            .range((mark.clone(), String::new())..)
            .take_while(move |(found, _)| *found == mark)
            .filter_map(|(_, key)| self.rows.get(key))
    }

    /// The keys of the records whose time has come, the earliest first.
    pub(crate) fn due(&self, now: UnixTime) -> Vec<String> {
        let due = self.due.iter().take_while(|(time, _)| *time <= now);
        due.map(|(_, key)| key.clone()).collect()
    }

    /// When the next record's time comes.
    pub(crate) fn next_due(&self) -> Option<UnixTime> {
        self.due.first().map(|(time, _)| *time)
    }

    /// Puts a record onto the shelf, in the place of one with the same key.
    pub(crate) fn put(&mut self, record: R) {
        let key = record.key();
        self.changed.insert(key.clone());
        self.place(key, record);
    }

    /// Changes a record; nothing when there is none.
    pub(crate) fn edit<T>(&mut self, key: &str, change: impl FnOnce(&mut R) -> T) -> Option<T> {
        let mut record = self.lift(key)?;
        let told = change(&mut record);
        self.changed.insert(key.to_owned());
        self.place(key.to_owned(), record);
        Some(told)
    }

    /// Takes a record off the shelf.
    pub(crate) fn remove(&mut self, key: &str) -> Option<R> {
        let record = self.lift(key)?;
        self.changed.insert(key.to_owned());
        Some(record)
    }

    fn place(&mut self, key: String, record: R) {
        self.lift(&key);
        let marks = record.marks().into_iter();
        self.marks.extend(marks.map(|mark| (mark, key.clone())));
        if let Some(time) = record.due() {
            self.due.insert((time, key.clone()));
        }
        self.rows.insert(key, record);
    }

    fn lift(&mut self, key: &str) -> Option<R> {
        let record = self.rows.remove(key)?;
        for mark in record.marks() {
            self.marks.remove(&(mark, key.to_owned()));
        }
        if let Some(time) = record.due() {
            self.due.remove(&(time, key.to_owned()));
        }
        Some(record)
    }
}

/// A shelf of any kind, as rows.
pub(super) trait Rows {
    fn name(&self) -> &'static str;

    /// What was changed since the last call.
    fn take(&mut self) -> Vec<Change>;

    /// Takes over a stored row, or that one was deleted.
    fn restore(&mut self, key: &str, value: Option<&[u8]>) -> Result<(), RestoreError>;
}

impl<R: Record> Rows for Shelf<R> {
    fn name(&self) -> &'static str {
        R::SHELF
    }

    fn take(&mut self) -> Vec<Change> {
        let changed = std::mem::take(&mut self.changed);
        let row = |key: String| {
            // Invariant: records are made of texts, numbers and lists of both, under names: all of it is JSON.
            let text = |record| serde_json::to_vec(record).unwrap_or_default();
            Change {
                shelf: R::SHELF.to_owned(),
                value: self.rows.get(&key).map(|record| Bytes::from(text(record))),
                key,
            }
        };
        changed.into_iter().map(row).collect()
    }

    fn restore(&mut self, key: &str, value: Option<&[u8]>) -> Result<(), RestoreError> {
        let Some(value) = value else {
            self.lift(key);
            return Ok(());
        };
        let record = serde_json::from_slice(value).map_err(|source| RestoreError::Unreadable {
            shelf: R::SHELF.to_owned(),
            key: key.to_owned(),
            source,
        })?;
        self.place(key.to_owned(), record);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Note {
        name: String,
        colour: String,
        time: Option<i64>,
    }

    impl Record for Note {
        const SHELF: &'static str = "note";

        fn key(&self) -> String {
            self.name.clone()
        }

        fn marks(&self) -> Vec<String> {
            vec![format!("colour:{}", self.colour)]
        }

        fn due(&self) -> Option<UnixTime> {
            self.time.map(UnixTime::from_secs)
        }
    }

    fn note(name: &str, colour: &str, time: Option<i64>) -> Note {
        Note {
            name: name.to_owned(),
            colour: colour.to_owned(),
            time,
        }
    }

    fn names<'a>(notes: impl Iterator<Item = &'a Note>) -> Vec<&'a str> {
        notes.map(|note| note.name.as_str()).collect()
    }

    #[test]
    fn marks_and_times_follow_the_record() {
        let mut shelf = Shelf::default();
        shelf.put(note("b", "red", Some(2)));
        shelf.put(note("a", "red", Some(3)));
        shelf.put(note("ab", "reddish", None));
        assert_eq!(names(shelf.marked("colour:red")), ["a", "b"]);
        assert_eq!(shelf.due(UnixTime::from_secs(2)), ["b"]);
        assert_eq!(shelf.due(UnixTime::from_secs(9)), ["b", "a"]);
        shelf.edit("b", |note| (note.colour, note.time) = ("blue".to_owned(), None));
        assert_eq!(names(shelf.marked("colour:red")), ["a"]);
        assert_eq!(names(shelf.marked("colour:blue")), ["b"]);
        assert_eq!(shelf.next_due(), Some(UnixTime::from_secs(3)));
        shelf.put(note("a", "blue", None));
        assert_eq!(shelf.next_due(), None);
        assert_eq!(names(shelf.marked("colour:blue")), ["a", "b"]);
        shelf.remove("a");
        assert_eq!(names(shelf.marked("colour:blue")), ["b"]);
        assert_eq!(shelf.edit("a", |_| ()), None);
    }

    #[test]
    fn every_change_is_told_once_and_makes_the_shelf_again() {
        let mut shelf = Shelf::default();
        shelf.put(note("a", "red", None));
        shelf.put(note("b", "red", Some(1)));
        shelf.edit("a", |note| note.colour = "blue".to_owned());
        let mut rows = shelf.take();
        assert_eq!(rows.len(), 2);
        assert_eq!(shelf.take(), []);
        shelf.remove("b");
        rows.extend(shelf.take());
        assert_eq!(rows.last().unwrap().value, None);
        let mut again = Shelf::<Note>::default();
        again.restore("a", rows[0].value.as_deref()).unwrap();
        assert_eq!(again.get("a"), shelf.get("a"));
        assert_eq!(again.take(), [], "what is stored is no change");
        let error = again.restore("c", Some(b"{")).unwrap_err().to_string();
        assert!(error.contains("\"c\"") && error.contains("\"note\""), "{error}");
    }
}
