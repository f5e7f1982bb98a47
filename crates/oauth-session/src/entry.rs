//! What is written into a store?
//!
//! One JSON text for each key, version 1: the token, and what is known of the attempt to renew it. docs/token-life.md describes it.

use oauth_core::{Error, Secret, StoreError, StoreProblem, Token};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{key::Key, random, store::Stored};

/// What is kept under one key.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// How often it was written; 0 where nothing is there.
    pub(crate) revision: u64,
    /// One word for all that came out of one sign-in or first grant: a store that lost its memory is told by it from one that was given
    /// another sign-in.
    pub(crate) line: String,
    pub(crate) token: Option<Token>,
    /// Somebody began to renew the token, and has not said how it ended.
    pub(crate) intent: Option<Intent>,
    /// The token cannot be renewed any more: why.
    pub(crate) over: Option<String>,
}

/// That somebody is about to send a token request. Written before it is sent: whoever finds it without its writer knows that the refresh
/// token may have been used up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Intent {
    pub(crate) id: String,
    /// Wall time in milliseconds.
    pub(crate) at: i64,
}

const VERSION: u64 = 1;

#[derive(Serialize, Deserialize)]
struct Text {
    active_session: u64,
    line: String,
    token: Option<Zeroizing<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    intent: Option<Intent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    over: Option<String>,
}

#[derive(Deserialize)]
struct Tag {
    active_session: u64,
}

impl Entry {
    /// The first of its line.
    pub(crate) fn nothing(line: String) -> Self {
        Self { revision: 0, line, token: None, intent: None, over: None }
    }

    /// What was found under a key, be it nothing.
    pub(crate) fn found(found: Option<Stored>, key: &Key) -> Result<Self, StoreError> {
        found.map_or_else(|| Ok(Self::nothing(random::word())), |stored| Self::read(&stored, key))
    }

    fn read(stored: &Stored, key: &Key) -> Result<Self, StoreError> {
        let damaged =
            |why: &str| StoreError::new(StoreProblem::Damaged, format!("the entry of {key} ({}) is damaged: {why}", key.name()));
        let text = stored.text.expose();
        // serde_json's own words may quote what it read: only the place is told.
        let tag: Tag =
            serde_json::from_str(text).map_err(|error| damaged(&format!("line {} column {}", error.line(), error.column())))?;
        if tag.active_session > VERSION {
            let why = format!(
                "the entry of {key} ({}) has version {}, and this library reads up to {VERSION}; update it",
                key.name(),
                tag.active_session
            );
            return Err(StoreError::new(StoreProblem::Newer, why));
        }
        let text: Text =
            serde_json::from_str(text).map_err(|error| damaged(&format!("line {} column {}", error.line(), error.column())))?;
        let token = text.token.map(|saved| Token::restore(&saved)).transpose().map_err(|error| damaged(&error.to_string()))?;
        Ok(Self { revision: stored.revision, line: text.line, token, intent: text.intent, over: text.over })
    }

    pub(crate) fn written(&self) -> Secret {
        let token = self.token.as_ref().map(|token| Zeroizing::new(token.saved().expose().to_owned()));
        let room = 2 * token.as_ref().map_or(0, |token| token.len()) + 512;
        let text = Text {
            active_session: VERSION,
            line: self.line.clone(),
            token,
            intent: self.intent.clone(),
            over: self.over.clone(),
        };
        // Large enough from the start: a buffer that grows leaves copies of the token behind.
        let mut written = Zeroizing::new(Vec::with_capacity(room));
        // Texts and numbers only: cannot fail.
        let _ = serde_json::to_writer(&mut *written, &text);
        Secret::from(String::from_utf8(std::mem::take(&mut *written)).unwrap_or_default())
    }

    /// The same with another token, and nothing open.
    pub(crate) fn with_token(&self, token: Token) -> Self {
        Self { token: Some(token), intent: None, over: None, ..self.clone() }
    }

    /// This one, got for that intent, as what comes after `theirs`; none where they are newer. A store that lost its last writes has the intent
    /// no more, and then what comes is of a new line: its revision says nothing to those who have a later one.
    pub(crate) fn on_top_of(&self, theirs: &Self, intent: &Intent) -> Option<Self> {
        let forgotten = theirs.revision == 0 || theirs.line == self.line && theirs.revision < self.revision;
        let line = if forgotten { random::word() } else { self.line.clone() };
        (forgotten || theirs.intent.as_ref() == Some(intent)).then(|| Self { revision: theirs.revision, line, ..self.clone() })
    }

    /// What to tell when the token in here cannot be renewed.
    pub(crate) fn log_in_again(&self, key: &Key) -> Error {
        Error::Expired(match (&self.over, &self.intent, &self.token) {
            (Some(why), _, _) => format!("session of {key}: {why}; log in again"),
            (None, Some(intent), _) => format!(
                "session of {key}: a renewal was begun at {} (ms since 1970) and its end is unknown, so the refresh token may be used up \
                 and is not sent again; log in again",
                intent.at
            ),
            (None, None, Some(_)) => {
                format!(
                    "session of {key}: the token is over, and there is no refresh token and no grant to renew it by; log in again"
                )
            }
            (None, None, None) => format!("session of {key}: there is no token in the store and no grant to get one by; log in"),
        })
    }
}

#[cfg(test)]
mod tests {
    use oauth_core::{Client, Provider};

    use super::*;

    fn key() -> Key {
        Key::of(&Client::new(Provider::buildpass(), "id"), None, None).expect("a key")
    }

    fn stored(text: &str) -> Stored {
        Stored { revision: 3, text: Secret::from(text) }
    }

    #[test]
    fn an_entry_is_read_as_it_was_written() {
        let intent = Intent { id: "i".to_owned(), at: 7 };
        let entry = Entry { intent: Some(intent), over: Some("why".to_owned()), ..Entry::nothing("line".to_owned()) };
        let read = Entry::read(&stored(entry.written().expose()), &key()).expect("an entry");
        assert_eq!((read.revision, read.line, read.intent, read.over), (3, "line".to_owned(), entry.intent, entry.over));
    }

    #[test]
    fn a_newer_version_and_damage_are_told_apart() {
        let newer = Entry::read(&stored(r#"{"active_session":2,"something":"new"}"#), &key()).expect_err("newer");
        assert_eq!(newer.problem, StoreProblem::Newer);
        for damaged in ["", "{", "[]", r#"{"active_session":1}"#, r#"{"active_session":1,"line":"l","token":"s3cret"}"#] {
            let error = Entry::read(&stored(damaged), &key()).expect_err("damaged");
            assert_eq!(error.problem, StoreProblem::Damaged);
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }
}
