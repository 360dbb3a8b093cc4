//! Whose keys seal a notification.

use std::path::Path;

use serde_json::{Value, json};
use wxpay_proto::MerchantId;
use wxpay_sim::{Profile, Setup};
use wxpay_types::schema::{EventSchema, Protocol};

use crate::ended::NotSent;
use crate::profile::{Reader, Role};

/// The account that a notification is sealed for, and the platform that signs it.
pub(super) struct SealedFor {
    pub(super) profile: Profile,
    pub(super) mchid: String,
    /// Whether the platform's keys are those that ship with the simulator.
    pub(super) shipped: bool,
    /// The keys that the profile does not have.
    lacks: Vec<&'static str>,
}

/// What stands in the place of a key that the profile does not have. Nothing is sealed with it.
const NONE: &str = "00000000000000000000000000000000";

pub(super) fn read(profile: Option<&Path>, role: Role) -> Result<SealedFor, NotSent> {
    let Some(path) = profile else {
        let mchid = wxpay_sim::Role::from(role).mchid().to_owned();
        return Ok(SealedFor {
            profile: Profile::test(),
            mchid,
            shipped: true,
            lacks: Vec::new(),
        });
    };
    let reader = Reader::open(path)?;
    let mchid = reader
        .merchant_id()?
        .ok_or_else(|| NotSent::new(format!("the profile {}: `merchant` is missing", path.display())))?;
    if let Some(profile) = simulators(path, &mchid)? {
        return Ok(SealedFor {
            profile,
            mchid: mchid.as_str().to_owned(),
            shipped: false,
            lacks: Vec::new(),
        });
    }
    let (v2, v3) = (reader.api_v2_key_text()?, reader.api_v3_key_text()?);
    // What is no key is told of with the entry's name.
    reader.api_v2_key()?;
    reader.api_v3_key()?;
    let lacks = [("api_v2_key", v2.is_none()), ("api_v3_key", v3.is_none())];
    let key = |text: &Option<zeroize::Zeroizing<String>>| {
        text.as_ref()
            .map_or_else(|| NONE.to_owned(), |text| text.to_string())
    };
    Ok(SealedFor {
        profile: Profile::test().with_merchant(mchid.clone(), &key(&v2), &key(&v3)),
        mchid: mchid.as_str().to_owned(),
        shipped: true,
        lacks: lacks
            .into_iter()
            .filter_map(|(name, missing)| missing.then_some(name))
            .collect(),
    })
}

/// The accounts of the simulator whose folder the profile lies in, `FOLDER/keys/merchant/profile.json`.
fn simulators(path: &Path, mchid: &MerchantId) -> Result<Option<Profile>, NotSent> {
    let path = std::path::absolute(path)
        .map_err(|error| NotSent::new(format!("--profile {}: {error}", path.display())))?;
    let keys = path.parent().and_then(Path::parent);
    let Some(keys) = keys.filter(|keys| keys.ends_with("keys") && keys.join("platform").is_dir()) else {
        return Ok(None);
    };
    let setup =
        Setup::in_folder(keys.parent().unwrap_or(keys)).map_err(|error| NotSent::new(error.to_string()))?;
    Ok(Some(setup.profile).filter(|profile| profile.find(mchid.as_str()).is_some()))
}

impl SealedFor {
    /// Refuses an event whose key is not at hand.
    pub(super) fn suffices(&self, event: &EventSchema) -> Result<(), NotSent> {
        let v2 = event.protocol == Protocol::V2;
        let payscore = event.encrypted.as_deref() == Some("event_ciphertext");
        let wanted = [("api_v2_key", v2), ("api_v3_key", !v2 || payscore)];
        let missing = wanted
            .iter()
            .find(|(name, wanted)| *wanted && self.lacks.contains(name));
        match missing {
            Some((name, _)) => Err(NotSent::new(format!(
                "{} is sealed with `{name}`, which the profile does not have",
                event.name()
            ))),
            None => Ok(()),
        }
    }

    /// What a receiver needs. The keys of a profile are secret and stay where they are; those that ship are public.
    pub(super) fn shown(&self) -> Value {
        let (key, certificate) = (
            self.profile.platform_public_key(),
            self.profile.platform_certificate(),
        );
        let mut shown = json!({
            "mchid": self.mchid,
            "public_key_id": key.id().as_str(),
            "public_key": key.pem(),
            "certificate_serial": certificate.id().as_str(),
            "certificate": certificate.pem(),
        });
        let test = Profile::test();
        if let Some(account) = self.profile.find(&self.mchid) {
            let shipped = test.find(&self.mchid);
            let is_public = shipped.is_some_and(|known| known.api_v3_key() == account.api_v3_key());
            if is_public {
                shown["api_v3_key"] = account.api_v3_key().into();
                shown["api_v2_key"] = account.api_v2_key().into();
            }
        }
        shown
    }

    /// Which key signs, as a receiver has to know it.
    pub(super) fn signer(&self, certificate: bool) -> String {
        let identity = if certificate {
            self.profile.platform_certificate()
        } else {
            self.profile.platform_public_key()
        };
        let which = if self.shipped {
            "the simulator's test key, `wxpay trigger --keys` shows it"
        } else {
            "the key of the simulator in that folder"
        };
        format!("{} ({which})", identity.id().as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::NONE;

    #[test]
    fn what_stands_for_no_key_has_the_form_of_one() {
        assert!(wxpay_proto::ApiV2Key::new(NONE).is_ok() && wxpay_proto::ApiV3Key::new(NONE).is_ok());
    }
}
