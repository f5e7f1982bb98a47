//! Are keys read from what OpenSSL writes, and refused with words that help?

use std::process::Command;

use oauth_core::Signer;
use oauth_keys::{Algorithm, Jwks, SigningKey, VerifyingKey};

/// What OpenSSL, which everybody has, writes for these arguments.
fn openssl(arguments: &str) -> String {
    let output = Command::new("openssl").args(arguments.split(' ')).output().expect("openssl is installed");
    assert!(output.status.success(), "openssl {arguments}");
    String::from_utf8(output.stdout).expect("PEM")
}

fn signs(key: &SigningKey, algorithm: Algorithm) {
    let public = VerifyingKey::from_jwk(&key.published_jwk().expect("public")).expect("a public key");
    let signature = key.sign(b"message").expect("signed");
    public.verify(algorithm, b"message", &signature).expect("verified");
    public.verify(algorithm, b"massage", &signature).expect_err("another message");
    assert_eq!(key.algorithm(), algorithm.as_str());
}

#[test]
fn every_kind_of_pem_that_openssl_writes_is_read() {
    for (algorithm, arguments) in [
        (Algorithm::Es256, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256"),
        (Algorithm::Es256, "ecparam -name prime256v1 -genkey -noout"),
        (Algorithm::Es256, "ecparam -name prime256v1 -genkey"),
        (Algorithm::EdDsa, "genpkey -algorithm ed25519"),
        (Algorithm::Rs256, "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048"),
        (Algorithm::Ps256, "genrsa -traditional 2048"),
    ] {
        let pem = openssl(arguments);
        let key = SigningKey::from_pem(algorithm, &pem).unwrap_or_else(|error| panic!("{arguments}: {error}"));
        signs(&key, algorithm);
        // Nobody minds comments, CRLF or a certificate beside it.
        let framed = format!("Bag Attributes\r\n{}", pem.replace('\n', "\r\n"));
        assert_eq!(SigningKey::from_pem(algorithm, &framed).expect(arguments).thumbprint(), key.thumbprint());
    }
}

#[test]
fn what_is_no_key_for_the_algorithm_is_refused_without_showing_it() {
    let rsa = openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048");
    let weak = openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024");
    let p384 = openssl("ecparam -name secp384r1 -genkey -noout");
    let encrypted = openssl("genpkey -algorithm ed25519 -aes256 -pass pass:secret");
    let public =
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
    for (algorithm, pem, told) in [
        (Algorithm::Es256, &*rsa, "ES256"),
        (Algorithm::EdDsa, &rsa, "EdDSA"),
        (Algorithm::Hs256, &rsa, "shared secret"),
        (Algorithm::Rs256, &weak, "2048"),
        (Algorithm::Es256, &p384, "P-256"),
        (Algorithm::EdDsa, &encrypted, "decrypt it first"),
        (Algorithm::EdDsa, public, "public key"),
        (Algorithm::EdDsa, "", "no private key"),
        (Algorithm::EdDsa, "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n", "damaged"),
        (Algorithm::EdDsa, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "EdDSA"),
        (Algorithm::EdDsa, &"x".repeat(70_000), "65536"),
    ] {
        let error = SigningKey::from_pem(algorithm, pem).expect_err(told).to_string();
        assert!(error.contains(told), "{error}");
        assert!(!pem.lines().any(|line| line.len() > 20 && error.contains(line)), "{error}");
    }
}

#[test]
fn a_jwk_is_refused_where_its_halves_or_its_alg_do_not_fit() {
    let good = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI","kid":"1"}"#;
    let key = SigningKey::from_jwk(Algorithm::Es256, good).expect("ES256");
    assert_eq!(key.key_id(), Some("1"));
    for (bad, told) in [
        (good.replace("jpsQ", "jpsR"), "no private key for ES256"),
        (good.replace("\"d\"", "\"dd\""), "no d"),
        (good.replace("\"kid\"", "\"alg\":\"RS256\",\"kid\""), "another algorithm"),
        (good.replace("P-256", "P-384"), "no key for ES256"),
        (good.replace("jpsQ", "jp Q"), "not base64url"),
        ("[]".to_owned(), "no JWK"),
    ] {
        let error = SigningKey::from_jwk(Algorithm::Es256, &bad).expect_err(told).to_string();
        assert!(error.contains(told) && !error.contains("jps"), "{error}");
    }
    SigningKey::from_jwk(Algorithm::EdDsa, good).expect_err("EC is no OKP");
    SigningKey::hmac(&[1; 31]).expect_err("31 bytes");
    VerifyingKey::hmac(&[1; 31]).expect_err("31 bytes");
}

#[test]
fn what_is_published_and_what_is_shown_holds_no_private_member() {
    let pem = SigningKey::generate_pem(Algorithm::EdDsa).expect("a key");
    let key = SigningKey::from_pem(Algorithm::EdDsa, pem.expose()).expect("EdDSA").with_id("k");
    let published = key.published_jwk().expect("public");
    let value: serde_json::Value = serde_json::from_str(&published).expect("JSON");
    let names: Vec<&String> = value.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"]);
    assert_eq!(format!("{key:?}"), r#"SigningKey(EdDSA, Some("k"))"#);
    assert_eq!(Jwks::from_json(format!(r#"{{"keys":[{published}]}}"#).as_bytes()).expect("a set").keys()[0].id(), Some("k"));
    SigningKey::generate_pem(Algorithm::Rs256).expect_err("ring generates no RSA");
    assert_eq!(SigningKey::hmac(&[7; 32]).expect("long enough").published_jwk(), None);
}
