//! How is an entry kept secret and whole where it lies?
//!
//! One JSON text, version 1: the revision, and the entry encrypted with ChaCha20-Poly1305 (RFC 8439) under a fresh nonce, bound to its place
//! and revision. docs/token-store.md describes it.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use oauth_core::{Secret, StoreError, StoreProblem};
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rand::{SecureRandom, SystemRandom},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{private::MOST_BYTES, store::Stored};

pub(crate) type KeyBytes = Box<Zeroizing<[u8; 32]>>;

/// The 32 bytes of a key in a text: hexadecimal digits, or base64 of either alphabet, with its padding or without.
pub(crate) fn key_in_text(text: &str) -> Option<KeyBytes> {
    let mut key = KeyBytes::default();
    let text = text.trim().as_bytes();
    if text.len() == 2 * key.len() {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        for (byte, pair) in key.iter_mut().zip(text.chunks_exact(2)) {
            *byte = 16 * digit(pair[0])? + digit(pair[1])?;
        }
        return Some(key);
    }
    let alphabet = if text.iter().any(|byte| matches!(byte, b'-' | b'_')) { &alphabet::URL_SAFE } else { &alphabet::STANDARD };
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    // The decoder wants room for a whole last group.
    let mut room = Zeroizing::new([0; 33]);
    let length = GeneralPurpose::new(alphabet, lenient).decode_slice(text, &mut *room).ok()?;
    (length == key.len()).then(|| {
        key.copy_from_slice(&room[..32]);
        key
    })
}

/// What writes and reads the text.
pub(crate) struct Seal(Option<(KeyBytes, String)>);

const VERSION: u64 = 1;
/// What every reader of JSON can count to (RFC 8259 §6).
const MOST_REVISION: u64 = (1 << 53) - 1;
const SEALED: &str = "chacha20poly1305";
const UNSEALED: &str = "none";

#[derive(Deserialize)]
struct Tag {
    active_store: u64,
}

/// Borrowed texts only: one that is written with escapes, which we never do, is damage.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Outer<'a> {
    active_store: u64,
    revision: u64,
    sealed: &'a str,
    /// Which key it was encrypted with: says nothing about the key itself.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    /// What tells damage where there is no encryption that does.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    digest: Option<&'a str>,
    data: &'a str,
}

impl Seal {
    pub(crate) fn with(key: KeyBytes) -> Self {
        let mut id = hex(Sha256::new().chain_update("active store key").chain_update(**key).finalize());
        id.truncate(16);
        Self(Some((key, id)))
    }

