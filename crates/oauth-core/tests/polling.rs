//! Whatever the server says and whatever the clocks do: is it asked as rarely as RFC 8628 §3.5 wants, and does it end?

use std::time::Duration;

use oauth_core::{Answer, Cause, Client, Device, Exchange, Kind, NoAnswer, Now, Outcome, Provider, Sent, Step, Token};

const LIFETIME_MS: i64 = 600_000;

/// A xorshift: the same conversations on every machine.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    /// What a server or network may say that is no verdict, and by how many ms it slows us down for good.
    fn trouble(&mut self) -> (Outcome, i64) {
        let said = |status, headers: &[(&str, &str)], body: &str| {
            let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            Ok(Answer::new(status, headers, body.as_bytes().to_vec()))
        };
        match self.below(7) {
            0 | 1 => (said(400, &[], r#"{"error":"authorization_pending"}"#), 0),
            2 => (said(400, &[], r#"{"error":"slow_down"}"#), 5000),
            3 => (said(429, &[("retry-after", "17")], ""), 0),
            4 => (said(503, &[], "<html>"), 0),
            5 => (Err(NoAnswer::new(Sent::Maybe, Cause::Timeout, "slow")), 0),
            _ => (Err(NoAnswer::new(Sent::No, Cause::Connect, "refused")), 0),
        }
    }

    /// The wall clock is set by up to an hour, either way, now and then.
    fn jump(&mut self) -> i64 {
        if self.below(10) == 0 { self.below(7_200_000) as i64 - 3_600_000 } else { 0 }
    }
}

fn client() -> Client {
    let record = r#"{"version": 1, "name": "example", "base": "https://login.example", "token": {"url": "/token", "auth": "none"},
        "endpoints": {"device_authorization": "/device"}}"#;
    Client::new(Provider::from_json(record).expect("a good record"), "tv")
}

fn device(client: &Client, now: Now) -> Device {
    let mut exchange = client.device([("scope", "watch")]);
    assert!(matches!(exchange.step(now), Ok(Step::Send(_))));
    let body = br#"{"device_code":"the-device-code","user_code":"WDJB-MJHT","verification_uri":"https://example.com/device","expires_in":600}"#;
    exchange.receive(Ok(Answer::new(200, vec![], body.to_vec())));
    let Ok(Step::Done(device)) = exchange.step(now) else { panic!("a device") };
    device
}

/// One login that nobody approves, in a program that steps when it likes. Its wall clock jumps, or it goes on in another process now and
/// then; another process knows no clock but that one.
fn endure(seed: u64) -> usize {
    let mut chance = Chance(seed);
    let client = client();
    let mut now = Now { wall: 1_700_000_000_000, mono: 5 };
    let mut device = device(&client, now);
    let mut exchange: Exchange<Token> = client.poll(&device);
    let (mut heard, mut interval, mut polls) = (now.mono, 5000, 0);
    for _ in 0..100_000 {
        match exchange.step(now) {
            Ok(Step::Wait(pause)) => {
                let pause = i64::try_from(pause.as_millis()).expect("a short pause");
                assert!(pause > 0 && now.mono + pause <= 5 + LIFETIME_MS, "seed {seed}: a pause of {pause} ms at {}", now.mono);
                // Rather early, on time, or late.
                now = now.later(chance.below(u64::try_from(pause).expect("positive") * 2) as i64 + 1);
                if seed.is_multiple_of(2) {
                    now.wall += chance.jump();
                } else if chance.below(5) == 0 {
                    device = Device::restore(device.saved().expose()).expect("what was saved");
                    exchange = client.poll(&device);
                }
            }
            Ok(Step::Send(_)) => {
                assert!(now.mono - heard >= interval, "seed {seed}: asked after {} of {interval} ms", now.mono - heard);
                assert!(now.mono < 5 + LIFETIME_MS, "seed {seed}: asked after the end");
                polls += 1;
                now = now.later(chance.below(9000) as i64);
                let (outcome, slower) = chance.trouble();
                exchange.receive(outcome);
                (heard, interval) = (now.mono, interval + slower);
            }
            Err(error) => {
                assert_eq!(error.kind(), Kind::Expired, "seed {seed}: {error}");
                assert!(now.mono >= 5 + LIFETIME_MS, "seed {seed}: it ended early, at {}", now.mono);
                assert_eq!(device.interval_ms(), interval, "seed {seed}");
                return polls;
            }
            other => panic!("seed {seed}: {other:?}"),
        }
    }
    panic!("seed {seed}: it did not end")
}

#[test]
fn rfc_8628_3_5_no_server_is_asked_too_often_nor_for_ever() {
    let polls: Vec<usize> = (1..=500_u64).map(|seed| endure(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
    assert!(polls.iter().all(|polls| (2..=120).contains(polls)), "{polls:?}");
}

#[test]
fn rfc_8628_3_5_what_slow_down_said_holds_for_every_copy_of_a_device() {
    let client = client();
    let now = Now { wall: 1_700_000_000_000, mono: 0 };
    let device = device(&client, now);
    let copy = device.clone();
    let mut exchange = client.poll(&device);
    assert!(matches!(exchange.step(now.later(5000)), Ok(Step::Send(_))));
    exchange.receive(Ok(Answer::new(400, vec![], br#"{"error":"slow_down"}"#.to_vec())));
    assert!(matches!(exchange.step(now.later(5000)), Ok(Step::Wait(_))));
    assert_eq!(copy.interval_ms(), 10_000);
    let Ok(Step::Wait(pause)) = client.poll(&copy).step(now.later(6000)) else { panic!("a pause") };
    assert_eq!(pause, Duration::from_secs(9));
}

#[test]
fn rfc_8628_3_5_into_silence_it_is_asked_more_and_more_slowly_until_something_is_heard() {
    let client = client();
    let mut now = Now { wall: 1_700_000_000_000, mono: 0 };
    let mut exchange = client.poll(&device(&client, now));
    let silence = || Err(NoAnswer::new(Sent::Maybe, Cause::Timeout, "slow"));
    let busy = || Ok(Answer::new(503, vec![], b"<html>".to_vec()));
    let pending = || Ok(Answer::new(400, vec![], br#"{"error":"authorization_pending"}"#.to_vec()));
    let outcomes = [silence(), silence(), busy(), silence(), silence(), pending(), silence()];
    let pauses = outcomes.map(|outcome| {
        let Ok(Step::Wait(pause)) = exchange.step(now) else { panic!("a pause") };
        now = now.later(i64::try_from(pause.as_millis()).expect("a short pause"));
        assert!(matches!(exchange.step(now), Ok(Step::Send(_))));
        exchange.receive(outcome);
        pause.as_secs()
    });
    let Ok(Step::Wait(last)) = exchange.step(now) else { panic!("a pause") };
    // The last but one is what the server's word, heard again, brings: its own interval.
    assert_eq!((pauses, last.as_secs()), ([5, 10, 20, 40, 60, 60, 5], 10));
}

#[test]
fn a_device_shows_neither_of_its_codes() {
    let device = device(&client(), Now { wall: 1_700_000_000_000, mono: 0 });
    let shown = format!("{device:?} {device:#?} {:?} {:?}", oauth_core::Approval::from(&device), device.saved());
    assert!(!shown.contains("the-device-code") && !shown.contains("WDJB-MJHT"), "{shown}");
}
