//! What do we sign with?

use std::sync::Arc;

use oauth_core::{Error, Prover, Secret, Signer};
use oauth_keys::{Algorithm, Dpop, SigningKey};
use pyo3::{PyTraverseError, PyVisit, exceptions::PyTypeError, prelude::*, pybacked::PyBackedBytes};

use crate::{
    callable::Held,
    error::raise,
    signer::{self, Foreign},
    text::{Json, Text, Texts},
    token::{loads, optional, unpicklable},
};

/// A private key and the one algorithm it signs by ("ES256", "RS256", "PS256", "EdDSA"): `Client(…, auth="private_key_jwt", key=key)` proves with it
/// who the client is, `Client(…, dpop=key)` binds tokens to it. Share it between threads and clients; DPoP's key should be one of its own.
///
/// Two objects of the same key, in this process or another, prove the same; only the servers' nonces for DPoP are kept per object.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Key {
    key: Arc<Dpop>,
    /// The public half as the server has to know it.
    published: Option<Arc<str>>,
    held: Held,
}

impl Key {
    fn new(key: SigningKey, id: Option<&Text>) -> Self {
        let key = match id {
            Some(id) => key.with_id(id.as_str()),
            None => key,
        };
        let published = key.published_jwk().map(Arc::from);
        Self { key: Arc::new(Dpop::new(key)), published, held: Held::default() }
    }

    pub(crate) fn signer(&self) -> Arc<dyn Signer> {
        self.key.clone()
    }

    /// What who signs with it has to hold.
    pub(crate) fn held(&self) -> Held {
        self.held.another()
    }

    pub(crate) fn prover(&self) -> Arc<dyn Prover> {
        self.key.clone()
    }
}

#[pymethods]
impl Key {
    /// The private key in PEM (PKCS #8, PKCS #1 or SEC 1, not encrypted). `id` is the `kid` by which the server finds its public half. Raises Usage
    /// where there is none, or it is none of that algorithm's.
    #[staticmethod]
    #[pyo3(signature = (algorithm, pem, /, *, id = None))]
    fn from_pem(py: Python<'_>, algorithm: Text, pem: &Bound<'_, PyAny>, id: Option<Text>) -> PyResult<Self> {
        let pem = match pem.extract::<PyBackedBytes>() {
            // What is no text is no PEM either.
            Ok(bytes) => Secret::from(std::str::from_utf8(&bytes).unwrap_or_default()),
            Err(_) => Secret::from(pem.extract::<Text>()?.as_str()),
        };
        let key = known(py, &algorithm)?;
        SigningKey::from_pem(key, pem.expose()).map(|key| Self::new(key, id.as_ref())).map_err(|error| raise(py, error.into()))
    }

    /// The private key as a JWK, a dict or its JSON text; `id` where it has no `kid`, or is to have another one. Raises Usage as `from_pem` does.
    #[staticmethod]
    #[pyo3(signature = (algorithm, jwk, /, *, id = None))]
    fn from_jwk(py: Python<'_>, algorithm: Text, jwk: Json, id: Option<Text>) -> PyResult<Self> {
        let key = known(py, &algorithm)?;
        SigningKey::from_jwk(key, jwk.as_str()).map(|key| Self::new(key, id.as_ref())).map_err(|error| raise(py, error.into()))
    }

    /// A new key for "ES256" or "EdDSA", which ends with the process: for DPoP with tokens that nobody keeps.
    #[staticmethod]
    #[pyo3(signature = (algorithm = None, /, *, id = None))]
    fn generate(py: Python<'_>, algorithm: Option<Text>, id: Option<Text>) -> PyResult<Self> {
        let pem = Self::generate_secret(py, algorithm.as_ref())?;
        let algorithm = algorithm.map_or(Ok(Algorithm::Es256), |name| known(py, &name))?;
        let key = SigningKey::from_pem(algorithm, pem.expose()).map_err(|error| raise(py, error.into()))?;
        Ok(Self::new(key, id.as_ref()))
    }

    /// A new private key for "ES256" or "EdDSA" in PEM, to be kept where only this program reads it: a token that is bound to a key is worthless
    /// without it. A secret. Raises Usage for the others: `openssl genpkey` makes keys of RSA.
    #[staticmethod]
    #[pyo3(signature = (algorithm = None, /))]
    fn generate_pem(py: Python<'_>, algorithm: Option<Text>) -> PyResult<String> {
        Self::generate_secret(py, algorithm.as_ref()).map(|pem| pem.expose().to_owned())
    }

