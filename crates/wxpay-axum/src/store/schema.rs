//! The table of the stores on databases: its steps, and the statements on it.

use super::StoreError;

/// The words in which the databases differ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dialect {
    /// The type of bytes.
    pub(super) bytes: &'static str,
    /// The database's clock, as milliseconds since 1970.
    pub(super) now: &'static str,
    /// What a claim's choice ends with, so that claims at the same time choose different rows.
    pub(super) choose: &'static str,
}

/// The steps that have made the table what it is, in a transaction each: never changed, only added to.
///
/// Times are milliseconds since 1970 by the database's clock, so that machines whose clocks differ agree on when a claim
/// ends. `due_at` is when an open notification may be claimed: for one that is claimed, the end of its lease. For a
/// handled one it is when that was recorded.
const STEPS: [&str; 1] = ["
CREATE TABLE wxpay_inbox (
    id TEXT PRIMARY KEY,
    protocol TEXT NOT NULL,
    event_type TEXT NOT NULL,
    body {bytes},
    received_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'parked', 'handled')),
    due_at BIGINT NOT NULL,
    running BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    claims BIGINT NOT NULL,
    last_error TEXT
);
CREATE INDEX wxpay_inbox_open ON wxpay_inbox (due_at, id) WHERE state = 'open';
"];

/// The table that says which steps were done.
pub(super) const VERSIONS: &str =
    "CREATE TABLE IF NOT EXISTS wxpay_inbox_schema (version BIGINT PRIMARY KEY)";
/// Which step was the last one.
pub(super) const VERSION: &str = "SELECT COALESCE(MAX(version), 0) FROM wxpay_inbox_schema";
/// Notes that a step was done.
pub(super) const DONE: &str = "INSERT INTO wxpay_inbox_schema (version) VALUES ($1)";

/// The steps from a version on, each with the version that it makes.
pub(super) fn steps(version: i64, dialect: Dialect) -> Result<Vec<(i64, String)>, StoreError> {
    let newest = STEPS.len() as i64;
    if version > newest {
        return Err(StoreError::new(format!(
            "the table wxpay_inbox has version {version} and this program knows up to {newest}: it was made by a newer \
             program; run that one"
        )));
    }
    let all = (1..).zip(STEPS).map(|(made, step)| (made, fill(step, dialect)));
    Ok(all.filter(|(made, _)| *made > version).collect())
}

fn fill(sql: &str, dialect: Dialect) -> String {
    sql.replace("{bytes}", dialect.bytes)
        .replace("{now}", dialect.now)
        .replace("{choose}", dialect.choose)
}

/// What is done with the table, in one statement each, so that nothing is ever half done.
#[derive(Debug)]
pub(super) struct Statements {
    /// id, protocol, event type, body.
    pub(super) put: String,
    /// lease, the error of an attempt without an end.
    pub(super) claim: String,
    /// id, claim, lease.
    pub(super) extend: String,
    /// id, claim.
    pub(super) handled: String,
    /// id, claim, error, how long to wait.
    pub(super) again: String,
    /// id, claim, error.
    pub(super) park: String,
    /// how many at most.
    pub(super) parked: String,
    /// id.
    pub(super) retry: String,
    pub(super) counts: String,
    /// age.
    pub(super) forget: String,
}

impl Statements {
    pub(super) fn new(dialect: Dialect) -> Self {
        let fill = |sql: &str| fill(sql, dialect);
        let held = |change: &str| {
            fill(&format!(
                "UPDATE wxpay_inbox SET {change} WHERE id = $1 AND claims = $2 AND running = 1 AND state = 'open'"
            ))
        };
        Self {
            put: fill(
                "INSERT INTO wxpay_inbox \
                 (id, protocol, event_type, body, received_at, state, due_at, running, attempts, claims) \
                 VALUES ($1, $2, $3, $4, {now}, 'open', {now}, 0, 0, 0) ON CONFLICT (id) DO NOTHING",
            ),
            claim: fill(
                "UPDATE wxpay_inbox SET due_at = {now} + $1, attempts = attempts + 1, claims = claims + 1, \
                 last_error = CASE WHEN running = 1 THEN $2 ELSE last_error END, running = 1 \
                 WHERE id = (SELECT id FROM wxpay_inbox WHERE state = 'open' AND due_at <= {now} \
                 ORDER BY due_at, id LIMIT 1 {choose}) \
                 RETURNING id, protocol, event_type, body, received_at, attempts, claims, last_error",
            ),
            extend: held("due_at = {now} + $3"),
            handled: held("state = 'handled', due_at = {now}, running = 0, body = NULL, last_error = NULL"),
            again: held("running = 0, last_error = $3, due_at = {now} + $4"),
            park: held("state = 'parked', running = 0, last_error = $3"),
            parked: fill(
                "SELECT id, protocol, event_type, received_at, attempts, last_error FROM wxpay_inbox \
                 WHERE state = 'parked' ORDER BY received_at, id LIMIT $1",
            ),
            retry: fill(
                "UPDATE wxpay_inbox SET state = 'open', due_at = {now}, attempts = 0 \
                 WHERE id = $1 AND state = 'parked'",
            ),
            counts: fill("SELECT state, COUNT(*) AS found FROM wxpay_inbox GROUP BY state"),
            forget: fill("DELETE FROM wxpay_inbox WHERE state = 'handled' AND due_at <= {now} - $1"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIALECT: Dialect = Dialect {
        bytes: "BYTEA",
        now: "clock()",
        choose: "FOR UPDATE",
    };

    #[test]
    fn only_missing_steps_are_made() {
        let newest = STEPS.len() as i64;
        let made = |version| steps(version, DIALECT).unwrap();
        assert_eq!(made(0).len(), STEPS.len());
        assert!(made(0)[0].1.contains("body BYTEA,"));
        assert_eq!(made(newest), []);
        let newer = steps(newest + 1, DIALECT).unwrap_err();
        assert!(newer.to_string().contains("newer program"), "{newer}");
    }
}
