//! What did we get?

use oauth_core::{Now as CoreNow, Token as Core, User as CoreUser};
use pyo3::{
    IntoPyObjectExt,
    exceptions::PyTypeError,
    prelude::*,
    sync::PyOnceLock,
    types::{PyBytes, PyDict, PyTuple},
};

use crate::{
    error::raise,
    exchange::Value,
    step::{self, Now},
    text::Text,
};

/// An access token and everything the server said with it. It prints no secret.
///
/// Keep it between two requests as the text `saved()` gives; `Token.restore` reads it in any of the four languages.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Token(Core);

impl From<Core> for Token {
    fn from(token: Core) -> Self {
        Self(token)
    }
}

impl Value for Core {
    fn object(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Token(self).into_py_any(py)
    }
}

impl Token {
    pub(crate) fn core(&self) -> &Core {
        &self.0
    }
}

#[pymethods]
impl Token {
    /// The access token, opaque. A secret.
    #[getter]
    fn access_token(&self) -> &str {
        self.0.access_token()
    }

    /// The value for an Authorization header, or None where the token's type must not be used as Bearer. A secret.
    #[getter]
    fn authorization(&self) -> Option<&str> {
        self.0.authorization()
    }

    /// The type in the server's own words, or None where it named none.
    #[getter]
    fn token_type(&self) -> Option<&str> {
        self.0.token_type()
    }

    /// When it expires, in milliseconds since the Unix epoch; None where the server did not say.
    #[getter]
    fn expires_at(&self) -> Option<i64> {
        self.0.expires_at()
    }

    /// When it expires, as an aware datetime in UTC; None where the server did not say or the year is none that datetime knows.
    #[getter]
    fn expires<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(expires_at) = self.0.expires_at() else { return Ok(None) };
        let datetime = py.import("datetime")?;
        let since = PyDict::new(py);
        since.set_item("milliseconds", expires_at)?;
        let epoch =
            datetime.getattr("datetime")?.call_method1("fromtimestamp", (0, datetime.getattr("timezone")?.getattr("utc")?))?;
        Ok(datetime.getattr("timedelta")?.call((), Some(&since)).and_then(|since| epoch.add(since)).ok())
    }

    /// Whether the lifetime the server told is over, now or at the given time. Without a known one, never.
    #[pyo3(signature = (now = None))]
    fn is_expired(&self, now: Option<Bound<'_, Now>>) -> bool {
        let now: CoreNow = step::now(now);
        self.0.is_expired(now)
    }

    /// When it was received, in milliseconds since the Unix epoch.
    #[getter]
    fn received_at(&self) -> i64 {
        self.0.received_at()
    }

    /// The refresh token, or None. A secret.
    #[getter]
    fn refresh_token(&self) -> Option<&str> {
        self.0.refresh_token().map(oauth_core::Secret::expose)
    }

    /// The scope granted: as the server said, or as requested where it said nothing.
    #[getter]
    fn scope(&self) -> Option<&str> {
        self.0.scope()
    }

    /// The scope asked for.
    #[getter]
    fn requested_scope(&self) -> Option<&str> {
        self.0.requested_scope()
    }

    /// Whether something that was asked for was not granted.
    #[getter]
    fn is_scope_narrower(&self) -> bool {
        self.0.is_scope_narrower()
    }

    /// The name of the provider that issued it.
    #[getter]
    fn provider(&self) -> &str {
        self.0.provider()
    }

    /// How the answer departed from RFC 6749, in words such as "token_type missing".
    #[getter]
    fn deviations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.deviations().iter().map(|deviation| deviation.as_str()))
    }

    /// The user that ActiveBuilding and MyBuilding tell about, or None.
    #[getter]
    fn user(&self) -> Option<User> {
        self.0.user().map(User)
    }

    /// Any member of the server's answer, by JSON pointer ("/organization_name"; "/" is the member with the empty name); None where there is none.
    fn field<'py>(&self, py: Python<'py>, pointer: Text) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(value) = self.0.field(pointer.as_str()) else { return Ok(None) };
        loads(py, &value.to_string()).map(Some)
    }

    /// The whole answer, byte for byte. A secret.
    #[getter]
    fn answer<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.answer())
    }

    /// The token as a versioned text, for a session or a database. A secret.
    fn saved(&self) -> String {
        self.0.saved().expose().to_owned()
    }

    /// The token that `saved()` wrote, in any language. Raises Usage where the text is damaged or of a newer version.
    #[staticmethod]
    fn restore(py: Python<'_>, saved: Text) -> PyResult<Self> {
        Core::restore(saved.as_str()).map(Self).map_err(|error| raise(py, error))
    }

    pub(crate) fn __repr__(&self) -> String {
        let scope = self.0.scope().map(|scope| scope.chars().take(200).collect::<String>());
        format!(
            "Token(provider={:?}, token_type={}, expires_at={}, scope={}, refresh_token={})",
            self.0.provider(),
            optional(self.0.token_type()),
            optional(self.0.expires_at()),
            optional(scope),
            if self.0.refresh_token().is_some() { "[redacted]" } else { "None" },
        )
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("Token", "use saved() and Token.restore()"))
    }

    fn __copy__(this: Py<Self>) -> Py<Self> {
        this
    }

    fn __deepcopy__(this: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        this
    }
}

/// A pickle is written to places nobody thinks of as a store of secrets.
pub(crate) fn unpicklable(what: &str, instead: &str) -> PyErr {
    PyTypeError::new_err(format!("a {what} holds secrets and is not pickled; {instead}"))
}

pub(crate) fn loads<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    LOADS.import(py, "json", "loads")?.call1((text,))
}

/// The user that ActiveBuilding and MyBuilding tell about beside the token.
#[pyclass(frozen, eq, module = "active_oauth")]
#[derive(PartialEq)]
pub(crate) struct User(CoreUser);

#[pymethods]
impl User {
    /// The user's id, a text.
    #[getter]
    fn user_id(&self) -> &str {
        &self.0.user_id
    }

    /// "STAFF" or "RESIDENT"
    #[getter]
    fn user_type(&self) -> Option<&str> {
        self.0.user_type.as_deref()
    }

    /// The user's e-mail address.
    #[getter]
    fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// The user's full name.
    #[getter]
    fn fullname(&self) -> Option<&str> {
        self.0.fullname.as_deref()
    }

    /// A URL.
    #[getter]
    fn profile_picture(&self) -> Option<&str> {
        self.0.profile_picture.as_deref()
    }

    fn __repr__(&self) -> String {
        format!("User(user_id={:?}, user_type={})", self.0.user_id, optional(self.0.user_type.as_deref()))
    }
}

/// As Python writes an optional value.
pub(crate) fn optional<T: std::fmt::Debug>(value: Option<T>) -> String {
    value.map_or_else(|| "None".to_owned(), |value| format!("{value:?}"))
}
