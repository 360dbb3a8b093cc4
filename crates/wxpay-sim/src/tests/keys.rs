//! A folder with keys of the simulator's own.

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::Request;
use tokio::net::TcpStream;
use wxpay_proto::crypto::{Backend, Certificate, MerchantIdentity, P12};

use super::wire::{exchange, tls, tunnel};
use crate::{Role, Setup, Simulator};

/// A folder of this test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("wxpay-sim-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn files_are_what_an_sdk_loads() {
    let folder = folder("files");
    let setup = Setup::in_folder(&folder).unwrap();
    for role in Role::ALL {
        let account = setup.account_folder(role).unwrap();
        let (certificate, key) = (
            read(&account, "apiclient_cert.pem"),
            read(&account, "apiclient_key.pem"),
        );
        assert!(key.starts_with("-----BEGIN PRIVATE KEY-----"));
        let pair = MerchantIdentity::from_pem(&certificate, &key, Backend::AwsLc).unwrap();
        assert_eq!(pair.certificate().merchant(), Some(role.mchid()));
        assert_eq!(pair.serial().as_str().len(), 40);
        let p12 = fs::read(account.join("apiclient_cert.p12")).unwrap();
        let opened = P12::open(&p12, role.mchid()).unwrap();
        assert_eq!(opened.identity(Backend::AwsLc).unwrap().serial(), pair.serial());
        assert!(P12::open(&p12, "1").is_err());
        for name in ["apiv2_key.txt", "apiv3_key.txt"] {
            let key = read(&account, name);
            assert!(key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        }
        let id = read(&account, "pub_key_id.txt");
        assert_eq!(setup.profile.platform_public_key().id().as_str(), id);
        assert_eq!(
            setup.profile.platform_public_key().pem(),
            read(&account, "pub_key.pem")
        );
        for known in [
            setup.profile.platform_certificate(),
            setup.profile.next_platform_certificate(),
        ] {
            let pem = read(&account, &format!("wechatpay_{}.pem", known.id()));
            assert_eq!(
                Certificate::from_pem(&pem).unwrap().serial().as_str(),
                known.id().as_str()
            );
        }
    }
    assert_ne!(
        setup.profile.platform_certificate().id(),
        setup.profile.next_platform_certificate().id()
    );
    fs::remove_dir_all(&folder).unwrap();
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_what_is_secret() {
    use std::os::unix::fs::PermissionsExt as _;

    fn modes(folder: &Path, found: &mut Vec<(String, u32)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            if entry.file_type().unwrap().is_dir() {
                assert_eq!(mode, 0o700, "{}", entry.path().display());
                modes(&entry.path(), found);
            } else {
                found.push((entry.file_name().into_string().unwrap(), mode));
            }
        }
    }
    let folder = folder("modes");
    Setup::in_folder(&folder).unwrap();
    let mut found = Vec::new();
    modes(&folder, &mut found);
    let secret = found.iter().filter(|(_, mode)| *mode == 0o600);
    // The authority's key, three of the platform's, and of each account key, p12 and two API keys.
    assert_eq!(secret.count(), 1 + 3 + 3 * 4);
    for (name, mode) in found {
        let is_key = name.contains("key.") || name.contains("private") || name.ends_with("p12");
        let is_public = ["pub_key.pem", "public_key.pem"].contains(&name.as_str());
        assert_eq!(mode == 0o600, is_key && !is_public, "{name} has {mode:o}");
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn keys_are_made_once_and_certificates_for_each_host() {
    let folder = folder("kept");
    let first = Setup::in_folder(&folder).unwrap();
    let again = Setup::in_folder(&folder).unwrap();
    assert_eq!(
        first.profile.merchant().serial(),
        again.profile.merchant().serial()
    );
    assert_eq!(
        first.profile.merchant().api_v2_key(),
        again.profile.merchant().api_v2_key()
    );
    let simulator = Simulator::start_with(again).unwrap();
    assert_eq!(read(&folder, "keys/ca.pem"), simulator.ca_pem());
    for host in ["api.mch.weixin.qq.com", "api2.wechatpay.cn", "wx.tenpay.com"] {
        let (stream, status) = tunnel(&simulator, &format!("{host}:443")).await;
        assert_eq!(status, "HTTP/1.1 200 OK");
        let stream = tls(&simulator, host, stream, b"http/1.1").await.unwrap();
        let request = Request::get(format!("https://{host}/v3/certificates"));
        let response = exchange(stream, request.body(Bytes::new()).unwrap(), b"http/1.1").await;
        assert_eq!(response.status(), 401);
    }
    for host in ["127.0.0.1", "localhost"] {
        let stream = TcpStream::connect(simulator.address()).await.unwrap();
        tls(&simulator, host, stream, b"http/1.1").await.unwrap();
    }
    let stream = TcpStream::connect(simulator.address()).await.unwrap();
    assert!(
        tls(&simulator, "shop.example", stream, b"http/1.1")
            .await
            .is_err()
    );
    let other = Simulator::start().unwrap();
    let stream = TcpStream::connect(simulator.address()).await.unwrap();
    assert!(
        tls(&other, "localhost", stream, b"http/1.1").await.is_err(),
        "another authority"
    );
    let profile: serde_json::Value =
        serde_json::from_str(&read(&folder, "keys/partner/profile.json")).unwrap();
    assert_eq!(profile["merchant"], "1900000109");
    assert_eq!(
        profile["certificate_serial"],
        simulator.profile().partner().serial().as_str()
    );
    assert_eq!(profile["base_url"], simulator.base_url().to_string());
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_damaged_folder_is_named_and_never_made_anew() {
    let folder = folder("damaged");
    let setup = Setup::in_folder(&folder).unwrap();
    let key = setup
        .account_folder(Role::Partner)
        .unwrap()
        .join("apiclient_cert.pem");
    fs::write(&key, "nothing").unwrap();
    let error = Setup::in_folder(&folder).unwrap_err().to_string();
    assert!(error.contains("take the folder away"), "{error}");
    assert_eq!(fs::read_to_string(&key).unwrap(), "nothing");
    fs::remove_file(&key).unwrap();
    let error = Setup::in_folder(&folder).unwrap_err().to_string();
    assert!(error.contains("apiclient_cert.pem"), "{error}");
    fs::remove_dir_all(&folder).unwrap();
}
