//! Is a secret printed anywhere?

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use oauth_core::{Access, Authorize, Call, ClientAuth, Grant, Step};

use crate::peer::{BACK, GOOD, NOW, SECRET, answer, begun, client, query, request, token, value};

const PASSWORD: &str = "p\u{e4}ss word&%";

#[test]
fn rfc_6819_5_1_6_nothing_that_can_be_printed_holds_a_secret() {
    let mut shown = Vec::new();
    let mut secrets: Vec<String> = [SECRET, "at-1", "rt-1", PASSWORD, "the-code", "device-code-1"].map(str::to_owned).into();
    secrets.extend(["p%C3%A4ss+word%26%25", "p%C3%A4ss%20word%26%25"].map(str::to_owned));
    for auth in [ClientAuth::Basic, ClientAuth::BasicRaw, ClientAuth::Post] {
        let client = client().auth(auth);
        let (mut login, state) = begun(&client);
        secrets.extend([state.clone(), login.saved().expect("open").expose().to_owned()]);
        secrets.extend(value(&query(login.url()), "code_challenge").map(str::to_owned));
        shown.push(format!("{client:?} {login:?} {:?}", login.saved()));
        let password = Grant::password("jo", PASSWORD).parameter("assertion", PASSWORD);
        let code = client.callback(&mut login, &format!("{BACK}&code=the-code&state={state}"));
        shown.push(format!("{login:?} {:?}", login.saved()));
        for mut exchange in [client.token(password.clone()), code, client.refresh(&token(GOOD))] {
            let request = request(&mut exchange);
            secrets.extend(crate::peer::header(&request, "authorization").map(str::to_owned));
            shown.push(format!("{request:?} {request:#?} {:?} {password:?} {exchange:?}", request.headers()));
            // A server that tells what it was sent: as it came, decoded, and with the header.
            let form = crate::peer::form(&request);
            let plain: Vec<&str> =
                form.iter().filter(|(name, _)| name != "redirect_uri").map(|(_, value)| value.as_str()).collect();
            let raw = String::from_utf8_lossy(request.body()).into_owned();
            let told = [
                SECRET,
                crate::peer::header(&request, "authorization").unwrap_or_default(),
                &raw,
                &raw.replace('+', "%20"),
                &plain.join(" "),
            ]
            .join(" ");
            let echo = serde_json::json!({"error": "invalid_request", "error_description": told});
            let answer = answer(400, echo.to_string());
            shown.push(format!("{answer:?}"));
            exchange.receive(Ok(answer));
            let error = exchange.step(NOW).expect_err("refused");
            shown.push(format!("{error} {error:?} {error:#?} {:?} {:?}", error.description(), error.code()));
        }
        for body in [&GOOD[..GOOD.len() - 1], "at-1", &GOOD.replace(":3600", ":at-1"), &GOOD.replace("\"Bearer\"", "7")] {
            let mut exchange = client.token(Grant::client_credentials());
            request(&mut exchange);
            exchange.receive(Ok(answer(200, body)));
            let error = exchange.step(NOW).expect_err("garbled");
            shown.push(format!("{error} {error:?} {exchange:?}"));
        }
        let mut exchange = client.call(&token(GOOD), Call::get("/x").query("q", PASSWORD).header("x", SECRET));
        let sent = request(&mut exchange);
        shown.push(format!("{sent:?} {:?} {:?}", Call::get("/x?q=p%C3%A4ss+word%26%25"), sent.headers()));
        exchange.receive(Ok(answer(200, "at-1")));
        shown.push(format!("{:?}", exchange.step(NOW)));
        let mut exchange = client.device([("scope", "read")]);
        request(&mut exchange);
        exchange.receive(Ok(answer(
            200,
            r#"{"device_code":"device-code-1","user_code":"U","verification_uri":"https://as.example/d","expires_in":60}"#,
        )));
        let Ok(Step::Done(device)) = exchange.step(NOW) else { panic!("a device") };
        shown.push(format!("{device:?} {:?} {:?}", device.saved(), client.poll(&device)));
    }
    shown.push(format!("{:?} {:#?} {:?}", token(GOOD), token(GOOD), token(GOOD).refresh_token()));
    for secret in &secrets {
        let decimal = secret.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ");
        for form in [secret.clone(), STANDARD.encode(secret), URL_SAFE_NO_PAD.encode(secret), decimal] {
            for text in &shown {
                assert!(!text.contains(&form), "{form} in {text}");
            }
        }
    }
    assert!(shown.iter().any(|text| text.contains("[redacted]")), "the echo was seen");
}

#[test]
fn a_secret_that_holds_a_piece_of_another_or_of_what_looks_like_one_leaves_nothing_of_itself_behind() {
    for secret in ["whale-eyJoreca~narwhal", "whale basic b3Jj~narwhal", "whale-s3cret-narwhal"] {
        let client = client().secret("s3cret");
        let mut exchange = client.token(Grant::refresh_token(secret));
        request(&mut exchange);
        let said = serde_json::json!({"error": "invalid_grant", "error_description": format!("no such token: {secret}.")});
        exchange.receive(Ok(answer(400, said.to_string())));
        let error = exchange.step(NOW).expect_err("refused").to_string();
        assert!(!error.contains("whale") && !error.contains("narwhal"), "{error}");
        assert!(error.contains("no such token: [redacted]. [HTTP 400]"), "{error}");
    }
}

#[test]
fn what_is_asked_for_prints_its_names_and_no_values() {
    let asked = Authorize::new("https://app.example/cb?tenant=1-secret")
        .scope("openid")
        .parameter("id_token_hint", "eyJ-secret")
        .parameter("login_hint", "jo@secret.example")
        .parameter("nonce", "n-secret")
        .resource("https://api.example/?key=r-secret");
    let shown = format!("{asked:?} {asked:#?}");
    assert!(!shown.contains("secret"), "{shown}");
    assert!(shown.contains("https://app.example/cb") && shown.contains("id_token_hint") && shown.contains("scope"), "{shown}");
    let access = Access::to("https://tools.example/mcp?key=a-secret")
        .client_document("https://app.example/client.json")
        .register(r#"{"software_statement":"eyJ-secret","jwks":{"keys":[{"d":"d-secret"}]}}"#)
        .initial_access_token("i-secret");
    let shown = format!("{access:?} {access:#?}");
    assert!(!shown.contains("secret") && shown.contains("https://tools.example/mcp"), "{shown}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test has a clock; the core has none")]
fn an_error_text_that_is_all_secrets_is_read_in_no_time() {
    for piece in ["eyJ ", "basic x ", "Basic eyJ "] {
        let mut exchange = client().token(Grant::client_credentials());
        request(&mut exchange);
        let said = serde_json::json!({"error": "invalid_request", "error_description": piece.repeat(1_000_000 / piece.len())});
        exchange.receive(Ok(answer(400, said.to_string())));
        let begun = std::time::Instant::now();
        let error = exchange.step(NOW).expect_err("refused");
        assert!(begun.elapsed().as_secs() < 5, "{piece}: {:?}", begun.elapsed());
        assert!(!error.to_string().contains("eyJ") && error.to_string().contains("[redacted]"), "{error}");
    }
}
