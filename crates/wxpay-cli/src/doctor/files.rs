//! The files of a profile, held against each other; nothing is sent.

use wxpay_proto::UnixTime;
use wxpay_proto::crypto::{Signer as _, Verifier as _};
use wxpay_proto::v3::PlatformKey;

use super::finding::Findings;
use crate::ended::NotSent;
use crate::moment;
use crate::profile::{Reader, Signing};

/// When a certificate's end is near, in seconds: 30 days.
const SOON: i64 = 30 * 24 * 60 * 60;
/// What a key signs to be told from others.
const PROBE: &[u8] = b"wxpay doctor";

pub(super) fn check(reader: &Reader, now: UnixTime, findings: &mut Findings<'_>) -> Result<(), NotSent> {
    merchant_number(reader, findings)?;
    let merchant = match reader.merchant() {
        Ok(found) => signer("merchant", found, true, now, findings)?,
        Err(error) => {
            findings.failed(
                "merchant: private key and certificate",
                &error.to_string(),
                FROM_ONE_DOWNLOAD,
            )?;
            None
        }
    };
    match reader.brand() {
        Ok(None) => {}
        Ok(found) => {
            signer("brand", found, false, now, findings)?;
        }
        Err(error) => findings.failed(
            "brand: private key and certificate",
            &error.to_string(),
            FROM_ONE_DOWNLOAD,
        )?,
    }
    platform_keys(reader, merchant.as_ref(), now, findings)?;
    api_keys(reader, findings)?;
    if let Err(error) = reader.client_certificate() {
        findings.failed(
            "client certificate",
            &error.to_string(),
            "name apiclient_cert.pem and apiclient_key.pem; v2's refunds and transfers show them in TLS",
        )?;
    }
    match reader.base() {
        Ok(None) => Ok(()),
        Ok(Some(base)) => findings.warning(
            "base_url",
            &format!("everything goes to {base}, and nothing to WeChat Pay"),
            "take `base_url` out of the profile when it is meant for WeChat Pay itself",
        ),
        Err(error) => findings.failed(
            "base_url",
            &error.to_string(),
            "write https://host:port, or leave it out",
        ),
    }
}

const FROM_ONE_DOWNLOAD: &str = "take apiclient_cert.pem and apiclient_key.pem from one download (商户平台 → 账户中心 → \
                                 API安全 → 商户API证书), and the merchant number that they are for";

fn merchant_number(reader: &Reader, findings: &mut Findings<'_>) -> Result<(), NotSent> {
    let name = "merchant number";
    match reader.merchant_id() {
        Err(error) => findings.failed(name, &error.to_string(), "write the 商户号, ten digits"),
        Ok(None) => findings.failed(name, "there is none", "give `merchant`, or --mchid"),
        Ok(Some(id)) if id.as_str().len() != 10 => findings.warning(
            name,
            &format!("{id} has not ten digits, as every account seen has"),
            "compare it with the merchant platform",
        ),
        Ok(Some(id)) => findings.ok(name, id.as_str()),
    }
}

/// A signer's key, certificate and serial number.
fn signer(
    name: &str,
    found: Option<Signing>,
    is_needed: bool,
    now: UnixTime,
    findings: &mut Findings<'_>,
) -> Result<Option<Signing>, NotSent> {
    let key_and_serial = format!("{name}: private key and certificate");
    let Some(signing) = found else {
        if is_needed {
            findings.warning(
                &key_and_serial,
                "there are none: v3 cannot be signed",
                "give `private_key` and `certificate`, or `p12`, unless it is for v2 alone",
            )?;
        }
        return Ok(None);
    };
    let serial = signing.credentials.serial();
    match (&signing.key, &signing.certificate) {
        (Some(key), Some(_)) => findings.ok(
            &key_and_serial,
            &format!(
                "they belong together; serial number {serial}, {}",
                key.algorithm()
            ),
        )?,
        (Some(_), None) => findings.warning(
            &key_and_serial,
            &format!(
                "the key can be read; whether {serial} is its certificate's serial number cannot be told"
            ),
            "give `certificate`, apiclient_cert.pem: the serial number is read from it",
        )?,
        (None, _) => findings.failed(
            &key_and_serial,
            "there is no private key: nothing can be signed",
            "give `private_key`, apiclient_key.pem",
        )?,
    }
    if let Some(certificate) = &signing.certificate {
        validity(
            &format!("{name}: certificate's dates"),
            certificate.not_before(),
            certificate.not_after(),
            now,
            "apply for a new one (更换API证书) before it ends",
            findings,
        )?;
    }
    Ok(Some(signing))
}

