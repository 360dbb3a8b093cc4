//! Notifications that misbehave on the way, and simulators that know nothing of one another.

use serde_json::json;
use tokio::task::JoinSet;
use wxpay_proto::VerifyError;
use wxpay_proto::v3::NotificationError;
use wxpay_sim::{OrderRef, Setup, Simulator};
use wxpay_types::v3::pay_transactions::{NativePrepay, QueryByOutTradeNo};

use crate::receiver::Receiver;
use crate::support::{APPID, client, money, typed};

fn order(simulator: &Simulator, number: &str, url: &str) -> NativePrepay {
    typed(json!({
        "appid": APPID, "mchid": simulator.profile().merchant().id().as_str(), "description": "茶",
        "out_trade_no": number, "notify_url": url, "amount": { "total": 888 },
    }))
}

#[tokio::test]
async fn probes_are_not_believed_and_duplicates_are_known_by_their_id() {
    let mut receiver = Receiver::start().await;
    let mut setup = Setup::default();
    setup.settings.notifications.probe_first = true;
    setup.settings.notifications.duplicates = 2;
    let simulator = receiver.simulator_with(setup);
    let client = client(&simulator, simulator.profile().merchant());
    let url = receiver.url.clone();
    client.send(&order(&simulator, "UNRULY01", &url)).await.unwrap();
    simulator.pay(&OrderRef::order("UNRULY01")).unwrap();
    // They are sent side by side, and arrive in any order.
    let (mut probes, mut ids) = (0, Vec::new());
    for _ in 0..4 {
        match receiver.checked(&simulator).await {
            Ok(id) => ids.push(id),
            Err(NotificationError::Unverified { source, .. }) => {
                assert!(matches!(source, VerifyError::Probe), "{source}");
                probes += 1;
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!((probes, ids.len()), (1, 3));
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert!(receiver.is_silent());
}

#[tokio::test]
async fn a_hundred_simulators_run_side_by_side() {
    let mut all = JoinSet::new();
    for index in 0..100_i64 {
        all.spawn(async move {
            let simulator = Simulator::start().unwrap();
            let account = simulator.profile().merchant();
            let client = client(&simulator, account);
            // Every tenth order of the same number is paid.
            let order = order(&simulator, "SAME0001", "https://shop.example/paid");
            client.send(&order).await.unwrap();
            if index % 10 == 0 {
                simulator.pay(&OrderRef::order("SAME0001")).unwrap();
            }
            let query = QueryByOutTradeNo::default().mchid(account.id().as_str());
            let found = client.send(&query.out_trade_no("SAME0001")).await.unwrap();
            let state = found.trade_state.as_ref().unwrap().as_str().to_owned();
            (state, money(&simulator, account.id().as_str()))
        });
    }
    let told = all.join_all().await;
    let paid = |told: &&(String, i64)| (told.0.as_str(), told.1) == ("SUCCESS", 888);
    let open = |told: &&(String, i64)| (told.0.as_str(), told.1) == ("NOTPAY", 0);
    assert_eq!(
        (told.iter().filter(paid).count(), told.iter().filter(open).count()),
        (10, 90)
    );
}
