//! How do the processes of one machine share a token by files?
//!
//! For each key one file that holds the entry, and beside it two that are only locked: `.lock` by whoever renews, `.write` for the moment of
//! replacing. They are two because a login replaces the token while somebody else renews, and must not wait for the provider. docs/token-store.md
//! describes the files.

use std::{fmt, path::PathBuf, time::Duration};

use oauth_core::{Error, Secret, StoreError};

use crate::{
    Key,
    private::Directory,
    seal::Seal,
    sealing::Sealing,
    store::{Lock, Store, Stored},
};

/// Keeps tokens in files that only this user can read, encrypted. All processes that open the same directory share them.
///
/// A renewal's lock is the system's (`flock`): that of a killed process is free at once, and that of a stopped one is held until it goes on,
/// so that a session waits for its own bound and then says busy. A child that was forked during a renewal keeps its parent's lock alive for
/// as long as the child lives, if the parent is killed before it lets go. The directory must be on a file system with locks; on NFS they
/// are the server's.
///
/// ```
/// use oauth_session::{File, Sealing};
///
/// # let dir = std::env::temp_dir().join(format!("active-doc-{}", std::process::id()));
/// let store = File::open(&dir, Sealing::key([7; 32]))?;
/// # std::fs::remove_dir_all(dir).ok();
/// # Ok::<(), oauth_core::Error>(())
/// ```
pub struct File {
    directory: PathBuf,
    seal: Seal,
}

/// For how long a writer waits for another, who needs the time of two writes to the disk.
const MOST_WAIT: Duration = Duration::from_secs(5);

impl File {
    /// The store in that directory, which is made (0700) if it is missing. It reads the key and may block for as long as that takes.
    ///
    /// # Errors
    /// [`Error::Usage`] where what should be a key is none; [`Error::Store`] where the key cannot be read, and where the directory cannot be
    /// used or is open to others.
    pub fn open(directory: impl Into<PathBuf>, sealing: Sealing) -> Result<Self, Error> {
        let directory = directory.into();
        // A program may change its working directory later.
        let directory = std::path::absolute(&directory).unwrap_or(directory);
        let seal = sealing.open()?;
        Directory::open(&directory)?;
        Ok(Self { directory, seal })
    }

    fn read(&self, directory: &Directory, key: &Key) -> Result<Option<Stored>, StoreError> {
        let name = format!("{}.token", key.name());
        let found = directory.read(&name)?;
        found.map(|found| self.seal.read(&directory.place(&name).display().to_string(), key.name(), &found)).transpose()
    }
}

impl Store for File {
    fn try_lock(&self, key: &Key, _: Duration) -> Result<Option<Box<dyn Lock>>, StoreError> {
        let lock = Directory::open(&self.directory)?.try_lock(&format!("{}.lock", key.name()))?;
        Ok(lock.map(|lock| Box::new(lock) as Box<dyn Lock>))
    }

    fn load(&self, key: &Key) -> Result<Option<Stored>, StoreError> {
        self.read(&Directory::open(&self.directory)?, key)
    }

    fn save(&self, key: &Key, revision: u64, text: &Secret) -> Result<bool, StoreError> {
        let directory = Directory::open(&self.directory)?;
        let _lock = directory.lock(&format!("{}.write", key.name()), MOST_WAIT)?;
        if self.read(&directory, key)?.map_or(0, |stored| stored.revision) != revision {
            return Ok(false);
        }
        let name = format!("{}.token", key.name());
        let place = directory.place(&name);
        let written = self.seal.write(&place.display().to_string(), key.name(), revision.saturating_add(1), text)?;
        directory.replace(&name, &written)?;
        Ok(true)
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sealed = if self.seal.is_encrypted() { "encrypted" } else { "UNENCRYPTED" };
        write!(f, "File({}, {sealed})", self.directory.display())
    }
}
