//! Users who complain, and users who sign contracts, on the console's pages.

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::{Value, json};

use super::bodies::{MERCHANT, native};
use super::browser::{Browser, english};
use super::client::Table;
use super::complaint::{COMPLAINTS, reply};
use super::papay_v3::{V3, charge_v3, offer_v3};
use crate::{OrderRef, Simulator};

/// What the merchant sends, by the simulator's clocks.
fn table(simulator: &Simulator) -> Table {
    let mut table = Table::merchant();
    table.clocks = simulator.clocks();
    table
}

fn handle(simulator: &Simulator, request: &Request<Bytes>) -> Response<Bytes> {
    simulator.control(|platform, clocks| platform.handle(request, clocks))
}

fn post(simulator: &Simulator, target: &str, body: &Value) -> Value {
    let request = table(simulator).request(Method::POST, target, body);
    let answer = handle(simulator, &request);
    assert!(answer.status().is_success(), "{:?}", answer.body());
    serde_json::from_slice(answer.body()).unwrap_or_default()
}

fn paid(simulator: &Simulator, number: &str) {
    post(simulator, "/v3/pay/transactions/native", &native(number));
    simulator.pay(&OrderRef::order(number)).unwrap();
}

fn complaint(simulator: &Simulator) -> String {
    let all = simulator.control(|platform, _| platform.complaints());
    all.last().unwrap().complaint_id.clone()
}

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n--\x00";

