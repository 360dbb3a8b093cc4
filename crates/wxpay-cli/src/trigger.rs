//! `wxpay trigger`: a notification of any documented type, without a server and without anything having happened.

mod events;
mod sealed_for;
mod told;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use wxpay_sim::{Clocks, EventDraft, NotificationKey, Platform, Sender, Settings};
use wxpay_types::schema::{EventSchema, Kind, Schema};

use crate::ended::{Ended, NotSent};
use crate::members::{self, Set};
use crate::moment;
use crate::profile::Role;
use crate::roots;

/// What `wxpay trigger` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The event: a type of v3, `TRANSACTION.SUCCESS`, or a message of v2, `v2.transaction-success`.
    #[arg(required_unless_present_any = ["list", "keys"])]
    event: Option<String>,
    /// Where it goes: the address of the receiver.
    #[arg(long, value_name = "URL", required_unless_present_any = ["list", "keys", "print"])]
    to: Option<String>,
    /// A member of what it is about, over the documentation's example: `out_trade_no=A1`, `/amount/total=100`; may be given
    /// more than once. The encrypted part of a message of v2 is the object of its name: `req_info.refund_id=R1`.
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Let --set name members that are not documented.
    #[arg(long)]
    force: bool,
    /// The form of an event that has several: `combine-payment` (see --list).
    #[arg(long, value_name = "FORM")]
    form: Option<String>,
    /// Seal it for this account: its number, APIv3 and APIv2 key. The profile of a `wxpay sim` also brings its signing key.
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    /// Without --profile: which of the simulator's shipped accounts it is for.
    #[arg(
        long = "as",
        value_name = "ROLE",
        default_value = "merchant",
        conflicts_with = "profile"
    )]
    role: Role,
    /// Sign with the platform certificate (平台证书) in the place of the public key.
    #[arg(long)]
    certificate: bool,
    /// Send a probe first, whose signature is wrong (`WECHATPAY/SIGNTEST/…`): a receiver that verifies refuses it.
    #[arg(long)]
    probe: bool,
    /// Send it this many times more: a receiver has to take a repetition for what it is.
    #[arg(long, value_name = "TIMES", default_value_t = 0)]
    repeat: u32,
    /// A root certificate (PEM) to trust beside the public ones.
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,
    /// Write the request to standard output, headers and body as they would be sent, and send nothing.
    #[arg(long, conflicts_with_all = ["probe", "repeat"])]
    print: bool,
    /// List every event, with its forms.
    #[arg(long, conflicts_with = "event")]
    list: bool,
    /// Show the keys that a receiver verifies and decrypts with, as JSON.
    #[arg(long, conflicts_with_all = ["event", "list"])]
    keys: bool,
    /// Tell what came of it as one JSON object a delivery.
    #[arg(long)]
    json: bool,
}

/// Where a printed request says that it goes.
const NOWHERE: &str = "https://shop.example/notify";

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Ended, NotSent> {
    if arguments.list {
        events::list(arguments.json, out)?;
        return Ok(Ended::Done);
    }
    let sealed_for = sealed_for::read(arguments.profile.as_deref(), arguments.role)?;
    if arguments.keys {
        writeln!(out, "{:#}", sealed_for.shown())?;
        return Ok(Ended::Done);
    }
    let event = events::resolve(arguments.event.as_deref().unwrap_or_default())?;
    sealed_for.suffices(event)?;
    let clocks = Clocks::at(moment::now());
    let mut platform = Platform::new(sealed_for.profile.clone(), settings(arguments)?);
    let draft = draft(arguments, event, &platform, &sealed_for.mchid, clocks)?;
    let url = arguments.to.as_deref().unwrap_or(NOWHERE);
    platform
        .trigger(&draft, url, clocks)
        .map_err(|error| NotSent::new(format!("--to: {error}")))?;
    let deliveries = platform.poll(clocks);
    if arguments.print {
        deliveries
            .iter()
            .try_for_each(|delivery| told::print(&delivery.request, out))?;
        return Ok(Ended::Done);
    }
    let teller = told::Teller {
        event,
        draft: &draft,
        json: arguments.json,
    };
    teller.head(&sealed_for, arguments.certificate, url, out)?;
    let sender = Sender::new(&roots::read(&arguments.trust)?, Sender::WITHIN);
    let sender = sender.map_err(|error| NotSent::new(format!("--trust: {error}")))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    for delivery in deliveries {
        let started = Instant::now();
        let reply = runtime.block_on(sender.send(delivery.request.clone()));
        let took = started.elapsed();
        platform.delivered(&delivery.id, &reply, clocks);
        teller.reply(&platform, &delivery, &reply, took, out)?;
    }
    let taken = platform.notifications().iter().all(|known| known.delivered);
    Ok(if taken { Ended::Done } else { Ended::Failed })
}

/// Notifications differ from run to run, as real ones do.
fn settings(arguments: &Arguments) -> Result<Settings, NotSent> {
    let mut seed = [0; 8];
    getrandom::fill(&mut seed)
        .map_err(|error| NotSent::new(format!("this machine's random generator failed: {error}")))?;
    let mut settings = Settings::default();
    settings.seed = u64::from_le_bytes(seed);
    settings.notifications.probe_first = arguments.probe;
    settings.notifications.duplicates = arguments.repeat;
    if arguments.certificate {
        settings.notification_key = NotificationKey::Certificate;
    }
    Ok(settings)
}

fn draft(
    arguments: &Arguments,
    event: &EventSchema,
    platform: &Platform,
    mchid: &str,
    clocks: Clocks,
) -> Result<EventDraft, NotSent> {
    let form = arguments
        .form
        .as_deref()
        .map(|name| events::form(event, name))
        .transpose()?;
    let drafted = platform.draft(event, form, mchid, clocks);
    let mut draft = drafted.map_err(|error| NotSent::new(error.to_string()))?;
    let Some(form) = form.or_else(|| event.forms.last()) else {
        // Nothing is documented of its members, so any of them may be.
        let anything = Arc::new(Schema::empty(&event.event_type));
        for set in &arguments.set {
            Set::read(set, &anything)?.put(&mut draft.document, &anything)?;
        }
        return Ok(draft);
    };
    for set in &arguments.set {
        let set = Set::read(set, &form.document)?;
        if !arguments.force {
            set.check(&form.document).map_err(|problem| {
                NotSent::new(format!(
                    "{}: {problem}; with --force it is sent all the same",
                    set.shown()
                ))
            })?;
        }
        set.put(&mut draft.document, &form.document)?;
    }
    let kind = Kind::Object(form.document.clone());
    draft.document = members::written(draft.document, &kind);
    Ok(draft)
}
