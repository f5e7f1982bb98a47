//! Does the listener hear the browser, and nobody else?

use std::{
    io::{Read, Write},
    net::{IpAddr, SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use oauth_core::{Authorize, Client, Now, Provider, Random};
use oauth_native::{Loopback, LoopbackError};

const LONG: Duration = Duration::from_secs(20);

fn address(loopback: &Loopback) -> SocketAddr {
    let uri = loopback.redirect_uri();
    uri.strip_prefix("http://")
        .and_then(|rest| rest.strip_suffix("/callback"))
        .expect("an address")
        .parse()
        .expect("an IP literal")
}

fn ask(address: SocketAddr, target: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {address}\r\nCookie: a=b\r\n\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer, and its end");
    answer
}

#[test]
fn rfc_8252_8_3_it_listens_on_loopback_by_ip_literal_and_closes_after_one_answer() {
    let loopback = Loopback::listen().expect("listens").app("<Example>");
    let address = address(&loopback);
    assert!(address.ip().is_loopback() && address.port() != 0, "{address}");
    let waiting = thread::spawn(move || loopback.callback(LONG, || false));
    let answer = ask(address, "/callback?code=the-code&state=%3Cscript%3E");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("return to &lt;Example&gt;."), "{answer}");
    assert!(answer.contains("Cache-Control: no-store") && answer.contains("Referrer-Policy: no-referrer"), "{answer}");
    assert!(!answer.contains("the-code") && !answer.contains("script"), "{answer}");
    let heard = waiting.join().expect("no panic").expect("a callback");
    assert_eq!(heard, format!("http://{address}/callback?code=the-code&state=%3Cscript%3E"));
    TcpStream::connect(address).expect_err("nobody listens any more");
}

#[test]
fn rfc_9700_4_11_who_asks_for_something_else_is_sent_away_to_no_other_place_and_the_wait_goes_on() {
    let loopback = Loopback::listen().expect("listens");
    let address = address(&loopback);
    let waiting = thread::spawn(move || loopback.callback(LONG, || false));
    for target in ["/", "/favicon.ico", "/callback", "/callback/other?code=1", "/?redirect_uri=https://evil.example"] {
        let answer = ask(address, target);
        assert!(answer.starts_with("HTTP/1.1 404 ") && !answer.to_ascii_lowercase().contains("location:"), "{target}");
    }
    ask(address, "/callback?error=access_denied");
    assert!(waiting.join().expect("no panic").expect("a callback").ends_with("/callback?error=access_denied"));
}

struct Counting;

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        (1..).zip(bytes).for_each(|(number, byte)| *byte = number);
        Ok(())
    }
}

#[test]
fn rfc_6749_10_12_a_page_that_sends_the_browser_there_with_another_state_does_not_end_the_wait() {
    let loopback = Loopback::listen().expect("listens");
    let address = address(&loopback);
    let client = Client::new(Provider::buildpass(), "id").secret("secret");
    let authorize = Authorize::new(&loopback.redirect_uri());
    let login = client.authorize(authorize, Now { wall: 1_700_000_000_000, mono: 0 }, &Counting).expect("a login");
    let state = login.url().split(['?', '&']).find_map(|pair| pair.strip_prefix("state=")).expect("a state").to_owned();
    let loopback = loopback.only_for(login.recognizer());
    assert!(!format!("{loopback:?}").contains(&state));
    let waiting = thread::spawn(move || loopback.callback(LONG, || false));
    for stranger in [
        "code=stolen&state=guessed".to_owned(),
        "error=access_denied".to_owned(),
        format!("code=c&state={state}x"),
        format!("code=c&state={state}&state=x"),
        format!("code=c#state={state}"),
    ] {
        let answer = ask(address, &format!("/callback?{stranger}"));
        assert!(answer.starts_with("HTTP/1.1 404 "), "{stranger}: {answer}");
    }
    assert!(ask(address, &format!("/callback?code=c&state={state}")).starts_with("HTTP/1.1 200 "));
    let heard = waiting.join().expect("no panic").expect("a callback");
    assert_eq!(heard, format!("http://{address}/callback?code=c&state={state}"));
}

#[test]
fn connections_that_say_nothing_or_too_much_keep_nobody_out() {
    let loopback = Loopback::listen().expect("listens");
    let address = address(&loopback);
    let waiting = thread::spawn(move || loopback.callback(LONG, || false));
    let silent: Vec<_> = (0..40).map(|_| TcpStream::connect(address).expect("connected")).collect();
    let mut endless = TcpStream::connect(address).expect("connected");
    let sent = endless.write_all(format!("GET /callback?x=1 HTTP/1.1\r\nx: {}", "a".repeat(64 * 1024)).as_bytes());
    let begun = Instant::now();
    assert!(ask(address, "/callback?code=1").starts_with("HTTP/1.1 200 "), "{sent:?}");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    waiting.join().expect("no panic").expect("a callback");
    drop(silent);
}

#[test]
fn a_request_in_pieces_is_put_together() {
    let loopback = Loopback::listen().expect("listens");
    let address = address(&loopback);
    let waiting = thread::spawn(move || loopback.callback(LONG, || false));
    let mut stream = TcpStream::connect(address).expect("connected");
    for piece in ["GET /call", "back?code=1 HT", "TP/1.1\r\nHo", &format!("st: {address}\r\n"), "\r\n"] {
        stream.write_all(piece.as_bytes()).expect("sent");
        thread::sleep(Duration::from_millis(50));
    }
    assert!(waiting.join().expect("no panic").expect("a callback").ends_with("/callback?code=1"));
}

#[test]
fn the_wait_ends_with_its_deadline_or_when_the_program_says_so() {
    let begun = Instant::now();
    let late = Loopback::listen().expect("listens").callback(Duration::from_millis(200), || false).expect_err("nobody came");
    assert!(matches!(late, LoopbackError::TimedOut(_)) && late.to_string().contains("0.2 s"), "{late}");
    let stopped = Loopback::listen().expect("listens").callback(LONG, || true).expect_err("stopped");
    assert!(matches!(stopped, LoopbackError::Cancelled), "{stopped}");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn another_path_is_one_that_a_redirect_uri_can_have() {
    let uri = Loopback::listen_at("/oauth2/back").expect("listens").redirect_uri();
    assert!(uri.ends_with("/oauth2/back"), "{uri}");
    for bad in ["", "back", "/back?x", "/ba ck", "/back#x", "/b\r\n"] {
        assert!(matches!(Loopback::listen_at(bad), Err(LoopbackError::Path)), "{bad:?}");
    }
    let two = [Loopback::listen().expect("listens"), Loopback::listen().expect("listens")];
    assert!(two.iter().all(|loopback| matches!(address(loopback).ip(), IpAddr::V4(_))));
    assert_ne!(two[0].redirect_uri(), two[1].redirect_uri());
}
