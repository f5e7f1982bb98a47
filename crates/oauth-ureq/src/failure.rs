//! Why is there no answer, in our own words?
//!
//! ureq's error texts can hold the URL or a server's bytes, so none of them is passed on: each error is told again here, with the remedy
//! where there is one.

use std::io::{self, ErrorKind};

use oauth_core::{Cause, NoAnswer, Sent};
use rustls::{AlertDescription, CertificateError};
use ureq::Error;

use crate::trip::{Stage, Stop, Trip};

/// Whether the server may have seen any of the request.
pub(crate) fn sent(trip: &Trip) -> Sent {
    if trip.stage() == Stage::Sent { Sent::Maybe } else { Sent::No }
}

/// What became of this trip.
pub(crate) fn explain(error: &Error, trip: &Trip) -> NoAnswer {
    let (cause, detail) = match trip.stopped() {
        Some(stop) => stopped(stop, trip),
        None => tell(error, trip),
    };
    let sent = if judged(error).is_some() { Sent::No } else { sent(trip) };
    NoAnswer::new(sent, cause, detail)
}

/// What the server says of our certificate. A server that asks for one reads nothing of a request before it has judged it, although a client of
/// TLS 1.3 may have written its request by then (RFC 8446 §4.4.2.4), and this library lets nobody ask later than in the handshake.
fn judged(error: &Error) -> Option<AlertDescription> {
    let error = match error {
        Error::Rustls(error) => error,
        Error::Io(error) => {
            let inner = error.get_ref()?;
            match inner.downcast_ref::<rustls::Error>() {
                Some(error) => error,
                None => return judged(inner.downcast_ref::<Error>()?),
            }
        }
        _ => return None,
    };
    match error {
        rustls::Error::AlertReceived(alert) if is_of_our_certificate(*alert) => Some(*alert),
        _ => None,
    }
}

/// A server has nothing else of ours that these could be about.
fn is_of_our_certificate(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
    )
}

type Told = (Cause, String);

fn stopped(stop: Stop, trip: &Trip) -> Told {
    let host = host(trip);
    let seconds = |limit: std::time::Duration| format!("{} s", limit.as_secs_f64());
    match stop {
        Stop::Cancelled => (Cause::Cancelled, "the program cancelled it".to_owned()),
        Stop::Deadline => {
            let doing = match trip.stage() {
                Stage::Start | Stage::Name => format!("looking up {host}"),
                Stage::Proxy => "connecting to the proxy".to_owned(),
                Stage::Connect => format!("connecting to {host}"),
                Stage::Handshake => format!("the TLS handshake with {host}"),
                Stage::Sent => format!("waiting for the answer of {host}"),
            };
            (Cause::Timeout, format!("the deadline of {} passed while {doing}", seconds(trip.limits.deadline)))
        }
        Stop::ConnectDeadline => {
            let what = match trip.stage() {
                Stage::Proxy => "connecting to the proxy",
                Stage::Connect => "connecting",
                Stage::Handshake => "the TLS handshake",
                Stage::Start | Stage::Name | Stage::Sent => "looking up the name",
            };
            (Cause::Timeout, format!("{what} took longer than {} ({host})", seconds(trip.limits.connect)))
        }
    }
}

fn tell(error: &Error, trip: &Trip) -> Told {
    let host = host(trip);
    match error {
        Error::Rustls(error) => tls(error, trip),
        Error::Io(error) => tell_io(error, trip),
        Error::Tls(_) | Error::TlsRequired => (Cause::Tls, format!("no TLS could be begun with {host}")),
        Error::HostNotFound if trip.stage() == Stage::Proxy => (Cause::Proxy, "the proxy's name was not found".to_owned()),
        Error::HostNotFound => (Cause::Name, format!("the name {host} was not found")),
        Error::ConnectProxyFailed(_) => (Cause::Proxy, format!("the proxy refused to connect to {host}")),
        Error::InvalidProxyUrl => (Cause::Proxy, "the proxy's URL is not one".to_owned()),
        Error::Timeout(_) => (Cause::Timeout, format!("no answer of {host} in time")),
        Error::LargeResponseHeader(..) => (Cause::TooLarge, format!("the header of {host}'s answer is larger than 60 KiB")),
        Error::Protocol(ureq_proto_says) => protocol(ureq_proto_says.to_string().contains("too many headers"), trip),
        Error::Decompress(_, error) if is_cut(error) => cut(trip),
        Error::Decompress(..) => (Cause::Protocol, format!("the answer of {host} is not the gzip it says it is")),
        Error::BodyStalled => cut(trip),
        Error::ConnectionFailed => (Cause::Connect, format!("no connection to {host}")),
        _ => (Cause::Other, format!("carrying the request to {host} failed")),
    }
}

