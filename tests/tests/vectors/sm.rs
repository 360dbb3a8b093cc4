//! `sm`: the national algorithms (国密).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderMap;
use wxpay_proto::crypto::{
    Aead, Algorithm, Backend, Decryptor as _, Encryptor as _, FileDigest, MerchantKey, Padding, PublicKey,
    Signature, Signer as _, Verifier as _,
};
use wxpay_proto::v3::{Authorization, Call, Credentials, PlatformKey, SignatureHeaders};
use wxpay_proto::{ApiV3Key, KeyId, MerchantId, Nonce, Sensitive, Serial, Stamp, UnixTime, Unsigned};
use wxpay_tests::journey::{MCHID, platform_id};
use wxpay_tests::keys::{key_text, platform_keys, private_key, public_key};
use wxpay_tests::vectors::{Expected, Vector};

use crate::kinds::{Ours, assert_kind};

/// No backend takes part: RSA's are the only ones there are two of.
const BACKEND: Backend = Backend::AwsLc;

pub(crate) fn run(vector: &Vector) {
    let mut expected = vector.expected();
    match vector.text("op") {
        "sm3" => {
            let digest = FileDigest::new("SM3", &expected.text("hex")).expect("a digest");
            assert_eq!(digest.check(vector.text("text").as_bytes()), Ok(()));
        }
        "sm4_key" => {
            // The key is half of a digest, so the digest begins with it; what it opens shows that it is used.
            let wanted = expected.text("key_hex");
            let digest = FileDigest::new("SM3", &"00".repeat(32)).expect("a digest");
            let found = digest.check(vector.text("api_v3_key").as_bytes());
            assert_eq!(&found.expect_err("another digest").found[..32], wanted);
        }
        "sm4_gcm_decrypt" => sm4_gcm(vector, &mut expected),
        "sm2_verify" => {
            let key = PublicKey::from_pem(vector.text("public_key_pem"), BACKEND).expect("a public key");
            let signature = Signature::from_base64(vector.text("signature")).expect("base64");
            let verified = key.verify(Algorithm::Sm2Sm3, vector.text("message").as_bytes(), &signature);
            assert_eq!(expected.take("valid"), verified.is_ok());
        }
        "sm2_sign" => sign(vector, &mut expected),
        "response_verify" => response(vector, &mut expected),
        "sm2_ciphertext_parse" => layout(vector, &mut expected),
        "sm2_decrypt" => decrypt(vector, &mut expected),
        other => panic!("no test is known for {other}"),
    }
    expected.finish();
}

fn sm4_gcm(vector: &Vector, expected: &mut Expected) {
    let key = ApiV3Key::new(vector.text("api_v3_key")).expect("an APIv3 key");
    let (nonce, aad) = (vector.text("nonce"), vector.text("associated_data"));
    let aead = Aead::find("AEAD_SM4_GCM").expect("this build has it");
    let opened = aead.open_base64(&key, nonce, aad, vector.text("ciphertext"));
    let plaintext = expected.text("plaintext");
    assert_eq!(opened.expect("it opens").as_slice(), plaintext.as_bytes());
    let sealed = aead.seal_base64(&key, nonce, aad, plaintext.as_bytes());
    assert_eq!(sealed.expect("it seals"), vector.text("ciphertext"));
}

fn sign(vector: &Vector, expected: &mut Expected) {
    let name = vector.text("key");
    let (key, public) = (private_key(name, BACKEND), public_key(name, BACKEND));
    let message = vector.bytes("message_base64");
    assert_eq!(key.algorithm(), Algorithm::Sm2Sm3);

    // The vector's signature was made with a scalar of its own; ours is another, and both fit.
    let theirs = Signature::from_base64(&expected.text("signature_der_base64")).expect("base64");
    let ours = key.sign(Algorithm::Sm2Sm3, &message).expect("a signature");
    for signature in [&theirs, &ours] {
        assert_eq!(public.verify(Algorithm::Sm2Sm3, &message, signature), Ok(()));
        let mut other = message.clone();
        other.push(b' ');
        assert!(public.verify(Algorithm::Sm2Sm3, &other, signature).is_err());
        assert!(public.verify(Algorithm::RsaSha256, &message, signature).is_err());
    }
    let (r, s) = two_numbers(theirs.as_bytes());
    assert_eq!(
        (hex(&r), hex(&s)),
        (expected.text("r_hex"), expected.text("s_hex"))
    );

    // What is signed: the digest of the user id and the key, and the message's behind it.
    let z = expected.text("z_hex");
    let user = vector.text("user_id").as_bytes();
    let bits = u16::try_from(user.len() * 8).expect("a short id").to_be_bytes();
    let point = key_text(name, "public_point_hex");
    let point = bytes(point.strip_prefix("04").unwrap_or(point));
    let curve = bytes(concat!(
        "fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc",
        "28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93",
        "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7",
        "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0",
    ));
    let digest = |hex: &str| FileDigest::new("SM3", hex).expect("a digest");
    assert_eq!(
        digest(&z).check(&[&bits[..], user, &curve, &point].concat()),
        Ok(())
    );
    assert_eq!(
        digest(&expected.text("e_hex")).check(&[bytes(&z), message.clone()].concat()),
        Ok(())
    );

    // The whole journey signs the same message under the same scheme.
    let wanted = Authorization::parse(&expected.text("authorization")).expect("an Authorization");
    let text = String::from_utf8(message.clone()).expect("UTF-8");
    let lines: Vec<&str> = text.splitn(5, '\n').collect();
    let mut call = Call::new(lines[0].parse().expect("a method"), lines[1]);
    let body = lines[4].strip_suffix('\n').expect("a line feed at the end");
    if !body.is_empty() {
        call = call.body(Bytes::from(body.to_owned()));
    }
    let credentials = Credentials::merchant_sm2(
        MerchantId::new(MCHID).expect("a merchant number"),
        Serial::new(key_text(name, "serial_no")).expect("a serial"),
    );
    let stamp = Stamp::new(
        UnixTime::from_secs(lines[2].parse().expect("seconds")),
        Nonce::new(lines[3]).expect("a nonce"),
    );
    let prepare = || Unsigned::new(&call, &credentials.clone().answer_key(platform_id()), &stamp);
    let unsigned = prepare().expect("a request");
    assert_eq!(unsigned.message(), message);
    assert_eq!(unsigned.algorithm(), Algorithm::Sm2Sm3);
    let (request, _) = unsigned.attach(&theirs).expect("a request").into_parts();
    let header = request.headers()["authorization"].to_str().expect("a text");
    assert_eq!(Authorization::parse(header).expect("an Authorization"), wanted);
    // A key of the other kind does not sign under this scheme.
    let other: MerchantKey = private_key("merchant_rsa", BACKEND);
    assert!(prepare().expect("a request").sign(&other).is_err());
}

