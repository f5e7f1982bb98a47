//! What may an answer of the authorization server, or of an API, do?

use oauth_core::{Authorize, Call, Device, Grant, Kind, Token};

use crate::peer::{Counting, NOW, SECRET, answer, check_error, client, is_answer_error, play, strangers};

/// Any answer to a token request is a token that can be used and kept, a refusal, or garbled.
pub fn token_answer(data: &[u8]) {
    let answer = answer(data);
    let grant = Grant::password("jo", SECRET).scope("read write");
    match play(client().token(grant), &answer, 1) {
        Some(Ok(token)) => check_token(&token, Some(answer.body())),
        Some(Err(error)) => {
            assert!(is_answer_error(&error), "{error}");
            assert!(answer.status() < 400 || error.kind() == Kind::Refused || !answer.body().is_empty(), "{error}");
        }
        None => panic!("one request has one outcome"),
    }
}

/// A token that was read, from an answer or from a text that was kept.
pub(crate) fn check_token(token: &Token, body: Option<&[u8]>) {
    let visible = |text: &str| !text.is_empty() && text.bytes().all(|byte| (0x21..=0x7E).contains(&byte));
    assert!(visible(token.access_token()), "RFC 6749 A.12");
    assert!(token.refresh_token().is_none_or(|refresh| visible(refresh.expose())), "RFC 6749 A.17");
    if let Some(authorization) = token.authorization() {
        assert!(authorization.ends_with(token.access_token()), "the header carries this token");
        assert!(authorization.bytes().all(|byte| (0x20..=0x7E).contains(&byte)), "RFC 9110 §5.5");
    }
    for later in [i64::MIN, 0, 1, i64::MAX] {
        let _ = token.is_expired(NOW.later(later));
    }
    let _ = (token.user(), token.is_scope_narrower(), token.deviations().len());
    let saved = token.saved();
    match Token::restore(saved.expose()) {
        Ok(again) => assert_eq!(again.saved().expose(), saved.expose(), "kept as it was"),
        Err(error) => panic!("what was kept is not read: {error}"),
    }
    // Short ones are also words of ours, and what stands twice in an answer may have two meanings.
    let token_text = token.access_token();
    let once =
        body.is_some_and(|body| body.windows(token_text.len()).filter(|window| *window == token_text.as_bytes()).count() == 1);
    let elsewhere = [token.token_type(), token.scope()].into_iter().flatten().any(|text| text.contains(token_text));
    if token_text.len() >= 16 && once && !elsewhere {
        assert!(!format!("{token:?}").contains(token_text), "printed");
    }
}

/// Any answer of the other endpoints is what was asked for, a refusal, or garbled.
pub fn document_answer(data: &[u8]) {
    let (client, answer) = (client(), answer(data));
    let token = kept_token();
    // The last one is a resource, which is told no secret of the client's.
    let ends = [
        play(client.revoke(&token), &answer, 1),
        play(client.introspect(&token), &answer, 1),
        strangers(client.userinfo(&token), &answer, 1),
    ];
    for end in ends {
        match end {
            Some(Ok(document)) => {
                let _ = (document.value(), document.field("/a"), document.text("/sub"));
            }
            Some(Err(error)) => assert!(is_answer_error(&error), "{error}"),
            None => panic!("one request has one outcome"),
        }
    }
    match play(client.push(Authorize::new("https://app.example/cb"), NOW, &Counting), &answer, 1) {
        Some(Ok(login)) => assert!(login.url().starts_with("https://as.example/authorize?client_id=app&request_uri=")),
        Some(Err(error)) => assert!(is_answer_error(&error), "{error}"),
        None => panic!("one request has one outcome"),
    }
    if let Some(Ok(device)) = play(client.device([("scope", "read")]), &answer, 1) {
        check_device(&device);
        poll(&client, &device, &answer);
    }
    if let Some(Ok(backchannel)) = play(client.backchannel([("scope", "openid"), ("login_hint", "jo")]), &answer, 1) {
        assert!(backchannel.interval_ms() >= 0 && !format!("{backchannel:?}").contains(SECRET));
        poll(&client, &backchannel, &answer);
    }
}

/// It ends, or goes on asking no more often than it may.
pub(crate) fn poll(client: &oauth_core::Client, approval: impl Into<oauth_core::Approval>, answer: &oauth_core::Answer) {
    if let Some(Ok(token)) = play(client.poll(approval), answer, 3) {
        check_token(&token, Some(answer.body()));
    }
}

pub(crate) fn check_device(device: &Device) {
    for uri in [Some(device.verification_uri()), device.verification_uri_complete()].into_iter().flatten() {
        assert!(
            uri.starts_with("https://") || uri.starts_with("HTTPS://") || uri.to_ascii_lowercase().starts_with("http"),
            "{uri}"
        );
        assert!(
            !uri.contains(|c: char| c.is_control() || c.is_whitespace() || "\"\\<>|^`{}".contains(c)),
            "CVE-2025-6514: {uri}"
        );
    }
    assert!(!device.user_code().chars().any(char::is_control));
    assert!(device.interval_ms() >= 0);
    match Device::restore(device.saved().expose()) {
        Ok(again) => assert_eq!(again.saved().expose(), device.saved().expose()),
        Err(error) => panic!("what was kept is not read: {error}"),
    }
}

/// Any answer of an API is handed over, or its token is dead: renewed once, repeated once.
pub fn api_answer(data: &[u8]) {
    let answer = answer(data);
    match play(client().call(&kept_token(), Call::get("/x")), &answer, 3) {
        Some(Ok(reply)) => {
            let _ = (reply.answer.json(), reply.answer.text());
        }
        Some(Err(error)) => check_error(&error),
        None => panic!("a call, a renewal, a call: never more"),
    }
}

/// A token with everything.
pub(crate) fn kept_token() -> Token {
    let body = br#"200

{"access_token":"at-1","token_type":"Bearer","expires_in":3600,"refresh_token":"rt-1"}"#;
    match play(client().token(Grant::client_credentials()), &answer(body), 1) {
        Some(Ok(token)) => token,
        _ => panic!("a good answer"),
    }
}
