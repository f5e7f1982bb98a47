//! Does a program that knows nothing but a URL get to a token of a real server for it?
//!
//! The API and the host of the client's own document are a few lines of HTTPS in here: no server of ours takes part in what is asked of the
//! authorization server.

mod site;

use std::{
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use counterparts::Counterpart;
use oauth_core::{Access, Admission, Answer, Call, Kind, Resource, Token, client_document};
use oauth_ureq::{OsRandom, now};
use serde_json::json;
use site::{Asked, Said, Site};
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};

const REDIRECT: &str = "https://client.example/callback";

fn server() -> &'static Counterpart {
    Counterpart::oidc_provider()
}

/// A site with an API that wants tokens, its metadata, and a client's document.
fn site() -> Site {
    Site::start(&server().certificates().server, |origin, asked| says(origin, server().issuer(), asked))
}

fn says(origin: &str, issuer: &str, asked: &Asked) -> Said {
    let has_token = asked.authorization.as_ref().is_some_and(|value| value.starts_with("Bearer "));
    match asked.path.as_str() {
        "/mcp" | "/silent" if has_token => ("200 OK", None, json!({ "tools": [] }).to_string()),
        "/mcp" => {
            ("401 Unauthorized", Some(format!("Bearer resource_metadata=\"{origin}/meta\", scope=\"read\"")), String::new())
        }
        "/silent" => ("401 Unauthorized", Some("Bearer".to_owned()), String::new()),
        "/meta" => {
            ("200 OK", None, json!({ "resource": format!("{origin}/mcp"), "authorization_servers": [issuer] }).to_string())
        }
        "/.well-known/oauth-protected-resource/silent" => {
            let resource = format!("{origin}/silent");
            let metadata = json!({ "resource": resource, "authorization_servers": [issuer], "scopes_supported": ["read"] });
            ("200 OK", None, metadata.to_string())
        }
        path @ "/oauth/client.json" => {
            let metadata = json!({ "client_name": "A test", "redirect_uris": [REDIRECT], "scope": "read" });
            let id = format!("{origin}{path}");
            ("200 OK", None, client_document(&id, &metadata.to_string()).expect("a good document"))
        }
        _ => ("404 Not Found", None, String::new()),
    }
}

/// What the API says to somebody without a token: any HTTP client will do.
fn refusal(url: &str) -> Answer {
    let roots = Certificate::from_pem(server().ca_pem().as_bytes()).expect("a certificate");
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::from(vec![roots]))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let config = ureq::Agent::config_builder().tls_config(tls).http_status_as_error(false).build();
    let (head, mut body) = ureq::Agent::new_with_config(config).get(url).call().expect("an answer").into_parts();
    let answer = Answer::from(http::Response::from_parts(head, body.read_to_vec().expect("a body")));
    assert_eq!(answer.status(), 401);
    answer
}

/// The login, the token, and the call that was refused before.
fn used(admission: &Admission, url: &str) -> Token {
    let client = &admission.client;
    let mut login = client.authorize(admission.authorize(REDIRECT), now(), &OsRandom).expect("a login");
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    let token = server().agent().run(client.callback(&mut login, &callback)).expect("a token");
    let reply = server().agent().run(client.call(&token, Call::get(url))).expect("an answer");
    assert_eq!(reply.answer.text(), Some(r#"{"tools":[]}"#));
    token
}

#[test]
fn a_program_with_a_document_of_its_own_gets_from_a_401_to_a_token() {
    let site = site();
    let url = site.url("/mcp");
    let access = Access::to(&url).client_document(&site.url("/oauth/client.json")).register("{}");
    let admission = server().agent().run(access.after(&refusal(&url))).expect("admitted");
    assert_eq!((admission.client.id(), admission.scope.as_deref()), (site.url("/oauth/client.json").as_str(), Some("read")));
    assert!(admission.registration.is_none(), "nothing was registered");
    let token = used(&admission, &url);

    // What the token is good for, in the words of the server that issued it.
    let known = server().agent().run(server().client("basic").of(admission.client.provider().clone()).introspect(&token));
    let known = known.expect("an answer");
    assert_eq!(known.text("/aud"), Some(url), "for this API alone (RFC 8707 §2)");
    assert_eq!(known.text("/scope").as_deref(), Some("read"));
}

#[test]
fn a_program_without_one_registers_itself_on_the_way() {
    let site = site();
    let url = site.url("/silent");
    let metadata = json!({ "redirect_uris": [REDIRECT], "token_endpoint_auth_method": "none", "scope": "read" });
    let access = Access::to(&url).register(&metadata.to_string());
    let admission = server().agent().run(access.after(&refusal(&url))).expect("admitted");
    let registration = admission.registration.clone().expect("made on the way");
    assert_eq!(registration.client_id(), admission.client.id());
    used(&admission, &url);
    server().agent().run(registration.delete()).expect("deleted");
}

#[test]
fn rfc_9728_3_3_metadata_about_another_resource_leads_nowhere() {
    let site = site();
    // It sends to the metadata of /mcp, which says so.
    let error =
        server().agent().run(Resource::challenged(&site.url("/lured"), &refusal(&site.url("/mcp")))).expect_err("another");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
    let error = server().agent().run(Resource::discover(&site.url("/nothing"))).expect_err("nothing there");
    assert_eq!((error.kind(), error.status()), (Kind::Refused, Some(404)), "{error}");
}

#[test]
fn the_example_gets_from_a_401_to_a_token_as_it_stands() {
    let url = site().url("/mcp");
    let roots = Path::new(env!("CARGO_TARGET_TMPDIR")).join("from_a_401.pem");
    std::fs::write(&roots, server().ca_pem()).expect("written");
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--package", "counterparts", "--example", "from_a_401"]);
    command.env("API", url).env("ROOTS", roots).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("started");
    let (mut line, mut rest) = (String::new(), String::new());
    let mut output = BufReader::new(child.stdout.take().expect("its output"));
    output.read_line(&mut line).expect("a line");
    let login = line.trim().rsplit(' ').next().expect("a URL");
    let callback = server().browser().sign_in(login, "alice").expect("the user comes back");
    writeln!(child.stdin.take().expect("its input"), "{callback}").expect("pasted");
    output.read_to_string(&mut rest).expect("text");
    assert!(child.wait().expect("an end").success());
    assert_eq!(rest, "200\n");
}
