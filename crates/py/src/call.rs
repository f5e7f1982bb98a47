//! What does an API call take and give?

use oauth_core::{Answer, Call, Challenge as CoreChallenge, Reply as CoreReply};
use pyo3::{IntoPyObjectExt, prelude::*, pybacked::PyBackedBytes, types::PyBytes};

use crate::{
    discover::Challenge,
    error::raise,
    exchange::Value,
    grant::Grant,
    text::{Pairs, Text, dumps},
    token::{Token, unpicklable},
};

/// An API's answer, whatever its status, and the token it was renewed with on the way, if it was.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Reply {
    answer: Answer,
    renewed: Option<Py<Token>>,
}

impl Reply {
    pub(crate) fn new(py: Python<'_>, reply: CoreReply) -> PyResult<Self> {
        let renewed = reply.renewed.map(|token| Py::new(py, Token::from(token))).transpose()?;
        Ok(Self { answer: reply.answer, renewed })
    }
}

impl Value for CoreReply {
    fn object(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Reply::new(py, self)?.into_py_any(py)
    }
}

/// None where the token was dead.
impl Value for Option<CoreReply> {
    fn object(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.map_or_else(|| Ok(py.None()), |reply| reply.object(py))
    }
}

#[pymethods]
impl Reply {
    /// The HTTP status.
    #[getter]
    fn status(&self) -> u16 {
        self.answer.status()
    }

    /// All header fields as they came: names and values, in order.
    #[getter]
    fn headers(&self) -> Vec<(String, String)> {
        self.answer.headers().to_vec()
    }

    /// The first header of that name, in any case, or None.
    fn header(&self, name: Text) -> Option<&str> {
        self.answer.header(name.as_str())
    }

    /// The body, after decompression.
    #[getter]
    fn body<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.answer.body())
    }

    /// The body as text; what is not UTF-8 in it is replaced.
    #[getter]
    fn text(&self) -> String {
        String::from_utf8_lossy(self.answer.body()).into_owned()
    }

    /// The body as JSON. Raises Garbled with line and column where it is none.
    fn json<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        // Read twice: the core is strict and its error shows no value, Python's integers have no end.
        self.answer.json().map_err(|error| raise(py, error))?;
        let text = String::from_utf8_lossy(self.answer.body());
        crate::token::loads(py, text.trim_start_matches('\u{FEFF}'))
    }

    /// What the API wants of another login (RFC 9470, RFC 6750 §3.1), for `client.authorize(…, step_up=challenge)`; None where it wants none.
    fn step_up(&self) -> Option<Challenge> {
        self.answer.step_up().map(Challenge::of)
    }

    /// Every challenge of its WWW-Authenticate, in order: why the API refused.
    #[getter]
    fn challenges(&self) -> Vec<Challenge> {
        CoreChallenge::parse_all(self.answer.header_all("www-authenticate")).into_iter().map(Challenge::of).collect()
    }

    /// The new token, where it had to be renewed on the way: the old one is worthless. None otherwise.
    #[getter]
    fn renewed(&self, py: Python<'_>) -> Option<Py<Token>> {
        self.renewed.as_ref().map(|token| token.clone_ref(py))
    }

    fn __repr__(&self) -> String {
        let renewed = self.renewed.as_ref().map_or_else(|| "None".to_owned(), |token| token.get().__repr__());
        format!("Reply(status={}, body of {} bytes, renewed={renewed})", self.answer.status(), self.answer.body().len())
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("Reply", "pickle the parts you need"))
    }
}

/// The keywords of an API call.
pub(crate) struct Parts<'py> {
    pub(crate) query: Option<Pairs>,
    pub(crate) headers: Option<Pairs>,
    pub(crate) form: Option<Pairs>,
    pub(crate) json: Option<Bound<'py, PyAny>>,
    pub(crate) body: Option<PyBackedBytes>,
    pub(crate) content_type: Option<Text>,
    pub(crate) renew_by: Option<Bound<'py, Grant>>,
}

impl Parts<'_> {
    pub(crate) fn call(self, method: &Text, target: &Text) -> PyResult<Call> {
        fn each(pairs: &Option<Pairs>) -> impl Iterator<Item = (&str, &str)> {
            pairs.iter().flat_map(Pairs::iter)
        }
        let mut call = Call::new(method.as_str(), target.as_str());
        call = each(&self.query).fold(call, |call, (name, value)| call.query(name, value));
        call = each(&self.headers).fold(call, |call, (name, value)| call.header(name, value));
        call = each(&self.form).fold(call, |call, (name, value)| call.form(name, value));
        if let Some(value) = &self.json {
            call = call.body("application/json", dumps(value)?.as_str());
        }
        if let Some(body) = &self.body {
            call = call.body(self.content_type.as_ref().map_or("application/octet-stream", Text::as_str), body.to_vec());
        }
        if let Some(grant) = &self.renew_by {
            call = call.renew_by(grant.get().0.clone());
        }
        Ok(call)
    }
}
