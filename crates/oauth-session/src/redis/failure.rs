//! Why did a command fail, and whose move is it?

use std::io::{self, ErrorKind};

use ::redis::ServerError;
use oauth_core::{StoreError, StoreProblem};
use rustls::{AlertDescription, Error as TlsError};

use super::address::{Address, Place};

pub(super) enum Failure {
    /// While connecting, shaking hands or logging in: nothing was asked yet, and another try would meet the same.
    Door(Box<Self>),
    Io(io::Error),
    /// Redis refused.
    Said(ServerError),
    /// The answer is not the protocol.
    Strange,
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

type Told = (StoreProblem, String);

impl Failure {
    pub(super) fn at_the_door(self) -> Self {
        Self::Door(Box::new(self))
    }

    /// Whether the connection ended under the command, while there is still time for another.
    pub(super) fn is_broken(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() != ErrorKind::TimedOut)
    }

    pub(super) fn told(&self, address: &Address) -> StoreError {
        let (problem, text) = match self {
            Self::Door(inside) => return inside.told(address),
            Self::Io(error) => match error.get_ref().and_then(|inside| inside.downcast_ref::<TlsError>()) {
                Some(error) => of_tls(error),
                None => of_network(error, address),
            },
            Self::Said(error) => of_redis(error),
            Self::Strange => {
                let text = "what answers there is not Redis; is it another service's port, or a TLS port (rediss://)?";
                (StoreProblem::Other, text.to_owned())
            }
        };
        StoreError::new(problem, explain(address, &text))
    }
}

pub(super) fn explain(address: &Address, text: &str) -> String {
    format!("Redis at {address}: {text}")
}

fn of_network(error: &io::Error, address: &Address) -> Told {
    let away = |text: String| (StoreProblem::Away, text);
    let file = matches!(address.place, Place::File(_));
    let hint = if address.tls.is_some() { "and is this its TLS port?" } else { "and is this its port (TLS: rediss://)?" };
    match error.kind() {
        ErrorKind::TimedOut => {
            away(format!("no answer within {} ms (timeout_ms); is it running, {hint}", address.timeout.as_millis()))
        }
        ErrorKind::ConnectionRefused => away("nobody listens there; is it running, and is this its address?".to_owned()),
        ErrorKind::AddrNotAvailable => away("there is no host of that name, or no name service; check the URL".to_owned()),
        ErrorKind::NotFound if file => away("there is no such socket file; is it running, and is this its path?".to_owned()),
        ErrorKind::PermissionDenied if file => {
            (StoreProblem::Denied, "this program may not use the socket file; check its owner and mode".to_owned())
        }
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            away(format!("it closed the connection; is it well, {hint}"))
        }
        _ => away(format!("the connection failed ({error}); is it running, and is the way to it open?")),
    }
}

fn of_tls(error: &TlsError) -> Told {
    match error {
        TlsError::InvalidCertificate(_) => {
            let help = "believe its authority by ca_file=, and call it by the name that the certificate is for";
            (StoreProblem::Denied, format!("its certificate is not trusted ({error}); {help}"))
        }
        TlsError::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRevoked
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::AccessDenied,
        ) => {
            let help = "give one that it trusts by cert_file= and key_file=, or set tls-auth-clients there";
            (StoreProblem::Denied, format!("it asks for a certificate of ours ({error}); {help}"))
        }
        TlsError::InvalidMessage(_) => (
            StoreProblem::Other,
            "what answers there does not speak TLS; is it redis:// without TLS, or another port?".to_owned(),
        ),
        _ => (StoreProblem::Other, format!("TLS failed ({error})")),
    }
}

