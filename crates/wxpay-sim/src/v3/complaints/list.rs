//! The complaints of some days.

use serde_json::Value;
use wxpay_proto::{TimeText, UnixTime};

use super::find::is_seen;
use super::page::page;
use super::view;
use crate::store::Complaint;
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

/// A list covers so many days at most.
const DAYS: i64 = 30;

pub(super) fn list(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    const NAME: &str = "v3.merchant-service.list_complaints";
    let given = schema_check::parameters(call, NAME, &[])?;
    let (from, to) = (day(&given, "begin_date")?, day(&given, "end_date")?);
    let days = to.seconds_since(from) / 86_400;
    if !(0..DAYS).contains(&days) {
        let issue = "not before begin_date, and at most 30 days in all";
        let told = given["end_date"].clone();
        return Err(Refusal::param("query", "end_date", told, issue));
    }
    let wanted = shape::given(&given, "/complainted_mchid");
    let fits = |complaint: &&Complaint| {
        is_seen(call, complaint)
            && (0..(days + 1) * 86_400).contains(&complaint.created.seconds_since(from))
            && wanted.as_ref().is_none_or(|mchid| *mchid == complaint.mchid)
    };
    let mut found: Vec<&Complaint> = world.store.complaints.iter().filter(fits).collect();
    found.sort_by_key(|complaint| std::cmp::Reverse(complaint.created));
    let rows = found.into_iter().map(|found| view::view(world.store, found));
    let mut body = page(&given, rows.collect())?;
    view::seal(NAME, &mut body, call, world);
    Ok(Reply::ok(body))
}

/// A day in Beijing, from its first second.
fn day(given: &Value, name: &str) -> Result<UnixTime, Refusal> {
    let text = shape::text(given, &format!("/{name}"));
    let time = TimeText::from(format!("{text}T00:00:00+08:00")).parse();
    time.map_err(|_| Refusal::param("query", name, text.into(), "yyyy-MM-dd is wanted"))
}
