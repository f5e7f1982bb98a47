//! Do all languages hold the same conversation?
//!
//! A dialogue is one OAuth conversation in a JSON file: what the program asks for, which request must follow, what the server answers,
//! and how it must end. A driver is a small program in one language that plays it through that language's own public API. This crate is the
//! referee between the two: it reads the dialogues, speaks to a driver, and does all the matching, so that there is one truth for all
//! languages. `tests/README.md` describes the format and the protocol.

#![forbid(unsafe_code)]

mod begin;
mod cast;
mod command;
mod dialogue;
mod driver;
mod end;
mod file;
mod jws;
mod matcher;
mod mutant;
mod process;
mod referee;
mod report;
mod request;
mod running;
mod rust;
mod secrets;
mod signed;

pub use dialogue::{Dialogue, Message};
pub use driver::{Driver, Failure};
pub use file::{Invalid, files, read};
pub use mutant::{Mutant, all as all_mutants, one as one_mutant};
pub use process::Process;
pub use referee::play;
pub use report::{Failed, Mutants, Report};
pub use rust::RustDriver;
