//! Who vouches for the servers, and for clients that show a certificate?
//!
//! An authority is made for each server and never leaves the memory of the two processes.

use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use time::{Duration, OffsetDateTime};

/// A certificate and its private key.
pub struct Identity {
    /// The certificate as PEM.
    pub certificate: String,
    /// Its private key as PEM (PKCS 8).
    pub key: String,
}

/// The authority of one server, and what it vouches for.
pub struct Certificates {
    /// The authority's certificate as PEM: the one root that a client of this server needs.
    pub ca: String,
    /// What the server shows: for `localhost`, 127.0.0.1 and ::1.
    pub server: Identity,
    /// A client's (RFC 8705 §2.1), with the name `client.example`.
    pub client: Identity,
    /// A client's that nobody vouches for (RFC 8705 §2.2).
    pub self_signed: Identity,
    /// As `client`, until yesterday.
    pub expired: Identity,
    /// As `client`, by an intermediate authority, whose certificate stands behind it.
    pub chained: Identity,
}

impl Certificates {
    pub(crate) fn new() -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate()?;
        let mut params = params(&[], "Counterparts' authority")?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let ca = params.self_signed(&key)?.pem();
        let authority = Issuer::new(params, key);
        Ok(Self {
            ca,
            server: identity(&["localhost", "127.0.0.1", "::1"], ExtendedKeyUsagePurpose::ServerAuth, Some(&authority))?,
            client: identity(&["client.example"], ExtendedKeyUsagePurpose::ClientAuth, Some(&authority))?,
            self_signed: identity(&["self.example"], ExtendedKeyUsagePurpose::ClientAuth, None)?,
            expired: expired(&authority)?,
            chained: chained(&authority)?,
        })
    }
}

fn expired(authority: &Issuer<'_, KeyPair>) -> Result<Identity, rcgen::Error> {
    let mut params = params(&["client.example"], "client.example")?;
    params.not_before -= Duration::days(2);
    params.not_after = params.not_before + Duration::days(1);
    of(params, ExtendedKeyUsagePurpose::ClientAuth, Some(authority))
}

fn chained(root: &Issuer<'_, KeyPair>) -> Result<Identity, rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = params(&[], "Counterparts' intermediate")?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.use_authority_key_identifier_extension = true;
    let intermediate = params.signed_by(&key, root)?.pem();
    let authority = Issuer::new(params, key);
    let mut identity = identity(&["client.example"], ExtendedKeyUsagePurpose::ClientAuth, Some(&authority))?;
    identity.certificate += &intermediate;
    Ok(identity)
}

fn identity(
    names: &[&str],
    usage: ExtendedKeyUsagePurpose,
    authority: Option<&Issuer<'_, KeyPair>>,
) -> Result<Identity, rcgen::Error> {
    of(params(names, names[0])?, usage, authority)
}

fn of(
    mut params: CertificateParams,
    usage: ExtendedKeyUsagePurpose,
    authority: Option<&Issuer<'_, KeyPair>>,
) -> Result<Identity, rcgen::Error> {
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![usage];
    params.use_authority_key_identifier_extension = authority.is_some();
    let key = KeyPair::generate()?;
    let certificate = match authority {
        Some(authority) => params.signed_by(&key, authority)?,
        None => params.self_signed(&key)?,
    };
    Ok(Identity { certificate: certificate.pem(), key: key.serialize_pem() })
}

fn params(names: &[&str], subject: &str) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    params.distinguished_name.push(DnType::CommonName, subject);
    let now = OffsetDateTime::now_utc();
    params.not_before = now - Duration::days(1);
    params.not_after = now + Duration::days(30);
    Ok(params)
}
