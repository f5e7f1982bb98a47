//! What does a server look like that does exactly what a test says, over real TLS?
//!
//! Each test binary uses a part of it.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::{
    io::{ErrorKind, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use oauth_core::{Call, Client, Grant, NoAnswer, Now, Outcome, Provider, Request, Step, Token};
use oauth_ureq::{Agent, AgentBuilder, Roots};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use time::OffsetDateTime;

/// A token as any BuildPass client would read it.
pub const TOKEN: &str = r#"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"Bearer","expires_in":3600}"#;

/// What a certificate says, where it says something other than the truth.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    Good,
    Expired,
    NotYet,
    OtherHost,
    OtherAuthority,
}

/// One connection, above TLS.
pub type Conversation = StreamOwned<ServerConnection, TcpStream>;

pub struct Server {
    pub port: u16,
    pub authority: String,
    /// TCP connections accepted.
    pub connections: Arc<AtomicUsize>,
    /// Requests read by [`request`].
    pub requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Every connection is given to `talk`, above TLS; it ends when `talk` returns.
    pub fn start(talk: impl Fn(&mut Conversation) + Send + Sync + 'static) -> Self {
        Self::with(Certificate::Good, talk)
    }

    pub fn with(certificate: Certificate, talk: impl Fn(&mut Conversation) + Send + Sync + 'static) -> Self {
        let (authority, config) = tls(certificate);
        Self::listen(authority, move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut conversation = StreamOwned::new(connection, stream);
            // A client that refuses the certificate ends it here.
            if conversation.conn.complete_io(&mut conversation.sock).is_ok() {
                talk(&mut conversation);
            }
        })
    }

    /// Every connection is given to `talk` as it is, without TLS.
    pub fn raw(talk: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> Self {
        let (authority, _) = tls(Certificate::Good);
        Self::listen(authority, move |mut stream| talk(&mut stream))
    }

    fn listen(authority: String, talk: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (connections, talk) = (Arc::new(AtomicUsize::new(0)), Arc::new(talk));
        let count = Arc::clone(&connections);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                stream.set_nodelay(true).unwrap();
                let talk = Arc::clone(&talk);
                thread::spawn(move || talk(stream));
            }
        });
        Self { port, authority, connections, requests: Arc::default() }
    }

    /// Answers every request on every connection alike.
    pub fn always(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&requests);
        let server = Self::start(move |conversation| {
            while let Some(request) = request(conversation) {
                log.lock().unwrap().push(request);
                if conversation.write_all(&answer).and_then(|()| conversation.flush()).is_err() {
                    break;
                }
            }
        });
        Self { requests, ..server }
    }

    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Settings that trust this server.
    pub fn trusting(&self) -> AgentBuilder {
        Agent::builder().roots(Roots::Pem(self.authority.clone().into_bytes()))
    }

    pub fn agent(&self) -> Agent {
        self.trusting().build().unwrap()
    }

    pub fn client(&self) -> Client {
        client(&self.url())
    }

    /// A token request to this server.
    pub fn token_request(&self) -> Request {
        first_request(&self.client())
    }
}

pub fn client(base: &str) -> Client {
    Client::new(Provider::buildpass(), "id").secret("secret").base(base)
}

pub fn grant() -> Grant {
    Grant::client_credentials().scope("read:builders")
}

fn first_request(client: &Client) -> Request {
    match client.token(grant()).step(oauth_ureq::now()).unwrap() {
        Step::Send(request) => request,
        other => panic!("{other:?}"),
    }
}

/// A token of the provider whose tokens go into the query.
pub fn query_token(access_token: &str) -> Token {
    let client = Client::new(Provider::activebuilding(), "id").secret("secret");
    let mut exchange = client.token(Grant::password("jo", "secret"));
    let now = Now { wall: 1_700_000_000_000, mono: 0 };
    exchange.step(now).unwrap();
    exchange.receive(Ok(oauth_core::Answer::new(200, vec![], format!(r#"{{"access_token":"{access_token}"}}"#).into_bytes())));
    match exchange.step(now).unwrap() {
        Step::Done(token) => token,
        other => panic!("{other:?}"),
    }
}

/// An API request that carries `access_token` in its query.
pub fn query_request(base: &str, access_token: &str) -> Request {
    let client = Client::new(Provider::activebuilding(), "id").secret("secret").base(base);
    let mut exchange = client.call(&query_token(access_token), Call::get("/communities"));
    match exchange.step(oauth_ureq::now()).unwrap() {
        Step::Send(request) => request,
        other => panic!("{other:?}"),
    }
}

/// An HTTP/1.1 answer with its Content-Length.
pub fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

pub fn token_answer() -> Vec<u8> {
    answer("200 OK", "content-type: application/json\r\n", TOKEN)
}

/// Reads one request with its body; None where the client went.
pub fn request(stream: &mut impl Read) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").and_then(|n| n.parse().ok()));
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
        }
    }
}

/// Waits until the client has gone, and throws away what it says.
pub fn until_gone(stream: &mut TcpStream) {
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return,
            Ok(_) => {}
        }
    }
}

pub fn failed(outcome: Outcome) -> NoAnswer {
    outcome.expect_err("no answer")
}

fn tls(kind: Certificate) -> (String, Arc<ServerConfig>) {
    let authority = |name: &str| {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        (pem, Issuer::new(params, key))
    };
    let (trusted, issuer) = authority("Trusted");
    let issuer = if kind == Certificate::OtherAuthority { authority("Somebody else").1 } else { issuer };
    let host = if kind == Certificate::OtherHost {
        vec!["elsewhere.example"]
    } else {
        vec!["localhost", "127.0.0.1", "::1", "server.example"]
    };
    let mut params = CertificateParams::new(host.into_iter().map(str::to_owned).collect::<Vec<_>>()).unwrap();
    let day = time::Duration::days(1);
    let today = OffsetDateTime::now_utc();
    (params.not_before, params.not_after) = match kind {
        Certificate::Expired => (today - 3 * day, today - day),
        Certificate::NotYet => (today + day, today + 3 * day),
        _ => (today - day, today + day),
    };
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    (trusted, Arc::new(config))
}