    /// A key that lives elsewhere, in hardware or with a key service: `sign(message: bytes) -> bytes` gives the raw JWS signature by that algorithm (for
    /// ECDSA r and s behind each other, not DER), from whichever thread needs one, and may block. `public_jwk` is its public half, a dict or its JSON
    /// text; private members of it go no further. What `sign` raises becomes Usage, which names the exception's class alone. Raises Usage where the JWK
    /// is no public key.
    #[staticmethod]
    #[pyo3(signature = (algorithm, public_jwk, sign, /, *, id = None))]
    fn from_signer(
        py: Python<'_>,
        algorithm: Text,
        public_jwk: Json,
        sign: &Bound<'_, PyAny>,
        id: Option<Text>,
    ) -> PyResult<Self> {
        if !sign.is_callable() {
            return Err(PyTypeError::new_err("sign must be callable: it takes a message's bytes and gives the signature's"));
        }
        let public = signer::public(public_jwk.as_str()).map_err(|error| raise(py, error))?;
        let mut held = Held::default();
        let signer = Foreign::new(algorithm, id, Some(public), held.hold(sign)?);
        let published = signer.published().map(Arc::from);
        Ok(Self { key: Arc::new(Dpop::by(signer)), published, held })
    }

    /// The algorithm.
    #[getter]
    fn algorithm(&self) -> &str {
        self.key.algorithm()
    }

    /// The `kid`, or None.
    #[getter]
    fn id(&self) -> Option<&str> {
        self.key.key_id()
    }

    /// The public key's thumbprint (RFC 7638), which is what a server binds tokens to (`cnf.jkt`).
    #[getter]
    fn thumbprint(&self) -> Option<String> {
        self.key.thumbprint()
    }

    /// The public key as a JWK with `kid`, `alg` and `use`, for the server to know: `{"keys": [key.public_jwk()]}`.
    fn public_jwk<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loads(py, self.published.as_deref().unwrap_or("null"))
    }

    /// These claims as a signed JWT, as for a grant by assertion: `Grant("urn:ietf:params:oauth:grant-type:jwt-bearer", assertion=key.sign_jwt({…}))`.
    /// `typ` is the header's. A secret.
    #[pyo3(signature = (claims, /, *, typ = None))]
    fn sign_jwt(&self, py: Python<'_>, claims: Json, typ: Option<Text>) -> PyResult<String> {
        let claims = claims.value().map_err(|error| raise(py, error))?;
        let jwt = oauth_core::sign_jwt(&*self.key, typ.as_ref().map(Text::as_str), &claims);
        jwt.map(|jwt| jwt.expose().to_owned()).map_err(|error| raise(py, error))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.held.visit(&visit)
    }

    pub(crate) fn __repr__(&self) -> String {
        format!("Key({}, id={})", self.key.algorithm(), optional(self.key.key_id()))
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("Key", "read it in each process"))
    }
}

impl Key {
    fn generate_secret(py: Python<'_>, algorithm: Option<&Text>) -> PyResult<Secret> {
        let algorithm = algorithm.map_or(Ok(Algorithm::Es256), |name| known(py, name))?;
        SigningKey::generate_pem(algorithm).map_err(|error| raise(py, error.into()))
    }
}

/// Of `HS256` there are no private keys, which the reading of one says.
fn known(py: Python<'_>, name: &Text) -> PyResult<Algorithm> {
    Algorithm::from_name(name.as_str()).map_err(|error| raise(py, error.into()))
}

/// Those that sign by a key of their own: whoever may check by a shared secret could sign by it.
pub(crate) fn asymmetric(py: Python<'_>, names: &Texts) -> PyResult<Vec<Algorithm>> {
    let wrong = |why: &str| raise(py, Error::Usage(format!("algorithms: {why}")));
    let words = names.iter().flat_map(str::split_ascii_whitespace).map(|name| match Algorithm::from_name(name) {
        Ok(algorithm) if algorithm != Algorithm::Hs256 => Ok(algorithm),
        _ => Err(wrong("each must be ES256, RS256, PS256 or EdDSA")),
    });
    let algorithms = words.collect::<PyResult<Vec<_>>>()?;
    if algorithms.is_empty() { Err(wrong("name at least one, ES256 for example")) } else { Ok(algorithms) }
}
