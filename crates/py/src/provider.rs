//! Which server? A built-in name or the program's own record.

use oauth_core::Provider as Core;
use pyo3::{prelude::*, types::PyDict};

use crate::{
    error::raise,
    text::{Json, Text},
};

/// A provider's endpoints and quirks, as data: a built-in one by its name, any other from a JSON record.
#[pyclass(frozen, module = "active_oauth", from_py_object)]
#[derive(Clone)]
pub(crate) struct Provider(pub(crate) Core);

#[pymethods]
impl Provider {
    /// The built-in provider of that name: activebuilding, mybuilding, buildpass or honeywell. Raises Usage for any other.
    #[staticmethod]
    fn named(py: Python<'_>, name: Text) -> PyResult<Self> {
        Core::named(name.as_str()).map(Self).map_err(|error| raise(py, error))
    }

    /// The provider of this JSON record. Raises Usage, which names the field or the line and column.
    #[staticmethod]
    fn from_json(py: Python<'_>, record: Text) -> PyResult<Self> {
        Core::from_json(record.as_str()).map(Self).map_err(|error| raise(py, error))
    }

    /// The record's name.
    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }
}

/// What a program may give for a provider: a name, a record as a dict, or a [`Provider`].
pub(crate) struct AnyProvider(pub(crate) Core);

impl<'py> FromPyObject<'_, 'py> for AnyProvider {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let py = object.py();
        if let Ok(provider) = object.cast::<Provider>() {
            return Ok(Self(provider.get().0.clone()));
        }
        if object.is_instance_of::<PyDict>() {
            let record: Json = object.extract()?;
            return Core::from_json(record.as_str()).map(Self).map_err(|error| raise(py, error));
        }
        let name: Text = object.extract()?;
        Core::named(name.as_str()).map(Self).map_err(|error| raise(py, error))
    }
}
