//! Which key is a store's content encrypted with?

use std::{fmt, path::PathBuf};

use oauth_core::Error;
use zeroize::Zeroizing;

#[cfg(feature = "keyring")]
use crate::keyring;
use crate::{
    private::read_key_file,
    seal::{KeyBytes, Seal, key_in_text},
};

/// Where the key comes from that a [`File`](crate::File) encrypts with. There is no default.
pub struct Sealing(Source);

enum Source {
    Key(KeyBytes),
    KeyFile(PathBuf),
    #[cfg(feature = "keyring")]
    Keyring,
    Unencrypted,
}

impl Sealing {
    /// This key: 32 random bytes.
    pub fn key(key: [u8; 32]) -> Self {
        let key = Zeroizing::new(key);
        Self(Source::Key(KeyBytes::new(key.clone())))
    }

    /// The key in this file: 32 bytes as they are, or as 64 hexadecimal digits, or in base64 (`openssl rand -base64 32`). It is read once,
    /// when the store is opened, and refused if other users may read it; root may hand it over by its group.
    pub fn key_file(path: impl Into<PathBuf>) -> Self {
        Self(Source::KeyFile(path.into()))
    }

    /// A key in the keyring of the desktop or the login (Secret Service). It is made and put there the first time.
    #[cfg(feature = "keyring")]
    pub fn keyring() -> Self {
        Self(Source::Keyring)
    }

    /// No encryption: whoever reads the disk, or a backup of it, has the tokens.
    pub fn danger_unencrypted() -> Self {
        Self(Source::Unencrypted)
    }

    /// # Errors
    /// [`Error::Usage`] where it is no key; [`Error::Store`] where it cannot be read.
    pub(crate) fn open(self) -> Result<Seal, Error> {
        match self.0 {
            Source::Key(key) => Ok(Seal::with(key)),
            Source::KeyFile(path) => {
                let found = read_key_file(&path)?;
                let key = key_in(&found).ok_or_else(|| {
                    Error::Usage(format!(
                        "the key file {} has {} bytes and no key: 32 bytes are needed, as they are, in 64 hexadecimal digits or in base64 \
                         (openssl rand -base64 32 > {0})",
                        path.display(),
                        found.len()
                    ))
                })?;
                Ok(Seal::with(key))
            }
            #[cfg(feature = "keyring")]
            Source::Keyring => Ok(Seal::with(keyring::file_key()?)),
            Source::Unencrypted => Ok(Seal::none()),
        }
    }
}

impl fmt::Debug for Sealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::Key(_) => f.write_str("Sealing(a key)"),
            Source::KeyFile(path) => write!(f, "Sealing(the key in {})", path.display()),
            #[cfg(feature = "keyring")]
            Source::Keyring => f.write_str("Sealing(the keyring's key)"),
            Source::Unencrypted => f.write_str("Sealing(UNENCRYPTED)"),
        }
    }
}

/// The 32 bytes that a key file or a parameter holds.
fn key_in(found: &[u8]) -> Option<KeyBytes> {
    let mut key = KeyBytes::default();
    if found.len() == key.len() {
        key.copy_from_slice(found);
        return Some(key);
    }
    key_in_text(std::str::from_utf8(found).ok()?)
}
