//! What the chapters share: the simulator, the clients, and one way to make a call and tell of it.

use std::fmt::Display;
use std::io::Write;

use wxpay_hyper::{Client, ClientProtocol, Error, Failure};
use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::proof::Signed;
use wxpay_proto::retry::Budget;
use wxpay_proto::{
    ApiV2Key, KeyId, Operation, Outcome, PublicKeyId, Response, Verified, VerifiedBy, VerifyError, v2, v3,
};
use wxpay_sim::{Merchant, Simulator};

use super::error::DemoError;
use super::wire;
use crate::report::{Report, Step, Style};

/// The simulator, and one client for each of its accounts.
pub(crate) struct Stage<'a, W> {
    pub(crate) simulator: &'a Simulator,
    pub(crate) report: Report<W>,
    /// A partner (服务商), who verifies with WeChat Pay's public key.
    pub(crate) partner: Client,
    /// A merchant (直连商户), who verifies with a platform certificate.
    pub(crate) merchant: Client,
    /// An institution (机构), for the global operations.
    pub(crate) institution: Client,
}

/// What a step should come to.
pub(crate) enum Wanted<'a, T> {
    /// An answer; what it says is looked at, and told in words or complained about.
    Answer(&'a dyn Fn(&T) -> Result<String, String>),
    /// A refusal with this code.
    Refused(&'a str),
    /// An answer that is not accepted, by the name of the check that fails.
    Caught(&'a str),
}

impl<'a, W: Write> Stage<'a, W> {
    pub(crate) fn new(simulator: &'a Simulator, report: Report<W>) -> Result<Self, DemoError> {
        let profile = simulator.profile();
        let public_key = platform_public_key(simulator)?;
        let certificate = profile.platform_certificate().pem();
        let certificate =
            v3::PlatformKey::from_certificate_pem(certificate, Backend::AwsLc).map_err(setup)?;
        Ok(Self {
            simulator,
            report,
            partner: client(simulator, profile.partner(), public_key.clone())?,
            merchant: client(simulator, profile.merchant(), certificate)?,
            institution: client(simulator, profile.institution(), public_key)?,
        })
    }

    /// Makes a call, holds what comes of it against what is wanted, and tells both.
    pub(crate) async fn call<O>(
        &mut self,
        client: &Client,
        title: &str,
        operation: &O,
        wanted: Wanted<'_, O::Response>,
    ) -> Result<Option<Verified<O::Response>>, DemoError>
    where
        O: Operation,
        O::Protocol: ClientProtocol,
        O::Response: Response<Proof = Signed>,
    {
        let result = client.send(operation).await;
        let sent = !matches!(&result, Err(error) if error.outcome() == Outcome::NotSent);
        // One call at a time is made, so the newest entry is this one's.
        let exchange = self.simulator.log().pop().filter(|_| sent);
        let request = exchange.as_ref().map_or_else(
            || format!("{} {}", O::META.method, O::META.path),
            |exchange| format!("{} {}", exchange.request.method(), exchange.target()),
        );
        let mut step = Step {
            title: title.to_owned(),
            request,
            status: exchange.as_ref().map(|exchange| exchange.status().as_u16()),
            verified_by: None,
            outcome: "done",
            code: None,
            says: String::new(),
            wanted: None,
        };
        match &result {
            Ok(answer) => {
                step.verified_by = Some(name_of_proof(answer.verified_by()));
                match wanted {
                    Wanted::Answer(look) => match look(answer) {
                        Ok(says) => step.says = says,
                        Err(complaint) => step.wanted = Some(complaint),
                    },
                    Wanted::Refused(name) | Wanted::Caught(name) => {
                        step.wanted = Some(format!("{name}, and not an answer"));
                    }
                }
            }
            Err(error) => {
                step.outcome = name_of_outcome(error.outcome());
                step.says = error.to_string();
                let api = error.api_error();
                step.verified_by = api
                    .filter(|api| api.authentic)
                    .map(|_| "its signature".to_owned());
                step.code = Some(name_of_failure(error));
                let found = step.code.as_deref();
                step.wanted = match wanted {
                    Wanted::Answer(_) => Some("an answer".to_owned()),
                    Wanted::Refused(code) if found == Some(code) && error.outcome() == Outcome::Refused => {
                        None
                    }
                    Wanted::Refused(code) => Some(format!("refused {code}")),
                    Wanted::Caught(name) if found == Some(name) && error.outcome() == Outcome::Unknown => {
                        None
                    }
                    Wanted::Caught(name) => Some(format!("{name}, with the outcome unknown")),
                };
            }
        }
        self.report.step(&step)?;
        if let Some(exchange) = exchange.filter(|_| self.report.style() == Style::Verbose) {
            self.report.text(&wire::describe(&exchange))?;
        }
        Ok(result.ok())
    }

    /// Tells of something that was done to the simulator rather than asked of it.
    pub(crate) fn tell(&mut self, text: &str) -> Result<(), DemoError> {
        Ok(self.report.text(&format!("⋯ {text}"))?)
    }
}

/// The public key that the simulator's answers can be verified with.
fn platform_public_key(simulator: &Simulator) -> Result<v3::PlatformKey, DemoError> {
    let shipped = simulator.profile().platform_public_key();
    let id = PublicKeyId::new(shipped.id().as_str()).map_err(setup)?;
    v3::PlatformKey::from_public_key_pem(id, shipped.pem(), Backend::AwsLc).map_err(setup)
}

/// A client for an account, set up as it would be for a real one, but for its address.
pub(crate) fn client(
    simulator: &Simulator,
    account: &Merchant,
    key: v3::PlatformKey,
) -> Result<Client, DemoError> {
    let (id, serial) = (account.id().clone(), account.serial().clone());
    let private_key = MerchantKey::from_pem(account.private_key_pem(), Backend::AwsLc).map_err(setup)?;
    Client::builder()
        .merchant(v3::Credentials::merchant(id.clone(), serial), private_key)
        .platform_keys(v3::PlatformKeys::new().with(key))
        .api_v2(
            v2::Credentials::new(id),
            ApiV2Key::new(account.api_v2_key()).map_err(setup)?,
        )
        .base_url(simulator.base_url().clone())
        .extra_root_pem(simulator.ca_pem())
        // A repetition would hide the faults that the demo shows.
        .budget(Budget::once())
        .build()
        .map_err(setup)
}

pub(crate) fn setup(error: impl Display) -> DemoError {
    DemoError::Setup(error.to_string())
}

fn name_of_proof(by: &VerifiedBy) -> String {
    match by {
        VerifiedBy::PlatformKey(id @ KeyId::PublicKey(_)) => format!("public key {id}"),
        VerifiedBy::PlatformKey(id) => format!("certificate {id}"),
        VerifiedBy::ApiV2Key { algorithm, .. } => format!("APIv2 key {algorithm}"),
        _ => "another proof".to_owned(),
    }
}

fn name_of_outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotSent => "not sent",
        Outcome::Refused => "refused",
        Outcome::Unknown => "unknown",
    }
}

/// WeChat Pay's code, or the name of the check that refused the answer.
fn name_of_failure(error: &Error) -> String {
    let Failure::Exchange(inner) = error.failure() else {
        return "TRANSPORT".to_owned();
    };
    let name = match inner {
        wxpay_proto::Error::Refused(api) => api.code.as_deref().unwrap_or("WITHOUT_CODE"),
        wxpay_proto::Error::WrongAnswer { .. } => "WRONG_ANSWER",
        wxpay_proto::Error::Unverified { source, .. } => match source {
            VerifyError::Mismatch { .. } => "SIGNATURE_MISMATCH",
            VerifyError::Expired { .. } => "STALE",
            VerifyError::UnknownSerial { .. } => "UNKNOWN_SERIAL",
            VerifyError::Probe => "PROBE",
            VerifyError::MissingHeader { .. } | VerifyError::MissingSign => "NOT_SIGNED",
            _ => "UNVERIFIED",
        },
        _ => "ERROR",
    };
    name.to_owned()
}
