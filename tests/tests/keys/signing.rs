//! Signing on other threads: whoever shares the thread of the calls goes on meanwhile.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::time::Duration;

use tokio::task::JoinSet;
use wxpay_hyper::{AsyncSigner as _, KeyStore, SigningThreads};
use wxpay_proto::crypto::{Algorithm, Backend, CryptoError, MerchantKey, Signature, Signer, Verifier as _};
use wxpay_sim::Simulator;
use wxpay_tests::keys::{private_key, public_key};

use crate::support::{builder, credentials, key, order, public_key as platform_key};

/// A count that another thread can wait for.
#[derive(Default)]
struct Ticks {
    count: Mutex<u64>,
    more: Condvar,
}

impl Ticks {
    fn tick(&self) {
        *self.count.lock().unwrap() += 1;
        self.more.notify_all();
    }

    /// Waits until it has ticked once more; nobody who stops the ticking sees the end of it.
    fn wait(&self) -> bool {
        let count = self.count.lock().unwrap();
        let seen = *count;
        let limit = Duration::from_secs(20);
        let waited = self.more.wait_timeout_while(count, limit, |count| *count == seen);
        !waited.unwrap().1.timed_out()
    }
}

/// Signs only when the ticker has had its turn since the signature was begun.
struct Patient {
    key: MerchantKey,
    ticks: Arc<Ticks>,
    at_work: AtomicUsize,
    most: Arc<AtomicUsize>,
}

impl Signer for Patient {
    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Signature, CryptoError> {
        let at_work = self.at_work.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(at_work, Ordering::SeqCst);
        let ticked = self.ticks.wait();
        self.at_work.fetch_sub(1, Ordering::SeqCst);
        assert!(ticked, "the ticker stood still during a signature");
        self.key.sign(algorithm, message)
    }
}

/// On one thread: a ticker, and 4,000 signatures, each of which waits for the ticker. If one were made on that thread, it
/// would wait for itself.
#[tokio::test(flavor = "current_thread")]
async fn four_thousand_signatures_let_everything_else_go_on() {
    const SIGNATURES: usize = 4_000;
    const THREADS: usize = 2;
    let (ticks, most) = (Arc::new(Ticks::default()), Arc::new(AtomicUsize::new(0)));
    let signer = Arc::new(SigningThreads::new(
        Patient {
            key: private_key("merchant_rsa", Backend::AwsLc),
            ticks: Arc::clone(&ticks),
            at_work: AtomicUsize::new(0),
            most: Arc::clone(&most),
        },
        THREADS,
    ));
    let ended = Arc::new(AtomicBool::new(false));
    let ticker = tokio::spawn({
        let (ticks, ended) = (Arc::clone(&ticks), Arc::clone(&ended));
        async move {
            while !ended.load(Ordering::SeqCst) {
                ticks.tick();
                tokio::task::yield_now().await;
            }
        }
    });
    let mut calls = JoinSet::new();
    for number in 0..SIGNATURES {
        let signer = Arc::clone(&signer);
        calls.spawn(async move {
            let message = number.to_string();
            let signature = signer.sign(Algorithm::RsaSha256, message.as_bytes()).await;
            (message, signature.unwrap())
        });
    }
    let key = public_key("merchant_rsa", Backend::AwsLc);
    let mut signed = 0;
    while let Some(call) = calls.join_next().await {
        let (message, signature) = call.unwrap();
        key.verify(Algorithm::RsaSha256, message.as_bytes(), &signature)
            .unwrap();
        signed += 1;
    }
    ended.store(true, Ordering::SeqCst);
    ticker.await.unwrap();
    assert_eq!(signed, SIGNATURES);
    assert_eq!(
        most.load(Ordering::SeqCst),
        THREADS,
        "bounded, and all of them at work"
    );
}

/// Counts, and signs when it is let.
struct Counting {
    made: Arc<AtomicUsize>,
    let_go: Mutex<mpsc::Receiver<()>>,
}

impl Signer for Counting {
    fn sign(&self, _: Algorithm, _: &[u8]) -> Result<Signature, CryptoError> {
        self.let_go.lock().unwrap().recv().unwrap();
        self.made.fetch_add(1, Ordering::SeqCst);
        Ok(Signature::new([1]))
    }
}

#[tokio::test]
async fn who_has_given_up_is_not_signed_for() {
    let (made, (go, let_go)) = (Arc::new(AtomicUsize::new(0)), mpsc::channel());
    let counting = Counting {
        made: Arc::clone(&made),
        let_go: Mutex::new(let_go),
    };
    let signer = Arc::new(SigningThreads::new(counting, 1));
    let call = || {
        let signer = Arc::clone(&signer);
        tokio::spawn(async move { signer.sign(Algorithm::RsaSha256, b"").await })
    };
    let first = call();
    let waiting: Vec<_> = (0..10).map(|_| call()).collect();
    tokio::task::yield_now().await;
    for call in waiting {
        call.abort();
        assert!(call.await.unwrap_err().is_cancelled());
    }
    go.send(()).unwrap();
    first.await.unwrap().unwrap();
    go.send(()).unwrap();
    call().await.unwrap().unwrap();
    assert_eq!(made.load(Ordering::SeqCst), 2);
}

/// A signer that panics.
struct Broken;

impl Signer for Broken {
    fn sign(&self, _: Algorithm, _: &[u8]) -> Result<Signature, CryptoError> {
        panic!("a broken signer, on purpose")
    }
}

#[tokio::test]
async fn a_signer_that_panics_fails_its_own_call_alone() {
    let signer = SigningThreads::new(Broken, 1);
    for _ in 0..3 {
        let error = signer.sign(Algorithm::RsaSha256, b"").await.unwrap_err();
        assert!(matches!(error, CryptoError::Signer { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_client_signs_on_threads() {
    let simulator = Simulator::start().unwrap();
    let merchant = simulator.profile().merchant();
    let client = builder(&simulator)
        .merchant_async(credentials(merchant), SigningThreads::new(key(merchant), 2))
        .key_store(KeyStore::from(platform_key(&simulator)))
        .build()
        .unwrap();
    client.send(&order("THREADS")).await.unwrap();
}
