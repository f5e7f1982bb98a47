//! Does a real server know our client by its certificate, and nobody else by another (RFC 8705)?

use std::{io::Read, net::TcpListener, sync::Arc, thread};

use counterparts::{Counterpart, Identity, assert_refused};
use oauth_core::{Cause, Client, ClientAuth, Error, Grant, Provider, Sent};
use oauth_ureq::{Agent, Roots};
use rustls::{
    RootCertStore, ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::WebPkiClientVerifier,
};

fn server() -> &'static Counterpart {
    Counterpart::oidc_provider()
}

fn agent(identity: &Identity) -> Agent {
    let roots = Roots::Pem(server().ca_pem().into());
    Agent::builder()
        .roots(roots)
        .client_certificate(identity.certificate.as_str(), identity.key.as_str())
        .build()
        .expect("an agent")
}

fn client(name: &str, auth: ClientAuth) -> Client {
    let provider = server().agent().run(Provider::discover(server().issuer())).expect("a provider");
    server().client(name).of(provider).auth(auth)
}

fn ways() -> [(Client, &'static Identity, &'static Identity); 2] {
    let certificates = server().certificates();
    [
        (client("tls", ClientAuth::TlsClientAuth), &certificates.client, &certificates.self_signed),
        (client("tls-self-signed", ClientAuth::SelfSignedTlsClientAuth), &certificates.self_signed, &certificates.client),
    ]
}

#[test]
fn rfc_8705_2_a_client_authenticates_by_its_certificate() {
    for (client, own, _) in ways() {
        let agent = agent(own);
        let token = agent.run(client.token(Grant::client_credentials())).unwrap_or_else(|error| panic!("{error}"));
        let known = agent.run(client.introspect(&token)).expect("a document");
        assert_eq!(known.text("/client_id").as_deref(), Some(client.id()));
        // RFC 8705 §3.2: the token is bound to what was shown.
        assert!(known.text("/cnf/x5t#S256").is_some_and(|thumbprint| thumbprint.len() == 43));
        agent.run(client.revoke(&token)).expect("revoked");
        assert!(agent.run(client.introspect(&token)).expect("a document").text("/client_id").is_none());
    }
}

#[test]
fn rfc_8705_2_another_certificate_or_none_is_not_the_client() {
    for (client, _, other) in ways() {
        for agent in [&agent(other), server().agent()] {
            let error = agent.run(client.token(Grant::client_credentials())).expect_err("refused");
            assert_refused(&error, "invalid_client", 401);
        }
    }
}

/// A server that ends the handshake of everyone without a certificate of our authority, as a TLS front does; its base.
fn strict_front() -> String {
    let certificates = server().certificates();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(certificates.ca.as_bytes()).expect("a certificate")).expect("a root");
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().expect("a verifier");
    let own = CertificateDer::from_pem_slice(certificates.server.certificate.as_bytes()).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(certificates.server.key.as_bytes()).expect("a key");
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("TLS");
    let config = Arc::new(config.with_client_cert_verifier(verifier).with_single_cert(vec![own], key).expect("a good pair"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("https://localhost:{}", listener.local_addr().expect("an address").port());
    thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            let tls = ServerConnection::new(Arc::clone(&config)).expect("a connection");
            let mut stream = StreamOwned::new(tls, connection);
            // Goes without an answer: whoever comes this far has shown a good certificate. What a refused one still sends is taken in, or
            // the end would be a reset that overtakes the reason.
            if stream.read(&mut [0; 4096]).is_err() {
                let _ = stream.sock.read(&mut [0; 4096]);
            }
        }
    });
    base
}

#[test]
fn a_front_that_ends_the_handshake_is_told_as_what_it_is() {
    let record = format!(
        r#"{{"version":1,"name":"front","base":"{}","token":{{"url":"/token","auth":"tls_client_auth"}}}}"#,
        strict_front()
    );
    let client = Client::new(Provider::from_json(&record).expect("a record"), "tls");
    let fails = |agent: &Agent| match agent.run(client.token(Grant::client_credentials())).expect_err("no token") {
        Error::NoAnswer { cause, .. } => (cause.cause, cause.sent, cause.to_string()),
        other => panic!("{other:?}"),
    };
    let (cause, sent, text) = fails(server().agent());
    assert_eq!((cause, sent), (Cause::Tls, Sent::No), "nothing of the request was read");
    assert!(text.contains("wants a client certificate, and this agent showed none"), "{text}");
    let (cause, sent, text) = fails(&agent(&server().certificates().self_signed));
    assert_eq!((cause, sent), (Cause::Tls, Sent::No), "nothing of the request was read");
    assert!(text.contains("does not accept the client certificate"), "{text}");
    let (cause, sent, text) = fails(&agent(&server().certificates().client));
    assert!(cause == Cause::Cut && sent == Sent::Maybe, "its own certificate opens the door: {cause:?}: {text}");
}
