//! Lists, page by page.

use serde_json::{Value, json};

use crate::v3::refusal::Refusal;
use crate::v3::shape;

/// How many elements a page has at most.
const LONGEST: i64 = 50;

/// The page of a list that parameters ask for: `limit` is 10 unless something else is said.
pub(super) fn page(given: &Value, all: Vec<Value>) -> Result<Value, Refusal> {
    let limit = given.get("limit").map_or(10, |_| shape::number(given, "/limit"));
    let offset = shape::number(given, "/offset");
    if !(1..=LONGEST).contains(&limit) {
        let issue = "1 to 50 elements a page";
        return Err(Refusal::param("query", "limit", limit.into(), issue));
    }
    let (Ok(skipped), Ok(taken)) = (usize::try_from(offset), usize::try_from(limit)) else {
        let issue = "it is counted from 0";
        return Err(Refusal::param("query", "offset", offset.into(), issue));
    };
    let total = all.len();
    let data: Vec<Value> = all.into_iter().skip(skipped).take(taken).collect();
    Ok(json!({ "data": data, "limit": limit, "offset": offset, "total_count": total }))
}
