//! Which certificates do the origins show?
//!
//! An authority is made at every start and never leaves the memory; only its certificate is written to `ca.pem`. The
//! leaves carry what strict clients ask for: an authority key identifier, a key usage, `serverAuth`, less than 398 days.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use time::{Duration, OffsetDateTime};

use crate::{Error, Origin};

/// The authority of one sandbox, and another one that nobody trusts.
pub(crate) struct Certificates {
    trusted: Authority,
    untrusted: Authority,
}

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Certificates {
    pub(crate) fn new() -> Result<Self, Error> {
        Ok(Self {
            trusted: Authority::new("Active sandbox authority")?,
            untrusted: Authority::new("Active sandbox authority that nobody trusts")?,
        })
    }

    /// The authority's certificate: what a client must be given as its root.
    pub(crate) fn ca_pem(&self) -> &str {
        &self.trusted.pem
    }

    /// The TLS configuration of an origin: TLS 1.2 and 1.3, HTTP/1.1.
    pub(crate) fn server(&self, origin: Origin) -> Result<Arc<ServerConfig>, Error> {
        let own_names = &["localhost", "127.0.0.1", "::1"][..];
        let (authority, names, ends) = match origin {
            Origin::Untrusted => (&self.untrusted, own_names, 90),
            Origin::Expired => (&self.trusted, own_names, -1),
            Origin::WrongHost => (&self.trusted, &["somewhere-else.example"][..], 90),
            _ => (&self.trusted, own_names, 90),
        };
        authority.server(names, Duration::days(ends))
    }
}

impl Authority {
    fn new(name: &str) -> Result<Self, Error> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let now = OffsetDateTime::now_utc();
        params.not_before = now - Duration::days(30);
        params.not_after = now + Duration::days(365);
        let key = KeyPair::generate()?;
        let pem = params.self_signed(&key)?.pem();
        Ok(Self { issuer: Issuer::new(params, key), pem })
    }

    fn server(&self, names: &[&str], ends_in: Duration) -> Result<Arc<ServerConfig>, Error> {
        let mut params = CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        params.distinguished_name.push(DnType::CommonName, names[0]);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let now = OffsetDateTime::now_utc();
        params.not_before = now - Duration::days(20);
        params.not_after = now + ends_in;
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        // The provider is named here because a process may have another one, or none, as its default.
        let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}
