//! What only WeChat Pay can tell: the clock, whether signatures are accepted, which keys there are. One call, which
//! reads the platform certificates.

use wxpay_hyper::{Client, Error};
use wxpay_proto::crypto::Backend;
use wxpay_proto::v3::certificates::{self, CertificatesError, CertificatesProof};
use wxpay_proto::v3::{self, FetchCertificates, PlatformKeys};
use wxpay_proto::{ApiError, ApiV3Key, KeyId, Operation, UnixTime, Unverified};

use super::finding::Findings;
use crate::ended::NotSent;
use crate::moment;
use crate::profile::Account;

/// Whose certificates are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Region {
    /// Mainland China.
    #[default]
    Mainland,
    /// Hong Kong.
    HongKong,
    /// Everywhere else.
    Global,
}

impl Region {
    fn operation(self) -> FetchCertificates {
        FetchCertificates::new(match self {
            Self::Mainland => certificates::Region::Mainland,
            Self::HongKong => certificates::Region::HongKong,
            Self::Global => certificates::Region::Global,
        })
    }

    /// The same question, for whoever has no APIv3 key.
    fn plain(self) -> v3::Call {
        let (host, path) = match self {
            Self::Mainland => (wxpay_proto::Host::API, "/v3/certificates"),
            Self::HongKong => (wxpay_proto::Host::API, "/hk/v3/certificates"),
            Self::Global => (wxpay_proto::Host::API_HK, "/v3/global/certificates"),
        };
        v3::Call::new(http::Method::GET, path).host(host)
    }
}

/// How far a clock may be off without a word, in seconds: the answer takes a moment, and `Date` has whole seconds.
const UNSUSPICIOUS: u64 = 10;

pub(super) fn check(
    mut account: Account,
    region: Region,
    findings: &mut Findings<'_>,
) -> Result<(), NotSent> {
    if !account.signs_v3() {
        return findings.skipped(
            "network",
            "not asked: without a private key nothing can be signed",
        );
    }
    let keys = account.platform_keys().clone();
    let api_v3_key = account.take_api_v3_key();
    // The simulator lives until the answer is there.
    let (client, _simulator) = account.into_client()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| NotSent::new(error.to_string()))?;
    runtime.block_on(async {
        match api_v3_key {
            Some(key) => {
                let operation = region.operation();
                let Some(answer) = ask(&client, &operation, findings).await? else {
                    return Ok(());
                };
                fetched(answer, &keys, &key, findings)
            }
            None => {
                let operation = region.plain();
                let Some(answer) = ask(&client, &operation, findings).await? else {
                    return Ok(());
                };
                answered(answer, &keys, findings)
            }
        }
    })
}

/// Asks, and looks at what needs no proof: the network, the clock, whether the signature was accepted.
async fn ask<O>(
    client: &Client,
    operation: &O,
    findings: &mut Findings<'_>,
) -> Result<Option<Unverified<O>>, NotSent>
where
    O: Operation<Protocol = v3::V3>,
{
    let before = moment::now();
    let answer = match client.exchange(operation).await {
        Ok(answer) => answer,
        Err(error) => {
            findings.failed(
                "network",
                &in_words(&error),
                "check name resolution, proxies and the firewall",
            )?;
            return Ok(None);
        }
    };
    let status = answer.status().as_u16();
    findings.ok("network", &format!("an answer came over TLS, status {status}"))?;
    clock(answer.date(), before, findings)?;
    Ok(Some(answer))
}

/// The operation's name says nothing here.
fn in_words(error: &Error) -> String {
    let text = error.to_string();
    match text.split_once(": ") {
        Some((_, rest)) => rest.to_owned(),
        None => text,
    }
}

/// How many seconds this clock is ahead of the other; negative when it is behind. Within the time that the call took,
/// nobody knows when the answer was dated.
fn offset(there: UnixTime, before: UnixTime, after: UnixTime) -> i64 {
    if there < before {
        before.seconds_since(there)
    } else {
        after.seconds_since(there).min(0)
    }
}

fn clock(date: Option<&str>, before: UnixTime, findings: &mut Findings<'_>) -> Result<(), NotSent> {
    let name = "clock";
    let Some(there) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else {
        return findings.skipped(name, "the answer has no `Date` to compare with");
    };
    let there = moment::from_system(there);
    let off = offset(there, before, moment::now());
    let says = match off {
        0 => "the same as WeChat Pay's".to_owned(),
        off if off > 0 => format!("{off} s ahead of WeChat Pay's"),
        off => format!("{} s behind WeChat Pay's", off.unsigned_abs()),
    };
    let advice = "set the clock by NTP: from 300 s on every signature is refused";
    match off.unsigned_abs() {
        0..=UNSUSPICIOUS => findings.ok(name, &says),
        off if off <= v3::CLOCK_WINDOW => findings.warning(name, &says, advice),
        _ => findings.failed(name, &says, advice),
    }
}

