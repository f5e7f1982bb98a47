//! Whom do we believe that a server is the right one, and how do we show that we are we?

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use oauth_core::Error;
use rustls::{
    ClientConfig, RootCertStore,
    client::Resumption,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use zeroize::Zeroizing;

/// PEM files.
#[derive(Default)]
pub(super) struct Files {
    pub(super) roots: Option<PathBuf>,
    pub(super) certificate: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
}

impl Files {
    pub(super) fn is_empty(&self) -> bool {
        self.roots.is_none() && self.certificate.is_none() && self.key.is_none()
    }
}

/// The crypto library is named here: a process-wide choice belongs to the program that we are a guest of.
pub(super) fn config(files: &Files) -> Result<ClientConfig, Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Usage(format!("the Redis URL: TLS cannot be used ({error})")))?
        .with_root_certificates(roots(files.roots.as_deref())?);
    let mut config = match (&files.certificate, &files.key) {
        (None, None) => builder.with_no_client_auth(),
        (Some(certificate), Some(key)) => builder
            .with_client_auth_cert(certificates(certificate, "cert_file")?, private_key(key)?)
            .map_err(|error| wrong("cert_file", certificate, &format!("cannot be used with that key ({error})")))?,
        _ => return Err(Error::Usage("the Redis URL: cert_file and key_file go together".to_owned())),
    };
    // Its cache has a lock, which a forked child could find held for ever.
    config.resumption = Resumption::disabled();
    Ok(config)
}

fn roots(file: Option<&Path>) -> Result<RootCertStore, Error> {
    let Some(file) = file else {
        return Ok(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() });
    };
    let mut roots = RootCertStore::empty();
    for certificate in certificates(file, "ca_file")? {
        roots.add(certificate).map_err(|_| wrong("ca_file", file, "holds something that is no X.509 certificate"))?;
    }
    Ok(roots)
}

fn certificates(file: &Path, parameter: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let pem = read(file, parameter)?;
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        _ => Err(wrong(parameter, file, "holds no certificate in PEM (-----BEGIN CERTIFICATE-----)")),
    }
}

fn private_key(file: &Path) -> Result<PrivateKeyDer<'static>, Error> {
    let pem = read(file, "key_file")?;
    PrivateKeyDer::from_pem_slice(&pem)
        .map_err(|_| wrong("key_file", file, "holds no private key in PEM (-----BEGIN PRIVATE KEY-----)"))
}

fn read(file: &Path, parameter: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    fs::read(file).map(Zeroizing::new).map_err(|error| wrong(parameter, file, &format!("cannot be read ({error})")))
}

fn wrong(parameter: &str, file: &Path, why: &str) -> Error {
    Error::Usage(format!("the Redis URL: {parameter} {} {why}", file.display()))
}
