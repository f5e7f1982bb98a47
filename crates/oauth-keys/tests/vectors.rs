//! Do the RFCs' own examples come out?

mod rfc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oauth_core::{Signer, thumbprint};
use oauth_keys::{Algorithm, Expected, Jwks, SigningKey, Unverified, VerifyingKey, verify_jws};
use rfc::{ANY, CLAIMS, encoded, one};

const A_1_KEY: &str =
    r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;
const A_2_KEY: &str = r#"{"kty":"RSA",
    "n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
    "e":"AQAB",
    "d":"Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ",
    "p":"4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc",
    "q":"uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc",
    "dp":"BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0",
    "dq":"h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU",
    "qi":"IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U"}"#;
const A_2_SIGNATURE: &str = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
const A_3_KEY: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;
const A_3_SIGNATURE: &str = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
const A_4_SIGNED: &str = "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";
const RFC_8037_KEY: &str = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
const RFC_8037_SIGNED: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

/// A signed text of that header, by that key.
fn signed(key: &SigningKey, header: &str) -> String {
    let message = format!("{}.{CLAIMS}", encoded(header));
    format!("{message}.{}", encoded(key.sign(message.as_bytes()).expect("signed")))
}

fn a_3_key() -> SigningKey {
    SigningKey::from_jwk(Algorithm::Es256, A_3_KEY).expect("ES256")
}

