use std::collections::BTreeMap;

use proptest::prelude::*;

use super::client::Table;
use super::steps::{Step, config, steps};
use crate::{Change, Platform, Profile, RestoreError, Settings};

/// The rows that a run of changes leaves.
fn rows(changes: &[Change]) -> BTreeMap<(String, String), Change> {
    let mut rows = BTreeMap::new();
    for change in changes {
        let name = (change.shelf.clone(), change.key.clone());
        match change.value {
            Some(_) => rows.insert(name, change.clone()),
            None => rows.remove(&name),
        };
    }
    rows
}

fn run(table: &mut Table, steps: &[Step], changes: &mut Vec<Change>) -> Vec<String> {
    let told = |step| {
        let told = table.step(step);
        changes.extend(table.platform.take_changes());
        told
    };
    steps.iter().map(told).collect()
}

proptest! {
    #![proptest_config(config(4))]

    #[test]
    fn a_restored_platform_answers_as_the_one_that_went_on(steps in steps(), share in 0.0..1.0_f64) {
        let split = (f64::from(u32::try_from(steps.len()).unwrap()) * share) as usize;
        let (before, after) = steps.split_at(split);
        let mut one = Table::merchant();
        let mut changes = Vec::new();
        run(&mut one, before, &mut changes);
        let mut other = Table::merchant();
        other.clocks = one.clocks;
        // Whether the whole history is replayed or the last rows alone are read must not matter.
        other.platform = if split.is_multiple_of(2) {
            Platform::restore(Profile::test(), Settings::default(), changes.clone()).unwrap()
        } else {
            Platform::restore(Profile::test(), Settings::default(), rows(&changes).into_values()).unwrap()
        };
        let mut again = changes.clone();
        prop_assert_eq!(run(&mut one, after, &mut changes), run(&mut other, after, &mut again));
        prop_assert_eq!(rows(&changes), rows(&again));
        prop_assert_eq!(one.platform.notifications(), other.platform.notifications());
    }
}

#[test]
fn the_turn_of_the_clock_is_kept() {
    let mut platform = Platform::new(Profile::test(), Settings::default());
    platform.turn_business_clock(7200);
    let changes = platform.take_changes();
    assert_eq!(platform.take_changes(), []);
    let restored = Platform::restore(Profile::test(), Settings::default(), changes).unwrap();
    assert_eq!(restored.business_clock_turn(), 7200);
}

#[test]
fn rows_that_cannot_be_read_are_named() {
    let row = |shelf: &str, value: &'static str| Change {
        shelf: shelf.to_owned(),
        key: "1900007291/A00001".to_owned(),
        value: Some(value.into()),
    };
    let restore = |row| Platform::restore(Profile::test(), Settings::default(), [row]).unwrap_err();
    assert!(matches!(
        restore(row("unheard-of", "{}")),
        RestoreError::UnknownShelf { .. }
    ));
    let error = restore(row("order", "{}"));
    assert!(error.to_string().contains("1900007291/A00001"), "{error}");
}
