//! How does C say how requests are carried?

use std::{
    ffi::{CStr, c_char},
    fs, ptr,
    sync::OnceLock,
    time::Duration,
};

use oauth_core::Error;
use oauth_ureq::{Agent, AgentBuilder, Proxy, Roots};
use zeroize::Zeroizing;

use crate::border::{bytes, guard, needed};

/// Roots, proxy, time limits and the pool of connections. Give it to clients; settings count for clients it is given to afterwards.
pub struct active_agent {
    builder: AgentBuilder,
    error: Option<Error>,
    built: Option<Agent>,
}

impl active_agent {
    /// The agent, built at the first use so that all clients of this handle share one pool.
    pub(crate) fn agent(&mut self) -> Result<Agent, Error> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        if let Some(agent) = &self.built {
            return Ok(agent.clone());
        }
        let agent = self.builder.clone().build()?;
        Ok(self.built.insert(agent).clone())
    }
}

/// The agent of all clients that were given none: bundled roots, no proxy, 30 s, 1 MiB, one pool for the process.
pub(crate) fn default_agent() -> Agent {
    static AGENT: OnceLock<Agent> = OnceLock::new();
    AGENT.get_or_init(Agent::new).clone()
}

/// An agent with safe defaults: bundled roots, no proxy, 30 s for a request of which 10 s to connect, 1 MiB for an answer.
/// Free it with active_agent_free, at any time: clients keep what they need.
#[unsafe(no_mangle)]
pub extern "C" fn active_agent_new() -> *mut active_agent {
    guard(ptr::null_mut(), || Box::into_raw(Box::new(active_agent { builder: Agent::builder(), error: None, built: None })))
}

/// Frees an agent. NULL is harmless.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_agent_free(agent: *mut active_agent) {
    guard((), || {
        if !agent.is_null() {
            // SAFETY: "handle": it came from active_agent_new.
            drop(unsafe { Box::from_raw(agent) });
        }
    });
}

/// Whom to trust: "bundled" (Mozilla's list, the default) or "system" (the machine's own, or those in the file that SSL_CERT_FILE names).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_agent_roots(agent: *mut active_agent, which: *const c_char) {
    set(agent, |builder| match needed(which, "roots")? {
        "bundled" => Ok(builder.roots(Roots::Bundled)),
        "system" => Ok(builder.roots(Roots::System)),
        _ => Err(Error::Usage("roots: must be bundled or system; give a PEM to active_agent_roots_pem".to_owned())),
    });
}

/// Trusts exactly the certificates in this PEM text of `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_agent_roots_pem(agent: *mut active_agent, pem: *const c_char, length: usize) {
    set(agent, |builder| Ok(builder.roots(Roots::Pem(bytes(pem.cast(), length, "roots")?.to_vec()))));
}

/// Trusts exactly the certificates in this PEM file, at most 4 MiB of it, read now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_agent_roots_file(agent: *mut active_agent, path: *const c_char) {
    set(agent, |builder| {
        if path.is_null() {
            return Err(Error::Usage("roots: the path is NULL".to_owned()));
        }
        // SAFETY: "string".
        let path = unsafe { CStr::from_ptr(path) };
        let told = |error| Error::Usage(format!("roots: {} cannot be read: {error}", path.to_string_lossy()));
        Ok(builder.roots(Roots::Pem(std::mem::take(&mut *read(path).map_err(told)?))))
    });
}

/// Wiped where nothing comes of it: a key may be in it.
fn read(path: &CStr) -> std::io::Result<Zeroizing<Vec<u8>>> {
    use std::{ffi::OsStr, io::Read, os::unix::ffi::OsStrExt};
    // Room for a key and its chain, so that no half of one is left behind by a buffer that grew.
    let mut pem = Zeroizing::new(Vec::with_capacity(32 * 1024));
    fs::File::open(OsStr::from_bytes(path.to_bytes()))?.take(4 * 1024 * 1024).read_to_end(&mut pem)?;
    Ok(pem)
}

