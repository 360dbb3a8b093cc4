//! A damaged p12 file never gives another key, and never panics.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use wxpay_proto::crypto::{Backend, KeyError, P12};
use wxpay_tests::keys::key_text;

use crate::{bytes, config};

fn files() -> Vec<Vec<u8>> {
    let decode = |name| STANDARD.decode(key_text("merchant_rsa", name)).expect("base64");
    ["pkcs12_modern_base64", "pkcs12_legacy_base64"]
        .map(decode)
        .to_vec()
}

fn open(file: &[u8]) -> Result<P12, KeyError> {
    P12::open(file, key_text("merchant_rsa", "pkcs12_password"))
}

proptest! {
    // Each password costs some thousand rounds.
    #![proptest_config(config(4))]

    #[test]
    fn a_changed_file_gives_the_same_key_or_none(file in prop::sample::select(files()), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in prop::option::of(any::<prop::sample::Index>())) {
        let mut changed = file.clone();
        let index = at.index(changed.len());
        changed[index] = byte;
        if let Some(cut) = cut {
            changed.truncate(cut.index(file.len()));
        }
        if let Ok(p12) = open(&changed) {
            let whole = open(&file).expect("it opens");
            prop_assert_eq!(p12.expose_private_key_pem(), whole.expose_private_key_pem());
            prop_assert_eq!(p12.certificates_pem(), whole.certificates_pem());
        }
    }

    #[test]
    fn another_password_opens_nothing(file in prop::sample::select(files()), password in "\\PC{0,12}") {
        prop_assume!(password != key_text("merchant_rsa", "pkcs12_password"));
        prop_assert_eq!(P12::open(&file, &password).err(), Some(KeyError::WrongPassword));
    }
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn no_bytes_panic(mut bytes in bytes(200), sequence in any::<bool>()) {
        if sequence {
            bytes.insert(0, 0x30);
        }
        prop_assert!(P12::open(&bytes, "1900007291").is_err());
    }
}

#[test]
fn a_file_shows_nothing_of_itself() {
    for file in files() {
        let p12 = open(&file).expect("it opens");
        assert_eq!(format!("{p12:?}"), "P12(…, 1 certificates)");
        let identity = p12.identity(Backend::AwsLc).expect("a pair");
        let shown = format!("{identity:?}");
        assert!(
            shown.contains("certificate") && !shown.contains("key: "),
            "{shown}"
        );
    }
}
