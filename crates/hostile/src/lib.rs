//! What must hold whatever comes in?
//!
//! One property per place where something of a stranger's is read. Each takes any bytes and panics where what must hold does not: a panic of the
//! library's own, an outcome of the wrong class, a secret in a text, a token that no header may carry. The targets in `fuzz/` feed them with what
//! a fuzzer finds, `tests/mutated.rs` with some thousand changed answers of the dialogues at every `cargo test`.

#![forbid(unsafe_code)]

mod answers;
mod browser;
mod discovered;
mod kept;
mod mutate;
mod peer;
mod presented;
mod signed;

pub use answers::{api_answer, document_answer, token_answer};
pub use browser::callback;
pub use discovered::{challenge, metadata, registration};
pub use kept::{record, saved};
pub use mutate::{Mutator, seeds};
pub use presented::presented;
pub use signed::{claims, id_token, jwks, signed_answer};

/// A property: it panics where it does not hold.
pub type Property = fn(&[u8]);

/// Every property by its name, which is also that of its fuzz target and of its folder of seeds.
pub const PROPERTIES: [(&str, Property); 14] = [
    ("token_answer", token_answer),
    ("document_answer", document_answer),
    ("api_answer", api_answer),
    ("callback", callback),
    ("challenge", challenge),
    ("metadata", metadata),
    ("registration", registration),
    ("record", record),
    ("saved", saved),
    ("jwks", jwks),
    ("id_token", id_token),
    ("claims", claims),
    ("presented", presented),
    ("signed_answer", signed_answer),
];
