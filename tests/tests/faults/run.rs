//! One run: refunds over a spoiled way, and what came of them.

use std::time::Duration;

use tokio::time::timeout;
use wxpay_hyper::{Client, Sent};
use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::retry::Budget;
use wxpay_proto::{Outcome, v3};
use wxpay_sim::{Merchant, OrderRef, Simulator};
use wxpay_types::v3::{pay_transactions, refund};

use crate::fault::Fault;
use crate::proxy::{Arrived, Proxy};
use crate::random::Random;
use crate::tls::Tls;

/// Refunds of one run, at the same time.
const REFUNDS: u64 = 3;
const CALL: Duration = Duration::from_millis(1000);
const SETTLE: Duration = Duration::from_millis(900);
/// Far beyond every deadline, and still no wait for ever.
const HANGS: Duration = Duration::from_secs(20);

/// What all runs share.
pub(crate) struct World {
    simulator: Simulator,
    tls: Tls,
    /// Goes to the simulator itself.
    honest: Client,
}

/// How calls ended.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    answered: u32,
    found: u32,
    refused: u32,
    not_sent: u32,
    unknown: u32,
    /// Calls of more than one attempt that were answered in the end.
    repeated: u32,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Self) {
        self.answered += other.answered;
        self.found += other.found;
        self.refused += other.refused;
        self.not_sent += other.not_sent;
        self.unknown += other.unknown;
        self.repeated += other.repeated;
    }

    /// Whether every ending occurred.
    pub(crate) fn is_telling(&self) -> bool {
        let endings = [
            self.answered,
            self.found,
            self.refused,
            self.unknown,
            self.repeated,
        ];
        endings.iter().all(|count| *count > 0)
    }
}

/// What a client says of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Answered,
    Found,
    Not(Outcome),
}

fn parts(account: &Merchant) -> (v3::Credentials, MerchantKey) {
    let credentials = v3::Credentials::merchant(account.id().clone(), account.serial().clone());
    let key = MerchantKey::from_pem(account.private_key_pem(), Backend::AwsLc).unwrap();
    (credentials, key)
}

impl World {
    pub(crate) fn start() -> Self {
        let simulator = Simulator::start().unwrap();
        let tls = Tls::new(simulator.ca_pem());
        let (credentials, key) = parts(simulator.profile().merchant());
        let honest = Client::builder()
            .merchant(credentials, key)
            .platform_keys(simulator.profile().platform_keys())
            .base_url(simulator.base_url().clone())
            .extra_root_pem(simulator.ca_pem())
            .only_extra_roots()
            .build()
            .unwrap();
        Self {
            simulator,
            tls,
            honest,
        }
    }

    /// A client over two spoiled ways, the main one and its backup.
    fn spoiled(&self, ways: [&Proxy; 2]) -> Client {
        let (credentials, key) = parts(self.simulator.profile().merchant());
        let [main, backup] = ways;
        Client::builder()
            .merchant(credentials, key)
            .platform_keys(self.simulator.profile().platform_keys())
            .base_url(main.base())
            .base_url(backup.base())
            .extra_root_pem(&self.tls.root_pem)
            .only_extra_roots()
            .connect_timeout(Duration::from_millis(300))
            .answer_timeout(Duration::from_millis(300))
            .call_timeout(CALL)
            .settle_timeout(SETTLE)
            .budget(Budget {
                first_wait: Duration::from_millis(10),
                first_slow_wait: Duration::from_millis(20),
                ..Budget::default()
            })
            .build()
            .unwrap()
    }

    async fn order(&self, number: &str) {
        let prepay = pay_transactions::NativePrepay::default()
            .appid("wxd678efh567hg6787")
            .mchid(self.simulator.profile().merchant().id().as_str())
            .description("tea")
            .out_trade_no(number)
            .notify_url("https://shop.example/notify")
            .amount(pay_transactions::Amount::default().total(888).currency("CNY"));
        self.honest.send(&prepay).await.unwrap();
        self.simulator.pay(&OrderRef::order(number)).unwrap();
    }

