//! Who signs, where it is no key of ours?

use std::sync::Arc;

use oauth_core::{Error, Signer, thumbprint};
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyBytes};
use serde_json::{Map, Value};

use crate::{
    callable::{Held, Weak},
    key::Key,
    text::Text,
};

/// What a program may give for a key: a [`Key`], or an object of its own that signs (an HSM).
pub(crate) struct AnySigner {
    pub(crate) signer: Arc<dyn Signer>,
    pub(crate) held: Held,
}

impl<'py> FromPyObject<'_, 'py> for AnySigner {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(key) = object.cast::<Key>() {
            let key = key.get();
            return Ok(Self { signer: key.signer(), held: key.held() });
        }
        let attribute = |name: &str| {
            object.getattr_opt(name)?.filter(|value| !value.is_none()).map(|value| value.extract::<Text>()).transpose()
        };
        let sign = object.getattr_opt("sign")?.filter(|sign| sign.is_callable());
        let (Some(algorithm), Some(sign)) = (attribute("algorithm")?, sign) else {
            return Err(PyTypeError::new_err("key: a Key is needed, or an object with algorithm and sign(message)"));
        };
        let mut held = Held::default();
        let sign = held.hold(&sign)?;
        Ok(Self { signer: Arc::new(Foreign::new(algorithm, attribute("key_id")?, None, sign)), held })
    }
}

/// A signer that is Python's.
pub(crate) struct Foreign {
    algorithm: Text,
    key_id: Option<Text>,
    public: Option<Map<String, Value>>,
    /// The same, written.
    public_jwk: Option<String>,
    sign: Weak,
}

impl Foreign {
    /// `public` is of [`public`], where the key's other half has to go along.
    pub(crate) fn new(algorithm: Text, key_id: Option<Text>, public: Option<Map<String, Value>>, sign: Weak) -> Self {
        let public_jwk = public.as_ref().and_then(|public| serde_json::to_string(public).ok());
        Self { algorithm, key_id, public, public_jwk, sign }
    }

    /// The public key as the server has to know it (RFC 7517 §4).
    pub(crate) fn published(&self) -> Option<String> {
        let mut jwk = self.public.clone()?;
        let mut put = |name: &str, value: &str| jwk.insert(name.to_owned(), value.into());
        put("alg", self.algorithm.as_str());
        put("use", "sig");
        if let Some(id) = &self.key_id {
            put("kid", id.as_str());
        }
        serde_json::to_string(&jwk).ok()
    }
}

/// The members that make a public key, and no other: neither private ones nor those that tell of its use.
pub(crate) fn public(jwk: &str) -> Result<Map<String, Value>, Error> {
    thumbprint(jwk)?;
    let mut members: Map<String, Value> = serde_json::from_str(jwk).unwrap_or_default();
    members.retain(|name, _| ["kty", "crv", "x", "y", "n", "e"].contains(&name.as_str()));
    Ok(members)
}

impl Signer for Foreign {
    fn algorithm(&self) -> &str {
        self.algorithm.as_str()
    }

    fn key_id(&self) -> Option<&str> {
        self.key_id.as_ref().map(Text::as_str)
    }

    fn public_jwk(&self) -> Option<&str> {
        self.public_jwk.as_deref()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let signed = Python::try_attach(|py| {
            let signed = self.sign.call1(py, (PyBytes::new(py, message),)).and_then(|signed| signed.extract::<Vec<u8>>());
            // Its text is not ours to judge: it may hold a PIN.
            signed.map_err(|error| {
                format!("the signer raised {}", error.get_type(py).name().map_or_else(|_| "?".into(), |name| name.to_string()))
            })
        });
        signed.unwrap_or_else(|| Err("the interpreter is ending".to_owned()))
    }
}
