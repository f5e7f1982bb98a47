//! How does a test in another language talk to a real server?
//!
//! `counterparts oidc-provider|authlib|oauth2-server` starts one and prints one line of JSON that says where it is and whom it knows. Then it is
//! the user: each line of JSON on standard input is a wish, each line printed is what came of it. It ends when standard input does.

#![forbid(unsafe_code)]

use std::{
    io::{BufRead, Write},
    process::ExitCode,
};

use counterparts::{Browser, BrowserError, Counterpart, Kind};
use serde::Deserialize;
use serde_json::{Value, json};

/// What a test may ask for.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
enum Wish {
    SignIn {
        url: String,
        user: String,
    },
    Refuse {
        url: String,
    },
    ApproveDevice {
        url: String,
        user: String,
    },
    DenyDevice {
        url: String,
    },
    SignOut {
        url: String,
    },
    /// A browser that nobody has logged in with takes the place of this one.
    NewBrowser,
    Count {
        method: String,
        path: String,
    },
    Stderr,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let kind = match (arguments.next().as_deref(), arguments.next()) {
        (Some("oidc-provider"), None) => Kind::OidcProvider,
        (Some("authlib"), None) => Kind::Authlib,
        (Some("oauth2-server"), None) => Kind::Oauth2Server,
        _ => return failed("usage: counterparts oidc-provider|authlib|oauth2-server"),
    };
    let server = match Counterpart::start(kind) {
        Ok(server) => server,
        Err(error) => return failed(&error.to_string()),
    };
    let mut first = server.line().clone();
    first["ca_pem"] = json!(server.ca_pem());
    let certificates = server.certificates();
    for (name, identity) in [("client", &certificates.client), ("self_signed", &certificates.self_signed)] {
        first["certificates"][name] = json!({ "certificate": identity.certificate, "key": identity.key });
    }
    match serve(&server, &first) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error.to_string()),
    }
}

fn serve(server: &Counterpart, first: &Value) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{first}")?;
    out.flush()?;
    let mut browser = server.browser();
    for line in std::io::stdin().lock().lines() {
        let answer = match serde_json::from_str(&line?) {
            Ok(wish) => fulfilled(server, &mut browser, wish),
            Err(error) => json!({ "error": format!("not a wish: {error}") }),
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn fulfilled(server: &Counterpart, browser: &mut Browser, wish: Wish) -> Value {
    let told = |member: &str, result: Result<String, BrowserError>| match result {
        Ok(text) => json!({ member: text }),
        Err(error) => json!({ "error": error.to_string() }),
    };
    match wish {
        Wish::SignIn { url, user } => told("callback", browser.sign_in(&url, &user)),
        Wish::Refuse { url } => told("callback", browser.refuse(&url)),
        Wish::ApproveDevice { url, user } => told("page", browser.approve_device(&url, &user)),
        Wish::DenyDevice { url } => told("page", browser.deny_device(&url)),
        Wish::SignOut { url } => told("callback", browser.sign_out(&url)),
        Wish::NewBrowser => {
            *browser = server.browser();
            json!({})
        }
        Wish::Count { method, path } => match server.counted(&method, &path) {
            Ok(count) => json!({ "count": count }),
            Err(error) => json!({ "error": error.to_string() }),
        },
        Wish::Stderr => json!({ "stderr": server.stderr() }),
    }
}

fn failed(why: &str) -> ExitCode {
    // Nobody else is there to be told.
    let _ = writeln!(std::io::stderr(), "counterparts: {why}");
    ExitCode::FAILURE
}
