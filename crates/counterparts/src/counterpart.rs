//! Which server, and where is it?

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use oauth_ureq::{Agent, Roots};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Browser, BrowserError, Certificates, Registered, StartError, process::Process};

/// A server that others wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// npm `oidc-provider`: OpenID certified, with everything switched on.
    OidcProvider,
    /// PyPI `Authlib`, below Flask.
    Authlib,
    /// npm `@node-oauth/oauth2-server`, below Express.
    Oauth2Server,
}

/// A running server, with users and clients that are known from its start. It ends when this is dropped, or when this process ends.
///
/// The tests of one file share one ([`shared`](Self::shared)), unless they count, or kill what others live on.
pub struct Counterpart {
    process: Process,
    agent: Agent,
    certificates: Certificates,
    line: Value,
    known: Known,
}

/// What every server prints.
#[derive(Deserialize)]
struct Known {
    issuer: String,
    clients: HashMap<String, Registered>,
}

impl Counterpart {
    /// The one server of that kind that the tests of a file share. It is started by the first who asks, and ends with this process.
    ///
    /// # Panics
    /// With what is wrong and what helps, as [`start`](Self::start) says it, and to everybody who asks.
    pub fn shared(kind: Kind) -> &'static Self {
        static SHARED: [OnceLock<Result<Counterpart, StartError>>; 3] = [const { OnceLock::new() }; 3];
        match SHARED[kind as usize].get_or_init(|| Self::start(kind)) {
            Ok(server) => server,
            Err(error) => panic!("{error}"),
        }
    }

    /// npm `oidc-provider`, [`shared`](Self::shared).
    ///
    /// # Panics
    /// As `shared` does.
    pub fn oidc_provider() -> &'static Self {
        Self::shared(Kind::OidcProvider)
    }

    /// PyPI `Authlib`, [`shared`](Self::shared).
    ///
    /// # Panics
    /// As `shared` does.
    pub fn authlib() -> &'static Self {
        Self::shared(Kind::Authlib)
    }

    /// npm `@node-oauth/oauth2-server`, [`shared`](Self::shared).
    ///
    /// # Panics
    /// As `shared` does.
    pub fn oauth2_server() -> &'static Self {
        Self::shared(Kind::Oauth2Server)
    }

    /// Starts one of that kind for this test alone.
    ///
    /// # Errors
    /// [`StartError`]: it is not installed, or it did not say within a minute where it is.
    pub fn start(kind: Kind) -> Result<Self, StartError> {
        let certificates = Certificates::new().map_err(|error| StartError::Certificates(error.to_string()))?;
        let first = json!({
            "ca": certificates.ca,
            "certificate": certificates.server.certificate,
            "key": certificates.server.key,
            "self_signed": certificates.self_signed.certificate,
        });
        let (process, text) = Process::start(command(kind)?, &first.to_string())?;
        let garbled = |error: serde_json::Error| StartError::Garbled {
            program: PathBuf::from(format!("{kind:?}")),
            error: error.to_string(),
            line: text.clone(),
        };
        let line: Value = serde_json::from_str(&text).map_err(garbled)?;
        let known = Known::deserialize(&line).map_err(garbled)?;
        let roots = Roots::Pem(certificates.ca.as_bytes().to_vec());
        let agent = Agent::builder().roots(roots).build().map_err(|error| StartError::Certificates(error.to_string()))?;
        Ok(Self { process, agent, certificates, line, known })
    }

    /// Its issuer identifier (RFC 8414 §2), which is also the base of its endpoints: `https://localhost:PORT`.
    pub fn issuer(&self) -> &str {
        &self.known.issuer
    }

    /// The client of that name in the server's own list (tests/servers).
    ///
    /// # Panics
    /// Where there is none, with the names that are.
    pub fn client(&self, name: &str) -> &Registered {
        self.known.clients.get(name).unwrap_or_else(|| {
            let mut names: Vec<_> = self.known.clients.keys().collect();
            names.sort();
            panic!("no client {name:?}, only {names:?}")
        })
    }

    /// Anything else of the line that the server printed, by JSON pointer (RFC 6901): `/issuers/fapi`, `/mtls`.
    ///
    /// # Panics
    /// Where it isn't there, or is no text.
    pub fn told(&self, pointer: &str) -> &str {
        self.line.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("the server did not tell {pointer}"))
    }

    /// The authority and the certificates made for this server.
    pub fn certificates(&self) -> &Certificates {
        &self.certificates
    }

    /// The certificate of its authority as PEM: the one root that a client needs.
    pub fn ca_pem(&self) -> &str {
        &self.certificates.ca
    }

    /// A transport of ours that trusts this server and no other. Its clones share one pool of connections.
    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    /// A browser in front of this server, that nobody has logged in with.
    pub fn browser(&self) -> Browser {
        Browser::new(self.ca_pem())
    }

    /// How many requests of that method and path have reached it: `("POST", "/token")`.
    ///
    /// # Panics
    /// Where the server is gone.
    pub fn count(&self, method: &str, path: &str) -> u64 {
        self.counted(method, path).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The same, for those who do not panic.
    ///
    /// # Errors
    /// [`BrowserError`] where the server is gone.
    pub fn counted(&self, method: &str, path: &str) -> Result<u64, BrowserError> {
        let url = format!("{}/-/counts", self.issuer());
        let text = self.browser().read(&url)?;
        let counts: HashMap<String, u64> =
            serde_json::from_str(&text).map_err(|error| BrowserError { at: url, why: error.to_string() })?;
        Ok(counts.get(&format!("{method} {path}")).copied().unwrap_or(0))
    }

    /// Lets oidc-provider sign with new keys from now on. It shows the old ones beside them, as OpenID Connect Core §10.1.1 wants it; all that
    /// it had issued is forgotten.
    ///
    /// # Panics
    /// Where the server is gone, or is another one.
    pub fn rotate_keys(&self) {
        let url = format!("{}/-/rotate", self.issuer());
        let answer = self.browser().post(&url, "text/plain", "").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(answer.0, 204, "only oidc-provider has keys to rotate");
    }

    /// All that the server told when it started.
    pub fn line(&self) -> &Value {
        &self.line
    }

    /// The end of its standard error: what one wants to read where a test fails and nobody knows why.
    pub fn stderr(&self) -> String {
        self.process.stderr()
    }
}

