//! Whom do we trust to vouch for a server?

use std::fmt;

use oauth_core::Error;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use ureq::tls::{Certificate, RootCerts};

/// The authorities whose certificates are believed. Verification itself cannot be switched off.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Roots {
    /// Mozilla's list, as it was when this library was built: the same on every machine.
    #[default]
    Bundled,
    /// The machine's own list (`SSL_CERT_FILE` and `SSL_CERT_DIR` are obeyed), read when the agent is built.
    System,
    /// Exactly the certificates in this PEM, and no others: for a server with a private authority.
    Pem(Vec<u8>),
}

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bundled => f.write_str("Bundled"),
            Self::System => f.write_str("System"),
            Self::Pem(pem) => write!(f, "Pem({} bytes)", pem.len()),
        }
    }
}

impl Roots {
    /// ureq's form of it. An empty list would trust nobody and fail at each request, so it is an error here and now.
    pub(crate) fn load(&self) -> Result<RootCerts, Error> {
        match self {
            Self::Bundled => Ok(RootCerts::WebPki),
            Self::System => {
                let found = rustls_native_certs::load_native_certs().certs;
                let usable: Vec<_> = found.iter().filter(|certificate| is_root(certificate)).collect();
                if usable.is_empty() {
                    return Err(Error::Usage(
                        "roots: this machine's list of authorities was not found; install ca-certificates, set SSL_CERT_FILE, or use the bundled roots".to_owned(),
                    ));
                }
                Ok(to_ureq(usable.into_iter()))
            }
            Self::Pem(pem) => {
                let wrong = |why: &str| {
                    Error::Usage(format!(
                        "roots: {why}; expected the authority's certificate as PEM (-----BEGIN CERTIFICATE-----)"
                    ))
                };
                let all: Vec<CertificateDer> =
                    CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|_| wrong("the PEM is damaged"))?;
                if all.is_empty() {
                    return Err(wrong("the PEM holds no certificate"));
                }
                if !all.iter().all(is_root) {
                    return Err(wrong("the PEM holds something that is not an X.509 certificate"));
                }
                Ok(to_ureq(all.iter()))
            }
        }
    }
}

fn is_root(certificate: &CertificateDer) -> bool {
    RootCertStore::empty().add(certificate.clone()).is_ok()
}

fn to_ureq<'a>(certificates: impl Iterator<Item = &'a CertificateDer<'a>>) -> RootCerts {
    certificates.map(|certificate| Certificate::from_der(certificate).to_owned()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pem_without_certificates_is_an_error_at_once() {
        for bad in [
            "",
            "hello",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n",
        ] {
            let error = Roots::Pem(bad.into()).load().expect_err(bad);
            assert!(matches!(error, Error::Usage(_)), "{error}");
        }
    }
}
