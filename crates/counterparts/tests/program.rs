//! Can a test in another language do all that ours do?

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};

struct Program {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Program {
    fn start(server: &str) -> (Self, Value) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_counterparts"));
        let mut child = command.arg(server).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program");
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().expect("its output")));
        let mut program = Self { child, input, output };
        let first = program.line();
        (program, first)
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("a line");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    fn wish(&mut self, wish: &Value) -> Value {
        writeln!(self.input.as_mut().expect("its input"), "{wish}").expect("told");
        self.line()
    }

    fn end(mut self) -> Option<i32> {
        self.input = None;
        self.child.wait().expect("an end").code()
    }
}

#[test]
fn the_program_is_server_and_user_for_a_test_in_any_language() {
    let (mut program, first) = Program::start("oauth2-server");
    assert!(first["ca_pem"].as_str().expect("an authority").starts_with("-----BEGIN CERTIFICATE-----"));
    assert!(first["clients"]["plain"]["secret"].is_string());
    let issuer = first["issuer"].as_str().expect("an issuer");
    let url = format!("{issuer}/authorize?response_type=code&client_id=plain&state=s");

    let callback = program.wish(&json!({ "do": "sign_in", "url": url, "user": "alice" }));
    assert!(callback["callback"].as_str().expect("a callback").starts_with("https://client.example/callback?code="));
    let refused = program.wish(&json!({ "do": "refuse", "url": url }));
    assert!(refused["callback"].as_str().expect("a callback").contains("error=access_denied"));
    assert_eq!(program.wish(&json!({ "do": "count", "method": "POST", "path": "/authorize" })), json!({ "count": 2 }));
    assert_eq!(program.wish(&json!({ "do": "new_browser" })), json!({}));

    let lost = program.wish(&json!({ "do": "sign_in", "url": format!("{issuer}/nowhere"), "user": "alice" }));
    assert!(lost["error"].as_str().expect("an error").contains("404"), "{lost}");
    let odd = program.wish(&json!({ "do": "dance" }));
    assert!(odd["error"].as_str().expect("an error").contains("sign_in"), "it lists what it knows: {odd}");
    assert_eq!(program.end(), Some(0));
}

#[test]
fn the_program_says_what_it_wants_and_what_is_missing() {
    let told = |arguments: &[&str], folder: Option<&str>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_counterparts"));
        command.args(arguments).stdin(Stdio::null());
        if let Some(folder) = folder {
            command.env("ACTIVE_SERVERS", folder);
        }
        let output = command.output().expect("the program");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, words) = told(&["keycloak"], None);
    assert_eq!((code, words.contains("usage: counterparts oidc-provider|")), (Some(1), true), "{words}");
    let (code, words) = told(&["authlib"], Some("/nonexistent"));
    assert_eq!((code, words.contains("tests/setup build/venv rust")), (Some(1), true), "{words}");
}
