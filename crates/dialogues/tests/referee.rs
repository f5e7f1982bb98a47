//! Does the referee see what is wrong with a file, a language or a driver, and say it well?

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    time::{Duration, Instant},
};

use dialogues::{Dialogue, Driver, Failure, Process, RustDriver, play};
use serde_json::{Value, json};

fn dialogue(change: impl FnOnce(&mut Value)) -> Value {
    let mut value = json!({
        "version": 1,
        "title": "A token for the client itself",
        "source": "this test",
        "client": {"provider": "honeywell", "id": "123abc", "secret": "456def"},
        "conversation": [
            {"token": {"grant": "client_credentials"}},
            {
                "at": 0,
                "send": {
                    "method": "POST",
                    "url": "https://api.honeywell.com/oauth2/accesstoken",
                    "headers": {"authorization": {"basic": "123abc:456def"}},
                    "form": {"grant_type": "client_credentials"}
                },
                "answer": {"status": 200, "json": {"access_token": "2YotnFZFEjr1z", "token_type": "BearerToken"}}
            },
            {"done": {"token": {"access_token": "2YotnFZFEjr1z", "token_type": "BearerToken", "deviations": ["token_type alias"]}}}
        ]
    });
    change(&mut value);
    value
}

fn outcome(value: &Value, driver: &mut dyn Driver) -> Result<(), Failure> {
    play(&Dialogue::from_json(value).expect("a dialogue"), driver)
}

