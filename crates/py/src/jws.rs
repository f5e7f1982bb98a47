//! Was this signed by whom we expect?

use oauth_keys::{Expected, Jwks, Jws as Core};
use pyo3::{prelude::*, types::PyBytes};

use crate::{
    error::raise,
    key,
    text::{Json, Text, Texts},
    token::{loads, unpicklable},
};

/// A signed text whose signature `verify_jws` has checked. Its claims were not: issuer, audience and times are the program's to check.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Jws(Core);

#[pymethods]
impl Jws {
    /// The algorithm it was signed by.
    #[getter]
    fn algorithm(&self) -> &str {
        self.0.algorithm().as_str()
    }

    /// The `kid` in its header, or None.
    #[getter]
    fn key_id(&self) -> Option<&str> {
        self.0.key_id()
    }

    /// What was signed.
    #[getter]
    fn payload<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.payload())
    }

    /// What was signed, as a JWT's claims (RFC 7519 §4). Raises Untrusted where it is no JSON object.
    fn claims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.claims().map_err(|error| raise(py, error.into()))?;
        loads(py, &String::from_utf8_lossy(self.0.payload()))
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("Jws", "pickle the claims you need"))
    }
}

/// Checks the signature of a JWS in compact form (RFC 7515), up to 64 KiB, with the one key of the set that fits: `jwks` is a dict with `keys`, or its
/// JSON text. `algorithms` are those that are taken, decided before it is looked at ("ES256", "RS256", "PS256", "EdDSA"), a list or separated by blanks; `typ` what its header must
/// say, any where it is left out. Raises Untrusted where it is not to be believed, Usage where `jwks` is no set of keys.
///
/// A client checks ID tokens by itself; this is for what else is signed, as a request object or a logout token.
#[pyfunction]
#[pyo3(signature = (jws, jwks, /, *, algorithms, typ = None))]
pub(crate) fn verify_jws(py: Python<'_>, jws: Text, jwks: Json, algorithms: Texts, typ: Option<Text>) -> PyResult<Jws> {
    let keys = Jwks::from_json(jwks.as_str().as_bytes()).map_err(|error| raise(py, error.into()))?;
    let algorithms = key::asymmetric(py, &algorithms)?;
    let expected = Expected { algorithms: &algorithms, typ: typ.as_ref().map(Text::as_str) };
    oauth_keys::verify_jws(jws.as_str(), &keys, &expected).map(Jws).map_err(|error| raise(py, error.into()))
}

/// The thumbprint of a public key (RFC 7638), a JWK as a dict or its JSON text: what a token that is bound to it names as `cnf.jkt`. Raises Usage where
/// it is no JWK of an asymmetric key.
#[pyfunction]
#[pyo3(signature = (jwk, /))]
pub(crate) fn thumbprint(py: Python<'_>, jwk: Json) -> PyResult<String> {
    oauth_core::thumbprint(jwk.as_str()).map_err(|error| raise(py, error))
}
