//! What came of a request?

use oauth_core::{Answer, Error, Outcome as Core};
use pyo3::{prelude::*, pybacked::PyBackedBytes};

use crate::{error::raise, text::Pairs, token::unpicklable};

/// What came of a request: an answer with its status, headers and body, or why there is none. Hand it to `Exchange.receive`. It shows no body.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Outcome(pub(crate) Core);

#[pymethods]
impl Outcome {
    #[new]
    #[pyo3(signature = (status, headers, body, /))]
    pub(crate) fn new(py: Python<'_>, status: &Bound<'_, PyAny>, headers: Pairs, body: PyBackedBytes) -> PyResult<Self> {
        let Some(status) = status.extract::<u16>().ok().filter(|status| (100..=999).contains(status)) else {
            return Err(raise(py, Error::Usage("receive: that is no HTTP status".to_owned())));
        };
        let headers = headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Ok(Self(Ok(Answer::new(status, headers, body.to_vec()))))
    }

    fn __repr__(&self) -> String {
        match &self.0 {
            Ok(answer) => format!("Outcome({answer:?})"),
            Err(lost) => format!("Outcome({lost})"),
        }
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("Outcome", "hand it to its exchange"))
    }
}
