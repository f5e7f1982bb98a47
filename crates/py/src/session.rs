//! Who shares one good token?

use std::time::Duration;

use oauth_core::{Error, Token as CoreToken};
use oauth_session::{Away, Session as Core, SessionBuilder};
use oauth_ureq::Agent as CoreAgent;
use pyo3::{
    PyTraverseError, PyVisit,
    prelude::*,
    pybacked::PyBackedBytes,
    sync::PyOnceLock,
    types::{PyDict, PyString},
};

use crate::{
    agent,
    call::{Parts, Reply},
    callable::{Held, Weak},
    client::Client,
    error::raise,
    exchange::Exchange,
    grant::any_grant,
    step::{self, Now},
    text::{Pairs, Text},
    token::{Token, unpicklable},
};

/// One good token for everyone who needs it: threads, the tasks of event loops, forked workers, and with a shared store other processes and
/// machines. Of all that find it over one asks for the next, which is saved before anybody uses it.
///
/// `grant`: how to get a token where there is none to refresh: a name with its parameters as keywords, or a Grant; repeated with all of
/// them. Without one the session lives on what `login` put into its store, and raises Expired at its end.
/// `user`: whose token it is, where the grant does not say: any text that tells this user from the others in the store.
/// `store`: where the token is kept: "memory:", "file:/var/lib/app?key_file=/etc/app.key", "keyring:", "redis://host/0" or "rediss://…".
/// `when_away`: what to do while the store cannot be reached: "fail" with StoreError, or repeat the grant "alone". A valid token is used in
/// either case.
/// `margin`: how many seconds before its end a token is renewed; never more than half of its lifetime.
/// `deadline`: the longest that one request may take, in seconds; the agent's own unless given. A store's lock is taken for twice as long, at most 30 s more.
/// `on_change` is called with each new Token after it was saved, `on_error` with each Error of a renewal, also where a token that is
/// still valid hid it. Both run on whatever thread it happened, and must not block; what they raise goes to sys.unraisablehook.
///
/// Raises Usage for whatever is wrong with client, grant or store.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Session {
    core: Core,
    client: Py<Client>,
    agent: CoreAgent,
    held: Held,
    /// "file", "redis", …: all of the store's name that is no secret.
    kind: String,
}

