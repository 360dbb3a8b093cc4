//! An account of a simulator in this process.

use std::fmt::Display;

use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::v3::Credentials;
use wxpay_proto::{ApiV2Key, ApiV3Key, v2};
use wxpay_sim::Simulator;
use zeroize::Zeroizing;

use super::account::{Account, ClientCertificate};
use crate::ended::NotSent;

/// Whose account of the simulator's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Role {
    /// A merchant (直连商户).
    Merchant,
    /// A partner (服务商).
    Partner,
    /// An institution (机构) of the global operations.
    Institution,
}

impl From<Role> for wxpay_sim::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Merchant => Self::Merchant,
            Role::Partner => Self::Partner,
            Role::Institution => Self::Institution,
        }
    }
}

/// Starts a simulator, which lives as long as the account.
pub(crate) fn simulated(role: Role) -> Result<Account, NotSent> {
    let simulator = Simulator::start().map_err(failed)?;
    let profile = simulator.profile();
    let who = match role {
        Role::Merchant => profile.merchant(),
        Role::Partner => profile.partner(),
        Role::Institution => profile.institution(),
    };
    let (id, serial) = (who.id().clone(), who.serial().clone());
    let key = MerchantKey::from_pem(who.private_key_pem(), Backend::AwsLc).map_err(failed)?;
    let api_v2_key = ApiV2Key::new(who.api_v2_key()).map_err(failed)?;
    let api_v3_key = ApiV3Key::new(who.api_v3_key()).map_err(failed)?;
    Ok(Account {
        merchant: Some((Credentials::merchant(id.clone(), serial), key)),
        brand: None,
        platform_keys: profile.platform_keys(),
        v2: Some((v2::Credentials::new(id), api_v2_key)),
        api_v3_key: Some(api_v3_key),
        client_certificate: Some(ClientCertificate {
            chain: who.certificate_pem().to_owned(),
            key: Zeroizing::new(who.private_key_pem().to_owned()),
        }),
        base: Some(simulator.base_url().clone()),
        extra_root: Some(simulator.ca_pem().to_owned()),
        simulator: Some(simulator),
    })
}

fn failed(error: impl Display) -> NotSent {
    NotSent::new(format!("the simulator does not start: {error}"))
}
