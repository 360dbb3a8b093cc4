//! Where requests go, and which key their answers are asked from.

use http::Method;
use wxpay_proto::v3::{Call, Credentials, Download};
use wxpay_proto::{BaseUrl, BuildError, Host, MerchantId, Serial, Unsigned};
use wxpay_tests::journey::{MCHID, merchant_key, platform_id, stamp, v3_credentials};

use crate::{ask_v3, header};

#[test]
fn every_request_names_the_key_that_answers_are_to_be_signed_with() {
    for (method, target) in [
        (Method::GET, "/v3/certificates"),
        (Method::GET, "/v3/pay/transactions/id/1?mchid=1"),
        (Method::POST, "/v3/pay/transactions/native"),
        (Method::DELETE, "/v3/x"),
    ] {
        let (request, _) = ask_v3(&Call::new(method, target)).expect("a request");
        assert_eq!(
            header(&request, "wechatpay-serial"),
            Some(platform_id().as_str()),
            "{target}"
        );
        assert_eq!(header(&request, "accept"), Some("application/json"));
        assert!(header(&request, "user-agent").is_some_and(|agent| agent.starts_with("wxpay/")));
        assert_eq!(header(&request, "content-type"), None, "there is no body");
    }
}

#[test]
fn only_the_first_look_at_the_certificates_goes_without_a_key() {
    let merchant = MerchantId::new(MCHID).expect("a merchant number");
    let credentials = Credentials::merchant(merchant, Serial::new("ABC").expect("a serial"));
    let ask = |method, target: &str| {
        let unsigned = Unsigned::new(&Call::new(method, target), &credentials, &stamp())?;
        Ok::<_, BuildError>(
            unsigned
                .sign(&merchant_key())
                .expect("a signed request")
                .into_parts()
                .0,
        )
    };
    for target in ["/v3/certificates", "/v3/certificates?algorithm_type=RSA"] {
        let request = ask(Method::GET, target).expect("a request");
        assert_eq!(header(&request, "wechatpay-serial"), None, "{target}");
    }
    for (method, target) in [
        (Method::POST, "/v3/certificates"),
        (Method::GET, "/v3/certificates/"),
        (Method::GET, "/v3/certificate"),
        (Method::GET, "/v3/x?a=/v3/certificates"),
        (Method::POST, "/v3/pay/transactions/native"),
    ] {
        let error = ask(method, target).expect_err("no key is named");
        assert!(
            matches!(error, BuildError::MissingCredential { .. }),
            "{target}: {error}"
        );
        assert!(error.to_string().contains("public key"), "{error}");
    }
}

#[test]
fn a_caller_cannot_set_what_the_protocol_sets() {
    for name in [
        "Authorization",
        "wechatpay-serial",
        "Content-Type",
        "HOST",
        "content-length",
    ] {
        let error = ask_v3(&Call::new(Method::GET, "/v3/x").header(name, "x")).expect_err("reserved");
        assert!(matches!(error, BuildError::Header { .. }), "{name}: {error}");
    }
    let call = Call::new(Method::GET, "/v3/x").header("Idempotency-Key", "k1");
    assert_eq!(
        header(&ask_v3(&call).expect("a request").0, "idempotency-key"),
        Some("k1")
    );
    for (name, value) in [("a b", "x"), ("X-A", "a\nb"), ("X-A", "a\0")] {
        assert!(
            ask_v3(&Call::new(Method::GET, "/v3/x").header(name, value)).is_err(),
            "{name}: {value:?}"
        );
    }
}

#[test]
fn nothing_is_signed_for_a_foreign_host() {
    for url in [
        "https://evil.example/v3/billdownload/file?token=1",
        "http://api.mch.weixin.qq.com/v3/billdownload/file?token=1",
        "https://api.mch.weixin.qq.com.evil.example/x",
        "https://evil.example#api.mch.weixin.qq.com/x",
        "https://api.mch.weixin.qq.com@evil.example/x",
        "https://api.mch.weixin.qq.com:444/x",
        "https://user@api.mch.weixin.qq.com/x",
        "https://api.mch.weixin.qq.com\\@evil.example/x",
        "//api.mch.weixin.qq.com/x",
        "/v3/billdownload/file",
        "",
    ] {
        let error = Download::new(url).expect_err(url);
        assert!(
            error.to_string().contains("not one of WeChat Pay's hosts"),
            "{error}"
        );
    }
    let error = Download::new("https://evil.example/x?token=secret").expect_err("foreign");
    assert!(
        error.to_string().contains("evil.example"),
        "it must be named: {error}"
    );
    assert!(!error.to_string().contains("secret"), "{error}");
    assert!(Host::find("evil.example").is_err());
}

#[test]
fn wechat_pays_hosts_are_found_in_any_case_and_targets_stay_verbatim() {
    for host in Host::ALL {
        let url = format!("HTTPS://{}:443/a%2Fb?c=%e5&d#e", host.as_str().to_uppercase());
        assert_eq!(Host::split(&url), Ok((*host, "/a%2Fb?c=%e5&d")));
    }
}

#[test]
fn a_test_server_takes_the_place_of_the_host_and_changes_nothing_else() {
    let call = Call::new(Method::GET, "/v3/x?a=%20b").host(Host::API_HK);
    let signed = Unsigned::new(&call, &v3_credentials(), &stamp())
        .expect("a request")
        .sign(&merchant_key());
    let signed = signed.expect("a signed request");
    let before = signed.request().headers()["authorization"].clone();
    assert_eq!(
        signed.request().uri(),
        "https://apihk.mch.weixin.qq.com/v3/x?a=%20b"
    );
    let (request, _) = signed
        .at(&BaseUrl::new("https://localhost:8443").expect("a base"))
        .into_parts();
    assert_eq!(request.uri(), "https://localhost:8443/v3/x?a=%20b");
    assert_eq!(request.headers()["authorization"], before);
    for text in [
        "http://localhost",
        "https://localhost/x",
        "https://u@localhost",
        "https://localhost?x",
        "localhost",
    ] {
        assert!(BaseUrl::new(text).is_err(), "{text}");
    }
}

#[test]
fn a_target_that_is_not_sent_as_it_stands_is_refused() {
    for target in [
        "v3/x",
        "",
        "?a",
        "/v3/a b",
        "/v3/微",
        "/v3/x#f",
        "/v3/\r\n",
        "https://evil.example/",
    ] {
        let error = ask_v3(&Call::new(Method::GET, target)).expect_err(target);
        assert!(matches!(error, BuildError::Target { .. }), "{target:?}: {error}");
    }
}

#[test]
fn a_path_parameter_must_be_there_and_stay_one_segment() {
    use crate::operations::QueryOrder;
    for value in [None, Some(""), Some("."), Some("..")] {
        let operation = QueryOrder {
            out_trade_no: value.map(str::to_owned),
            mchid: None,
        };
        let error = ask_v3(&operation).expect_err("unusable");
        assert!(
            matches!(
                error,
                BuildError::Path {
                    parameter: "out_trade_no",
                    ..
                }
            ),
            "{value:?}: {error}"
        );
    }
    let operation = QueryOrder {
        out_trade_no: Some("a/../b?c#d{mchid}|*".to_owned()),
        mchid: Some("1&2=3".to_owned()),
    };
    let (request, _) = ask_v3(&operation).expect("a request");
    assert_eq!(
        request.uri().path_and_query().map(|target| target.as_str()),
        Some("/v3/pay/transactions/out-trade-no/a%2F..%2Fb%3Fc%23d%7Bmchid%7D%7C%2A?mchid=1%262%3D3")
    );
}