#[pymethods]
impl Session {
    #[new]
    #[pyo3(signature = (client, /, grant = None, *, user = None, store = None, when_away = None, margin = 60.0, deadline = None,
        on_change = None, on_error = None, **parameters))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        py: Python<'_>,
        client: Bound<'_, Client>,
        grant: Option<Bound<'_, PyAny>>,
        user: Option<Text>,
        store: Option<Text>,
        when_away: Option<Text>,
        margin: f64,
        deadline: Option<f64>,
        on_change: Option<Bound<'_, PyAny>>,
        on_error: Option<Bound<'_, PyAny>>,
        parameters: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let fail = |error| raise(py, error);
        let (core, agent, held) = client.get().parts();
        let mut held = held.another();
        let mut builder = Core::builder(core.clone());
        builder = match &grant {
            Some(grant) => builder.grant(any_grant(grant, parameters)?),
            None if parameters.is_some_and(|parameters| !parameters.is_empty()) => {
                return Err(fail(Error::Usage("session: parameters go with a grant, and none is given".to_owned())));
            }
            None => builder,
        };
        if let Some(user) = user {
            builder = builder.user(user.as_str());
        }
        let store = store.as_ref().map_or("memory:", Text::as_str);
        builder = builder.shared_store(py.detach(|| oauth_session::named(store)).map_err(fail)?);
        builder = builder.when_away(away(when_away.as_ref()).map_err(fail)?);
        builder = builder.margin(seconds("margin", margin).map_err(fail)?);
        let deadline = deadline.map_or(Ok(agent.deadline()), |deadline| seconds("deadline", deadline)).map_err(fail)?;
        let hooks = [on_change, on_error].map(|hook| hook.map(|hook| held.hold(&hook)).transpose());
        let [on_change, on_error] = hooks;
        builder = with_hooks(builder.deadline(deadline), on_change?, on_error?);
        let kind = store.split(':').next().unwrap_or_default().to_owned();
        Ok(Self { core: builder.open().map_err(fail)?, agent: agent.clone(), held, client: client.unbind(), kind })
    }

    /// The client whose token it is.
    #[getter]
    fn client(&self, py: Python<'_>) -> Py<Client> {
        self.client.clone_ref(py)
    }

    /// Under which name the store keeps the token: 64 hexadecimal digits, the same in every process and language.
    #[getter]
    fn key(&self) -> &str {
        self.core.key().name()
    }

    /// The Authorization header's value where a good token is at hand; else None, and `token()` has something to do. It never blocks.
    ///
    ///     headers["Authorization"] = session.authorization() or session.token().authorization
    fn authorization<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyString>> {
        let current = self.core.current(oauth_ureq::now())?;
        current.authorization().map(|value| PyString::new(py, value))
    }

    /// The token at hand where it is good; else None, and `token()` has something to do. It never blocks.
    fn current(&self) -> Option<Token> {
        self.core.current(oauth_ureq::now()).map(|current| CoreToken::clone(&current).into())
    }

    /// A good token: the one at hand, another process's from the store, or a new one. Blocks; raises Error.
    fn token(&self, py: Python<'_>) -> PyResult<Token> {
        match self.current() {
            Some(token) => Ok(token),
            None => agent::run(py, &self.agent, self.core.token(), None).map(Token::from),
        }
    }

    /// The same for the tasks of an event loop, over the client's agent. The work is done in a thread, once for all tasks; a task that is
    /// cancelled does not end it.
    fn atoken<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        static ATOKEN: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        ATOKEN.import(this.py(), "active_oauth.asynchronous", "_token")?.call1((this,))
    }

    /// The same as an exchange to be stepped. Its Store steps are to be run where blocking is allowed.
    fn begin_token(&self) -> Exchange {
        Exchange::shared(self.core.token()).holding(self.held.another())
    }

    /// Calls the provider's API with a good token. Where the API says that it is dead it is renewed once and the call repeated once. Blocks;
    /// raises Error. The arguments are those of `Client.call`.
    #[pyo3(signature = (method, target, /, *, query = None, headers = None, form = None, json = None, body = None, content_type = None))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn call(
        &self,
        py: Python<'_>,
        method: Text,
        target: Text,
        query: Option<Pairs>,
        headers: Option<Pairs>,
        form: Option<Pairs>,
        json: Option<Bound<'_, PyAny>>,
        body: Option<PyBackedBytes>,
        content_type: Option<Text>,
    ) -> PyResult<Reply> {
        let call = Parts { query, headers, form, json, body, content_type, renew_by: None }.call(&method, &target)?;
        Reply::new(py, agent::run(py, &self.agent, self.core.call(call), None)?)
    }

    /// The same as an exchange to be stepped.
    #[pyo3(signature = (method, target, /, *, query = None, headers = None, form = None, json = None, body = None, content_type = None))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn begin_call(
        &self,
        method: Text,
        target: Text,
        query: Option<Pairs>,
        headers: Option<Pairs>,
        form: Option<Pairs>,
        json: Option<Bound<'_, PyAny>>,
        body: Option<PyBackedBytes>,
        content_type: Option<Text>,
    ) -> PyResult<Exchange> {
        let call = Parts { query, headers, form, json, body, content_type, renew_by: None }.call(&method, &target)?;
        Ok(Exchange::shared(self.core.call(call)).holding(self.held.another()))
    }

    /// One try of an API call that another library carries, with a token that this session gave. It ends with the Reply, or with None where the
    /// API says that the token is dead: then `token()` gives the next one, to try once more, as the `last`.
    #[pyo3(signature = (token, method, target, /, *, query = None, headers = None, form = None, json = None, body = None, content_type = None,
        last = false))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn begin_attempt(
        &self,
        token: Bound<'_, Token>,
        method: Text,
        target: Text,
        query: Option<Pairs>,
        headers: Option<Pairs>,
        form: Option<Pairs>,
        json: Option<Bound<'_, PyAny>>,
        body: Option<PyBackedBytes>,
        content_type: Option<Text>,
        last: bool,
    ) -> PyResult<Exchange> {
        let call = Parts { query, headers, form, json, body, content_type, renew_by: None }.call(&method, &target)?;
        Ok(Exchange::from(self.core.attempt(token.get().core(), call, last)).holding(self.held.another()))
    }

    /// Puts a token into the store, in place of whatever is there: the end of a login in the browser,
    /// `session.login(client.callback(login, url))`. Blocks for as long as the store does; raises StoreError, or Usage for another provider's
    /// token. `now` is the time; without one it is the machine's.
    #[pyo3(signature = (token, /, *, now = None))]
    fn login(&self, py: Python<'_>, token: Bound<'_, Token>, now: Option<Bound<'_, Now>>) -> PyResult<()> {
        let token = token.get().core();
        let now = step::now(now);
        py.detach(|| self.core.login(token, now)).map_err(|error| raise(py, error))
    }

    /// The same for an event loop: the store's work is done in a thread.
    #[pyo3(signature = (token, /))]
    fn alogin<'py>(this: &Bound<'py, Self>, token: Bound<'py, Token>) -> PyResult<Bound<'py, PyAny>> {
        in_thread(this.py())?.call1((this.getattr("login")?, token))
    }

    /// Takes the token out of the store and forgets it. It is not revoked at the provider. Blocks for as long as the store does; raises
    /// StoreError where it is still there.
    fn logout(&self, py: Python<'_>) -> PyResult<()> {
        py.detach(|| self.core.logout()).map_err(|error| raise(py, error))
    }

    /// The same for an event loop: the store's work is done in a thread.
    fn alogout<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        in_thread(this.py())?.call1((this.getattr("logout")?,))
    }

    /// Forgets that the provider refused, so that the next call asks again: after somebody repaired it there. It never blocks.
    fn forget_refusals(&self) {
        self.core.forget_refusals();
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.client)?;
        self.held.visit(&visit)
    }

    fn __repr__(&self) -> String {
        format!("Session({}, store=\"{}:\")", self.client.get().__repr__(), self.kind)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("Session", "make one in each process, with the same store"))
    }
}