fn command(kind: Kind) -> Result<Command, StartError> {
    let (program, package, script) = match kind {
        Kind::OidcProvider => ("node", "node_modules/oidc-provider", "oidc-provider/server.mjs"),
        Kind::Oauth2Server => ("node", "node_modules/@node-oauth/oauth2-server", "node-oauth2-server/server.mjs"),
        Kind::Authlib => ("authlib/bin/python", "authlib", "authlib/server.py"),
    };
    let mut command = started_by(program, package, script)?;
    // Why it refused, which it tells nobody else: for `Counterpart::stderr`.
    command.env("DEBUG", "oidc-provider:error,oidc-provider:*:error,oidc-provider:server_error");
    Ok(command)
}

/// The start scripts are the project's; what they stand on is where tests/setup installed it.
pub(crate) fn started_by(program: &str, package: &str, script: &str) -> Result<Command, StartError> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = crates.ancestors().nth(2).unwrap_or(crates);
    let installed = std::env::var_os("ACTIVE_SERVERS").map_or_else(|| root.join("build/servers"), PathBuf::from);
    let scripts = root.join("tests/servers");
    for needed in [installed.join(program), installed.join(package), scripts.join(script)] {
        if !needed.exists() {
            return Err(StartError::Missing(needed));
        }
    }
    let mut command = Command::new(installed.join(program));
    command.arg(scripts.join(script)).env("ACTIVE_SERVERS", &installed);
    Ok(command)
}
