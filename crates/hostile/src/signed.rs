//! What may a signed text say, and who may have signed it?

use std::sync::{Arc, LazyLock};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oauth_core::{Authorize, Client, Error, Signer, Step, Token, thumbprint};
use oauth_keys::{Algorithm, Expected, Jwks, ServerKeys, SigningKey, VerifyingKey, verify_jws};
use serde_json::{Value, json};

use crate::peer::{Counting, ISSUER, NOW, answer, check_error, client, play};

/// RFC 8037 Appendix A.1: its signatures are the same each time.
static KEY: LazyLock<SigningKey> = LazyLock::new(|| {
    let jwk = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    SigningKey::from_jwk(Algorithm::EdDsa, jwk).unwrap_or_else(|error| panic!("{error}"))
});
pub(crate) static KEYS: LazyLock<String> =
    LazyLock::new(|| format!(r#"{{"keys":[{}]}}"#, KEY.published_jwk().unwrap_or_default()));
static CLIENT: LazyLock<Client> = LazyLock::new(|| client().verifier(Arc::new(ServerKeys::new())));
/// An ID token that is right.
pub(crate) static GOOD: LazyLock<String> = LazyLock::new(|| signed(br#"{"alg":"EdDSA"}"#, right().to_string().as_bytes()));

/// The claims that are right.
pub(crate) fn right() -> Value {
    let s = NOW.wall / 1000;
    json!({"iss": ISSUER, "sub": "alice", "aud": "app", "exp": s + 300, "iat": s, "nonce": "n-1"})
}

/// The claims of a signed answer (JARM §2.1) that are right.
pub(crate) fn answered() -> Value {
    json!({"iss": ISSUER, "aud": "app", "exp": NOW.wall / 1000 + 300, "code": "c", "state": "{state}"})
}

pub(crate) fn signed(header: &[u8], payload: &[u8]) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = KEY.sign(message.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// What the client makes of a token with that ID token.
fn believed(id_token: &str) -> Result<(), Error> {
    let body = json!({"access_token": "at-1", "token_type": "Bearer", "id_token": id_token}).to_string();
    let token = play(client().token(oauth_core::Grant::client_credentials()), &answer(format!("200\n\n{body}").as_bytes()), 1);
    let token: Token = token.unwrap_or_else(|| panic!("an end"))?;
    let keys = answer(format!("200\n\n{}", *KEYS).as_bytes());
    play(CLIENT.id_token(&token, Some("n-1")), &keys, 2).unwrap_or_else(|| panic!("the keys are read once")).map(|_| ())
}

/// No ID token is believed but the one that was signed.
pub fn id_token(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let result = believed(&text);
    assert_eq!(result.is_ok(), text == GOOD.as_str(), "{result:?}");
    let any = Expected { algorithms: &[Algorithm::EdDsa, Algorithm::Es256, Algorithm::Rs256, Algorithm::Ps256], typ: None };
    if let Ok(keys) = Jwks::from_json(KEYS.as_bytes()) {
        assert!(text == GOOD.as_str() || verify_jws(&text, &keys, &any).is_err() || text.len() < GOOD.len(), "forged");
    }
}

/// A header, which may be left out, and what stands behind the first empty line.
fn parts<'a>(data: &'a [u8], header: &'static str) -> (&'a [u8], &'a [u8]) {
    let end = data.windows(2).position(|two| two == b"\n\n");
    end.map_or((header.as_bytes(), data), |end| (&data[..end], &data[end + 2..]))
}

/// No claims are believed but the right ones, whoever signed them. A header may stand before the first empty line.
pub fn claims(data: &[u8]) {
    let (header, payload) = parts(data, r#"{"alg":"EdDSA"}"#);
    if believed(&signed(header, payload)).is_err() {
        return;
    }
    let claims = check_claims(header, payload);
    assert_eq!(claims["nonce"].as_str(), Some("n-1"));
    assert!(claims.get("azp").is_none_or(|azp| azp == "app"), "{claims}");
    assert!(claims["iat"].as_f64().is_some_and(|iat| iat < (NOW.wall / 1000) as f64 + 31.0), "{claims}");
    assert!(claims["sub"].as_str().is_some_and(|sub| !sub.is_empty() && sub.len() <= 255), "{claims}");
}

/// What must be right wherever something signed was believed. Read once more, by nothing of the library's.
fn check_claims(header: &[u8], payload: &[u8]) -> Value {
    let header: Value = serde_json::from_slice(header).unwrap_or_default();
    let claims: Value = serde_json::from_slice(payload).unwrap_or_default();
    let s = (NOW.wall / 1000) as f64;
    assert_eq!((header["alg"].as_str(), header.get("crit")), (Some("EdDSA"), None));
    assert_eq!(claims["iss"].as_str(), Some(ISSUER));
    assert!(claims["aud"] == "app" || claims["aud"].as_array().is_some_and(|all| all.contains(&json!("app"))), "{claims}");
    assert!(claims["exp"].as_f64().is_some_and(|exp| exp > s - 31.0), "{claims}");
    assert!(claims.get("nbf").is_none_or(|nbf| nbf.as_f64().is_some_and(|nbf| nbf < s + 31.0)), "{claims}");
    claims
}

/// No signed answer (JARM) is believed but one of this server, for this client, this login and now. `{state}` stands for the right one.
pub fn signed_answer(data: &[u8]) {
    let authorize = Authorize::new("https://app.example/cb").response_mode("jwt");
    let Ok(mut login) = CLIENT.authorize(authorize, NOW, &Counting) else { panic!("a login") };
    let state = login.url().split(['?', '&']).find_map(|pair| pair.strip_prefix("state=")).unwrap_or_default().to_owned();
    let text = String::from_utf8_lossy(data).replace("{state}", &state);
    let (header, payload) = parts(text.as_bytes(), r#"{"alg":"EdDSA"}"#);
    let mut exchange = CLIENT.callback(&mut login, &format!("?response={}", signed(header, payload)));
    let mut end = exchange.step(NOW);
    if matches!(&end, Ok(Step::Send(request)) if request.url() == "https://as.example/keys") {
        exchange.receive(Ok(answer(format!("200\n\n{}", *KEYS).as_bytes())));
        end = exchange.step(NOW);
    }
    match end {
        Ok(Step::Send(request)) => {
            assert_eq!(request.url(), "https://as.example/token");
            let claims = check_claims(header, payload);
            assert_eq!(claims["state"].as_str(), Some(state.as_str()));
            assert!(claims["code"].is_string() && claims.get("error").is_none_or(|error| !error.is_string()), "{claims}");
        }
        Ok(step) => panic!("{step:?}"),
        Err(error) => check_error(&error),
    }
}

/// Any set of keys is read or refused, and none of its private or shared parts is ever taken or shown.
pub fn jwks(data: &[u8]) {
    if let Ok(keys) = Jwks::from_json(data) {
        let _ = format!("{keys:?}");
        assert!(
            keys.keys().len() <= 200 && keys.keys().iter().all(|key| !key.is_for(Algorithm::Hs256)),
            "a secret is not published"
        );
        let any = Expected { algorithms: &[Algorithm::EdDsa, Algorithm::Es256, Algorithm::Rs256, Algorithm::Ps256], typ: None };
        let _ = verify_jws(&GOOD, &keys, &any);
    }
    let text = String::from_utf8_lossy(data);
    if let Ok(key) = VerifyingKey::from_jwk(&text) {
        for algorithm in [Algorithm::EdDsa, Algorithm::Es256, Algorithm::Rs256, Algorithm::Ps256, Algorithm::Hs256] {
            assert!(key.verify(algorithm, b"message", &[0; 64]).is_err(), "CVE-2022-21449: a signature of zeros");
        }
    }
    let _ = thumbprint(&text);
    for algorithm in [Algorithm::EdDsa, Algorithm::Es256, Algorithm::Rs256, Algorithm::Hs256] {
        let read = [
            SigningKey::from_jwk(algorithm, &text),
            SigningKey::from_pem(algorithm, &text),
            SigningKey::from_pkcs8_der(algorithm, data),
        ];
        for key in read.into_iter().flatten() {
            assert!(
                key.published_jwk().is_none_or(|jwk| !jwk.contains("\"d\"") && !jwk.contains("\"k\"")),
                "a private member was published"
            );
        }
    }
}
