//! Who works?
//!
//! Worker processes, in whatever language, each with a home of its own.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::Value;

use crate::port::Berth;

pub(crate) struct Worker {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    pub(crate) language: String,
}

/// What a worker's threads did.
pub(crate) struct Done {
    pub(crate) ok: u64,
    pub(crate) failed: u64,
    pub(crate) error: String,
}

impl Worker {
    /// Starts `command` with that home; this program itself where there is no command.
    pub(crate) fn start(language: &str, command: Option<&str>, home: &Path, berth: &Berth) -> Self {
        let own = std::env::current_exe().expect("this program");
        let mut words = command.unwrap_or_default().split_whitespace();
        let mut process = Command::new(words.next().map_or(own, Into::into));
        if command.is_none() {
            process.arg("worker");
        }
        let mut process = process
            .args(words)
            .env("HOME", home)
            .env("TMPDIR", home)
            .env("XDG_RUNTIME_DIR", home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("the {language} worker does not start: {error}"));
        let input = process.stdin.take();
        let output = BufReader::new(process.stdout.take().expect("piped"));
        let mut worker = Self { process, input, output, language: language.to_owned() };
        worker.tell(&serde_json::to_string(berth).expect("plain"));
        worker
    }

    /// Waits until it can work.
    pub(crate) fn ready(&mut self) {
        assert_eq!(self.hear()["ready"], true, "the {} worker is ready", self.language);
    }

    pub(crate) fn tell(&mut self, line: &str) {
        let input = self.input.as_mut().expect("open until the end");
        writeln!(input, "{line}").unwrap_or_else(|error| panic!("the {} worker does not listen: {error}", self.language));
    }

    pub(crate) fn done(&mut self) -> Done {
        let said = self.hear();
        let count = |name: &str| said[name].as_u64().unwrap_or_else(|| panic!("the {} worker said {said}", self.language));
        Done { ok: count("ok"), failed: count("failed"), error: format!("{}: {}", self.language, said["error"]) }
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("a line");
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("the {} worker said {line:?}", self.language))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Its input ends, and so does it.
        self.input = None;
        let _ = self.process.wait();
    }
}