    /// How many refunds of an order were executed.
    fn executed(&self, order: &str) -> usize {
        let refunds = self.simulator.control(|platform, _| platform.refunds());
        refunds.iter().filter(|refund| refund.order == order).count()
    }
}

pub(crate) async fn run(world: &World, seed: u64) -> Result<Tally, String> {
    let mut random = Random::new(seed);
    let address = world.simulator.address();
    let main = Proxy::start(world.tls.clone(), address, Random::new(random.next())).await;
    let backup = Proxy::start(world.tls.clone(), address, Random::new(random.next())).await;
    let client = world.spoiled([&main, &backup]);
    let mut orders = Vec::new();
    for index in 0..REFUNDS {
        let number = format!("F{seed:08}-{index}");
        world.order(&number).await;
        orders.push((number, random.coin()));
    }
    let calls: Vec<_> = orders
        .iter()
        .map(|(order, settled)| {
            let (client, order, settled) = (client.clone(), order.clone(), *settled);
            tokio::spawn(async move {
                let refund = refund::Create::default()
                    .out_trade_no(&order)
                    .out_refund_no(format!("R{order}"))
                    .amount(refund::Amount::default().refund(100).total(888).currency("CNY"));
                timeout(HANGS, send(&client, &refund, settled)).await
            })
        })
        .collect();
    let mut tally = Tally::default();
    let mut said = Vec::new();
    for call in calls {
        let told = call.await.map_err(|error| error.to_string())?;
        let told = told.map_err(|_| "a call hangs".to_owned())?;
        said.push(told);
        match told {
            Said::Answered => tally.answered += 1,
            Said::Found => tally.found += 1,
            Said::Not(Outcome::Refused) => tally.refused += 1,
            Said::Not(Outcome::NotSent) => tally.not_sent += 1,
            Said::Not(Outcome::Unknown) => tally.unknown += 1,
        }
    }
    main.quiet().await;
    backup.quiet().await;
    let arrived = [main.arrived(), backup.arrived()].concat();
    for ((order, _), said) in orders.iter().zip(&said) {
        let executed = world.executed(order);
        let tell = |problem: &str| {
            Err(format!(
                "{order}: {problem}; {said:?}, {executed} executed\n{arrived:#?}"
            ))
        };
        if executed > 1 {
            return tell("refunded more often than ordered");
        }
        match said {
            Said::Answered | Said::Found if executed == 0 => return tell("said to be executed, and is not"),
            Said::Not(Outcome::NotSent | Outcome::Refused) if executed > 0 => {
                return tell("said not to be executed, and is");
            }
            _ => {}
        }
        let sent = sendings(&arrived, order);
        tally.repeated += u32::from(*said == Said::Answered && sent.len() > 1);
        // Only this answer asks for a repetition.
        let blind = sent
            .iter()
            .filter(|fault| !matches!(fault, Fault::SystemError { .. }));
        if blind.count() > 1 {
            return tell("sent again without having been asked to");
        }
    }
    Ok(tally)
}

/// What became of each sending of a refund.
fn sendings(arrived: &[Arrived], order: &str) -> Vec<Fault> {
    let number = format!("\"R{order}\"");
    let is_it = |arrived: &&Arrived| arrived.text.starts_with("POST ") && arrived.text.contains(&number);
    arrived
        .iter()
        .filter(is_it)
        .map(|arrived| arrived.fault)
        .collect()
}

async fn send(client: &Client, refund: &refund::Create, settled: bool) -> Said {
    if !settled {
        return match client.send(refund).await {
            Ok(_) => Said::Answered,
            Err(error) => Said::Not(error.outcome()),
        };
    }
    match client.send_settled(refund).await {
        Ok(Sent::Answered(_)) => Said::Answered,
        Ok(Sent::Found(_)) => Said::Found,
        Ok(Sent::Unknown(_)) => Said::Not(Outcome::Unknown),
        Err(error) => Said::Not(error.outcome()),
    }
}
