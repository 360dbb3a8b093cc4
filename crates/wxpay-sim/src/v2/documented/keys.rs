//! Keys that operations give out: the retired sandbox's, the bank's, and the platform's certificates (protocol sections
//! 7.8, 7.11 and 3.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wxpay_proto::ApiV2Key;
use wxpay_proto::crypto::Algorithm;
use wxpay_proto::v2::{Fields, sign};
use wxpay_types::schema::OperationInfo;

use crate::certificates;
use crate::profile::Merchant;
use crate::v2::refusal::Refusal;
use crate::world::World;

/// The key that requests of this operation are signed with: the merchant's own, or the sandbox's.
pub(super) fn signing(info: &OperationInfo, merchant: &Merchant) -> Result<ApiV2Key, String> {
    let own = ApiV2Key::new(merchant.api_v2_key()).map_err(|error| error.to_string())?;
    let sandbox = ["/sandboxnew/", "/xdc/apiv2sandbox/"]
        .iter()
        .any(|path| info.path.starts_with(path));
    if sandbox && !info.path.ends_with("/getsignkey") {
        return ApiV2Key::new(&*sandbox_key(merchant, &own)).map_err(|error| error.to_string());
    }
    Ok(own)
}

/// 32 characters that follow from the merchant's own key and do not tell it.
fn sandbox_key(merchant: &Merchant, own: &ApiV2Key) -> String {
    let about = [("mch_id", merchant.id().as_str()), ("purpose", "sandbox")];
    let about: Fields = about
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    // Invariant: MD5 is one of v2's algorithms. An empty key is none, and would be refused.
    sign(&about, Algorithm::Md5, own).unwrap_or_default()
}

/// Puts true keys where the documentation shows examples, or nothing.
pub(super) fn put(
    fields: &mut Fields,
    info: &OperationInfo,
    merchant: &Merchant,
    own: &ApiV2Key,
    world: &mut World<'_>,
) -> Result<(), Refusal> {
    if fields.contains_key("sandbox_signkey") {
        fields.insert("sandbox_signkey".to_owned(), sandbox_key(merchant, own));
    }
    match &*info.name {
        "v2.risk.get_public_key" => {
            let pem = pkcs1(world.profile.platform_public_key().pem());
            fields.insert("pub_key".to_owned(), pem.ok_or_else(Refusal::system_error)?);
        }
        // No source tells what is said where there are none: the code is v3's.
        "v2.risk.get_certificates" if !certificates::exist(world) => {
            return Err(Refusal::new("RESOURCE_NOT_EXISTS", certificates::NONE));
        }
        "v2.risk.get_certificates" => {
            let list = certificates::list(world, merchant.api_v3_key());
            let list = list.ok_or_else(Refusal::system_error)?;
            fields.insert("certificates".to_owned(), list.to_string());
        }
        _ => {}
    }
    Ok(())
}

/// What stands around an RSA key of 2048 bits or more in `BEGIN PUBLIC KEY`, in bytes: two headers of four, the
/// algorithm's fifteen, and the unused bits' one. What is left is `BEGIN RSA PUBLIC KEY`.
const AROUND: usize = 24;

fn pkcs1(spki: &str) -> Option<String> {
    let text: String = spki.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = STANDARD.decode(text).ok()?;
    let text = STANDARD.encode(der.get(AROUND..)?);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    let lines = lines.join("\n");
    Some(format!(
        "-----BEGIN RSA PUBLIC KEY-----\n{lines}\n-----END RSA PUBLIC KEY-----\n"
    ))
}

#[cfg(test)]
mod tests {
    use wxpay_proto::crypto::{Algorithm, Backend, PublicKey, Signer as _, Verifier as _};

    use super::pkcs1;
    use crate::profile::Profile;

    #[test]
    fn the_banks_key_is_the_platforms() {
        let profile = Profile::test();
        let identity = profile.platform_public_key();
        let pem = pkcs1(identity.pem()).unwrap();
        let key = PublicKey::from_pem(&pem, Backend::AwsLc).unwrap();
        let signature = identity.private().sign(Algorithm::RsaSha256, b"text").unwrap();
        key.verify(Algorithm::RsaSha256, b"text", &signature).unwrap();
    }
}