fn response(vector: &Vector, expected: &mut Expected) {
    let mut headers = HeaderMap::new();
    for (name, value) in vector.object("headers") {
        let value = value.as_str().expect("a text").parse().expect("a header");
        headers.insert(http::HeaderName::try_from(name).expect("a name"), value);
    }
    let trust = vector.object("trust");
    let trust = trust
        .iter()
        .map(|(id, name)| (id.as_str(), name.as_str().expect("a text")));
    let keys = platform_keys(trust, BACKEND);
    let now = UnixTime::from_secs(vector.number("now"));
    let body = vector.bytes("body_base64");
    let headers = SignatureHeaders::read(&headers).expect("the headers");
    match headers.verify(&body, &keys, now) {
        Ok(by) => panic!("{by} verifies it, and {:?} is expected", expected.text("kind")),
        Err(error) => assert_kind(&Ours::Verify(&error), &expected.text("kind")),
    }

    // The same body verifies once the platform signs it as it should.
    let name = "platform_sm2";
    let message = wxpay_proto::v3::canonical::answer_message(headers.timestamp, headers.nonce, &body);
    let signature = private_key(name, BACKEND)
        .sign(Algorithm::Sm2Sm3, &message)
        .expect("a signature")
        .to_base64();
    let mut good = headers.clone();
    good.signature = &signature;
    assert_eq!(
        good.verify(&body, &keys, now).as_ref().map(KeyId::as_str),
        Ok(headers.serial)
    );
    // So it does when the key comes from the SM2 certificate.
    let certificate =
        PlatformKey::from_certificate_pem(key_text(name, "certificate_pem"), BACKEND).expect("a certificate");
    let at = UnixTime::from_secs(
        certificate
            .not_after()
            .expect("an end")
            .as_secs()
            .min(now.as_secs()),
    );
    assert!(
        good.verify(&body, &[certificate].into_iter().collect(), at)
            .is_ok()
    );
    // Without its type it is taken for RSA, and fits nothing.
    good.signature_type = None;
    assert!(good.verify(&body, &keys, now).is_err());
}

fn layout(vector: &Vector, expected: &mut Expected) {
    let der = STANDARD.decode(vector.text("ciphertext")).expect("base64");
    let mut rest = inside(&der, 0x30);
    for (name, tag) in [("c1x_hex", 2), ("c1y_hex", 2), ("c3_hex", 4), ("c2_hex", 4)] {
        let value = inside(rest, tag);
        rest = &rest[2 + value.len()..];
        let value = if tag == 2 { number(value) } else { value.to_vec() };
        assert_eq!(hex(&value), expected.text(name));
    }
    assert!(rest.is_empty());
    // It is for a key that is not among the vectors': another one reads its form, and refuses what it says.
    let key = private_key("merchant_sm2", BACKEND);
    assert!(key.decrypt(Padding::OaepSha1, &der).is_err());
}

fn decrypt(vector: &Vector, expected: &mut Expected) {
    let name = vector.text("key");
    let key = private_key(name, BACKEND);
    let plaintext = expected.text("plaintext");
    let mut field = Sensitive::new(vector.text("ciphertext"));
    field.open(&key).expect("it opens");
    assert_eq!(field.expose(), Some(plaintext.as_str()));

    // With the vector's scalar as the entropy, the ciphertext is the vector's byte for byte.
    let scalar = bytes(vector.text("k_hex"));
    let mut entropy = |bytes: &mut [u8]| bytes.copy_from_slice(&scalar);
    let sealed = public_key(name, BACKEND).encrypt(Padding::OaepSha1, plaintext.as_bytes(), &mut entropy);
    assert_eq!(
        STANDARD.encode(sealed.expect("it seals")),
        vector.text("ciphertext")
    );
}

/// The content of the first element, which has this tag and a short length.
fn inside(der: &[u8], tag: u8) -> &[u8] {
    assert_eq!(der[0], tag);
    &der[2..2 + usize::from(der[1])]
}

fn two_numbers(der: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let both = inside(der, 0x30);
    let first = inside(both, 2);
    (number(first), number(inside(&both[2 + first.len()..], 2)))
}

/// A number in 32 bytes.
fn number(integer: &[u8]) -> Vec<u8> {
    let digits = integer.strip_prefix(&[0]).unwrap_or(integer);
    [vec![0; 32 - digits.len()], digits.to_vec()].concat()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = (0..hex.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal"))
        .collect()
}
