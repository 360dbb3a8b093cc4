//! Every test vector, as a test of its own name; for what RSA does, once for each backend.
//!
//! `plan.rs` says which vector is run by what, and lists those that are not run. A vector that is in neither place
//! fails the test `plan::is_complete`, so none is skipped silently.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a vector that fails panics, and is reported by its name"
)]

mod aes_gcm;
mod authorization;
mod bill;
mod certificates;
mod errors;
mod formats;
mod kinds;
mod notification;
mod official_doc;
mod p12;
mod pay_sign;
mod plan;
mod refund;
mod request_sign;
mod response_verify;
mod sensitive;
mod sm;
mod upload;
mod v2_front_sign;
mod v2_response;
mod v2_sign;
mod v2_xml;

use libtest_mimic::{Arguments, Trial};
use wxpay_proto::crypto::Backend;
use wxpay_tests::vectors::vectors;

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![Trial::test("plan::is_complete", || {
        plan::check();
        Ok(())
    })];
    for backend in Backend::ALL {
        for form in p12::FORMS {
            trials.push(Trial::test(format!("keys::{form}::{backend:?}"), move || {
                p12::run(form, *backend);
                Ok(())
            }));
        }
    }
    for vector in vectors() {
        let name = format!("{}::{}", vector.group, vector.name);
        match plan::runner(&vector) {
            Some(plan::Runner::Once(run)) => trials.push(Trial::test(name, move || {
                run(&vector);
                Ok(())
            })),
            Some(plan::Runner::EachBackend(run)) => {
                let vector = std::sync::Arc::new(vector);
                for backend in Backend::ALL {
                    let vector = vector.clone();
                    trials.push(Trial::test(format!("{name}::{backend:?}"), move || {
                        run(&vector, *backend);
                        Ok(())
                    }));
                }
            }
            None => {}
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}
