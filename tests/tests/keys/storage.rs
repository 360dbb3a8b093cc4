//! Certificates that are kept over a restart and shared between instances.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use wxpay_hyper::{BoxError, FileStorage, KeyStorage, KeyStore};
use wxpay_sim::{Rotation, Simulator};

use crate::support::{
    api_v3_key, before_rotation, builder, client, credentials, downloads, fetching, key, order, rotate,
};

/// A folder of a test, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("keys-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn in_file(simulator: &Simulator, path: &Path) -> KeyStore {
    fetching(simulator).storage(FileStorage::new(path)).build()
}

#[tokio::test]
async fn a_restart_needs_no_download() {
    let simulator = Simulator::start().unwrap();
    let path = folder("restart").join("keys.pem");
    for number in 0..3 {
        let client = client(&simulator, &in_file(&simulator, &path));
        client.send(&order(format!("RESTART{number}"))).await.unwrap();
        assert_eq!(downloads(&simulator), 1);
    }
    // Other tools can read it.
    let text = std::fs::read_to_string(&path).unwrap();
    let first = simulator.profile().platform_certificate().pem().trim();
    assert!(text.contains(first), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_that_start_together_share_one_download() {
    let simulator = Simulator::start().unwrap();
    let path = folder("together").join("keys.pem");
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..8 {
        let client = client(&simulator, &in_file(&simulator, &path));
        calls.spawn(async move { client.send(&order(format!("TOGETHER{number}"))).await });
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap().unwrap();
    }
    assert_eq!(downloads(&simulator), 1);
}

#[tokio::test]
async fn a_rotation_that_another_instance_has_met_needs_no_download() {
    let simulator = before_rotation();
    let path = folder("met").join("keys.pem");
    let clients = [0, 1].map(|_| client(&simulator, &in_file(&simulator, &path)));
    for (number, client) in clients.iter().enumerate() {
        client.send(&order(format!("MET0{number}"))).await.unwrap();
    }
    rotate(&simulator, Rotation::After);
    for (number, client) in clients.iter().enumerate() {
        client.send(&order(format!("MET1{number}"))).await.unwrap();
    }
    assert_eq!(downloads(&simulator), 2);
}

#[tokio::test]
async fn a_damaged_file_is_downloaded_anew() {
    let simulator = Simulator::start().unwrap();
    let path = folder("damaged").join("keys.pem");
    client(&simulator, &in_file(&simulator, &path))
        .send(&order("DAMAGED"))
        .await
        .unwrap();
    let good = std::fs::read(&path).unwrap();
    let mut changed = good.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let text = String::from_utf8(good.clone()).unwrap();
    let damaged: [(&str, Vec<u8>); 6] = [
        ("cut", good[..good.len() - 10].to_vec()),
        ("changed", changed),
        (
            "later",
            text.replacen("certificates 1", "certificates 2", 1).into_bytes(),
        ),
        ("foreign", b"-----BEGIN CERTIFICATE-----\n".to_vec()),
        ("binary", vec![0xff; 100]),
        ("empty", Vec::new()),
    ];
    for (count, (name, bytes)) in (2..).zip(damaged) {
        std::fs::write(&path, &bytes).unwrap();
        let client = client(&simulator, &in_file(&simulator, &path));
        client.send(&order(format!("DAMAGED{count}"))).await.unwrap();
        assert_eq!(downloads(&simulator), count, "{name}");
        let now = std::fs::read_to_string(&path).unwrap();
        assert!(
            now.contains(simulator.profile().platform_certificate().pem().trim()),
            "{name}: {now}"
        );
    }
}

#[tokio::test]
async fn two_merchants_never_see_each_others_certificates() {
    let simulator = Simulator::start().unwrap();
    let path = folder("merchants").join("keys.pem");
    client(&simulator, &in_file(&simulator, &path))
        .send(&order("MINE"))
        .await
        .unwrap();
    let before = std::fs::read_to_string(&path).unwrap();

    let partner = simulator.profile().partner();
    let store = KeyStore::builder()
        .certificates(api_v3_key(partner))
        .storage(FileStorage::new(&path))
        .build();
    let client = builder(&simulator)
        .merchant(credentials(partner), key(partner))
        .key_store(store.clone())
        .build()
        .unwrap();
    store.refresh().await.unwrap();
    drop(client);
    // It has its own, by its own APIv3 key, and has left the other's file alone.
    assert_eq!(downloads(&simulator), 2);
    assert_eq!(store.current().iter().count(), 2);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
}

/// What a user writes: a row in a database, say.
#[derive(Clone, Default)]
struct Row(Arc<Mutex<Option<String>>>);

impl KeyStorage for Row {
    async fn load(&self) -> Result<Option<String>, BoxError> {
        Ok(self.0.lock().unwrap().clone())
    }

    async fn save(&self, text: &str) -> Result<(), BoxError> {
        *self.0.lock().unwrap() = Some(text.to_owned());
        Ok(())
    }
}

#[tokio::test]
async fn a_storage_of_the_users_serves_many_instances() {
    let simulator = Simulator::start().unwrap();
    let row = Row::default();
    for number in 0..3 {
        let client = client(&simulator, &fetching(&simulator).storage(row.clone()).build());
        client.send(&order(format!("ROW{number}"))).await.unwrap();
    }
    assert_eq!(downloads(&simulator), 1);
}

struct Gone;

impl KeyStorage for Gone {
    async fn load(&self) -> Result<Option<String>, BoxError> {
        Err("the database is gone".into())
    }

    async fn save(&self, _: &str) -> Result<(), BoxError> {
        Err("the database is gone".into())
    }

    async fn turn(&self) -> Result<wxpay_hyper::Turn, BoxError> {
        Err("the database is gone".into())
    }
}

#[tokio::test]
async fn a_storage_that_is_gone_stops_no_call() {
    let simulator = Simulator::start().unwrap();
    let client = client(&simulator, &fetching(&simulator).storage(Gone).build());
    client.send(&order("GONE0")).await.unwrap();
    client.send(&order("GONE1")).await.unwrap();
    assert_eq!(downloads(&simulator), 1);
}

#[tokio::test]
async fn a_folder_that_does_not_exist_stops_no_call() {
    let simulator = Simulator::start().unwrap();
    let path = folder("missing").join("nowhere").join("keys.pem");
    client(&simulator, &in_file(&simulator, &path))
        .send(&order("NOWHERE"))
        .await
        .unwrap();
    assert!(!path.exists());
}
