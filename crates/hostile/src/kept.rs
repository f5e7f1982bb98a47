//! What may stand in a record, or in a text that was kept?

use oauth_core::{Approval, Authorize, Backchannel, Call, Client, Device, Grant, Kind, Login, Provider, Step, Token};

use crate::{
    answers::{check_device, check_token, kept_token},
    peer::{Counting, NOW, answer, check_error, check_url, client, play},
};

/// Any record is refused with its place, or its provider sends to checked places only.
pub fn record(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let provider = match Provider::from_json(&text) {
        Ok(provider) => provider,
        Err(error) => {
            check_error(&error);
            assert_eq!(error.kind(), Kind::Usage, "{error}");
            return;
        }
    };
    let client = Client::new(provider, "app").secret("another-secret-of-32-characters-").variable("tenant", "t");
    for grant in [Grant::client_credentials().scope("a b"), Grant::password("jo", "pw"), Grant::refresh_token("r")] {
        match client.token(grant).step(NOW) {
            Ok(Step::Send(request)) => check_url(request.url()),
            Ok(step) => panic!("{step:?}"),
            Err(error) => assert_eq!(error.kind(), Kind::Usage, "{error}"),
        }
    }
    if let Ok(login) = client.authorize(Authorize::new("https://app.example/cb"), NOW, &Counting) {
        check_url(login.url());
    }
    let good = answer(b"200\n\n{\"access_token\":\"at-1\",\"token_type\":\"Bearer\"}");
    let mut exchange = client.token(Grant::client_credentials());
    if exchange.step(NOW).is_ok() {
        exchange.receive(Ok(good));
        if let Ok(Step::Done(token)) = exchange.step(NOW) {
            let mut call = client.call(&token, Call::get("/x"));
            if let Ok(Step::Send(request)) = call.step(NOW) {
                check_url(request.url());
            }
        }
    }
}

/// Any text that was kept is refused without being shown, or is one that can be kept again.
pub fn saved(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match Token::restore(&text) {
        Ok(token) => check_token(&token, None),
        Err(error) => check(&error),
    }
    match Login::restore(&text) {
        Ok(mut login) => {
            let _ = format!("{login:?}");
            if let Err(error) = client().callback(&mut login, "https://app.example/cb?code=c&state=s").step(NOW) {
                check_error(&error);
            }
        }
        Err(error) => check(&error),
    }
    match Device::restore(&text) {
        Ok(device) => {
            check_device(&device);
            step(Approval::from(&device));
        }
        Err(error) => check(&error),
    }
    match Backchannel::restore(&text) {
        Ok(backchannel) => step(Approval::from(&backchannel)),
        Err(error) => check(&error),
    }
}

/// One of each kind.
pub(crate) fn good() -> Vec<Vec<u8>> {
    let client = client();
    let device = answer(
        br#"200

{"device_code":"d","user_code":"U-1","verification_uri":"https://as.example/d","verification_uri_complete":"https://as.example/d?c=U-1","expires_in":600}"#,
    );
    let ciba = answer(b"200\n\n{\"auth_req_id\":\"r\",\"expires_in\":600,\"interval\":2}");
    let login = client.authorize(Authorize::new("https://app.example/cb").resource("https://api.example"), NOW, &Counting);
    let saved = [
        Some(kept_token().saved()),
        login.and_then(|login| login.saved()).ok(),
        play(client.device([("scope", "read")]), &device, 1).and_then(Result::ok).map(|device| device.saved()),
        play(client.backchannel([("scope", "openid"), ("login_hint", "jo")]), &ciba, 1).and_then(Result::ok).map(|it| it.saved()),
    ];
    let all: Vec<Vec<u8>> = saved.into_iter().flatten().map(|saved| saved.expose().as_bytes().to_vec()).collect();
    assert_eq!(all.len(), 4, "a token, a login, a device, a backchannel login");
    all
}

fn step(approval: Approval) {
    let mut exchange = client().poll(approval);
    for now in [NOW, NOW.later(i64::MAX)] {
        match exchange.step(now) {
            Ok(Step::Send(request)) => assert_eq!(request.url(), "https://as.example/token"),
            Ok(Step::Wait(pause)) => assert!(pause.as_secs() <= 24 * 3600, "{pause:?}"),
            Ok(step) => panic!("{step:?}"),
            Err(error) => check_error(&error),
        }
    }
}

fn check(error: &oauth_core::Error) {
    check_error(error);
    assert_eq!(error.kind(), Kind::Usage, "{error}");
}
