//! The machine's own root certificates. Where they stand is told by the environment, which belongs to a process: so each
//! client is one of its own, this very test once more.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use wxpay_hyper::Client;
use wxpay_proto::BaseUrl;
use wxpay_sim::{Profile, Simulator};
use wxpay_types::v3::pay_transactions::QueryByOutTradeNo;

use crate::support::{credentials, key};

/// What tells the test that it is to be a client: where the simulator is.
const CLIENT_OF: &str = "WXPAY_CLIENT_OF";
/// What tells the client to ask the machine whom to trust.
const ASKS_THE_MACHINE: &str = "WXPAY_ASKS_THE_MACHINE";

#[expect(clippy::print_stdout, reason = "this is how a client tells what came of it")]
#[tokio::test]
async fn a_root_in_the_machines_store_is_trusted_and_no_other() {
    if let Ok(address) = env::var(CLIENT_OF) {
        println!("{}", told(&address).await);
        return;
    }
    let folder = env::temp_dir().join(format!("wxpay-roots-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let store = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let simulator = Simulator::start().unwrap();
    let other = rcgen::generate_simple_self_signed(["root.example".to_owned()]).unwrap();
    let with = store("with.pem", &format!("{}{}", other.cert.pem(), simulator.ca_pem()));
    let without = store("without.pem", &other.cert.pem());
    let empty = store("empty.pem", "");

    let address = simulator.base_url().to_string();
    let asked = run(&address, &with, true);
    assert!(asked.contains("refused: ORDER_NOT_EXIST"), "{asked}");
    assert_eq!(simulator.log().len(), 1);
    let distrusted = run(&address, &without, true);
    assert!(
        distrusted.contains("not sent: ") && distrusted.contains("UnknownIssuer"),
        "{distrusted}"
    );
    // A machine without roots is said when the client is made, not when it pays.
    let nobody = run(&address, &empty, true);
    assert!(nobody.contains("not made: "), "{nobody}");
    // Who does not ask for the machine's roots is not given them.
    let unasked = run(&address, &with, false);
    assert!(
        unasked.contains("not sent: ") && unasked.contains("UnknownIssuer"),
        "{unasked}"
    );
    assert_eq!(simulator.log().len(), 1);
    fs::remove_dir_all(&folder).unwrap();
}

/// What a client in a process of its own tells, whose machine keeps its roots in this file.
#[expect(clippy::unwrap_used, reason = "a client that does not start is a failed test")]
fn run(address: &str, roots: &Path, asks_the_machine: bool) -> String {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args([
            "--exact",
            "platform_roots::a_root_in_the_machines_store_is_trusted_and_no_other",
            "--nocapture",
        ])
        .env(CLIENT_OF, address)
        .env("SSL_CERT_FILE", roots)
        .env_remove("SSL_CERT_DIR")
        .env_remove(ASKS_THE_MACHINE);
    if asks_the_machine {
        command.env(ASKS_THE_MACHINE, "yes");
    }
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}");
    text
}

/// Asks for an order that does not exist, and tells what came of it.
#[expect(
    clippy::unwrap_used,
    reason = "a client that cannot be set up is a failed test"
)]
async fn told(address: &str) -> String {
    let profile = Profile::test();
    let merchant = profile.merchant();
    let builder = Client::builder()
        .merchant(credentials(merchant), key(merchant))
        .platform_keys(profile.platform_keys())
        .base_url(BaseUrl::new(address).unwrap());
    let builder = match env::var_os(ASKS_THE_MACHINE) {
        Some(_) => builder.platform_roots(),
        None => builder,
    };
    let client = match builder.build() {
        Ok(client) => client,
        Err(error) => return format!("not made: {error}"),
    };
    let query = QueryByOutTradeNo::default()
        .out_trade_no("R0001")
        .mchid(merchant.id().as_str());
    let error = client.send(&query).await.unwrap_err();
    match error.api_error().and_then(|refusal| refusal.code.as_deref()) {
        Some(code) => format!("refused: {code}"),
        None => format!("not sent: {error}"),
    }
}
