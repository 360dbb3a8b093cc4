//! `wxpay listen`: prints the notifications that a simulator sends, and forwards them to a receiver that it does not reach
//! by itself.

mod delivery;
mod forward;
mod forwarded;

use std::collections::VecDeque;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::control::{Address, Client, Problem};
use crate::ended::{Ended, NotSent};
use crate::roots;
use crate::stopped::Stopped;
use delivery::Delivery;
use forward::Forwarder;
use forwarded::Forwarded;

/// What `wxpay listen` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The receiver; without a path each notification keeps its own. Nothing is forwarded when it is left out.
    #[arg(long, value_name = "URL")]
    forward_to: Option<String>,
    /// A root certificate (PEM) to trust beside the public ones, when the receiver speaks HTTPS.
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,
    /// Tell of each notification as one JSON object a line.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    simulator: Address,
}

/// How long a look waits for something to come, in seconds.
const WAIT: u64 = 20;

/// The pause before a simulator that went away is looked for again.
const PAUSE: Duration = Duration::from_secs(1);

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Ended, NotSent> {
    let stopped = Stopped::listen()?;
    let client = Arc::new(Client::new(&arguments.simulator.simulator)?);
    let forwarder = match &arguments.forward_to {
        Some(url) => Some(Arc::new(Forwarder::new(url, &roots::read(&arguments.trust)?)?)),
        None => None,
    };
    let listening = Listening {
        client,
        forwarder,
        json: arguments.json,
    };
    stopped.unless(listening.run(out)).unwrap_or(Ok(Ended::Done))
}

struct Listening {
    client: Arc<Client>,
    forwarder: Option<Arc<Forwarder>>,
    json: bool,
}

impl Listening {
    async fn run(&self, out: &mut dyn Write) -> Result<Ended, NotSent> {
        let first = self.client.ask("deliveries", None).await.map_err(|problem| {
            let (Problem::Refused(text) | Problem::Unreachable(text)) = problem;
            NotSent::new(text)
        })?;
        let mut after = first["last"].as_u64().unwrap_or_default();
        if !self.json {
            let to = self.forwarder.as_ref().map(|forwarder| forwarder.shown());
            let to = to.unwrap_or_else(|| "nowhere (--forward-to)".to_owned());
            writeln!(
                out,
                "listening; notifications go to {to} as well. Ctrl-C stops it."
            )?;
        }
        out.flush()?;
        let mut under_way: JoinSet<(Delivery, Forwarded)> = JoinSet::new();
        let mut look = Box::pin(look(Arc::clone(&self.client), after));
        loop {
            tokio::select! {
                Some(done) = under_way.join_next() => {
                    if let Ok((delivery, forwarded)) = done {
                        self.tell(&delivery, Some(&forwarded), out)?;
                    }
                }
                seen = &mut look => {
                    let (last, deliveries) = seen;
                    after = last.unwrap_or(after);
                    for delivery in deliveries {
                        let Some(forwarder) = self.forwarder.clone() else {
                            self.tell(&delivery, None, out)?;
                            continue;
                        };
                        let client = Arc::clone(&self.client);
                        under_way.spawn(async move {
                            let forwarded = forwarder.forward(&delivery, &client).await;
                            (delivery, forwarded)
                        });
                    }
                    look = Box::pin(self::look(Arc::clone(&self.client), after));
                }
            }
        }
    }

    fn tell(
        &self,
        delivery: &Delivery,
        forwarded: Option<&Forwarded>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if self.json {
            writeln!(out, "{}", delivery.json(forwarded))?;
        } else {
            delivery.write(forwarded, out)?;
        }
        out.flush()
    }
}

/// Waits for deliveries behind a number. A simulator that went away may come back, and count from the beginning then.
async fn look(client: Arc<Client>, after: u64) -> (Option<u64>, VecDeque<Delivery>) {
    match client
        .ask(&format!("deliveries?after={after}&wait={WAIT}"), None)
        .await
    {
        Ok(answer) => {
            let found = answer["deliveries"].as_array().cloned().unwrap_or_default();
            let deliveries = found.iter().filter_map(Delivery::read).collect();
            (answer["last"].as_u64(), deliveries)
        }
        Err(problem) => {
            let (Problem::Refused(text) | Problem::Unreachable(text)) = problem;
            eprintln!("wxpay: {text}");
            sleep(PAUSE).await;
            (None, VecDeque::new())
        }
    }
}
