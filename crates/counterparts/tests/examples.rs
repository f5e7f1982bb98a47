//! Do the examples run as they stand, against servers that others wrote?

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use counterparts::{Counterpart, Registered};
use oauth_core::Grant;

fn write(name: &str, text: &str) -> PathBuf {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pem"));
    fs::write(&file, text).expect("written");
    file
}

/// The example as a stranger starts it: by cargo, so that it is never an older build of it.
fn example(name: &str, server: &Counterpart, client: &Registered) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--package", "counterparts", "--example", name]);
    command.env("ISSUER", server.issuer()).env("ROOTS", write(&format!("{name}-roots"), server.ca_pem()));
    command.env("CLIENT_ID", &client.id);
    if let Some(secret) = &client.secret {
        command.env("CLIENT_SECRET", secret);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// What it printed, where it ended well.
fn printed(command: &mut Command) -> String {
    let output = command.output().expect("started");
    assert!(output.status.success(), "{}", output.status);
    String::from_utf8(output.stdout).expect("text")
}

fn line(child: &mut Child) -> (String, impl Read + use<>) {
    let mut output = BufReader::new(child.stdout.take().expect("its output"));
    let mut line = String::new();
    output.read_line(&mut line).expect("a line");
    (line, output)
}

fn rest(mut child: Child, mut output: impl Read) -> String {
    let mut rest = String::new();
    output.read_to_string(&mut rest).expect("text");
    assert!(child.wait().expect("an end").success(), "{rest}");
    rest
}

#[test]
fn rfc_8628_a_device_logs_its_user_in() {
    let server = Counterpart::oidc_provider();
    let mut child = example("device", server, server.client("public")).spawn().expect("started");
    let (line, output) = line(&mut child);
    let (uri, code) = line.trim().strip_prefix("Open ").and_then(|rest| rest.split_once(" and enter ")).expect("an address");
    server.browser().approve_device(&format!("{uri}?user_code={code}"), "alice").expect("the user agrees");
    assert_eq!(rest(child, output), "Hello alice\n");
}

#[test]
fn rfc_9449_a_token_is_bound_to_the_programs_key() {
    let server = Counterpart::oidc_provider();
    assert_eq!(printed(&mut example("dpop", server, server.client("dpop"))), "DPoP true\n");
}

#[test]
fn rfc_7523_a_key_says_who_the_client_is() {
    let server = Counterpart::oidc_provider();
    let client = server.client("key-es256");
    let key = client.key.as_ref().expect("its key");
    let mut command = example("private_key_jwt", server, client);
    command.env("KEY_FILE", write("private_key_jwt-key", &key.pem)).env("KEY_ID", &key.kid);
    assert_eq!(printed(&mut command), format!("{}\n", client.id));
}

#[test]
fn rfc_8693_a_token_is_exchanged_for_another() {
    let server = Counterpart::authlib();
    let client = server.client("plain");
    let known = client.of(server.agent().run(oauth_core::Provider::discover(server.issuer())).expect("a provider"));
    let grant = Grant::password("alice", server.told("/users/alice")).scope("read");
    let subject = server.agent().run(known.token(grant)).expect("a token");
    let mut command = example("token_exchange", server, client);
    command.env("SUBJECT_TOKEN", subject.access_token());
    assert_eq!(printed(&mut command), "\"urn:ietf:params:oauth:token-type:access_token\"\n");
}

#[test]
fn rfc_9126_a_user_logs_in_by_a_pushed_request() {
    let server = Counterpart::oidc_provider();
    let mut child = example("par", server, server.client("par-native")).spawn().expect("started");
    let (line, output) = line(&mut child);
    let url = line.trim().rsplit(' ').next().expect("a URL");
    assert!(url.contains("request_uri=") && !url.contains("redirect_uri="), "{url}");
    let callback = server.browser().sign_in(url, "alice").expect("the user comes back");
    let page = come_back(&callback);
    assert!(page.contains("return to Example."), "{page}");
    assert_eq!(rest(child, output), "Hello alice\n");
}

/// The browser's last request, to the port that the example listens on; the page that it gives.
fn come_back(callback: &str) -> String {
    let rest = callback.strip_prefix("http://").expect("loopback");
    let (authority, target) = rest.split_once('/').expect("a path");
    let mut stream = TcpStream::connect(authority).expect("it listens");
    write!(stream, "GET /{target} HTTP/1.1\r\nHost: {authority}\r\n\r\n").expect("sent");
    let mut page = String::new();
    stream.read_to_string(&mut page).expect("a page");
    page
}