fn validity(
    name: &str,
    from: UnixTime,
    to: UnixTime,
    now: UnixTime,
    advice: &str,
    findings: &mut Findings<'_>,
) -> Result<(), NotSent> {
    let words = format!(
        "valid from {} to {}",
        moment::in_words(from),
        moment::in_words(to)
    );
    if now > to {
        findings.failed(name, &format!("{words}: it has EXPIRED"), advice)
    } else if now < from {
        findings.failed(name, &format!("{words}: not yet"), "check this machine's clock")
    } else if to.seconds_since(now) < SOON {
        let days = to.seconds_since(now) / (24 * 60 * 60);
        findings.warning(name, &format!("{words}: {days} days are left"), advice)
    } else {
        findings.ok(name, &words)
    }
}

fn platform_keys(
    reader: &Reader,
    merchant: Option<&Signing>,
    now: UnixTime,
    findings: &mut Findings<'_>,
) -> Result<(), NotSent> {
    let mut any = false;
    let public = "WeChat Pay public key (微信支付公钥)";
    match reader.platform_public_key() {
        Ok(None) => {}
        Ok(Some(key)) if is_own(&key, merchant) => {
            any = true;
            findings.failed(
                public,
                "this is the merchant's own public key: it verifies nothing that WeChat Pay sends",
                "download pub_key.pem (账户中心 → API安全 → 微信支付公钥)",
            )?;
        }
        Ok(Some(key)) => {
            any = true;
            findings.ok(public, key.id().as_str())?;
        }
        Err(error) => {
            any = true;
            findings.failed(
                public,
                &error.to_string(),
                "take the id PUB_KEY_ID_… and pub_key.pem from one page (账户中心 → API安全 → 微信支付公钥)",
            )?;
        }
    }
    for found in reader.platform_certificates() {
        any = true;
        let name = "platform certificate (平台证书)";
        match found {
            Ok(certificate) => {
                let name = format!("{name} {}", certificate.serial());
                let (from, to) = (certificate.not_before(), certificate.not_after());
                let advice = "fetch the current ones: `wxpay call v3.certificates.fetch`, or `wxpay decrypt` its answer";
                validity(&name, from, to, now, advice, findings)?;
            }
            Err(error) => findings.failed(
                name,
                &error.to_string(),
                "a platform certificate comes from /v3/certificates; apiclient_cert.pem is none",
            )?,
        }
    }
    if !any {
        findings.failed(
            "keys of WeChat Pay's",
            "there are none: no answer and no notification can be verified",
            "give `platform_public_key`, or `platform_certificates`",
        )?;
    }
    Ok(())
}

/// Whether the merchant's private key is the other half of this key.
fn is_own(key: &PlatformKey, merchant: Option<&Signing>) -> bool {
    let Some(private) = merchant.and_then(|signing| signing.key.as_ref()) else {
        return false;
    };
    let algorithm = private.algorithm();
    let signature = private.sign(algorithm, PROBE);
    signature.is_ok_and(|signature| key.public_key().verify(algorithm, PROBE, &signature).is_ok())
}

fn api_keys(reader: &Reader, findings: &mut Findings<'_>) -> Result<(), NotSent> {
    let place = "set it on the merchant platform (账户中心 → API安全), and keep it in a file or a variable";
    let name = "APIv3 key (APIv3密钥)";
    let v3 = match reader.api_v3_key() {
        Ok(Some(key)) => {
            findings.ok(
                name,
                "32 characters; whether it is the right one shows when something is decrypted",
            )?;
            Some(key)
        }
        Ok(None) => {
            let says = "not given: notifications and platform certificates cannot be opened";
            findings.warning(name, says, "give `api_v3_key`, or --api-v3-key")?;
            None
        }
        Err(error) => {
            findings.failed(name, &error.to_string(), place)?;
            None
        }
    };
    let name = "APIv2 key (APIv2密钥)";
    match reader.api_v2_key() {
        Ok(None) => findings.skipped(name, "not given; v2 alone needs it"),
        Ok(Some(key)) if key.expose().len() != 32 => findings.warning(
            name,
            "it has not 32 characters, as every account seen has",
            "compare its length with what was set on the merchant platform",
        ),
        Ok(Some(key)) if v3.is_some_and(|v3| v3.expose() == key.expose()) => findings.warning(
            name,
            "it is the same as the APIv3 key",
            "they are two settings: make sure that neither was put in the other's place",
        ),
        Ok(Some(_)) => findings.ok(name, "32 characters"),
        Err(error) => findings.failed(name, &error.to_string(), place),
    }
}
