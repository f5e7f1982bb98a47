//! Who hears it?

use std::sync::LazyLock;

use oauth_core::{Answer, Client, Error, Exchange, Kind, Now, Provider, Random, Step};

pub(crate) const NOW: Now = Now { wall: 1_700_000_000_000, mono: 5_000_000 };
/// A server may echo it; no text of ours may.
pub(crate) const SECRET: &str = "the-secret-of-the-client";
pub(crate) const ISSUER: &str = "https://as.example";

/// Not guessable by who does not know this file.
pub(crate) struct Counting;

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        (101..).zip(bytes).for_each(|(number, byte)| *byte = number);
        Ok(())
    }
}

static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    const RECORD: &str = r#"{"version":1,"name":"example","base":"https://as.example","issuer":"https://as.example",
        "token":{"url":"/token","error_pointers":["/fault/detail/errorcode"],"description_pointers":["/fault/faultstring"]},
        "authorize":{"url":"/authorize"},
        "api":{"base":"https://api.example","expired":[{"status":[401]},{"status":[200],"pointer":"/meta/text","equals":"token revoked"}]},
        "endpoints":{"revocation":"/revoke","introspection":"/introspect","device_authorization":"/device","userinfo":"/me","jwks":"/keys",
            "pushed_authorization_request":"/push","backchannel_authentication":"/ciba"}}"#;
    match Provider::from_json(RECORD) {
        Ok(provider) => Client::new(provider, "app").secret(SECRET),
        Err(error) => panic!("{error}"),
    }
});

pub(crate) fn client() -> Client {
    CLIENT.clone()
}

/// An answer, written as `STATUS`, `Name: value` lines, an empty line, and the body.
pub(crate) fn answer(data: &[u8]) -> Answer {
    let end = data.windows(2).position(|two| two == b"\n\n").unwrap_or(data.len());
    let (head, body) = (String::from_utf8_lossy(&data[..end]), data.get(end + 2..).unwrap_or_default());
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.trim().parse().ok()).unwrap_or(200);
    let headers = lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_owned(), value.to_owned()));
    Answer::new(status, headers.collect(), body.to_vec())
}

/// Hands every request of an exchange this answer, at most so often, until it ends; the pauses pass at once.
pub(crate) fn play<T>(exchange: Exchange<T>, answer: &Answer, most: usize) -> Option<Result<T, Error>> {
    let outcome = strangers(exchange, answer, most);
    if let Some(Err(error)) = &outcome {
        check_secret(error);
    }
    outcome
}

/// The same for an exchange that begins without a client, whose secret nobody could have echoed.
pub(crate) fn strangers<T>(mut exchange: Exchange<T>, answer: &Answer, most: usize) -> Option<Result<T, Error>> {
    let mut now = NOW;
    let mut sent = 0;
    for _ in 0..10 * most {
        match exchange.step(now) {
            Ok(Step::Send(request)) => {
                check_url(request.url());
                check_headers(request.headers());
                sent += 1;
                if sent > most {
                    return None;
                }
                exchange.receive(Ok(answer.clone()));
            }
            Ok(Step::Wait(pause)) => {
                // RFC 8628 §3.5: no busy loop, and no pause without end.
                assert!(pause.as_millis() > 0 && pause.as_secs() <= 24 * 3600, "{pause:?}");
                now = now.later(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX));
            }
            Ok(Step::Save(_)) => {}
            Ok(Step::Done(done)) => return Some(Ok(done)),
            Ok(_) => panic!("a store is nobody's here"),
            Err(error) => {
                check_error(&error);
                return Some(Err(error));
            }
        }
    }
    None
}

/// Nothing is sent to a place that was not checked.
pub(crate) fn check_url(url: &str) {
    let https = url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    assert!(https && url.bytes().all(|byte| (0x21..=0x7E).contains(&byte)), "{url}");
}

fn check_headers(headers: &[oauth_core::Header]) {
    for header in headers {
        assert!(header.value().bytes().all(|byte| byte == b'\t' || (0x20..=0x7E).contains(&byte)), "{}", header.name());
    }
}

fn check_secret(error: &Error) {
    let shown = format!("{error} {error:?} {:?} {:?} {:?}", error.code(), error.description(), error.error_uri());
    assert!(!shown.contains(SECRET), "a secret was echoed: {shown}");
}

/// What holds for every error, whatever it is of.
pub(crate) fn check_error(error: &Error) {
    let shown = [
        error.to_string(),
        format!("{error:?}"),
        error.code().unwrap_or_default().to_owned(),
        error.description().unwrap_or_default().to_owned(),
        error.error_uri().unwrap_or_default().to_owned(),
    ];
    for text in &shown {
        assert!(!text.contains(|c: char| c.is_control()), "control characters: {text:?}");
        assert!(text.len() < 8 * 1024, "{} bytes", text.len());
    }
    assert!(error.retry_after_ms().is_none_or(|ms| (0..=24 * 3600 * 1000).contains(&ms)));
}

/// A refusal or nonsense: what an answer that brings nothing must be.
pub(crate) fn is_answer_error(error: &Error) -> bool {
    matches!(error.kind(), Kind::Refused | Kind::Garbled)
}
