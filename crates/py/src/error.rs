//! How does an error become an exception?

use oauth_core::{Error, Sent};
use pyo3::{
    prelude::*,
    sync::PyOnceLock,
    types::{PyBytes, PyDict},
};

/// The exception for that error. The classes stand in `active_oauth/errors.py`, one per [`oauth_core::Kind`].
pub(crate) fn raise(py: Python<'_>, error: Error) -> PyErr {
    match exception(py, &error) {
        Ok(exception) => PyErr::from_value(exception),
        Err(why) => why,
    }
}

fn exception<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    static RAISED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let fields = PyDict::new(py);
    fields.set_item("code", error.code())?;
    fields.set_item("standard_code", error.standard_code())?;
    fields.set_item("description", error.description())?;
    fields.set_item("error_uri", error.error_uri())?;
    fields.set_item("status", error.status())?;
    fields.set_item("retry_after_ms", error.retry_after_ms())?;
    fields.set_item("transient", error.is_transient())?;
    fields.set_item("sent", error.sent().map(sent_word))?;
    fields.set_item("ambiguous", error.is_ambiguous())?;
    fields.set_item("body", error.body().map(|body| PyBytes::new(py, body)))?;
    RAISED.import(py, "active_oauth.errors", "_of")?.call((error.kind().as_str(), error.to_string()), Some(&fields))
}

/// The exception for a renewed token that the program could not save. It carries the token, which nobody else has.
pub(crate) fn unsaved(py: Python<'_>, token: oauth_core::Token, cause: PyErr) -> PyErr {
    static UNSAVED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let made = UNSAVED.import(py, "active_oauth.errors", "_unsaved").and_then(|of| of.call1((crate::token::Token::from(token),)));
    match made {
        Ok(exception) => {
            let exception = PyErr::from_value(exception);
            exception.set_cause(py, Some(cause));
            exception
        }
        Err(why) => why,
    }
}

fn sent_word(sent: Sent) -> &'static str {
    match sent {
        Sent::No => "no",
        Sent::Maybe => "maybe",
    }
}