fn protocol(too_many: bool, trip: &Trip) -> Told {
    let host = host(trip);
    match trip.stage() {
        _ if too_many => (Cause::TooLarge, format!("the answer of {host} has more than 128 header fields")),
        Stage::Proxy => (Cause::Proxy, "the proxy's answer is not HTTP".to_owned()),
        Stage::Sent => (Cause::Protocol, format!("what {host} answered is not HTTP/1.1")),
        _ => (Cause::Other, "the request does not fit into HTTP/1.1 (is a header longer than 32 KiB?)".to_owned()),
    }
}

fn tell_io(error: &io::Error, trip: &Trip) -> Told {
    let inner = error.get_ref();
    if let Some(error) = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return tls(error, trip);
    }
    if let Some(error) = inner.and_then(|inner| inner.downcast_ref::<Error>()) {
        return tell(error, trip);
    }
    let host = host(trip);
    let why = reason(error.kind());
    match trip.stage() {
        Stage::Start | Stage::Name => (Cause::Name, format!("{host} could not be looked up: {why}")),
        Stage::Proxy => (Cause::Proxy, format!("no connection through the proxy: {why}")),
        Stage::Connect => (Cause::Connect, format!("no connection to {host}: {why}")),
        Stage::Handshake => (Cause::Tls, format!("the TLS handshake with {host} failed: {why}")),
        Stage::Sent if is_cut(error) => cut(trip),
        Stage::Sent => (Cause::Other, format!("the connection to {host} failed: {why}")),
    }
}

fn cut(trip: &Trip) -> Told {
    (Cause::Cut, format!("{} ended the connection before its answer was complete", host(trip)))
}

fn is_cut(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::WriteZero
    )
}

/// The operating system's reasons; its texts are in the machine's language, so these are ours.
fn reason(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ConnectionRefused => "connection refused, nothing listens there",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => "the connection was reset",
        ErrorKind::UnexpectedEof | ErrorKind::WriteZero => "the connection was closed",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::AddrNotAvailable => "no route to it",
        ErrorKind::TimedOut => "it did not respond",
        ErrorKind::PermissionDenied => "this machine does not allow it",
        ErrorKind::WouldBlock | ErrorKind::OutOfMemory => "too much is going on at once",
        _ => "the system reports an error",
    }
}

/// A certificate is the server's word that it is who we mean: its failure is its own cause, and stops everything.
fn tls(error: &rustls::Error, trip: &Trip) -> Told {
    let host = host(trip);
    match error {
        rustls::Error::InvalidCertificate(why) => (Cause::Certificate, format!("the certificate of {host} {}", certificate(why))),
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => (
            Cause::Tls,
            format!(
                "{host} wants a client certificate, and this agent showed none: give the agent the one that is registered there"
            ),
        ),
        rustls::Error::AlertReceived(alert) if is_of_our_certificate(*alert) => (
            Cause::Tls,
            format!(
                "{host} does not accept the client certificate ({}): is it the one that is registered there, still good, and followed by its intermediates?",
                alert_name(*alert)
            ),
        ),
        // What TLS 1.2 has for "no cipher in common" and for "no certificate" alike (RFC 5246 §7.4.6).
        rustls::Error::AlertReceived(AlertDescription::HandshakeFailure) => (
            Cause::Tls,
            format!(
                "{host} refused the TLS handshake: no version or cipher in common, or it wants a client certificate of the agent"
            ),
        ),
        rustls::Error::AlertReceived(alert) => (Cause::Tls, format!("{host} ended the TLS connection: {}", alert_name(*alert))),
        rustls::Error::PeerIncompatible(_) => {
            (Cause::Tls, format!("{host} and this library have no TLS version or cipher in common (1.2 or 1.3)"))
        }
        rustls::Error::InvalidMessage(_) if trip.stage() < Stage::Sent => {
            (Cause::Tls, format!("what {host} answered is not TLS; is it https, and the right port?"))
        }
        _ => (Cause::Tls, format!("TLS with {host} failed")),
    }
}

fn certificate(why: &CertificateError) -> String {
    match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "has expired: its owner must renew it (or this machine's clock is wrong)".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "is not valid yet: is this machine's clock right?".to_owned()
        }
        CertificateError::NotValidForName => "is for another host: check the URL".to_owned(),
        CertificateError::NotValidForNameContext { presented, .. } => {
            let names: Vec<&str> = presented.iter().take(3).map(String::as_str).collect();
            format!("is for another host ({}): check the URL", names.join(", "))
        }
        CertificateError::UnknownIssuer => {
            "comes from an authority that is not trusted: if it is a private one, give its certificate as PEM to the roots; if it is in this machine's list, use the system's roots".to_owned()
        }
        CertificateError::Revoked => "was revoked by its authority".to_owned(),
        CertificateError::BadSignature => "has a signature that does not fit".to_owned(),
        CertificateError::BadEncoding => "is damaged".to_owned(),
        _ => "was not accepted: it does not meet the rules for servers".to_owned(),
    }
}

fn alert_name(alert: AlertDescription) -> &'static str {
    alert.as_str().unwrap_or("an unknown alert")
}

fn host(trip: &Trip) -> &str {
    trip.target().authority().map_or("the host", http::uri::Authority::as_str)
}
