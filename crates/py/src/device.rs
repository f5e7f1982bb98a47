//! How is a login kept that a user approves on another device?

use oauth_core::{Backchannel as CoreBackchannel, Device as Core, Exchange as CoreExchange, Token as CoreToken};
use pyo3::{IntoPyObjectExt, exceptions::PyTypeError, prelude::*, types::PyTuple};

use crate::{
    error::raise,
    exchange::Value,
    text::Text,
    token::{optional, unpicklable},
};

/// A device login that waits for its user (RFC 8628): show `user_code` and `verification_uri`, then `client.poll(device)`.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Device(Core);

impl From<Core> for Device {
    fn from(device: Core) -> Self {
        Self(device)
    }
}

impl Value for Core {
    fn object(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Device(self).into_py_any(py)
    }
}

#[pymethods]
impl Device {
    /// What the user enters; show it as it is. For the user's eyes only: whoever has it can bind this device to an account of theirs.
    #[getter]
    fn user_code(&self) -> &str {
        self.0.user_code()
    }

    /// Where the user enters it: show it, or open it with webbrowser.open().
    #[getter]
    fn verification_uri(&self) -> &str {
        self.0.verification_uri()
    }

    /// The same with the code in it, for a QR code, or None. Show the code beside it all the same.
    #[getter]
    fn verification_uri_complete(&self) -> Option<&str> {
        self.0.verification_uri_complete()
    }

    /// When the login is over, in milliseconds since the Unix epoch.
    #[getter]
    fn expires_at(&self) -> i64 {
        self.0.expires_at()
    }

    /// How many seconds lie between two polls at least; more after the server asked for it.
    #[getter]
    fn interval(&self) -> f64 {
        seconds(self.0.interval_ms())
    }

    /// How the answer departed from the RFC, in words such as "verification_url".
    #[getter]
    fn deviations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.deviations().iter().map(|deviation| deviation.as_str()))
    }

    /// The login as a versioned text, so that another process can go on; saved anew after polling it holds the server's pace. A secret.
    fn saved(&self) -> String {
        self.0.saved().expose().to_owned()
    }

    /// The login that `saved()` wrote, in any language. Raises Usage where the text is damaged or of a newer version.
    #[staticmethod]
    fn restore(py: Python<'_>, saved: Text) -> PyResult<Self> {
        Core::restore(saved.as_str()).map(Self).map_err(|error| raise(py, error))
    }

    fn __repr__(&self) -> String {
        // Its query may hold the user's code.
        let place = self.0.verification_uri().split(['?', '#']).next().unwrap_or_default();
        let complete = self.0.verification_uri_complete().map(|_| "[redacted]");
        format!(
            "Device(verification_uri={place:?}, verification_uri_complete={}, user_code=[redacted], expires_at={}, interval={})",
            optional(complete),
            self.0.expires_at(),
            seconds(self.0.interval_ms()),
        )
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("Device", "use saved() and Device.restore()"))
    }
}

/// A login that the server has a user approve on a device of their own (OpenID CIBA, poll mode), for `client.poll`.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Backchannel(CoreBackchannel);

impl From<CoreBackchannel> for Backchannel {
    fn from(backchannel: CoreBackchannel) -> Self {
        Self(backchannel)
    }
}

impl Value for CoreBackchannel {
    fn object(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Backchannel(self).into_py_any(py)
    }
}

#[pymethods]
impl Backchannel {
    /// When the login is over, in milliseconds since the Unix epoch.
    #[getter]
    fn expires_at(&self) -> i64 {
        self.0.expires_at()
    }

    /// How many seconds lie between two polls at least; more after the server asked for it.
    #[getter]
    fn interval(&self) -> f64 {
        seconds(self.0.interval_ms())
    }

    /// The login as a versioned text, so that another process can go on; saved anew after polling it holds the server's pace. A secret.
    fn saved(&self) -> String {
        self.0.saved().expose().to_owned()
    }

    /// The login that `saved()` wrote, in any language. Raises Usage where the text is damaged or of a newer version.
    #[staticmethod]
    fn restore(py: Python<'_>, saved: Text) -> PyResult<Self> {
        CoreBackchannel::restore(saved.as_str()).map(Self).map_err(|error| raise(py, error))
    }

    fn __repr__(&self) -> String {
        format!("Backchannel(expires_at={}, interval={})", self.0.expires_at(), seconds(self.0.interval_ms()))
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("Backchannel", "use saved() and Backchannel.restore()"))
    }
}

/// The exchange that asks for the token of either.
pub(crate) fn poll(client: &oauth_core::Client, approval: &Bound<'_, PyAny>) -> PyResult<CoreExchange<CoreToken>> {
    if let Ok(device) = approval.cast::<Device>() {
        return Ok(client.poll(&device.get().0));
    }
    match approval.cast::<Backchannel>() {
        Ok(backchannel) => Ok(client.poll(&backchannel.get().0)),
        Err(_) => Err(PyTypeError::new_err("poll: a Device or a Backchannel is needed")),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a day at most")]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}
