//! The RSA in an exchange, and nothing else: the server verifies one signature and makes one.

use std::hint::black_box;
use std::time::{Duration, Instant};

use wxpay_proto::crypto::{Algorithm, Signer as _, Verifier as _};
use wxpay_sim::Profile;

use crate::process;
use crate::requests::Merchant;

/// The processor time of a verification with a signature, by the backend that the simulator uses.
pub(crate) fn rsa() -> Duration {
    let merchant = Merchant::new();
    let profile = Profile::test();
    let certificate = wxpay_proto::crypto::Certificate::from_pem(profile.merchant().certificate_pem());
    let public = wxpay_proto::crypto::PublicKey::from_certificate(
        &certificate.expect("a certificate"),
        wxpay_proto::crypto::Backend::AwsLc,
    );
    let public = public.expect("a key");
    let message = [b'x'; 500];
    let signature = merchant
        .key
        .sign(Algorithm::RsaSha256, &message)
        .expect("a signature");
    let (started, before, mut pairs) = (Instant::now(), process::cpu(std::process::id()), 0);
    while started.elapsed() < Duration::from_secs(3) {
        public
            .verify(Algorithm::RsaSha256, black_box(&message), &signature)
            .expect("it verifies");
        let made = merchant.key.sign(Algorithm::RsaSha256, black_box(&message));
        black_box(made.expect("a signature"));
        pairs += 1;
    }
    (process::cpu(std::process::id()) - before) / pairs
}