/// The answer with certificates, for whoever can open them.
fn fetched(
    answer: Unverified<FetchCertificates>,
    keys: &PlatformKeys,
    api_v3_key: &ApiV3Key,
    findings: &mut Findings<'_>,
) -> Result<(), NotSent> {
    let now = moment::now();
    let result = if keys.is_empty() {
        answer.bootstrap(api_v3_key, None, Backend::AwsLc, now)
    } else {
        answer.certificates(keys, api_v3_key, Backend::AwsLc, now)
    };
    let list = match result {
        Ok(certificates::Fetched::Certificates(list)) => list,
        Ok(certificates::Fetched::PublicKeyMode(error)) => {
            accepted(findings)?;
            findings.skipped(
                "APIv3 key is the right one",
                "there are no certificates to try it on; a notification will tell (`wxpay decrypt`)",
            )?;
            return public_key_mode(&error, keys, findings);
        }
        Err(CertificatesError::Call(error)) => return call_failed(&error, findings),
        Err(error @ CertificatesError::Decrypt { .. }) => {
            accepted(findings)?;
            return findings.failed(
                "APIv3 key is the right one",
                &error.to_string(),
                "set it anew on the merchant platform (账户中心 → API安全 → APIv3密钥), and here",
            );
        }
        Err(error) => {
            accepted(findings)?;
            return findings.failed(
                "platform certificates",
                &error.to_string(),
                "ask WeChat Pay's support",
            );
        }
    };
    accepted(findings)?;
    let by = match list.proof() {
        CertificatesProof::PlatformKey(id) => format!("by {id}, a key of the profile's"),
        CertificatesProof::ApiV3Key { signer, .. } => {
            format!(
                "by {signer}, a certificate that it brought itself: the profile has no key of WeChat Pay's"
            )
        }
        _ => "in another way".to_owned(),
    };
    findings.ok("answer verified", &by)?;
    findings.ok(
        "APIv3 key is the right one",
        "it opened the platform certificates",
    )?;
    let mode = "key mode";
    let has_public_key = keys.iter().any(|key| matches!(key.id(), KeyId::PublicKey(_)));
    if has_public_key {
        findings.ok(
            mode,
            "platform certificates (平台证书) and public key (微信支付公钥) side by side",
        )?;
    } else {
        findings.ok(mode, "platform certificates (平台证书)")?;
    }
    for certificate in list.iter().filter(|_| !has_public_key) {
        let id = certificate.key().id();
        if keys.get(id).is_none() {
            findings.warning(
                "platform certificates",
                &format!("WeChat Pay has {id}, and the profile has not: what it signs cannot be verified"),
                "keep the certificates of /v3/certificates up to date, every 12 hours",
            )?;
        }
    }
    Ok(())
}

/// The answer for whoever has no APIv3 key: its signature is all that can be looked at.
fn answered(
    answer: Unverified<v3::Call>,
    keys: &PlatformKeys,
    findings: &mut Findings<'_>,
) -> Result<(), NotSent> {
    match answer.verify(keys, moment::now()) {
        Ok(answer) => {
            accepted(findings)?;
            findings.ok("answer verified", &format!("{:?}", answer.verified_by()))?;
            findings.ok("key mode", "platform certificates (平台证书)")
        }
        Err(wxpay_proto::Error::Refused(error)) if error.status == 404 && error.code.is_some() => {
            accepted(findings)?;
            public_key_mode(&error, keys, findings)
        }
        Err(error) => call_failed(&error, findings),
    }
}

fn accepted(findings: &mut Findings<'_>) -> Result<(), NotSent> {
    findings.ok(
        "signature accepted",
        "WeChat Pay took the signature: number, serial number and key are one account's",
    )
}

fn public_key_mode(
    error: &ApiError,
    keys: &PlatformKeys,
    findings: &mut Findings<'_>,
) -> Result<(), NotSent> {
    let code = error.code.as_deref().unwrap_or_default();
    let name = "key mode";
    let has_public_key = keys.iter().any(|key| matches!(key.id(), KeyId::PublicKey(_)));
    if !has_public_key {
        return findings.failed(
            name,
            &format!("the public key alone (微信支付公钥): there are no platform certificates ({code})"),
            "give `platform_public_key`: id and pub_key.pem from the merchant platform",
        );
    }
    if error.authentic {
        findings.ok("answer verified", "by a key of the profile's")?;
    }
    findings.ok(name, &format!("the public key alone (微信支付公钥) ({code})"))
}

/// What a call came to that was refused, or whose answer proves nothing.
fn call_failed(error: &wxpay_proto::Error, findings: &mut Findings<'_>) -> Result<(), NotSent> {
    match error {
        wxpay_proto::Error::Refused(refusal) => {
            let code = refusal.code.as_deref().unwrap_or("no code");
            let message = refusal.message.as_deref().unwrap_or("no message");
            let id = refusal.request_id.as_deref().unwrap_or("none");
            let says = format!("status {} {code}: {message} (Request-ID {id})", refusal.status);
            match refusal.status {
                401 => findings.failed(
                    "signature accepted",
                    &says,
                    "merchant number, serial number, key and clock must be right together; `wxpay explain` compares what was \
                     signed",
                ),
                400..=499 => {
                    accepted(findings)?;
                    findings.warning("platform certificates", &says, "ask for the permission, or for the region with --region")
                }
                _ => findings.failed("WeChat Pay", &says, "try again in a moment"),
            }
        }
        wxpay_proto::Error::Unverified { source, status, .. } => {
            // A success is none without a signature that was taken.
            if (200..300).contains(status) {
                accepted(findings)?;
            }
            findings.failed(
                "answer verified",
                &source.to_string(),
                "get WeChat Pay's current key: pub_key.pem with its id, or the platform certificates",
            )
        }
        other => findings.failed("WeChat Pay", &other.to_string(), "try again in a moment"),
    }
}

#[cfg(test)]
mod tests {
    use wxpay_proto::UnixTime;

    use super::offset;

    #[test]
    fn a_clock_is_off_by_what_the_call_cannot_explain() {
        let at = UnixTime::from_secs;
        for (there, wanted) in [
            (100, 0),
            (102, 0),
            (104, 0),
            (99, 1),
            (105, -1),
            (0, 100),
            (1104, -1000),
        ] {
            assert_eq!(offset(at(there), at(100), at(104)), wanted, "{there}");
        }
    }
}