/// The certificate that this agent shows to servers that ask for one (RFC 8705): PEM of `length` bytes, with its intermediates behind it, and PEM of its
/// private key, which must not be encrypted; `key` may be NULL where the first text holds it too. Every server that asks sees it, so give the agent to
/// the clients of that certificate and to no others: to those of auth "tls_client_auth" or "self_signed_tls_client_auth", or of
/// active_client_certificate_bound.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_agent_certificate_pem(
    agent: *mut active_agent,
    chain: *const c_char,
    length: usize,
    key: *const c_char,
    key_length: usize,
) {
    set(agent, |builder| {
        let chain = bytes(chain.cast(), length, "certificate")?;
        let key = if key.is_null() { chain } else { bytes(key.cast(), key_length, "key")? };
        Ok(builder.client_certificate(chain, key))
    });
}

/// As active_agent_certificate_pem, with both read from files now; `key_path` may be NULL where the first file holds the key too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_agent_certificate_file(agent: *mut active_agent, path: *const c_char, key_path: *const c_char) {
    set(agent, |builder| {
        if path.is_null() {
            return Err(Error::Usage("certificate: the path is NULL".to_owned()));
        }
        // No path is shown: somebody may have given the key itself.
        let told = |error| Error::Usage(format!("certificate: its file, or that of its key, cannot be read: {error}"));
        // SAFETY: "string", both.
        let mut chain = read(unsafe { CStr::from_ptr(path) }).map_err(told)?;
        // SAFETY: "string".
        let mut key = if key_path.is_null() { chain.clone() } else { read(unsafe { CStr::from_ptr(key_path) }).map_err(told)? };
        Ok(builder.client_certificate(std::mem::take(&mut *chain), std::mem::take(&mut *key)))
    });
}

/// "none" (the default), "environment" (HTTPS_PROXY, ALL_PROXY, NO_PROXY; never HTTP_PROXY), or a proxy's URL, http://host:port with
/// user:password@ before the host where it wants them. Loopback addresses are always reached directly.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_agent_proxy(agent: *mut active_agent, proxy: *const c_char) {
    set(agent, |builder| {
        Ok(builder.proxy(match needed(proxy, "proxy")? {
            "none" => Proxy::None,
            "environment" => Proxy::Environment,
            url => Proxy::Url(url.to_owned()),
        }))
    });
}

/// How long one request may take in all, in milliseconds: name, connection, TLS, sending and the answer's last byte. 30000 unless set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_agent_deadline_ms(agent: *mut active_agent, milliseconds: i64) {
    set(agent, |builder| Ok(builder.deadline(duration(milliseconds, "deadline")?)));
}

/// How long name look-up, connection and TLS may take, in milliseconds. 10000 unless set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_agent_connect_timeout_ms(agent: *mut active_agent, milliseconds: i64) {
    set(agent, |builder| Ok(builder.connect_timeout(duration(milliseconds, "connect_timeout")?)));
}

pub(crate) fn duration(milliseconds: i64, what: &str) -> Result<Duration, Error> {
    match u64::try_from(milliseconds) {
        Ok(milliseconds) if milliseconds > 0 => Ok(Duration::from_millis(milliseconds)),
        _ => Err(Error::Usage(format!("{what}: must be more than 0 milliseconds"))),
    }
}

/// How long a connection may rest before another takes its place, in milliseconds: 15000 unless set, at most 5 minutes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_agent_idle_ms(agent: *mut active_agent, milliseconds: i64) {
    set(agent, |builder| Ok(builder.idle(duration(milliseconds, "idle")?)));
}

/// How large an answer may be after decompression, in bytes. 1048576 unless set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_agent_max_body(agent: *mut active_agent, length: usize) {
    set(agent, |builder| Ok(builder.max_body(length)));
}

/// The User-Agent header; "active/<version>" unless set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_agent_user_agent(agent: *mut active_agent, user_agent: *const c_char) {
    set(agent, |builder| Ok(builder.user_agent(needed(user_agent, "user_agent")?)));
}

/// Changes the settings; what is wrong with them is told by the first step of an exchange.
fn set(agent: *mut active_agent, change: impl FnOnce(AgentBuilder) -> Result<AgentBuilder, Error>) {
    guard((), || {
        // SAFETY: "handle".
        let Some(agent) = (unsafe { agent.as_mut() }) else { return };
        agent.built = None;
        match change(agent.builder.clone()) {
            Ok(builder) => agent.builder = builder,
            Err(error) => {
                agent.error.get_or_insert(error);
            }
        }
    });
}
