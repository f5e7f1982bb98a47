//! Is a server believed only with a certificate that stands?
#![allow(clippy::unwrap_used)]

mod support;

use oauth_core::{Cause, Kind, Sent};
use oauth_ureq::{Agent, Roots};
use support::{Certificate, Server, client, failed, grant, token_answer};

#[test]
fn rfc_6749_10_9_a_bad_certificate_stops_everything_and_names_the_remedy() {
    for (kind, words) in [
        (Certificate::Expired, "has expired: its owner must renew it (or this machine's clock is wrong)"),
        (Certificate::NotYet, "is not valid yet: is this machine's clock right?"),
        (Certificate::OtherHost, "is for another host"),
        (Certificate::OtherAuthority, "give its certificate as PEM to the roots"),
    ] {
        let server = Server::with(kind, |_| panic!("nobody may get here"));
        let failure = failed(server.agent().carry(server.token_request()));
        assert_eq!((failure.cause, failure.sent), (Cause::Certificate, Sent::No), "{failure}");
        assert!(failure.detail.contains(words) && failure.detail.contains(&format!("localhost:{}", server.port)), "{failure}");
        let error = server.agent().run(server.client().token(grant())).unwrap_err();
        assert!(error.kind() == Kind::Untrusted && error.to_string().contains(words), "{error}");
    }
    let other_host = Server::with(Certificate::OtherHost, |_| {});
    assert!(failed(other_host.agent().carry(other_host.token_request())).detail.contains("elsewhere.example"));
}

#[test]
fn bundled_and_system_roots_do_not_know_a_private_authority() {
    let server = Server::always(token_answer());
    for roots in [Roots::Bundled, Roots::System] {
        let Ok(agent) = Agent::builder().roots(roots).build() else { continue };
        let failure = failed(agent.carry(server.token_request()));
        assert_eq!((failure.cause, failure.sent), (Cause::Certificate, Sent::No), "{failure}");
    }
    assert_eq!(failed(Agent::new().carry(server.token_request())).cause, Cause::Certificate);
    assert!(server.requests().is_empty());
}

#[test]
fn an_address_is_verified_too() {
    let server = Server::always(token_answer());
    server.agent().run(client(&format!("https://127.0.0.1:{}", server.port)).token(grant())).unwrap();
    let failure = server.agent().run(client(&format!("https://127.0.0.2:{}", server.port)).token(grant())).unwrap_err();
    // Nothing listens at 127.0.0.2, or else its certificate would be for another host.
    assert!(matches!(failure.kind(), Kind::NoAnswer | Kind::Untrusted), "{failure}");
}

#[test]
fn the_process_wide_choice_of_cryptography_is_neither_needed_nor_made() {
    let server = Server::always(token_answer());
    server.agent().run(server.client().token(grant())).unwrap();
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}
