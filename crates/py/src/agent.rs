//! Who carries requests?

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

use oauth_core::{Error, Exchange as CoreExchange, Token as CoreToken};
use oauth_ureq::{Agent as Core, Cancel as CoreCancel, Proxy, Roots, RunError};
use pyo3::{
    exceptions::{PyException, PyUnicodeEncodeError},
    prelude::*,
    pybacked::PyBackedBytes,
};
use zeroize::Zeroizing;

use crate::{
    error::{raise, unsaved},
    exchange::Exchange,
    outcome::Outcome,
    signals,
    step::Request,
    text::Text,
    token::Token,
};

/// Carries requests over HTTPS: one pool of connections, shared by all threads, opened anew in a forked child.
///
/// `roots`: whom to trust: "bundled" (Mozilla's list), "system", the path of a PEM file, or PEM itself.
/// `certificate`: what to show to servers that ask who the client is (RFC 8705), with its intermediates behind it, and `key`: its private key,
/// not encrypted; each the path of a PEM file, or PEM. Leave `key` out where the same file holds it. Every server that asks sees the certificate:
/// use the agent for the clients of that certificate alone.
/// `proxy`: a URL, or "environment" for what HTTPS_PROXY, ALL_PROXY and NO_PROXY say; none unless given.
/// `deadline` (30 unless given) and `connect_timeout` (10): seconds for one request, from the name look-up to the answer's last byte,
/// and for the part of it before the request can be sent. `max_body`: bytes of an answer after decompression (1 MiB unless given). `idle`: how
/// many seconds a connection may rest before another takes its place (15 unless given).
/// Raises Usage where one of them cannot be right.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Agent(pub(crate) Core);

#[pymethods]
impl Agent {
    #[new]
    #[pyo3(signature = (*, roots = None, certificate = None, key = None, proxy = None, deadline = None, connect_timeout = None,
        max_body = None, idle = None, user_agent = None))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        py: Python<'_>,
        roots: Option<AnyRoots>,
        certificate: Option<AnyPem>,
        key: Option<AnyPem>,
        proxy: Option<Text>,
        deadline: Option<f64>,
        connect_timeout: Option<f64>,
        max_body: Option<usize>,
        idle: Option<f64>,
        user_agent: Option<Text>,
    ) -> PyResult<Self> {
        let fail = |error| raise(py, error);
        let mut builder = Core::builder();
        if let Some(AnyRoots(roots)) = roots {
            builder = builder.roots(roots);
        }
        match (certificate, key) {
            (Some(chain), Some(key)) => builder = builder.client_certificate(chain.given(), key.given()),
            (Some(AnyPem(both)), None) => builder = builder.client_certificate(both.as_slice(), both.as_slice()),
            (None, Some(_)) => return Err(fail(Error::Usage("key: it is a certificate's, and none is given".to_owned()))),
            (None, None) => {}
        }
        if let Some(proxy) = proxy {
            builder = builder.proxy(match proxy.as_str() {
                "environment" => Proxy::Environment,
                url => Proxy::Url(url.to_owned()),
            });
        }
        if let Some(seconds) = deadline {
            builder = builder.deadline(duration("deadline", seconds).map_err(fail)?);
        }
        if let Some(seconds) = connect_timeout {
            builder = builder.connect_timeout(duration("connect_timeout", seconds).map_err(fail)?);
        }
        if let Some(bytes) = max_body {
            builder = builder.max_body(bytes);
        }
        if let Some(seconds) = idle {
            builder = builder.idle(duration("idle", seconds).map_err(fail)?);
        }
        if let Some(user_agent) = user_agent {
            builder = builder.user_agent(user_agent.as_str());
        }
        builder.build().map(Self).map_err(fail)
    }

    /// The same agent, whose work ends soon after `cancel.cancel()`, with NoAnswer and the code "cancelled".
    fn with_cancel(&self, cancel: Bound<'_, Cancel>) -> Self {
        Self(self.0.with_cancel(&cancel.get().0))
    }

    /// Steps an exchange to its end and gives its value. `save` is called with a renewed token *before* it is used; where it raises,
    /// Unsaved carries the token.
    #[pyo3(signature = (exchange, /, *, save = None))]
    fn run(&self, py: Python<'_>, exchange: Bound<'_, Exchange>, save: Option<Py<PyAny>>) -> PyResult<Py<PyAny>> {
        exchange.get().take().map_err(|error| raise(py, error))?.run(py, &self.0, save)
    }

    /// Carries one request, for programs that step an exchange themselves: `exchange.receive(agent.carry(request))`. Blocks; what goes wrong
    /// is part of the outcome.
    #[pyo3(signature = (request, /))]
    fn carry(&self, py: Python<'_>, request: Bound<'_, Request>) -> PyResult<Outcome> {
        let request = request.get().core().clone();
        interruptibly(py, &self.0, |agent| agent.carry(request)).map(Outcome)
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }
}

/// The agent of every client that is given none: they share its connections.
pub(crate) fn default_agent() -> Core {
    static DEFAULT: OnceLock<Core> = OnceLock::new();
    DEFAULT.get_or_init(Core::new).clone()
}

/// That one, or the default.
pub(crate) fn chosen(agent: Option<Bound<'_, Agent>>) -> Core {
    agent.map_or_else(default_agent, |agent| agent.get().0.clone())
}

