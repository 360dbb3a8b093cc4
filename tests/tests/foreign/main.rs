//! SDKs that this project did not write, unmodified, as they come from their registries: each drives its journeys against
//! a simulator, to which it is led by `HTTPS_PROXY` and a certificate alone.
//!
//! `tests/foreign/install` installs them. Where it has not been run these tests are reported as ignored, and with
//! `CI=true` that is a failure.

#![expect(
    clippy::unwrap_used,
    reason = "a journey that cannot be set up is a failed test"
)]

mod sdk;
mod world;

use libtest_mimic::{Arguments, Failed, Trial};

use crate::sdk::{NODE, PYTHON, Sdk};
use crate::world::World;

fn main() {
    let arguments = Arguments::from_args();
    let trials = [&NODE, &PYTHON].into_iter().flat_map(trials).collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn trials(sdk: &'static Sdk) -> Vec<Trial> {
    let journeys = sdk.journeys.iter();
    match sdk.program() {
        Some(program) => journeys
            .map(|journey| {
                let (program, name) = (program.clone(), format!("{}::{journey}", sdk.name));
                Trial::test(name, move || travel(sdk, &program, journey))
            })
            .collect(),
        None => journeys.map(|journey| not_run(sdk, journey)).collect(),
    }
}

fn travel(sdk: &Sdk, program: &std::path::Path, journey: &str) -> Result<(), Failed> {
    let world = World::new(journey);
    let output = sdk.command(program, journey, &world).output()?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        return Err(String::from_utf8_lossy(&said).into_owned().into());
    }
    // It was the SDK that asked, and nothing that stands in for it.
    let log = world.simulator.log();
    let agents = log.iter().map(|exchange| {
        let agent = exchange.request.headers().get(http::header::USER_AGENT);
        agent.and_then(|agent| agent.to_str().ok()).unwrap_or("")
    });
    let asked = agents.filter(|agent| agent.starts_with(sdk.user_agent)).count();
    if asked == 0 {
        return Err(format!("none of {} requests came from the SDK", log.len()).into());
    }
    Ok(())
}

fn not_run(sdk: &Sdk, journey: &str) -> Trial {
    let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    let name = format!(
        "{}::{journey} (did not run: {} is not installed)",
        sdk.name, sdk.package
    );
    let failed = || {
        Err(Failed::from(
            "it did not run: tests/foreign/install installs what is missing",
        ))
    };
    Trial::test(name, failed).with_ignored_flag(!in_ci)
}
