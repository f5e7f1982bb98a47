//! Does the program print its line, serve, and leave nothing behind?

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

fn start(arguments: &[&str]) -> (Child, Value) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_active-sandbox"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(program.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    program.stdout = Some(out.into_inner());
    (program, serde_json::from_str(&line).unwrap())
}

fn ends(program: &mut Child) -> bool {
    let limit = Instant::now() + Duration::from_secs(10);
    while Instant::now() < limit {
        if let Some(status) = program.try_wait().unwrap() {
            return status.success();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    program.kill().unwrap();
    false
}

fn folder(line: &Value) -> &Path {
    Path::new(line["ca"].as_str().unwrap()).parent().unwrap()
}

#[test]
fn it_prints_one_line_and_ends_with_its_input() {
    let (mut program, line) = start(&[]);
    assert_eq!(line["version"], 1);
    let counters = ureq::get(format!("{}/counters", line["control"].as_str().unwrap())).call().unwrap();
    assert_eq!(counters.status(), 200);
    assert!(folder(&line).exists());
    drop(program.stdin.take());
    assert!(ends(&mut program));
    assert!(!folder(&line).exists());
    let mut more = String::new();
    program.stdout.take().unwrap().read_to_string(&mut more).unwrap();
    assert_eq!(more, "", "exactly one line");
}

#[test]
fn it_ends_by_a_signal_and_cleans_up() {
    for signal in ["-TERM", "-INT"] {
        let (mut program, line) = start(&["--keep-open"]);
        drop(program.stdin.take());
        let alive = ureq::get(format!("{}/clock", line["control"].as_str().unwrap())).call().unwrap();
        assert_eq!(alive.status(), 200, "--keep-open ignores the end of the input");
        assert!(Command::new("kill").args([signal, &program.id().to_string()]).status().unwrap().success());
        assert!(ends(&mut program), "{signal}");
        assert!(!folder(&line).exists());
    }
}

#[test]
fn wrong_arguments_are_explained() {
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_active-sandbox")).args(arguments).stdin(Stdio::null()).output().unwrap()
    };
    let wrong = run(&["--prot"]);
    assert!(!wrong.status.success() && wrong.stdout.is_empty());
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("--first-port PORT"));
    assert!(!run(&["--first-port", "70000"]).status.success());
    assert!(String::from_utf8_lossy(&run(&["--help"]).stdout).starts_with("Usage:"));
    assert!(String::from_utf8_lossy(&run(&["--version"]).stdout).starts_with("active-sandbox "));
}

#[test]
fn fixed_ports_are_taken_in_order_or_refused() {
    let port = seven_free_ports();
    let (mut program, line) = start(&["--first-port", &port.to_string()]);
    assert_eq!(line["providers"]["activebuilding"], format!("https://localhost:{port}"));
    assert_eq!(line["bad"]["untrusted"], format!("https://localhost:{}", port + 6));
    let second = Command::new(env!("CARGO_BIN_EXE_active-sandbox")).args(["--first-port", &port.to_string()]).output().unwrap();
    assert!(String::from_utf8_lossy(&second.stderr).contains("cannot listen on 127.0.0.1"), "{second:?}");
    drop(program.stdin.take());
    assert!(ends(&mut program));
}

/// The first of seven ports in a row which nobody listens on, below those that systems hand out by themselves.
fn seven_free_ports() -> u16 {
    let from = 10_000 + u16::try_from(std::process::id() % 1000).unwrap() * 10;
    let free = |first: &u16| {
        let row: Vec<_> = (*first..first + 7).map(|port| std::net::TcpListener::bind(("127.0.0.1", port))).collect();
        row.iter().all(Result::is_ok)
    };
    (from..from + 1000).step_by(10).find(free).unwrap()
}
