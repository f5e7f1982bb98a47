//! What can nobody guess?
//!
//! `state`, PKCE's verifier and the ids of what is signed are random. The core has no randomness of its own: it is an argument.

use zeroize::Zeroizing;

use crate::{
    encode::{base64url, printable},
    error::Error,
};

/// Where unguessable bytes come from. The core has none of its own; `oauth_ureq::OsRandom` is the operating system's.
pub trait Random: Send + Sync {
    /// Fills the whole buffer with bytes nobody can guess.
    ///
    /// # Errors
    /// A text that says why there are none.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String>;
}

/// 256 bits, written in 43 unreserved characters (RFC 6749 §10.10, RFC 7636 §4.1).
pub(crate) fn unguessable(random: &dyn Random) -> Result<Zeroizing<String>, Error> {
    let mut bytes = Zeroizing::new([0u8; 32]);
    random
        .fill(&mut *bytes)
        .map_err(|why| Error::usage(format!("random: there are no unguessable bytes: {}", printable(&why, 100))))?;
    if bytes.iter().all(|byte| *byte == bytes[0]) {
        return Err(Error::usage("random: the source left its buffer as it was"));
    }
    Ok(Zeroizing::new(base64url(&*bytes)))
}
