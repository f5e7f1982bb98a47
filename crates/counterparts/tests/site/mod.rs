//! What does a site of the test's own say over HTTPS?
//!
//! A thread with a few lines of HTTP: an API, the host of a document, anything that an authorization server and its clients have to meet.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::Arc,
    thread,
};

use counterparts::Identity;
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

/// One request: its path, and what it was authorized by.
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) authorization: Option<String>,
}

/// One answer: status, `WWW-Authenticate` where there is one, and a JSON body.
pub(crate) type Said = (&'static str, Option<String>, String);

/// A site at a free port of this machine. It ends with the process.
pub(crate) struct Site {
    pub(crate) origin: String,
}

impl Site {
    /// `says` is told the site's origin, too.
    pub(crate) fn start(identity: &Identity, says: impl Fn(&str, &Asked) -> Said + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let origin = format!("https://localhost:{}", listener.local_addr().expect("an address").port());
        let certificate = CertificateDer::from_pem_slice(identity.certificate.as_bytes()).expect("a certificate");
        let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("TLS");
        let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate], key).expect("a good pair"));
        let own = origin.clone();
        thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                let tls = ServerConnection::new(Arc::clone(&config)).expect("a connection");
                // Whoever breaks off has his reasons.
                let _ = answer(StreamOwned::new(tls, connection), |asked| says(&own, asked));
            }
        });
        Self { origin }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

fn answer(stream: impl Read + Write, says: impl Fn(&Asked) -> Said) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let (mut first, mut authorization) = (String::new(), None);
    reader.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let (name, value) = line.split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("authorization") {
            authorization = Some(value.trim().to_owned());
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let (status, challenge, body) = says(&Asked { path, authorization });
    let challenge = challenge.map(|field| format!("WWW-Authenticate: {field}\r\n")).unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {status}\r\n{challenge}Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    reader.get_mut().write_all(head.as_bytes())?;
    reader.get_mut().flush()
}
