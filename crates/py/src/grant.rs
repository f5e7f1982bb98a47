//! What does the program offer for a token?

use oauth_core::Grant as Core;
use pyo3::{prelude::*, types::PyDict};

use crate::{
    error::raise,
    text::{Parameters, Text},
};

/// A grant type and its parameters: `Grant("password", username="jo@building.com", password="…")`. The grants of other RFCs have their URIs for
/// names: `Grant("urn:ietf:params:oauth:grant-type:token-exchange", subject_token="…", subject_token_type="access_token")`.
///
/// A list as `resource`, or as a token exchange's `audience`, is sent as so many. `parameters` takes names that are no Python identifiers; giving one twice raises Usage with the first request.
#[pyclass(frozen, module = "active_oauth", from_py_object)]
#[derive(Clone)]
pub(crate) struct Grant(pub(crate) Core);

#[pymethods]
impl Grant {
    #[new]
    #[pyo3(signature = (grant_type, parameters = None, /, **keywords))]
    fn new(
        py: Python<'_>,
        grant_type: Text,
        parameters: Option<Parameters>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let pairs = Parameters::of(parameters, keywords)?;
        Core::named(grant_type.as_str(), pairs.iter()).map(Self).map_err(|error| raise(py, error))
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(crate::token::unpicklable("Grant", "keep what it is made of where secrets belong"))
    }
}

/// What a program may give for a grant: its name with keywords, or a [`Grant`].
pub(crate) fn any_grant(grant: &Bound<'_, PyAny>, keywords: Option<&Bound<'_, PyDict>>) -> PyResult<Core> {
    let py = grant.py();
    if let Ok(whole) = grant.cast::<Grant>() {
        let pairs = Parameters::of(None, keywords)?;
        return Ok(pairs.iter().fold(whole.get().0.clone(), |grant, (name, value)| grant.parameter(name, value)));
    }
    Grant::new(py, grant.extract()?, None, keywords).map(|grant| grant.0)
}
