//! Who asks for a client's certificate, where a front does so and not the server?

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::json;

use crate::{Counterpart, StartError, counterpart::started_by, process::Process};

/// nginx, which stands before a server and tells it of the certificates that it was shown. It ends when this is dropped, or with this process.
pub struct Nginx {
    process: Process,
    origins: Origins,
}

#[derive(Deserialize)]
struct Origins {
    strict: String,
    older: String,
    lenient: String,
}

impl Nginx {
    /// Starts one before that server, whose authority and certificate it has too.
    ///
    /// # Errors
    /// [`StartError`]: it is not installed, or it did not say within a minute where it is.
    pub fn before(server: &Counterpart) -> Result<Self, StartError> {
        let certificates = server.certificates();
        let first = json!({
            "ca": certificates.ca,
            "certificate": certificates.server.certificate,
            "key": certificates.server.key,
            // By its address, since nginx would ask both that localhost has.
            "upstream": server.told("/behind").replace("localhost", "127.0.0.1"),
        });
        let (process, line) = Process::start(started_by("node", "node", "nginx/front.mjs")?, &first.to_string())?;
        match serde_json::from_str(&line) {
            Ok(origins) => Ok(Self { process, origins }),
            Err(error) => Err(StartError::Garbled { program: PathBuf::from("nginx"), error: error.to_string(), line }),
        }
    }

    /// Where only certificates of the server's authority are let in: `https://localhost:PORT`.
    pub fn strict(&self) -> &str {
        &self.origins.strict
    }

    /// The same, by TLS 1.2 alone.
    pub fn older(&self) -> &str {
        &self.origins.older
    }

    /// Where any certificate is let in, or none, and the server is told what nginx thinks of it.
    pub fn lenient(&self) -> &str {
        &self.origins.lenient
    }

    /// The end of its standard error: why it did not let somebody in.
    pub fn stderr(&self) -> String {
        self.process.stderr()
    }
}