#[test]
fn rfc_7515_a_1_hs256() {
    let key = SigningKey::from_jwk(Algorithm::Hs256, A_1_KEY).expect("HS256");
    let jws = signed(&key, "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}");
    assert_eq!(jws, format!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{CLAIMS}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
    let secret = URL_SAFE_NO_PAD
        .decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
        .expect("base64url");
    let verified = verify_jws(&jws, &VerifyingKey::hmac(&secret).expect("long enough").into(), &ANY).expect("verified");
    assert_eq!(verified.claims().expect("claims")["iss"], "joe");
}

#[test]
fn rfc_7515_a_2_rs256() {
    let key = SigningKey::from_jwk(Algorithm::Rs256, A_2_KEY).expect("RS256");
    let jws = signed(&key, r#"{"alg":"RS256"}"#);
    assert_eq!(jws, format!("eyJhbGciOiJSUzI1NiJ9.{CLAIMS}.{A_2_SIGNATURE}"));
    verify_jws(&jws, &one(A_2_KEY), &ANY).expect("verified");
    // The same key by another algorithm is another signature.
    let pss = SigningKey::from_jwk(Algorithm::Ps256, A_2_KEY).expect("PS256");
    let jws = signed(&pss, r#"{"alg":"PS256"}"#);
    verify_jws(&jws, &one(A_2_KEY), &ANY).expect("verified");
    let relabelled = jws.replace(&encoded(r#"{"alg":"PS256"}"#), &encoded(r#"{"alg":"RS256"}"#));
    assert_eq!(verify_jws(&relabelled, &one(A_2_KEY), &ANY).err(), Some(Unverified::Signature));
}

#[test]
fn rfc_7515_a_3_es256() {
    let theirs = format!("{}.{CLAIMS}.{A_3_SIGNATURE}", encoded(r#"{"alg":"ES256"}"#));
    verify_jws(&theirs, &one(A_3_KEY), &ANY).expect("verified");
    let ours = signed(&a_3_key(), r#"{"alg":"ES256"}"#);
    verify_jws(&ours, &one(A_3_KEY), &ANY).expect("verified");
    assert_ne!(ours, theirs, "ECDSA is randomized");
}

#[test]
fn rfc_7515_a_4_es512_is_not_known_and_so_refused() {
    assert_eq!(verify_jws(A_4_SIGNED, &one(A_3_KEY), &ANY).err(), Some(Unverified::Algorithm));
}

#[test]
fn rfc_8037_a_4_ed25519() {
    let key = SigningKey::from_jwk(Algorithm::EdDsa, RFC_8037_KEY).expect("EdDSA");
    let (message, signature) = RFC_8037_SIGNED.rsplit_once('.').expect("two dots");
    assert_eq!(encoded(key.sign(message.as_bytes()).expect("signed")), signature);
    assert_eq!(verify_jws(RFC_8037_SIGNED, &one(RFC_8037_KEY), &ANY).expect("verified").payload(), b"Example of Ed25519 signing");
    assert_eq!(key.thumbprint().as_deref(), Some("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
}

#[test]
fn rfc_7638_3_1_thumbprint() {
    let jwk = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#;
    assert_eq!(thumbprint(jwk).expect("RSA"), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

#[test]
fn rfc_7517_a_1_public_keys_of_a_set_and_what_is_not_for_signatures() {
    // The EC key of the example is for encryption, the RSA key says its algorithm; the others are of this library's making.
    let set = br#"{"keys":[
        {"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"enc","kid":"1"},
        {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"},
        {"kty":"oct","alg":"HS256","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow","kid":"shared"},
        {"kty":"RSA","n":"AQAB","e":"AQAB","kid":"weak"},
        {"kty":"EC","crv":"P-521","x":"AAAA","y":"AAAA","kid":"other curve"},
        {"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA","kid":"short"},
        {"kty":"EC","crv":"P-256","alg":"RS256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
        {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","key_ops":["sign"]},
        {"kty":"something new","kid":"later"}, 7]}"#;
    let keys = Jwks::from_json(set).expect("a set");
    assert_eq!(keys.keys().iter().map(VerifyingKey::id).collect::<Vec<_>>(), [Some("2011-04-29")]);
    assert!(keys.keys()[0].is_for(Algorithm::Rs256) && !keys.keys()[0].is_for(Algorithm::Ps256));
    // Nor can it be asked by another door.
    let signature = URL_SAFE_NO_PAD.decode(A_2_SIGNATURE).expect("base64url");
    let (key, message) = (&one(A_2_KEY).keys()[0].clone(), format!("{}.{CLAIMS}", encoded(r#"{"alg":"RS256"}"#)));
    key.verify(Algorithm::Rs256, message.as_bytes(), &signature).expect("verified");
    for other in [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Hs256, Algorithm::Ps256] {
        assert_eq!(key.verify(other, message.as_bytes(), &signature), Err(Unverified::Signature), "{other}");
    }
    for bad in [&b"{}"[..], b"[]", b"{\"keys\":{}}", b"", b"{\"keys\":[1,]}"] {
        Jwks::from_json(bad).expect_err("no set");
    }
    Jwks::from_json(format!("{{\"keys\":[{}1]}}", "1,".repeat(200)).as_bytes()).expect_err("201 keys");
    Jwks::from_json(format!("{{\"keys\":[]{}}}", " ".repeat(600_000)).as_bytes()).expect_err("600 kB");
}

#[test]
fn rfc_8725_3_1_the_signed_text_does_not_choose_its_algorithm() {
    let keys = one(A_3_KEY);
    for header in [r#"{"alg":"none"}"#, r#"{"alg":"None"}"#, r#"{"alg":"es256"}"#, r#"{"alg":""}"#, r#"{"alg":"HS512"}"#] {
        for signature in ["", A_3_SIGNATURE] {
            let jws = format!("{}.{CLAIMS}.{signature}", encoded(header));
            assert_eq!(verify_jws(&jws, &keys, &ANY).err(), Some(Unverified::Algorithm), "{header}");
        }
    }
    // A good signature by an algorithm that is not expected here.
    let good = signed(&a_3_key(), r#"{"alg":"ES256"}"#);
    let others = Expected { algorithms: &[Algorithm::Rs256, Algorithm::Hs256], typ: None };
    assert_eq!(verify_jws(&good, &keys, &others).err(), Some(Unverified::Algorithm));
    assert_eq!(verify_jws(&good, &keys, &Expected { algorithms: &[], typ: None }).err(), Some(Unverified::Algorithm));
}

#[test]
fn rfc_8725_2_1_a_public_key_is_no_shared_secret() {
    let jwk = a_3_key().published_jwk().expect("public");
    // What an attacker would do: take the public key's bytes as the secret.
    let forged = signed(&SigningKey::hmac(jwk.as_bytes()).expect("long enough"), r#"{"alg":"HS256"}"#);
    assert_eq!(verify_jws(&forged, &one(&jwk), &ANY).err(), Some(Unverified::UnknownKey));
    let shared = VerifyingKey::hmac(jwk.as_bytes()).expect("long enough");
    let good = signed(&a_3_key(), r#"{"alg":"ES256"}"#);
    assert_eq!(verify_jws(&good, &shared.into(), &ANY).err(), Some(Unverified::UnknownKey));
}

#[test]
fn rfc_7515_4_1_11_critical_extensions_are_refused() {
    for header in [
        r#"{"alg":"ES256","crit":["exp"],"exp":1}"#,
        r#"{"alg":"ES256","crit":[]}"#,
        r#"{"alg":"ES256","crit":null}"#,
        r#"{"alg":"ES256","b64":false,"crit":["b64"]}"#,
        r#"{"alg":"ES256","b64":false}"#,
    ] {
        assert_eq!(verify_jws(&signed(&a_3_key(), header), &one(A_3_KEY), &ANY).err(), Some(Unverified::Critical), "{header}");
    }
}

#[test]
fn rfc_8725_3_11_the_type_is_checked_where_it_is_expected() {
    let expecting = |typ| Expected { algorithms: &[Algorithm::Es256], typ: Some(typ) };
    for (header, fits) in [
        (r#"{"alg":"ES256","typ":"at+jwt"}"#, true),
        (r#"{"alg":"ES256","typ":"application/AT+JWT"}"#, true),
        (r#"{"alg":"ES256","typ":"JWT"}"#, false),
        (r#"{"alg":"ES256"}"#, false),
        (r#"{"alg":"ES256","typ":"é application/"}"#, false),
    ] {
        let verified = verify_jws(&signed(&a_3_key(), header), &one(A_3_KEY), &expecting("at+jwt"));
        assert_eq!(verified.err(), (!fits).then_some(Unverified::Type), "{header}");
    }
}

#[test]
fn what_is_damaged_is_refused() {
    let keys = one(A_3_KEY);
    let good = signed(&a_3_key(), r#"{"alg":"ES256"}"#);
    let refused = |jws: &str| verify_jws(jws, &keys, &ANY).expect_err(jws);
    // r = s = 0 (CVE-2022-21449), and all that is not 64 bytes.
    let (message, signature) = good.rsplit_once('.').expect("two dots");
    for length in [0, 63, 64, 65, 72, 132] {
        assert_eq!(refused(&format!("{message}.{}", encoded(vec![0; length]))), Unverified::Signature);
    }
    for cut in 1..good.len() {
        refused(&good[..cut]);
    }
    for other in ["", ".", "..", "...", "a.b.c", &format!("{good}."), &format!("{good}.x.y"), &format!("{message}.{signature}=")]
    {
        assert_eq!(refused(other), Unverified::Malformed);
    }
    // One bit of each part.
    for (at, _) in good.match_indices(|c: char| c.is_ascii_alphanumeric()) {
        let flipped = if good.as_bytes()[at] == b'A' { "B" } else { "A" };
        refused(&format!("{}{flipped}{}", &good[..at], &good[at + 1..]));
    }
    let long = format!("{}.{}", encoded(r#"{"alg":"ES256"}"#), "AAAA".repeat(20_000));
    let signature = encoded(a_3_key().sign(long.as_bytes()).expect("signed"));
    assert_eq!(refused(&format!("{long}.{signature}")), Unverified::Malformed, "well signed, and longer than 64 KiB");
    let wrong = SigningKey::generate_es256().expect("a key");
    assert_eq!(refused(&signed(&wrong, r#"{"alg":"ES256"}"#)), Unverified::Signature);
    // A header that brings its own key is checked by ours.
    let own = format!(r#"{{"alg":"ES256","jwk":{}}}"#, wrong.published_jwk().expect("public"));
    assert_eq!(refused(&signed(&wrong, &own)), Unverified::Signature);
}

#[test]
fn exactly_one_key_of_a_set_is_chosen() {
    let keys: Vec<SigningKey> = ["a", "b", "b"].map(|id| SigningKey::generate_es256().expect("a key").with_id(id)).into();
    let set = |keys: &[&SigningKey]| {
        let jwks: Vec<String> = keys.iter().filter_map(|key| key.published_jwk()).collect();
        Jwks::from_json(format!(r#"{{"keys":[{}]}}"#, jwks.join(",")).as_bytes()).expect("a set")
    };
    let check = |header: &str, set: &Jwks| verify_jws(&signed(&keys[0], header), set, &ANY).err();
    let (two, twins) = (set(&[&keys[0], &keys[1]]), set(&[&keys[1], &keys[2]]));
    assert_eq!(check(r#"{"alg":"ES256","kid":"a"}"#, &two), None);
    assert_eq!(check(r#"{"alg":"ES256","kid":"b"}"#, &two), Some(Unverified::Signature));
    assert_eq!(check(r#"{"alg":"ES256","kid":"c"}"#, &two), Some(Unverified::UnknownKey));
    assert_eq!(check(r#"{"alg":"ES256"}"#, &two), Some(Unverified::Ambiguous));
    assert_eq!(check(r#"{"alg":"ES256"}"#, &set(&[&keys[0]])), None);
    assert_eq!(check(r#"{"alg":"ES256","kid":"b"}"#, &twins), Some(Unverified::Ambiguous));
    assert_eq!(check(r#"{"alg":"ES256","kid":"a"}"#, &Jwks::default()), Some(Unverified::UnknownKey));
    // A server with one key that has no name.
    let nameless = SigningKey::from_jwk(Algorithm::Es256, A_3_KEY).expect("ES256");
    let jws = signed(&nameless, r#"{"alg":"ES256","kid":"whatever"}"#);
    verify_jws(&jws, &one(A_3_KEY), &ANY).expect("the only key");
}

#[test]
fn rfc_7515_a_5_what_is_not_signed_is_refused() {
    let unsecured = format!("eyJhbGciOiJub25lIn0.{CLAIMS}.");
    assert_eq!(verify_jws(&unsecured, &one(A_3_KEY), &ANY).err(), Some(Unverified::Algorithm));
    assert_eq!(verify_jws(&unsecured, &Jwks::default(), &ANY).err(), Some(Unverified::Algorithm));
}

#[test]
fn rfc_7520_4_4_hs256() {
    const MESSAGE: &str = "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4";
    const SIGNATURE: &str = "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0";
    let secret = URL_SAFE_NO_PAD.decode("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg").expect("base64url");
    let key = SigningKey::hmac(&secret).expect("HS256");
    assert_eq!(encoded(key.sign(MESSAGE.as_bytes()).expect("signed")), SIGNATURE);
    let keys = VerifyingKey::hmac(&secret).expect("HS256").into();
    let verified = verify_jws(&format!("{MESSAGE}.{SIGNATURE}"), &keys, &ANY).expect("verified");
    assert!(verified.payload().starts_with("It\u{2019}s a dangerous business, Frodo".as_bytes()));
    assert_eq!(verified.key_id(), Some("018c0ae5-4d9b-471b-bfd6-eef314bc7037"));
}

#[test]
fn rfc_9449_4_1_the_example_of_a_proof_is_signed_by_the_key_that_it_brings() {
    let proof = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
    let jwk = r#"{"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"}"#;
    let expected = Expected { algorithms: &[Algorithm::Es256], typ: Some("dpop+jwt") };
    let verified = verify_jws(proof, &one(jwk), &expected).expect("verified");
    assert_eq!(verified.claims().expect("claims")["htu"], "https://server.example.com/token");
    // §6.1
    assert_eq!(thumbprint(jwk).expect("EC"), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
}
