//! Who are we, in the TLS handshake?

use std::{fmt, sync::Arc};

use oauth_core::Error;
use rustls::{
    CertificateError,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use ureq::tls::{Certificate, ClientCert, PrivateKey};
use zeroize::Zeroizing;

/// A client's certificate and its private key, as the program gave them.
#[derive(Clone)]
pub(crate) struct Identity {
    /// The key may stand in the same text.
    chain: Zeroizing<Vec<u8>>,
    key: Zeroizing<Vec<u8>>,
}

impl Identity {
    pub(crate) fn new(chain: Vec<u8>, key: Vec<u8>) -> Self {
        Self { chain: Zeroizing::new(chain), key: Zeroizing::new(key) }
    }

    /// ureq's form of it. What is wrong with it is told here and now: ureq would panic at the first request.
    pub(crate) fn load(&self, provider: &Arc<CryptoProvider>) -> Result<ClientCert, Error> {
        let chain = self.chain()?;
        let key = self.key()?;
        CertifiedKey::from_der(chain.clone(), key, provider).map_err(|error| {
            wrong(match error {
                rustls::Error::InconsistentKeys(_) => "the key is not the certificate's",
                rustls::Error::InvalidCertificate(CertificateError::BadEncoding) => {
                    "the first certificate is not an X.509 certificate"
                }
                // What `openssl x509 -req` makes without extensions.
                rustls::Error::InvalidCertificate(_) => {
                    "the first certificate is not one of X.509 version 3; issue it with extensions (openssl x509 -extfile)"
                }
                _ => "the key is of no kind that TLS can use here; expected RSA, P-256, P-384 or Ed25519",
            })
        })?;
        // The same one: both take the first key of the PEM.
        let key =
            PrivateKey::from_pem(&self.key).map_err(|_| wrong("the key is of a form that is not known here; expected PKCS 8"))?;
        let chain: Vec<_> = chain.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
        Ok(ClientCert::new_with_certs(&chain, key))
    }

    fn chain(&self) -> Result<Vec<CertificateDer<'static>>, Error> {
        let chain: Vec<_> =
            CertificateDer::pem_slice_iter(&self.chain).collect::<Result<_, _>>().map_err(|_| wrong("its PEM is damaged"))?;
        if chain.is_empty() {
            return Err(wrong("its PEM holds no certificate (-----BEGIN CERTIFICATE-----)"));
        }
        Ok(chain)
    }

    fn key(&self) -> Result<PrivateKeyDer<'static>, Error> {
        // PKCS 8 says it in the first line, the older forms in the second; base64 has neither blanks nor commas.
        if self.key.windows(10).any(|piece| piece == b" ENCRYPTED" || piece == b",ENCRYPTED") {
            return Err(wrong("the key is locked with a passphrase; unlock it first (openssl pkey -in key.pem -out open.pem)"));
        }
        PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| wrong("the PEM of its key holds none (-----BEGIN PRIVATE KEY-----)"))
    }
}

fn wrong(why: &str) -> Error {
    Error::Usage(format!("client certificate: {why}"))
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSION_1: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBGTCBvwIUDagZf/OUOZEOs4w3eQiiXAiZ5KUwCgYIKoZIzj0EAwIwDTELMAkG\n\
A1UEAwwCY2EwHhcNMjYxMTIxMDcyNTU0WhcNMjYxMTIwMDcyNTU0WjARMQ8wDQYD\n\
VQQDDAZjbGllbnQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARjRpyd4RFHYALB\n\
7ISX/moFAOaW7GKy9rpDbuOPR+aA4HUMKOPsMe65yijJfYbvmVG83RerhUhHqB+q\n\
fjKg0P5UMAoGCCqGSM49BAMCA0kAMEYCIQDYevty2ZXhA1zPfccZ+k/x3aOAJ3/9\n\
AQY7fGODoQY4hwIhAP2yMsKDrcJ+Hrzd2RCpb2gQ6AUHVeujom0AQ447A2xf\n\
-----END CERTIFICATE-----\n";

    fn pair() -> (String, String) {
        let key = rcgen::KeyPair::generate().expect("a key");
        let params = rcgen::CertificateParams::new(vec!["client.example".to_owned()]).expect("a name");
        (params.self_signed(&key).expect("a certificate").pem(), key.serialize_pem())
    }

    fn problem(chain: &str, key: &str) -> String {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let error = Identity::new(chain.into(), key.into()).load(&provider).expect_err("must be refused");
        assert!(matches!(error, Error::Usage(_)), "{error}");
        error.to_string()
    }

    #[test]
    fn a_certificate_and_key_that_do_not_go_together_are_an_error_at_once() {
        let ((chain, key), (_, other)) = (pair(), pair());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        Identity::new(chain.clone().into(), key.clone().into()).load(&provider).expect("a pair");
        let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let locked = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
        let nonsense = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        for (chain, key, expected) in [
            ("", key.as_str(), "holds no certificate"),
            (key.as_str(), key.as_str(), "holds no certificate"),
            (damaged, key.as_str(), "is not an X.509 certificate"),
            (VERSION_1, key.as_str(), "is not one of X.509 version 3"),
            (chain.as_str(), other.as_str(), "the key is not the certificate's"),
            (chain.as_str(), chain.as_str(), "the PEM of its key holds none"),
            (chain.as_str(), "", "the PEM of its key holds none"),
            (chain.as_str(), locked, "unlock it first"),
            (chain.as_str(), nonsense, "the key is of no kind"),
        ] {
            let problem = problem(chain, key);
            assert!(problem.starts_with("client certificate: ") && problem.contains(expected), "{problem}");
        }
    }

    #[test]
    fn nothing_of_it_is_shown() {
        let (chain, key) = pair();
        let agent = crate::Agent::builder().client_certificate(chain, key);
        let shown = format!("{agent:?} {:?}", agent.clone().build().expect("an agent"));
        assert!(shown.contains("Identity") && !shown.contains("BEGIN") && !shown.contains("45, 45, 45"), "{shown}");
    }
}
