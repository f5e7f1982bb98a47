//! Does the example log a user in at a server that others wrote?
//!
//! The example starts "the user's browser" as on any desktop; the one it finds first here is a script that tells this test the URL, and the
//! headless browser goes there. Its way back to the example's own port is a real request.

#![cfg(target_os = "linux")]

use std::{
    env, fs,
    io::{Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use counterparts::Counterpart;

/// The example with that `PATH`, as a stranger starts it.
fn example(folder: &Path, path: &str) -> Command {
    let server = Counterpart::oidc_provider();
    let roots = folder.join("roots.pem");
    fs::write(&roots, server.ca_pem()).expect("written");
    // By cargo, so that it is never an older build of it; and built first, while the path is still the machine's.
    let built =
        Command::new(env!("CARGO")).args(["build", "--quiet", "--package", "oauth-native", "--example", "login"]).status();
    assert!(built.expect("cargo").success());
    let tests = env::current_exe().expect("this test");
    let profile = tests.ancestors().nth(2).expect("target/debug");
    let mut command = Command::new(profile.join("examples/login"));
    command.env("ISSUER", server.issuer()).env("ROOTS", roots).env("CLIENT_ID", "public").env("PATH", path);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A request as the browser's last one, and the page it shows.
fn come_back(callback: &str) -> String {
    let rest = callback.strip_prefix("http://").expect("loopback");
    let (authority, target) = rest.split_once('/').expect("a path");
    let mut stream = TcpStream::connect(authority).expect("it listens");
    write!(stream, "GET /{target} HTTP/1.1\r\nHost: {authority}\r\n\r\n").expect("sent");
    let mut page = String::new();
    stream.read_to_string(&mut page).expect("a page");
    page
}

fn hello(child: Child) -> String {
    let output = child.wait_with_output().expect("an end");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn rfc_8252_7_3_a_native_app_logs_its_user_in_by_the_browser_and_a_loopback_redirect() {
    let folder = folder("browser");
    let seen = folder.join("seen");
    let script = folder.join("xdg-open");
    // One argument, whole: printed between brackets, so that a second one would show.
    fs::write(&script, format!("#!/bin/sh\nprintf '[%s]' \"$@\" > {0}.new && mv {0}.new {0}\n", seen.display()))
        .expect("written");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("executable");

    let path = format!("{}:/usr/bin:/bin", folder.display());
    let child = example(&folder, &path).spawn().expect("started");
    let begun = Instant::now();
    while !seen.exists() && begun.elapsed() < Duration::from_secs(30) {
        thread::sleep(Duration::from_millis(50));
    }
    let url = fs::read_to_string(&seen).expect("a browser was started");
    let url = url.strip_prefix('[').and_then(|url| url.strip_suffix(']')).expect("one argument");
    // RFC 9126 §4: nothing of the login stands in what every program on this machine can read.
    assert!(url.contains("request_uri=") && !url.contains("state="), "{url}");

    let callback = Counterpart::oidc_provider().browser().sign_in(url, "alice").expect("the user comes back");
    assert!(callback.starts_with("http://127.0.0.1:"), "{callback}");
    let page = come_back(&callback);
    assert!(page.contains("return to Example."), "{page}");
    assert_eq!(hello(child), "Hello alice\n");
}

#[test]
fn without_a_browser_the_program_prints_the_url_itself() {
    let folder = folder("none");
    let mut child = example(&folder, &folder.display().to_string()).spawn().expect("started");
    let mut output = child.stdout.take().expect("its output");
    let mut line = Vec::new();
    let mut byte = [0];
    while !line.ends_with(b"\n") && output.read(&mut byte).expect("a line") == 1 {
        line.push(byte[0]);
    }
    let line = String::from_utf8(line).expect("text");
    let url = line.trim().strip_prefix("no browser could be started on this machine; show the URL to the user, who opens it: ");
    let callback = Counterpart::oidc_provider().browser().sign_in(url.expect(&line), "alice").expect("the user comes back");
    come_back(&callback);
    let mut rest = String::new();
    output.read_to_string(&mut rest).expect("text");
    assert_eq!((rest.as_str(), child.wait().expect("an end").success()), ("Hello alice\n", true));
}