/// Ends what an agent is doing, from any thread, within about 100 ms. Once cancelled it stays so.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Cancel(pub(crate) CoreCancel);

#[pymethods]
impl Cancel {
    #[new]
    fn new() -> Self {
        Self(CoreCancel::new())
    }

    /// Ends what the agents with this handle are doing, and all they would begin.
    fn cancel(&self) {
        self.0.cancel();
    }

    /// Whether cancel() was called.
    #[getter]
    fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }

    fn __repr__(&self) -> String {
        format!("Cancel({})", if self.0.is_cancelled() { "cancelled" } else { "not cancelled" })
    }
}

/// Steps an exchange to its end; see [`Agent::run`].
pub(crate) fn run<T: Send>(py: Python<'_>, agent: &Core, exchange: CoreExchange<T>, save: Option<Py<PyAny>>) -> PyResult<T> {
    let keep = |token: &CoreToken| match &save {
        None => Ok(()),
        Some(save) => Python::attach(|py| save.call1(py, (Token::from(token.clone()),)).map(|_| ())),
    };
    interruptibly(py, agent, |agent| agent.run_saving(exchange, keep))?.map_err(|error| match error {
        RunError::Exchange(error) => raise(py, error),
        RunError::Unsaved { token, error } if error.is_instance_of::<PyException>(py) => unsaved(py, *token, error),
        // KeyboardInterrupt and its like are not to be caught as anything else.
        RunError::Unsaved { error, .. } => error,
    })
}

/// Works with an agent that stops where a signal says so.
fn interruptibly<R: Send>(py: Python<'_>, agent: &Core, work: impl FnOnce(Core) -> R + Send) -> PyResult<R> {
    signals::interruptibly(py, |signals| work(agent.with_interrupt(move || signals.interrupt())))
}

pub(crate) fn duration(what: &str, seconds: f64) -> Result<Duration, Error> {
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err(Error::Usage(format!("{what}: must be a number of seconds above zero, and not infinite"))),
    }
}

/// Whom to trust: a word, a path or PEM.
struct AnyRoots(Roots);

impl<'py> FromPyObject<'_, 'py> for AnyRoots {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(pem) = object.extract::<PyBackedBytes>() {
            return Ok(Self(Roots::Pem(pem.to_vec())));
        }
        let path: PathBuf = match object.extract::<Text>() {
            Ok(word) if word.as_str() == "bundled" => return Ok(Self(Roots::Bundled)),
            Ok(word) if word.as_str() == "system" => return Ok(Self(Roots::System)),
            Ok(pem) if pem.as_str().contains("-----BEGIN") => return Ok(Self(Roots::Pem(pem.as_str().into()))),
            Ok(path) => path.as_str().into(),
            Err(_) => path_of(object)?,
        };
        let mut pem = read(&path).map_err(|error| {
            raise(object.py(), Error::Usage(format!("roots: {} cannot be read: {}", path.display(), words(&error))))
        })?;
        Ok(Self(Roots::Pem(std::mem::take(&mut *pem))))
    }
}

/// PEM, or the file that holds it. Wiped where nothing comes of it: a key may be in it.
struct AnyPem(Zeroizing<Vec<u8>>);

impl AnyPem {
    fn given(mut self) -> Vec<u8> {
        std::mem::take(&mut *self.0)
    }
}

impl<'py> FromPyObject<'_, 'py> for AnyPem {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(pem) = object.extract::<PyBackedBytes>() {
            return Ok(Self(Zeroizing::new(pem.to_vec())));
        }
        let path: PathBuf = match object.extract::<Text>() {
            Ok(pem) if pem.as_str().contains("-----BEGIN") => return Ok(Self(Zeroizing::new(pem.as_str().into()))),
            Ok(path) => path.as_str().into(),
            Err(_) => path_of(object)?,
        };
        // Without the path: somebody may have given a key that is no PEM.
        let told = |error: std::io::Error| {
            Error::Usage(format!("certificate: its file, or that of its key, cannot be read: {}", words(&error)))
        };
        read(&path).map(Self).map_err(|error| raise(object.py(), told(error)))
    }
}

/// Python's own error for a path that is no Unicode holds it whole, and somebody may have given the key itself.
fn path_of(object: Borrowed<'_, '_, PyAny>) -> PyResult<PathBuf> {
    object.extract().map_err(|error: PyErr| {
        if error.is_instance_of::<PyUnicodeEncodeError>(object.py()) {
            return raise(object.py(), Error::Usage("a path given is not Unicode: it holds a lone surrogate".to_owned()));
        }
        error
    })
}

/// The system's words, without the number that std adds for programmers.
fn words(error: &std::io::Error) -> String {
    error.to_string().split(" (os error").next().unwrap_or_default().to_owned()
}

/// A PEM file, at most 4 MiB of it.
fn read(path: &Path) -> std::io::Result<Zeroizing<Vec<u8>>> {
    // Room for a key and its chain, so that no half of one is left behind by a buffer that grew.
    let mut pem = Zeroizing::new(Vec::with_capacity(32 * 1024));
    File::open(path)?.take(4 * 1024 * 1024).read_to_end(&mut pem)?;
    Ok(pem)
}