    /// No key.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.0.is_some()
    }

    /// The text for `name` at that revision. `place` is for people.
    pub(crate) fn write(&self, place: &str, name: &str, revision: u64, text: &Secret) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let bytes = text.expose().as_bytes();
        if bytes.len() > MOST_BYTES / 2 {
            let why = format!("the entry for {place} has {} bytes, more than a store takes ({})", bytes.len(), MOST_BYTES / 2);
            return Err(StoreError::new(StoreProblem::Other, why));
        }
        match &self.0 {
            Some((key, id)) => {
                let no_random = |_| StoreError::new(StoreProblem::Other, "the system has no random bytes to give");
                let mut nonce = [0; NONCE_LEN];
                SystemRandom::new().fill(&mut nonce).map_err(no_random)?;
                // Room for the tag from the start: a buffer that grows leaves copies behind.
                let mut data = Zeroizing::new(Vec::with_capacity(bytes.len() + CHACHA20_POLY1305.tag_len()));
                data.extend_from_slice(bytes);
                let aad = Aad::from(bound_to(name, revision, SEALED, id));
                cipher(key)?
                    .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut *data)
                    .map_err(|_| StoreError::new(StoreProblem::Other, format!("the entry for {place} cannot be encrypted")))?;
                let nonce = STANDARD.encode(nonce);
                Ok(written(revision, SEALED, Some(id), Some(&nonce), None, &data))
            }
            None => Ok(written(revision, UNSEALED, None, None, Some(&digest(name, revision, bytes)), bytes)),
        }
    }

    /// What `found` says for `name`.
    pub(crate) fn read(&self, place: &str, name: &str, found: &[u8]) -> Result<Stored, StoreError> {
        let damaged = |why: &str| {
            let why = format!("{place} is damaged ({why}): put back a copy, or remove it and log in again");
            StoreError::new(StoreProblem::Damaged, why)
        };
        let not_json =
            |error: serde_json::Error| damaged(&format!("not ours at line {} column {}", error.line(), error.column()));
        let tag: Tag = serde_json::from_slice(found).map_err(not_json)?;
        if tag.active_store > VERSION {
            let why = format!("{place} has version {}, and this library reads up to {VERSION}: update it", tag.active_store);
            return Err(StoreError::new(StoreProblem::Newer, why));
        }
        let outer: Outer<'_> = serde_json::from_slice(found).map_err(not_json)?;
        if outer.active_store != VERSION {
            return Err(damaged("there is no version 0"));
        }
        if !(1..=MOST_REVISION).contains(&outer.revision) {
            return Err(damaged("no entry has such a revision"));
        }
        let wrong = |why: &str| StoreError::new(StoreProblem::WrongKey, format!("{place} {why}"));
        let mut data = decode(outer.data).ok_or_else(|| damaged("its data is no base64"))?;
        match (&self.0, outer) {
            (Some((key, id)), Outer { sealed: SEALED, revision, key: Some(theirs), nonce: Some(nonce), digest: None, .. }) => {
                if theirs != id {
                    return Err(wrong(
                        "is encrypted with another key: open the store with the one it was written with, or remove the file and log in \
                         again",
                    ));
                }
                let nonce = decode(nonce).ok_or_else(|| damaged("its nonce is no base64"))?;
                let nonce = Nonce::try_assume_unique_for_key(&nonce).map_err(|_| damaged("its nonce has another length"))?;
                let aad = Aad::from(bound_to(name, revision, SEALED, id));
                let length = cipher(key)?
                    .open_in_place(nonce, aad, &mut data)
                    .map_err(|_| damaged("it was changed, or belongs to another entry or revision"))?
                    .len();
                data.truncate(length);
                stored(revision, data).ok_or_else(|| damaged("its text is no UTF-8"))
            }
            (None, Outer { sealed: UNSEALED, revision, key: None, nonce: None, digest: Some(theirs), .. }) => {
                if digest(name, revision, &data) != theirs {
                    return Err(damaged("it was changed, or belongs to another entry or revision"));
                }
                stored(revision, data).ok_or_else(|| damaged("its text is no UTF-8"))
            }
            // Whoever can write the file could otherwise put a token of theirs there, in plain text.
            (Some(_), Outer { sealed: UNSEALED, .. }) => {
                Err(wrong("is not encrypted, and the store was opened with a key: remove the file and log in again"))
            }
            (None, Outer { sealed: SEALED, .. }) => Err(wrong(
                "is encrypted, and the store was opened without a key: open it with the key, or remove the file and log in again",
            )),
            _ => Err(damaged("its members do not fit together")),
        }
    }
}

/// What the encryption holds together beside the text, so that a file which is copied over another, or whose revision is edited, is found out.
fn bound_to(name: &str, revision: u64, sealed: &str, key: &str) -> String {
    format!("active_store {VERSION} {sealed} {key} {name} {revision}")
}

fn digest(name: &str, revision: u64, text: &[u8]) -> String {
    hex(Sha256::new().chain_update(bound_to(name, revision, UNSEALED, "-")).chain_update("\n").chain_update(text).finalize())
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn cipher(key: &KeyBytes) -> Result<LessSafeKey, StoreError> {
    let key = UnboundKey::new(&CHACHA20_POLY1305, key.as_slice());
    key.map(LessSafeKey::new).map_err(|_| StoreError::new(StoreProblem::Other, "the crypto library refuses the key"))
}

fn written(
    revision: u64,
    sealed: &str,
    key: Option<&str>,
    nonce: Option<&str>,
    digest: Option<&str>,
    data: &[u8],
) -> Zeroizing<Vec<u8>> {
    let mut base64 = Zeroizing::new(String::with_capacity(base64::encoded_len(data.len(), true).unwrap_or(0)));
    STANDARD.encode_string(data, &mut base64);
    let mut text = Zeroizing::new(Vec::with_capacity(base64.len() + 256));
    let outer = Outer { active_store: VERSION, revision, sealed, key, nonce, digest, data: &base64 };
    // Texts and numbers only: cannot fail.
    let _ = serde_json::to_writer(&mut *text, &outer);
    text
}

fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; base64::decoded_len_estimate(text.len())]);
    let length = STANDARD.decode_slice(text, &mut bytes).ok()?;
    bytes.truncate(length);
    Some(bytes)
}

fn stored(revision: u64, mut text: Zeroizing<Vec<u8>>) -> Option<Stored> {
    let text = String::from_utf8(std::mem::take(&mut *text)).map_err(|error| Zeroizing::new(error.into_bytes())).ok()?;
    Some(Stored { revision, text: Secret::from(text) })
}
