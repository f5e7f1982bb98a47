//! What does the user do?
//!
//! A browser without a window: it follows redirects, keeps cookies, and fills in the forms that a server shows. Where it is sent to the
//! client, it stops and says where.

use std::{sync::Arc, time::Duration};

use http::{Response, Uri};
use ureq::{
    Agent, Body,
    config::Config,
    tls::{Certificate, RootCerts, TlsConfig, TlsProvider},
};

use crate::{
    cookies::Cookies,
    page::{Form, Page},
};

/// A browser with its cookies: who logged in once is known the next time.
pub struct Browser {
    agent: Agent,
    cookies: Cookies,
}

/// Why the user did not arrive.
#[derive(Debug, thiserror::Error)]
#[error("browser at {at}: {why}")]
pub struct BrowserError {
    /// Where it was, without the query.
    pub at: String,
    /// What happened there, or the page that nobody knew what to do with.
    pub why: String,
}

/// What the user wants.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mind {
    /// To log in by this name, and to allow what is asked for.
    Allow,
    /// To have nothing to do with it.
    Refuse,
}

/// Where the way of a browser ended.
enum End {
    /// At the client: the URL it was sent to, or the form that was to be posted there (`response_mode=form_post`).
    Client(String),
    /// At a page of the server that asks for nothing more.
    Page(String),
}

/// More pages than any login has.
const MOST_PAGES: usize = 20;
const DEADLINE: Duration = Duration::from_secs(30);

impl Browser {
    pub(crate) fn new(ca_pem: &str) -> Self {
        let roots: Vec<_> = Certificate::from_pem(ca_pem.as_bytes()).into_iter().collect();
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::from(roots))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = Config::builder()
            .tls_config(tls)
            .proxy(None)
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(DEADLINE))
            .build();
        Self { agent: Agent::new_with_config(config), cookies: Cookies::default() }
    }

    /// Opens the URL of a login, logs in as `user`, allows what is asked for, and says where the client was called: what
    /// [`Client::callback`](oauth_core::Client::callback) takes.
    ///
    /// # Errors
    /// [`BrowserError`] with the page where it did not go on.
    pub fn sign_in(&mut self, url: &str, user: &str) -> Result<String, BrowserError> {
        self.until_client(url, user, Mind::Allow)
    }

    /// Opens the URL of a login and refuses.
    ///
    /// # Errors
    /// As [`sign_in`](Self::sign_in).
    pub fn refuse(&mut self, url: &str) -> Result<String, BrowserError> {
        self.until_client(url, "nobody", Mind::Refuse)
    }

    /// Opens the `verification_uri_complete` of a device (RFC 8628 §3.3.1), logs in as `user` and allows it. Says what the last page said.
    ///
    /// # Errors
    /// As [`sign_in`](Self::sign_in).
    pub fn approve_device(&mut self, url: &str, user: &str) -> Result<String, BrowserError> {
        self.until_page(url, user, Mind::Allow)
    }

    /// Opens the `verification_uri_complete` of a device and refuses.
    ///
    /// # Errors
    /// As [`sign_in`](Self::sign_in).
    pub fn deny_device(&mut self, url: &str) -> Result<String, BrowserError> {
        self.until_page(url, "nobody", Mind::Refuse)
    }

    /// Ends the login at the server (RP-initiated logout), and says where the client was called.
    ///
    /// # Errors
    /// As [`sign_in`](Self::sign_in).
    pub fn sign_out(&mut self, url: &str) -> Result<String, BrowserError> {
        self.until_client(url, "nobody", Mind::Allow)
    }

    /// Reads a page, without a login.
    ///
    /// # Errors
    /// [`BrowserError`] where it is none: no answer, or another status than 200.
    pub fn read(&mut self, url: &str) -> Result<String, BrowserError> {
        let mut answer = self.ask(url, None)?;
        let (status, text) = (answer.status(), text(&mut answer, url)?);
        if status == 200 { Ok(text) } else { Err(lost(url, format!("{status}: {text}"))) }
    }

    /// Posts as any program would, without cookies: what a test asks of a server that our client doesn't know yet. Gives status and body.
    ///
    /// # Errors
    /// [`BrowserError`] where there was no answer. Every status is one.
    pub fn post(&self, url: &str, content_type: &str, body: &str) -> Result<(u16, String), BrowserError> {
        let request = self.agent.post(url).header("accept", "application/json").header("content-type", content_type);
        let mut answer = request.send(body).map_err(|error| lost(url, error.to_string()))?;
        Ok((answer.status().as_u16(), text(&mut answer, url)?))
    }

    fn until_client(&mut self, url: &str, user: &str, mind: Mind) -> Result<String, BrowserError> {
        match self.go(url, user, mind)? {
            End::Client(callback) => Ok(callback),
            End::Page(page) => Err(lost(url, format!("it ended here, and not at the client:\n{page}"))),
        }
    }

    fn until_page(&mut self, url: &str, user: &str, mind: Mind) -> Result<String, BrowserError> {
        match self.go(url, user, mind)? {
            End::Page(page) => Ok(page),
            End::Client(callback) => Err(lost(url, format!("it ended at a client: {}", without_query(&callback)))),
        }
    }

    fn go(&mut self, url: &str, user: &str, mind: Mind) -> Result<End, BrowserError> {
        let origin = origin(url)?;
        let mut at = url.to_owned();
        let mut form: Option<Vec<(String, String)>> = None;
        let mut said_no = false;
        for _ in 0..MOST_PAGES {
            let mut answer = self.ask(&at, form.take())?;
            if let Some(location) = answer.headers().get("location").and_then(|value| value.to_str().ok()) {
                at = joined(&at, location)?;
                if self::origin(&at).ok() != Some(origin.clone()) {
                    return Ok(End::Client(at));
                }
                continue;
            }
            let (status, text) = (answer.status(), text(&mut answer, &at)?);
            let page = Page::read(&text);
            if let (Mind::Refuse, Some(abort)) = (mind, &page.abort) {
                at = joined(&at, abort)?;
                continue;
            }
            // A device's page asks for the next code once its user has refused.
            let Some(mut filled) = page.form.filter(|_| status == 200 && !said_no) else {
                return if status == 200 { Ok(End::Page(text)) } else { Err(lost(&at, format!("{status}: {text}"))) };
            };
            at = joined(&at, &filled.action)?;
            if self::origin(&at).ok() != Some(origin.clone()) {
                return Ok(End::Client(encoded(&filled.inputs)));
            }
            fill(&mut filled, user, mind);
            said_no = mind == Mind::Refuse;
            form = Some(filled.inputs);
        }
        Err(lost(&at, format!("after {MOST_PAGES} pages it was still on its way")))
    }

    /// GET, or POST where there is a form.
    fn ask(&mut self, url: &str, form: Option<Vec<(String, String)>>) -> Result<Response<Body>, BrowserError> {
        let path = url.parse::<Uri>().map(|uri| uri.path().to_owned()).map_err(|error| lost(url, error.to_string()))?;
        let cookies = self.cookies.field(&path).map(|field| ("cookie", field));
        let headers = cookies.into_iter().chain([("accept", "text/html".to_owned())]);
        let answer = match form {
            Some(form) => {
                headers.fold(self.agent.post(url), |request, (name, value)| request.header(name, value)).send_form(form)
            }
            None => headers.fold(self.agent.get(url), |request, (name, value)| request.header(name, value)).call(),
        };
        let answer = answer.map_err(|error| lost(url, error.to_string()))?;
        for field in answer.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()) {
            self.cookies.set(field, &path);
        }
        Ok(answer)
    }
}