fn mismatch(change: impl FnOnce(&mut Value)) -> String {
    match outcome(&dialogue(change), &mut RustDriver::default()) {
        Err(Failure::Mismatch(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_unchanged_one_passes() {
    assert_eq!(outcome(&dialogue(|_| {}), &mut RustDriver::default()), Ok(()));
}

#[test]
fn a_mismatch_says_at_which_move_what_was_expected_and_what_came() {
    assert_eq!(
        mismatch(|d| d["conversation"][1]["send"]["form"]["grant_type"] = json!("password")),
        r#"move 2: send.form.grant_type: expected "password", came "client_credentials""#
    );
    assert_eq!(
        mismatch(|d| d["conversation"][2]["done"]["token"]["expires_at"] = json!(7)),
        "move 3: done.token.expires_at: expected 7, came null"
    );
    assert!(
        mismatch(|d| d["conversation"][2] = json!({"error": {"kind": "expired", "message": "?"}}))
            .starts_with(r#"move 3: expected an error, came {"done":"#)
    );
    assert_eq!(
        mismatch(|d| d["conversation"][1]["send"]["headers"] = json!({})),
        r#"move 2: send.headers.authorization: expected nothing, came "Basic MTIzYWJjOjQ1NmRlZg==""#
    );
}

#[test]
fn a_file_that_departs_from_the_schema_is_told_with_its_place() {
    let problem = |change: fn(&mut Value)| Dialogue::from_json(&dialogue(change)).expect_err("no dialogue").to_string();
    assert!(problem(|d| d["conversation"][1]["sned"] = json!({})).contains("/conversation/1: Additional properties"));
    assert!(problem(|d| d["version"] = json!(2)).contains("/version: 1 was expected"));
    assert!(problem(|d| d["conversation"][2]["done"]["token"]["scopes"] = json!("")).contains("/conversation/2/done/token"));
    assert!(
        problem(|d| d["conversation"][1]["no_answer"] = json!({"sent": "no", "cause": "name", "detail": ""}))
            .contains("/conversation/1")
    );
    assert!(problem(|d| d["conversation"][0] = json!({"note": "nothing happens"})).contains("/conversation/0"));
    assert!(problem(|d| drop(d.as_object_mut().and_then(|d| d.remove("source")))).contains("\"source\" is a required property"));
}

/// Plays the client's part well, but shows something at the end.
struct Chatty(RustDriver, &'static str);

impl Driver for Chatty {
    fn ask(&mut self, command: &Value) -> Result<Value, Failure> {
        let mut answer = self.0.ask(command)?;
        if command["do"] == "show" {
            answer["shown"] = json!([self.1]);
        }
        Ok(answer)
    }
}

#[test]
fn a_language_that_prints_a_secret_fails() {
    for (shown, how) in [
        ("Token(access_token='2YotnFZFEjr1z')", "as it stands"),
        ("Basic MTIzYWJjOjQ1NmRlZg==", "in base64"),
        ("MlEgMllvdG5GWkZFanIxeg==", "in base64"),
        ("bytes: [50, 89, 111, 116, 110, 70, 90, 70, 69, 106, 114, 49, 122]", "as decimal bytes"),
    ] {
        match outcome(&dialogue(|_| {}), &mut Chatty(RustDriver::default(), shown)) {
            Err(Failure::Mismatch(why)) => assert!(why.contains("is shown") && why.contains(how), "{why}"),
            other => panic!("{shown}: {other:?}"),
        }
    }
    assert_eq!(outcome(&dialogue(|_| {}), &mut Chatty(RustDriver::default(), "Token([redacted])")), Ok(()));
}

fn program() -> &'static str {
    env!("CARGO_BIN_EXE_dialogues")
}

fn process(command: &str) -> Process {
    Process::new(command, Duration::from_millis(300))
}

#[test]
fn a_driver_behind_a_command_is_played_like_any_other() {
    let mut driver = Process::new(&format!("'{}' --serve", program()), Duration::from_secs(20));
    assert_eq!(outcome(&dialogue(|_| {}), &mut driver), Ok(()));
    assert!(outcome(&dialogue(|d| d["conversation"][1]["send"]["method"] = json!("GET")), &mut driver).is_err());
    assert_eq!(outcome(&dialogue(|_| {}), &mut driver), Ok(()));
}

#[test]
fn a_driver_that_hangs_dies_or_babbles_fails_as_the_driver_and_in_bounded_time() {
    let began = Instant::now();
    for (command, said) in [
        ("sleep 60", "no answer within 300 ms"),
        ("exit 3", "it ended (exit status: 3"),
        ("/nonexistent/driver 2>/dev/null", "it ended (exit status: 127"),
        ("echo hello; cat >/dev/null", "its line is not JSON"),
        ("while read -r line; do echo '{\"driver_error\":\"I cannot\"}'; done", "I cannot"),
        ("while :; do echo -n x; done", "no answer within 300 ms"),
    ] {
        match outcome(&dialogue(|_| {}), &mut process(command)) {
            Err(Failure::Driver(why)) => assert!(why.contains(said), "{command}: {why}"),
            other => panic!("{command}: {other:?}"),
        }
    }
    assert!(began.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_driver_that_answers_nonsense_fails_as_the_language() {
    match outcome(&dialogue(|_| {}), &mut process("while read -r line; do echo '{\"ok\":true}'; done")) {
        Err(Failure::Mismatch(why)) => assert_eq!(why, r#"move 2: expected send, came {"ok":true}"#),
        other => panic!("{other:?}"),
    }
}

fn run(arguments: &[&str]) -> Output {
    Command::new(program()).args(arguments).output().expect("it runs")
}

fn folder(name: &str, files: &[(&str, Value)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(folder.join("deeper")).expect("a folder");
    for (name, value) in files {
        std::fs::write(folder.join(name), value.to_string()).expect("a file");
    }
    folder
}

#[test]
fn the_program_counts_says_what_failed_and_ends_with_a_status() {
    let wrong = dialogue(|d| d["conversation"][1]["send"]["method"] = json!("GET"));
    let both = folder("both", &[("good.json", dialogue(|_| {})), ("deeper/wrong.json", wrong), ("notes.txt", json!(0))]);
    let output = run(&["--name", "Ferris", &both.display().to_string()]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(text.ends_with("Ferris: 2 dialogues, 1 passed, 1 failed\n"), "{text}");
    assert!(
        text.contains(
            "deeper/wrong.json\n  A token for the client itself\n  move 2: send.method: expected \"GET\", came \"POST\""
        ),
        "{text}"
    );

    let good = folder("good", &[("good.json", dialogue(|_| {}))]);
    let output = run(&["--json", "--mutants", &good.display().to_string()]);
    let summary: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!((&summary["passed"], &summary["failed"], &summary["mutants"]["noticed"]), (&json!(1), &json!(0), &json!(1)));

    let broken = folder("broken", &[]);
    std::fs::write(broken.join("broken.json"), "{\n  oops").expect("a file");
    let text = String::from_utf8_lossy(&run(&[&broken.display().to_string()]).stdout).into_owned();
    assert!(text.contains("no dialogue: ") && text.contains("line 2"), "{text}");
}

#[test]
fn a_dialogue_that_proves_nothing_is_told_by_its_mutants() {
    let idle = dialogue(|d| d["conversation"] = json!([{"token": {"grant": "client_credentials"}}]));
    let idle = folder("idle", &[("idle.json", idle)]);
    let output = run(&["--mutants", &idle.display().to_string()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("a dialogue that expects nothing has no mutant"));
}

#[test]
fn what_is_not_understood_ends_with_status_2() {
    let empty = folder("empty", &[]).display().to_string();
    for arguments in
        [&[][..], &["--what"], &["--driver"], &["--patience", "soon", "x"], &["a", "b"], &["/nonexistent"], &[&empty]]
    {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}
