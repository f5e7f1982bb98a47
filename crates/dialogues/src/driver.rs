//! Who plays the client's part?
//!
//! Anything that turns one command of the driver protocol (`tests/README.md`) into one answer: a program of any language, or this process.

use std::fmt;

use serde_json::Value;

/// A driver of one language.
pub trait Driver {
    /// Carries out one command.
    ///
    /// # Errors
    /// [`Failure::Driver`] where the driver itself failed: it hung, died or said something that is no answer.
    fn ask(&mut self, command: &Value) -> Result<Value, Failure>;
}

/// Why a dialogue did not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The language does something else than the dialogue says.
    Mismatch(String),
    /// The driver itself failed, which says nothing about the language.
    Driver(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mismatch(why) => f.write_str(why),
            Self::Driver(why) => write!(f, "the driver failed: {why}"),
        }
    }
}