/// What the user writes into a form.
fn fill(form: &mut Form, user: &str, mind: Mind) {
    if mind == Mind::Refuse {
        // The button of that name; the one that confirms is not pressed.
        form.inputs.retain(|(name, _)| name != "confirm");
        form.inputs.push(("abort".to_owned(), "yes".to_owned()));
    }
    for (name, value) in &mut form.inputs {
        match name.as_str() {
            "login" | "username" => user.clone_into(value),
            "password" => "correct horse".clone_into(value),
            _ => {}
        }
    }
    if form.action.ends_with("/session/end/confirm") {
        form.inputs.push(("logout".to_owned(), "yes".to_owned()));
    }
}

fn text(answer: &mut Response<Body>, at: &str) -> Result<String, BrowserError> {
    answer.body_mut().read_to_string().map_err(|error| lost(at, error.to_string()))
}

fn encoded(inputs: &[(String, String)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(inputs);
    form.finish()
}

/// Scheme, host and port.
fn origin(url: &str) -> Result<String, BrowserError> {
    let (scheme, rest) = url.split_once("://").ok_or_else(|| lost(url, "not a whole URL".to_owned()))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    Ok(format!("{scheme}://{host}"))
}

/// RFC 3986 §5.2, for the references that servers write: a whole URL, or a path from the root.
fn joined(base: &str, reference: &str) -> Result<String, BrowserError> {
    if reference.starts_with('/') {
        return Ok(format!("{}{reference}", origin(base)?));
    }
    if reference.split_once(':').is_some() {
        return Ok(reference.to_owned());
    }
    Err(lost(base, format!("it leads to {reference:?}, which is neither a whole URL nor a path from the root")))
}

fn lost(at: &str, why: String) -> BrowserError {
    BrowserError { at: without_query(at), why }
}

/// A code or state is nobody's to read in a log.
fn without_query(url: &str) -> String {
    url.split(['?', '#']).next().unwrap_or_default().to_owned()
}