fn of_redis(error: &ServerError) -> Told {
    use StoreProblem::{Away, Damaged, Denied, Full, Other};
    let said = error.details().unwrap_or_default();
    let inside = of_script(said);
    let detail = inside.unwrap_or(said);
    let code = inside.and_then(|inside| inside.split(' ').next()).filter(|word| is_code(word)).unwrap_or(error.code());
    let (problem, text) = match code {
        "LOADING" => (Away, "it is starting and reads its data; wait"),
        "READONLY" => (Away, "it is a replica, or was made one by a failover; name the primary"),
        "MASTERDOWN" => (Away, "it is a replica and has lost its primary"),
        "CLUSTERDOWN" | "TRYAGAIN" => (Away, "its cluster is not serving now"),
        "BUSY" => (Away, "somebody's script keeps it busy"),
        "NOREPLICAS" => (Away, "it has too few replicas to write (min-replicas-to-write)"),
        "NOAUTH" => (Denied, "it wants a password; put it into the URL: redis://user:password@…"),
        "WRONGPASS" => (Denied, "user or password is wrong, or the user is switched off"),
        "NOPERM" => (Denied, NO_RIGHT),
        "DENIED" => (Denied, "it is in protected mode and takes connections from its own machine only; give it a password"),
        "OOM" => (Full, "its memory is full (maxmemory)"),
        "MISCONF" => (Full, "it cannot write its data to disk, and so takes no more; see its log"),
        "WRONGTYPE" => (Damaged, "the key holds something that is not ours; use another prefix=, or delete it there (DEL)"),
        "MOVED" | "ASK" | "CROSSSLOT" => (
            Other,
            "it is a node of a cluster, and another one holds the key; use a Redis without cluster mode, or a proxy before it",
        ),
        "ERR" if detail.starts_with("max number of clients") => (Away, "it has too many clients (maxclients)"),
        // Redis 7 and older, of a command in a script.
        "ERR" if detail.starts_with("The user executing the script") => (Denied, NO_RIGHT),
        "ERR" if detail.contains("invalid password") => (Denied, "the password is wrong"),
        "ERR" if detail.contains("without any password") => {
            (Denied, "it knows no password for that user, and one is given; take it out of the URL, or set it there")
        }
        "ERR" if detail.starts_with("DB index") => (Other, "it has no database of that number"),
        // Redis quotes what it was sent, tokens and passwords included, so only what stands before the first quotation is shown.
        _ => return (Other, format!("it said {code} {}", before_quotation(detail))),
    };
    (problem, format!("{text} [{code}]"))
}

/// Redis 6 and older say what a command in a script said as "Error running script (call to f_…): @user_script:2: @user_script: 2: -OOM …".
fn of_script(said: &str) -> Option<&str> {
    let (_, inside) = said.strip_prefix("Error running script")?.rsplit_once("@user_script")?;
    Some(inside.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | ' ' | '-')))
}

const NO_RIGHT: &str = "the user may not do this; it needs ~<prefix>* +eval +hmget +hset +get +set +del, and +select for a db";

fn is_code(word: &str) -> bool {
    (2..=20).contains(&word.len()) && word.chars().all(|c| c.is_ascii_uppercase())
}

fn before_quotation(text: &str) -> String {
    text.chars().take_while(|c| !matches!(c, '\'' | '`' | '"')).filter(|c| !c.is_control()).take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_older_servers_wrap_is_found() {
        let before = "Error running script (call to f_c257): @user_script:2: ";
        for (inside, code) in [
            ("@user_script: 2: -OOM command not allowed", "OOM"),
            ("WRONGTYPE Operation against", "WRONGTYPE"),
            ("@user_script: 2: -READONLY You can't", "READONLY"),
            ("@user_script: 1: The user executing the script can't", "The"),
        ] {
            let said = format!("{before}{inside}");
            assert_eq!(of_script(&said).and_then(|inside| inside.split(' ').next()), Some(code));
        }
        assert_eq!(of_script("DB index is out of range"), None);
    }

    #[test]
    fn what_redis_quotes_is_not_shown() {
        let said = "unknown command `AUTH`, with args beginning with: `user` `s3cret`";
        assert_eq!(before_quotation(said), "unknown command ");
    }
}
