//! What v2 encrypts: refund notifications, and the events of payment scores.

use std::io::Write;

use bytes::Bytes;
use wxpay_proto::v2::{Fields, UnverifiedNotification, xml};

use crate::ended::{Ended, NotSent};
use crate::profile::Reader;

pub(super) fn run(body: &Bytes, keys: &Reader, out: &mut dyn Write) -> Result<Ended, NotSent> {
    let fields = xml::read(body).map_err(|error| NotSent::new(error.to_string()))?;
    let key = || {
        keys.api_v2_key()?.ok_or_else(|| {
            NotSent::new("no APIv2 key is at hand: give --profile with `api_v2_key`, or --api-v2-key FILE")
        })
    };
    let notification = UnverifiedNotification::receive(body.clone());
    if fields.contains_key("req_info") {
        return match notification.open_refund(&key()?) {
            Ok(refund) => {
                eprintln!(
                    "opened with the APIv2 key, AES-256-ECB: NOTHING authenticates it; query the refund before anything \
                     depends on it"
                );
                write(refund.claimed(), out)
            }
            Err(error) => {
                eprintln!("not opened: {error}");
                Ok(Ended::Failed)
            }
        };
    }
    if fields.contains_key("event_ciphertext") {
        let api_v3_key = keys.api_v3_key()?.ok_or_else(|| {
            NotSent::new("no APIv3 key is at hand, which opens this event: give --profile with `api_v3_key`, or --api-v3-key")
        })?;
        let verified = notification.verify(&key()?, None);
        return match verified.and_then(|verified| verified.open_event(&api_v3_key)) {
            Ok(event) => {
                eprintln!("verified with the APIv2 key, opened with the APIv3 key");
                write(event.fields(), out)
            }
            Err(error) => {
                eprintln!("not opened: {error}");
                Ok(Ended::Failed)
            }
        };
    }
    Err(NotSent::new(
        "nothing in this XML is encrypted: there is neither `req_info` nor `event_ciphertext`",
    ))
}

fn write(fields: &Fields, out: &mut dyn Write) -> Result<Ended, NotSent> {
    let text = serde_json::to_string_pretty(fields).map_err(|error| NotSent::new(error.to_string()))?;
    writeln!(out, "{text}")?;
    Ok(Ended::Done)
}
