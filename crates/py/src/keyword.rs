//! What was given under that name?

use pyo3::{PyClass, exceptions::PyTypeError, prelude::*};

use crate::{error::raise, text::Text};

/// One keyword argument, where a method takes more of them than fit into a Rust function.
pub(crate) struct Keyword<'a, 'py> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a Bound<'py, PyAny>,
}

impl<'py> Keyword<'_, 'py> {
    /// As that type; where it is another, the error names the keyword and not the value.
    pub(crate) fn read<T: for<'a> FromPyObject<'a, 'py, Error = PyErr>>(&self) -> PyResult<T> {
        self.value.extract().map_err(|error| self.told(error))
    }

    pub(crate) fn text(&self) -> PyResult<Text> {
        self.read()
    }

    /// One of a few words.
    pub(crate) fn word<T>(&self, read: impl FnOnce(&str) -> Result<T, oauth_core::Error>) -> PyResult<T> {
        read(self.text()?.as_str()).map_err(|error| raise(self.value.py(), error))
    }

    /// True switches something on.
    pub(crate) fn switch<T>(&self, what: T, on: impl FnOnce(T) -> T) -> PyResult<T> {
        Ok(if self.read()? { on(what) } else { what })
    }

    /// An object of a class of ours, which `what` names.
    pub(crate) fn object<T: PyClass>(&self, what: &str) -> PyResult<&Bound<'py, T>> {
        self.value.cast().map_err(|_| self.wrong(what))
    }

    fn wrong(&self, why: &str) -> PyErr {
        PyTypeError::new_err(format!("argument '{}': {why}", self.name))
    }

    /// As Python says which argument it was.
    fn told(&self, error: PyErr) -> PyErr {
        let py = self.value.py();
        if error.is_instance_of::<PyTypeError>(py) { self.wrong(&error.value(py).to_string()) } else { error }
    }
}
