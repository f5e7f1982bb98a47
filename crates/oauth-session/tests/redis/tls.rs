//! Is the server's certificate always verified, and nothing chosen for the whole process?

use std::{fs, path::Path};

use oauth_core::StoreProblem;
use oauth_session::Store;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

use crate::{
    key, open, pair, save,
    server::{Server, folder, free_port},
};

/// Writes `<name>.pem`, an authority's certificate, and `<name>-<host>.pem` and `.key`, what it gives to each host.
fn authority(folder: &Path, name: &str, hosts: &[&str]) {
    let own = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    fs::write(folder.join(format!("{name}.pem")), params.self_signed(&own).unwrap().pem()).unwrap();
    let issuer = Issuer::new(params, own);
    for host in hosts {
        let host_key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![(*host).to_owned()]).unwrap().signed_by(&host_key, &issuer).unwrap();
        fs::write(folder.join(format!("{name}-{host}.pem")), certificate.pem()).unwrap();
        fs::write(folder.join(format!("{name}-{host}.key")), host_key.serialize_pem()).unwrap();
    }
}

/// A Redis with a TLS port, and that port.
fn serve(files: &Path, certificate: &str, clients: &str) -> (Server, u16) {
    let file = |name: &str| files.join(name).display().to_string();
    let port = free_port();
    let server = Server::start(&[
        "--tls-port",
        &port.to_string(),
        "--tls-cert-file",
        &file(&format!("{certificate}.pem")),
        "--tls-key-file",
        &file(&format!("{certificate}.key")),
        "--tls-ca-cert-file",
        &file("ours.pem"),
        "--tls-auth-clients",
        clients,
    ]);
    (server, port)
}

#[test]
fn only_a_certificate_that_is_trusted_and_for_this_host_is_taken() {
    let files = folder();
    authority(&files, "ours", &["localhost", "elsewhere.example"]);
    authority(&files, "others", &[]);
    let url = |port: u16, ca: &str| {
        let ca = if ca.is_empty() { String::new() } else { format!("?ca_file={}", files.join(ca).display()) };
        format!("rediss://localhost:{port}{ca}")
    };
    let (server, port) = serve(&files, "ours-localhost", "no");
    let store = open(&url(port, "ours.pem"));
    assert!(save(&store, &key("jo"), 0, "text").unwrap());
    assert!(save(&store, &key("jo"), 1, &"long".repeat(100_000)).unwrap());
    assert_eq!(pair(open(&server.url()).load(&key("jo")).unwrap()), Some((2, "long".repeat(100_000))));
    for not_trusted in [url(port, "others.pem"), url(port, "")] {
        let error = open(&not_trusted).load(&key("jo")).unwrap_err();
        assert!(error.problem == StoreProblem::Denied && error.text.contains("ca_file="), "{error}");
    }
    let (_server, port) = serve(&files, "ours-elsewhere.example", "no");
    let error = open(&url(port, "ours.pem")).load(&key("jo")).unwrap_err();
    assert!(error.problem == StoreProblem::Denied && error.text.contains("the name that the certificate is for"), "{error}");
    assert!(rustls::crypto::CryptoProvider::get_default().is_none(), "chosen for the whole process");
    fs::remove_dir_all(files).unwrap();
}

#[test]
fn a_server_that_asks_for_a_certificate_gets_ours() {
    let files = folder();
    authority(&files, "ours", &["localhost", "client.example"]);
    authority(&files, "others", &["client.example"]);
    let (_server, port) = serve(&files, "ours-localhost", "yes");
    let with = |name: &str| {
        let file = |name: &str| files.join(name).display().to_string();
        let ours = if name.is_empty() {
            String::new()
        } else {
            format!("&cert_file={}&key_file={}", file(&format!("{name}.pem")), file(&format!("{name}.key")))
        };
        open(&format!("rediss://localhost:{port}?ca_file={}{ours}", file("ours.pem")))
    };
    assert!(save(&with("ours-client.example"), &key("jo"), 0, "text").unwrap());
    for refused in ["", "others-client.example"] {
        let error = with(refused).load(&key("jo")).unwrap_err();
        assert!(error.problem == StoreProblem::Denied && error.text.contains("cert_file="), "{refused}: {error}");
    }
    fs::remove_dir_all(files).unwrap();
}

#[test]
fn tls_and_no_tls_that_meet_are_told_so() {
    let files = folder();
    authority(&files, "ours", &["localhost"]);
    let (server, port) = serve(&files, "ours-localhost", "no");
    let plain_at_tls = open(&format!("redis://localhost:{port}?timeout_ms=500")).load(&key("jo")).unwrap_err();
    assert!(plain_at_tls.text.contains("rediss://"), "{plain_at_tls}");
    let tls_at_plain = open(&format!("rediss://localhost:{}?timeout_ms=500", server.port)).load(&key("jo")).unwrap_err();
    assert!(tls_at_plain.text.contains("TLS"), "{tls_at_plain}");
    fs::remove_dir_all(files).unwrap();
}