fn away(word: Option<&Text>) -> Result<Away, Error> {
    match word.map(Text::as_str) {
        None | Some("fail") => Ok(Away::Fail),
        Some("alone") => Ok(Away::Alone),
        Some(_) => Err(Error::Usage("when_away: must be \"fail\" or \"alone\"".to_owned())),
    }
}

fn seconds(what: &str, seconds: f64) -> Result<Duration, Error> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| Error::Usage(format!("{what}: must be a number of seconds, not below zero and not infinite")))
}

fn with_hooks(mut builder: SessionBuilder, on_change: Option<Weak>, on_error: Option<Weak>) -> SessionBuilder {
    if let Some(hook) = on_change {
        builder = builder.on_change(move |token| {
            tell(&hook, |py| Token::from(token.clone()).into_pyobject(py).map(|token| token.into_any()));
        });
    }
    if let Some(hook) = on_error {
        builder = builder
            .on_error(move |error| tell(&hook, |py| Ok(raise(py, error.clone()).into_value(py).into_bound(py).into_any())));
    }
    builder
}

/// Calls a hook. The renewal goes on whatever it raises, and where the interpreter is ending there is nobody to tell.
fn tell(hook: &Weak, what: impl for<'py> FnOnce(Python<'py>) -> PyResult<Bound<'py, PyAny>>) {
    Python::try_attach(|py| {
        // Where nobody holds it any more nobody wants to be told.
        let Ok(hook) = hook.function(py) else { return };
        if let Err(error) = what(py).and_then(|what| hook.call1((what,))) {
            error.write_unraisable(py, Some(&hook));
        }
    });
}

fn in_thread(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static TO_THREAD: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    TO_THREAD.import(py, "asyncio", "to_thread")
}