#[test]
fn a_user_complains_talks_and_takes_it_back() {
    let simulator = Simulator::start().unwrap();
    let browser = english(&simulator);
    paid(&simulator, "A00001");
    let order = browser.get("/_sim/orders/1900007291/A00001").body;
    let form = "/_sim/complaints?mchid=1900007291&amp;number=A00001";
    assert!(order.contains(form), "{order}");
    let form = browser.get(&form.replace("&amp;", "&")).body;
    assert!(form.contains("value=\"A00001\""), "{form}");
    let sent = browser.post(
        "complaints/create",
        "number=A00001&mchid=1900007291&detail=cold+%3Cb%3Etea&problem_type=REFUND&refund=60&phone=&back=%2F_sim%2Fcomplaints",
    );
    assert_eq!(sent.status, 303, "{}", sent.body);
    let id = complaint(&simulator);
    let list = browser.get("/_sim/complaints").body;
    assert!(list.contains(&id) && list.contains("cold &lt;b&gt;tea"), "{list}");
    assert!(
        browser
            .get("/_sim/")
            .body
            .contains("Complaints to be answered: 1"),
        "the overview leads there"
    );
    let upload = table(&simulator).uploading("tea.png", PICTURE, PICTURE);
    let media: Value = serde_json::from_slice(handle(&simulator, &upload).body()).unwrap();
    let media_id = media["media_id"].as_str().unwrap();
    let mut body = reply("we are sorry <script>");
    body["response_images"] = json!([media_id]);
    post(&simulator, &format!("{COMPLAINTS}/{id}/response"), &body);
    let said = browser.post("complaints/reply", &format!("id={id}&text=thank+you"));
    assert_eq!(said.status, 303);
    let path = format!("/_sim/complaints/{id}");
    let page = browser.get(&path).body;
    for part in [
        "PROCESSING",
        "the user waits for a reply",
        "¥0.60",
        "wants money back",
        "we are sorry &lt;script&gt;",
        "merchant 1900007291",
        "thank you",
        "href=\"/_sim/orders/1900007291/A00001\"",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    let (_, picture) = page.split_once("<img src=\"").unwrap();
    let (picture, _) = picture.split_once('"').unwrap();
    let seen = browser.ask_bytes(picture);
    assert!(seen.ends_with(PICTURE));
    let head = String::from_utf8_lossy(&seen).into_owned();
    assert!(
        head.contains("content-type: image/png") && head.contains("nosniff"),
        "{head}"
    );
    assert_eq!(browser.get("/_sim/pictures/none.png").status, 404);
    assert_eq!(
        browser.post("complaints/withdraw", &format!("id={id}")).status,
        303
    );
    assert_eq!(
        browser.post("complaints/withdraw", &format!("id={id}")).status,
        409
    );
    let page = browser.get(&path).body;
    assert!(
        page.contains("PROCESSED") && page.contains("Go on complaining"),
        "{page}"
    );
    assert!(!page.contains("Take the complaint back"));
    let order = browser.get("/_sim/orders/1900007291/A00001").body;
    assert!(order.contains("the user takes it back"), "{order}");
    let chinese = Browser {
        simulator: &simulator,
        lang: "zh",
    };
    let page = chinese.get(&path).body;
    assert!(page.contains("用户撤诉") && page.contains("申请退款"), "{page}");
    // Who has paid nothing has nothing to complain of.
    post(&simulator, "/v3/pay/transactions/native", &native("A00002"));
    let refused = browser.post("complaints/create", "number=A00002&detail=x");
    assert_eq!(refused.status, 409, "{}", refused.body);
    assert_eq!(browser.get("/_sim/complaints/none").status, 404);
}

#[test]
fn a_user_signs_runs_out_of_money_and_ends_the_contract() {
    let simulator = Simulator::start().unwrap();
    let browser = english(&simulator);
    let ahead = format!("{V3}/scheduled-deduct-sign/contracts/pre-entrust-sign/h5");
    post(&simulator, &ahead, &offer_v3("C00001"));
    let known = simulator.control(|platform, _| platform.contracts()).remove(0);
    let path = "/_sim/contracts/1900007291/12535/C00001".to_owned();
    let list = browser.get("/_sim/contracts").body;
    assert!(list.contains(&path) && list.contains("OFFERED"), "{list}");
    assert!(browser.get("/_sim/").body.contains("Contracts to be signed: 1"));
    assert!(browser.get(&path).body.contains("contracts/sign"));
    let named = format!("number={}&mchid={MERCHANT}", known.contract_id);
    let signed = browser.post("contracts/sign", &format!("{named}&openid=oSomebodyElse"));
    assert_eq!(signed.status, 303, "{}", signed.body);
    let page = browser.get(&path).body;
    assert!(
        page.contains("SIGNED") && page.contains("oSomebodyElse"),
        "{page}"
    );
    let spoiled = browser.post("contracts/break", &format!("{named}&broke=true"));
    assert_eq!(spoiled.status, 303, "{}", spoiled.body);
    assert!(browser.get(&path).body.contains("deductions fail"));
    let apply = format!("{V3}/pay/transactions/apply");
    post(&simulator, &apply, &charge_v3("D00001", &known.contract_id, 100));
    simulator.turn_business_clock(60);
    let query = format!("/v3/pay/transactions/out-trade-no/D00001?mchid={MERCHANT}");
    handle(
        &simulator,
        &table(&simulator).request(Method::GET, &query, &Value::Null),
    );
    let page = browser.get(&path).body;
    assert!(
        page.contains("href=\"/_sim/orders/1900007291/D00001\"") && page.contains("PAYERROR"),
        "{page}"
    );
    browser.post("contracts/break", &format!("{named}&broke=false"));
    assert!(!browser.get(&path).body.contains("deductions fail"));
    assert_eq!(browser.post("contracts/terminate", &named).status, 303);
    assert_eq!(browser.post("contracts/terminate", &named).status, 409);
    let page = browser.get(&path).body;
    for part in ["TERMINATED", "offered", "signed", "terminated by the user"] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    assert!(!page.contains("contracts/sign") && !page.contains("contracts/break"));
    let chinese = Browser {
        simulator: &simulator,
        lang: "zh",
    };
    assert!(chinese.get(&path).body.contains("用户解约"));
    for missing in ["contracts/none", "contracts/1900007291/12535/none"] {
        assert_eq!(browser.get(&format!("/_sim/{missing}")).status, 404);
    }
    let order = browser.get("/_sim/orders/1900007291/D00001").body;
    assert!(order.contains(&format!("href=\"{path}\"")), "{order}");
    let told = browser.get("/_sim/notifications").body;
    assert!(told.contains(&format!("href=\"{path}\"")), "{told}");
}
