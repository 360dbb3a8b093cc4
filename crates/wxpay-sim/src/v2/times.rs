//! Times: `yyyyMMddHHmmss` in requests, spaced in refunds; Beijing both.

use wxpay_proto::{TimeText, UnixTime};

use super::envelope::Envelope;
use super::refusal::Refusal;

/// The time at which an order is to end, which must lie ahead.
pub(super) fn time_expire(envelope: &Envelope<'_>, now: UnixTime) -> Result<Option<UnixTime>, Refusal> {
    let time = |name: &str| match envelope.field(name) {
        "" => Ok(None),
        text => TimeText::from(text)
            .parse()
            .map(Some)
            .map_err(|_| Refusal::param(name, "yyyyMMddHHmmss is wanted")),
    };
    let (start, end) = (time("time_start")?, time("time_expire")?);
    let Some(end) = end else { return Ok(None) };
    if end <= now {
        return Err(Refusal::param("time_expire", "it lies in the past"));
    }
    if start.is_some_and(|start| end.seconds_since(start) < 60) {
        return Err(Refusal::param(
            "time_expire",
            "less than a minute after time_start",
        ));
    }
    Ok(Some(end))
}

/// `yyyy-MM-dd HH:mm:ss`, as refunds have it.
pub(super) fn spaced(time: &TimeText) -> String {
    time.as_str().replace('T', " ").replace("+08:00", "")
}
