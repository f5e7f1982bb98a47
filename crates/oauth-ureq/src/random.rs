//! Where do unguessable bytes come from?

use oauth_core::Random;
use ring::rand::{SecureRandom, SystemRandom};

/// The operating system's randomness, for state and PKCE (RFC 6749 §10.10: not guessable with a probability above 2^-128).
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        SystemRandom::new().fill(bytes).map_err(|_| "the operating system gives no random bytes".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_the_same() {
        let (mut one, mut two) = ([0; 32], [0; 32]);
        OsRandom.fill(&mut one).expect("random");
        OsRandom.fill(&mut two).expect("random");
        assert!(one != two && one != [0; 32]);
    }
}
