//! A client for the tests: real TLS by ureq, trusting the sandbox's authority and nothing else.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(dead_code, reason = "each test file uses its part of this")]

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use active_sandbox::{Counters, Fault, FaultOrder, Options, Origin, Sandbox};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// The credentials that the providers' documents print.
pub(crate) const BUILDING: [(&str, &str); 2] =
    [("client_id", "f3834ee69fab4d26a01f0c1fceb0f08a"), ("client_secret", "d938522c5058468fb8d9e6c0a987319e")];
pub(crate) const AUDIENCE: &str = "https://api.buildpass.global";
pub(crate) const REDIRECT: &str = "https://app.example/callback";

pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) agent: Agent,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

pub(crate) fn world() -> World {
    let sandbox = Sandbox::start(Options::default()).expect("a sandbox starts");
    let agent = agent(&sandbox);
    World { sandbox, agent }
}

pub(crate) fn agent(sandbox: &Sandbox) -> Agent {
    let roots: Vec<Certificate<'static>> = parse_pem(sandbox.ca_pem().as_bytes())
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    Agent::config_builder()
        .tls_config(TlsConfig::builder().root_certs(RootCerts::new_with_certs(&roots)).build())
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(Duration::from_secs(20)))
        .build()
        .into()
}

impl World {
    pub(crate) fn url(&self, origin: Origin, path: &str) -> String {
        format!("{}{path}", self.sandbox.url(origin))
    }

    pub(crate) fn counters(&self, origin: Origin) -> Counters {
        self.sandbox.counters()[&origin]
    }

    pub(crate) fn fault(&self, provider: Origin, fault: Fault) {
        self.sandbox.fault(FaultOrder { provider, path: None, fault, times: Some(1) }).expect("the order is taken");
    }

    pub(crate) fn get(&self, url: &str, headers: &[(&str, &str)]) -> Reply {
        self.try_get(url, headers).expect("an answer")
    }

    pub(crate) fn try_get(&self, url: &str, headers: &[(&str, &str)]) -> Result<Reply, ureq::Error> {
        let mut request = self.agent.get(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        reply(request.call()?)
    }

    pub(crate) fn post(&self, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        self.try_post(url, headers, body).expect("an answer")
    }

    pub(crate) fn try_post(&self, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Reply, ureq::Error> {
        let mut request = self.agent.post(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        reply(request.send(body)?)
    }

    pub(crate) fn form(&self, url: &str, headers: &[(&str, &str)], form: &[(&str, &str)]) -> Reply {
        let headers = [headers, &[("content-type", "application/x-www-form-urlencoded")]].concat();
        self.post(url, &headers, encoded(form).as_bytes())
    }

    pub(crate) fn json(&self, url: &str, headers: &[(&str, &str)], body: &Value) -> Reply {
        self.post(url, &[headers, &[("content-type", "application/json")]].concat(), body.to_string().as_bytes())
    }

    /// An ActiveBuilding token for one of its users.
    pub(crate) fn building_token(&self, origin: Origin, username: &str) -> String {
        let form = [&BUILDING[..], &[("grant_type", "password"), ("username", username), ("password", "mypassword")]].concat();
        self.form(&self.url(origin, "/oauth/access_token"), &[], &form).token()
    }

    /// A BuildPass token by client credentials.
    pub(crate) fn buildpass_token(&self, scope: &str) -> String {
        self.form(&self.url(Origin::BuildPass, "/oauth/token"), &[], &buildpass_form(scope)).token()
    }

    /// A Honeywell token by client credentials.
    pub(crate) fn honeywell_token(&self) -> String {
        let basic = basic("123abc", "456def");
        self.form(
            &self.url(Origin::Honeywell, "/oauth2/accesstoken"),
            &[("authorization", &basic)],
            &[("grant_type", "client_credentials")],
        )
        .token()
    }
}

pub(crate) fn buildpass_form(scope: &str) -> [(&str, &str); 5] {
    [
        ("grant_type", "client_credentials"),
        ("client_id", "your_client_id"),
        ("client_secret", "your_client_secret"),
        ("audience", AUDIENCE),
        ("scope", scope),
    ]
}

pub(crate) fn encoded(form: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}

/// A Basic header, raw.
pub(crate) fn basic(id: &str, secret: &str) -> String {
    use base64::Engine;
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}")))
}

/// The value of a query parameter of a URL.
pub(crate) fn parameter(url: &str, name: &str) -> Option<String> {
    let query = url.split_once('?')?.1;
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

impl Reply {
    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|cause| panic!("{cause} in {:?}", self.body))
    }

    pub(crate) fn token(&self) -> String {
        self.text("access_token")
    }

    pub(crate) fn text(&self, member: &str) -> String {
        self.value()[member].as_str().unwrap_or_else(|| panic!("no {member} in {self:?}")).to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Status and `error`.
    pub(crate) fn error(&self) -> (u16, String) {
        (self.status, self.text("error"))
    }
}

fn reply(mut response: ureq::http::Response<ureq::Body>) -> Result<Reply, ureq::Error> {
    let headers = response.headers().iter();
    let headers =
        headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect();
    let body = response.body_mut().with_config().limit(4 << 20).read_to_vec()?;
    Ok(Reply { status: response.status().as_u16(), headers, body: String::from_utf8_lossy(&body).into_owned() })
}

/// A TLS connection with nothing between the test and the bytes.
pub(crate) struct Raw(pub(crate) StreamOwned<ClientConnection, TcpStream>);

pub(crate) fn tcp(world: &World, origin: Origin) -> TcpStream {
    let port = world.sandbox.url(origin).rsplit(':').next().unwrap().parse().unwrap();
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

impl Raw {
    pub(crate) fn connect(world: &World) -> io::Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(world.sandbox.ca_pem().as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_root_certificates(roots).with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = StreamOwned::new(connection, tcp(world, Origin::BuildPass));
        stream.flush()?;
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock)?;
        }
        Ok(Self(stream))
    }

    pub(crate) fn ask_for_a_token(&mut self) {
        let body = encoded(&buildpass_form("read:builders"));
        let head = "POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
        write!(self.0, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.0.flush().unwrap();
    }

    /// What comes until the connection ends, and how it ends.
    pub(crate) fn rest(&mut self) -> (String, io::Result<()>) {
        let mut bytes = Vec::new();
        let end = self.0.read_to_end(&mut bytes).map(|_| ());
        (String::from_utf8_lossy(&bytes).into_owned(), end)
    }

    pub(crate) fn read(&mut self) -> String {
        let mut piece = [0; 65536];
        let n = self.0.read(&mut piece).unwrap();
        String::from_utf8_lossy(&piece[..n]).into_owned()
    }

    pub(crate) fn silent_for(&mut self, time: Duration) -> bool {
        self.0.sock.set_read_timeout(Some(time)).unwrap();
        matches!(self.0.read(&mut [0; 1]), Err(cause) if matches!(cause.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut))
    }
}
