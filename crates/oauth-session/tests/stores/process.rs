//! How does a test have a second process? By running its own program once more.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use oauth_core::Secret;
use oauth_session::{Key, Store};

/// This test program once more, in the part that its test `second_process` plays for `role`, behind the words of `before`.
pub(crate) fn other_process(before: &[&str], role: &str, argument: &Path) -> Command {
    let me = std::env::current_exe().expect("this program");
    let mut command = match before {
        [] => Command::new(&me),
        [first, rest @ ..] => {
            let mut command = Command::new(first);
            command.args(rest).arg(&me);
            command
        }
    };
    command.args(["--ignored", "--exact", "second_process", "--nocapture", "--test-threads=1"]);
    command.env("ACTIVE_TEST_ROLE", role).env("ACTIVE_TEST_ARGUMENT", argument);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// Role and argument, where this is a second process.
pub(crate) fn role() -> Option<(String, PathBuf)> {
    let role = std::env::var("ACTIVE_TEST_ROLE").ok()?;
    Some((role, std::env::var_os("ACTIVE_TEST_ARGUMENT").map(PathBuf::from).unwrap_or_default()))
}

/// A process that is killed when its test is over.
pub(crate) struct Process(pub(crate) Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Reads, adds one, and writes only over what was read, until it did so that often.
pub(crate) fn count_up(store: &dyn Store, key: &Key, times: u32) {
    let mut done = 0;
    while done < times {
        let (revision, count) = match store.load(key).expect("load") {
            Some(stored) => (stored.revision, stored.text.expose().parse::<u32>().expect("a number")),
            None => (0, 0),
        };
        match store.save(key, revision, &Secret::from((count + 1).to_string())) {
            Ok(true) => done += 1,
            Ok(false) => {}
            Err(error) => panic!("{error}"),
        }
    }
}
