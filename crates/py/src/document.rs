//! What does a server's other answer say?

use oauth_core::Document as Core;
use pyo3::{IntoPyObjectExt, prelude::*, types::PyBytes};

use crate::{
    exchange::Value,
    text::Text,
    token::{loads, unpicklable},
};

/// A JSON object that a server answered with, as for an introspection. It may hold secrets, so it prints the names of its members only.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Document(Core);

impl From<Core> for Document {
    fn from(document: Core) -> Self {
        Self(document)
    }
}

impl Value for Core {
    fn object(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Document(self).into_py_any(py)
    }
}

impl Document {
    pub(crate) fn core(&self) -> &Core {
        &self.0
    }
}

#[pymethods]
impl Document {
    /// Any member, by JSON pointer ("/active", "/aud/0"); None where there is none.
    fn field<'py>(&self, py: Python<'py>, pointer: Text) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(value) = self.0.field(pointer.as_str()) else { return Ok(None) };
        loads(py, &value.to_string()).map(Some)
    }

    /// The whole object as a dict. It may hold secrets.
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loads(py, String::from_utf8_lossy(self.0.json()).trim_start_matches('\u{FEFF}'))
    }

    /// The whole answer, byte for byte. It may hold secrets.
    #[getter]
    fn answer<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.json())
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("Document", "pickle the members you need"))
    }
}
