//! What the tests of the stores share: keys, directories that go away again, and how an error is looked at.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use oauth_core::{Client, Error, Provider, StoreError, StoreProblem};
use oauth_session::{Key, Session};

/// The key of that user's token.
pub(crate) fn key(user: &str) -> Key {
    let client = Client::new(Provider::buildpass(), "id").secret("secret");
    Session::builder(client).user(user).open().expect("a session").key().clone()
}

/// A directory of its own, which is removed in the end. What is in it is the test's to make.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("active-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).expect("a scratch directory");
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The problem of an error that must be one, whose text must say each of these words.
pub(crate) fn problem<T>(result: Result<T, StoreError>, words: &[&str]) -> StoreProblem {
    let Err(error) = result else { panic!("it worked, and should not have") };
    for word in words {
        assert!(error.text.contains(word), "{word:?} is not in {:?}", error.text);
    }
    error.problem
}

/// The same for errors of all kinds.
pub(crate) fn problem_of<T>(result: Result<T, Error>, words: &[&str]) -> StoreProblem {
    match result {
        Err(Error::Store(error)) => problem(Err::<(), _>(error), words),
        Err(error) => panic!("{error:?}"),
        Ok(_) => panic!("it worked, and should not have"),
    }
}
