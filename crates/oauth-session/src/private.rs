//! How do files stay ours alone?
//!
//! A directory of 0700 with files of 0600, of this user and nobody else: checked each time it is opened, on what was opened and not on its
//! name. A file is replaced as a whole or not at all, and locks are the system's, so that a killed process leaves none behind.

use std::{
    io::{Read, Write},
    os::fd::{AsFd, OwnedFd},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use oauth_core::{StoreError, StoreProblem};
use rustix::{
    fs::{
        AtFlags, FileType, FlockOperation, Mode, OFlags, Stat, fchmod, flock, fstat, fsync, open, openat, renameat, statat,
        unlinkat,
    },
    io::{Errno, retry_on_intr},
};
use zeroize::Zeroizing;

use crate::store::Lock;

/// A directory that only this user can look into, open.
pub(crate) struct Directory {
    fd: OwnedFd,
    path: PathBuf,
}

/// The largest file that is read or written. A token has a few thousand bytes.
pub(crate) const MOST_BYTES: usize = 1 << 20;

const OURS: Mode = Mode::RUSR.union(Mode::WUSR);
/// A name that somebody made a link is not followed, and one that is a pipe does not keep us waiting.
const CAREFUL: OFlags = OFlags::NOFOLLOW.union(OFlags::CLOEXEC).union(OFlags::NONBLOCK);

impl Directory {
    /// Opens it, and makes it where there is none.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let open = || retry_on_intr(|| open(path, flags, Mode::empty()));
        let fd = match open() {
            Err(Errno::NOENT) => make(path).and_then(|()| open()),
            opened => opened,
        };
        let fd = fd.map_err(|error| trouble("open the directory", path, error))?;
        let directory = Self { fd, path: path.to_owned() };
        let stat = fstat(&directory.fd).map_err(|error| trouble("look at", path, error))?;
        directory.check(&stat, path, 700)?;
        Ok(directory)
    }

    /// Where the file of that name is, for people.
    pub(crate) fn place(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The whole file; None where there is none.
    pub(crate) fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let failed = |error| trouble("read", &self.place(name), error);
        let file = match retry_on_intr(|| openat(&self.fd, name, OFlags::RDONLY | CAREFUL, Mode::empty())) {
            Err(Errno::NOENT) => return Ok(None),
            file => file.map_err(failed)?,
        };
        let size = self.check_file(&file, name)?;
        if size > MOST_BYTES {
            let why = format!(
                "{} has {size} bytes, more than a token can have: remove it and log in again",
                self.place(name).display()
            );
            return Err(StoreError::new(StoreProblem::Damaged, why));
        }
        // As large as the file, which nobody writes into: a buffer that grows leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(size));
        let read = std::fs::File::from(file).take(size as u64).read_to_end(&mut bytes);
        read.map_err(|error| failed(Errno::from_io_error(&error).unwrap_or(Errno::IO)))?;
        Ok(Some(bytes))
    }

    /// Puts `bytes` in the place of the file, to outlive a crash of the machine. Whoever reads sees the old file or the new one. The caller
    /// holds a lock that all writers of this file hold.
    pub(crate) fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        // One name is enough: what is there under it, a killed writer left.
        let new = format!("{name}.new");
        self.remove(&new).map_err(|error| trouble("remove", &self.place(&new), error))?;
        let replaced = self.write(&new, bytes).and_then(|()| renameat(&self.fd, &new, &self.fd, name));
        if let Err(error) = replaced {
            let _ = self.remove(&new);
            return Err(trouble("write", &self.place(name), error));
        }
        match retry_on_intr(|| fsync(&self.fd)) {
            // There are file systems that cannot sync a directory.
            Ok(()) | Err(Errno::INVAL) => Ok(()),
            Err(error) => Err(trouble("sync", &self.path, error)),
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Errno> {
        let mut file = std::fs::File::from(self.create(name, OFlags::WRONLY)?);
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))
    }

    fn create(&self, name: &str, access: OFlags) -> Result<OwnedFd, Errno> {
        let flags = access | OFlags::CREATE | OFlags::EXCL | CAREFUL;
        let file = retry_on_intr(|| openat(&self.fd, name, flags, OURS))?;
        // A umask can take away from 0600, and does not add to it.
        fchmod(&file, OURS)?;
        Ok(file)
    }

    fn remove(&self, name: &str) -> Result<(), Errno> {
        match unlinkat(&self.fd, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The lock of that file; None where somebody else has it. The file is never removed by us: a lock on one that is gone locks nothing.
    pub(crate) fn try_lock(&self, name: &str) -> Result<Option<Flock>, StoreError> {
        const MOST_TRIES: u32 = 20;
        for _ in 0..MOST_TRIES {
            let failed = |error| trouble("lock", &self.place(name), error);
            let Some(file) = self.lock_file(name).map_err(failed)? else { continue };
            self.check_file(&file, name)?;
            match retry_on_intr(|| flock(&file, FlockOperation::NonBlockingLockExclusive)) {
                Ok(()) => {}
                Err(Errno::WOULDBLOCK) => return Ok(None),
                Err(error) => return Err(failed(error)),
            }
            // Somebody who tidies up may have removed it between our opening and our locking it.
            if self.is_there(&file, name).map_err(failed)? {
                return Ok(Some(Flock { file, process: std::process::id() }));
            }
        }
        let why = format!("somebody removes {} all the time: leave it where it is", self.place(name).display());
        Err(StoreError::new(StoreProblem::Busy, why))
    }

    /// The same, but waits for it, up to `at_most`.
    pub(crate) fn lock(&self, name: &str, at_most: Duration) -> Result<Flock, StoreError> {
        let began = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            if let Some(lock) = self.try_lock(name)? {
                return Ok(lock);
            }
            if began.elapsed() > at_most {
                let why = format!(
                    "somebody has held {} for {} s: look for a stopped process (`fuser {0}`)",
                    self.place(name).display(),
                    at_most.as_secs()
                );
                return Err(StoreError::new(StoreProblem::Busy, why));
            }
            std::thread::sleep(pause);
            pause = (2 * pause).min(Duration::from_millis(16));
        }
    }

    /// None where it came or went just now.
    fn lock_file(&self, name: &str) -> Result<Option<OwnedFd>, Errno> {
        match retry_on_intr(|| openat(&self.fd, name, OFlags::RDWR | CAREFUL, Mode::empty())) {
            Err(Errno::NOENT) => match self.create(name, OFlags::RDWR) {
                Err(Errno::EXIST) => Ok(None),
                created => created.map(Some),
            },
            opened => opened.map(Some),
        }
    }

    fn is_there(&self, file: &OwnedFd, name: &str) -> Result<bool, Errno> {
        let ours = fstat(file)?;
        match statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(there) => Ok((there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// How many bytes it has, if it is a file of ours.
    fn check_file(&self, file: &OwnedFd, name: &str) -> Result<usize, StoreError> {
        let place = self.place(name);
        let stat = fstat(file).map_err(|error| trouble("look at", &place, error))?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            let why = format!("{} is not a file: remove it", place.display());
            return Err(StoreError::new(StoreProblem::Denied, why));
        }
        self.check(&stat, &place, 600)?;
        Ok(usize::try_from(stat.st_size).unwrap_or(usize::MAX))
    }

    fn check(&self, stat: &Stat, place: &Path, mode: u32) -> Result<(), StoreError> {
        let me = rustix::process::geteuid().as_raw();
        let place = place.display();
        if stat.st_uid != me {
            let why = format!(
                "{place} belongs to user {}, and this program runs as user {me}: run it as that user, or give it a directory of its own",
                stat.st_uid
            );
            return Err(StoreError::new(StoreProblem::Denied, why));
        }
        if others_may(stat) {
            let why = format!("other users may use {place} (mode {:04o}): chmod {mode} {place}", stat.st_mode & 0o7777);
            return Err(StoreError::new(StoreProblem::Denied, why));
        }
        Ok(())
    }
}

/// Whether its group or anybody else may read, write or enter it.
fn others_may(stat: &Stat) -> bool {
    Mode::from_raw_mode(stat.st_mode).intersects(Mode::RWXG | Mode::RWXO)
}

fn make(path: &Path) -> Result<(), Errno> {
    use std::os::unix::fs::DirBuilderExt;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))
}

/// What is in a key file: at most `MOST_BYTES` of it. A link is followed, since that is how containers hand secrets over; what it leads to
/// must be closed to others.
pub(crate) fn read_key_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let failed = |error| trouble("read the key file", path, error);
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let file = retry_on_intr(|| open(path, flags, Mode::empty())).map_err(|error| match error {
        // What everybody meets who has just read about it.
        Errno::NOENT => StoreError::new(
            StoreProblem::Other,
            format!(
                "there is no key file {0}: bring the store's own, or make one for a new store: (umask 077; openssl rand -base64 32 >{0})",
                path.display()
            ),
        ),
        error => failed(error),
    })?;
    let stat = fstat(&file).map_err(failed)?;
    let denied = |why: String| Err(StoreError::new(StoreProblem::Denied, why));
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return denied(format!("{} is not a file, and no key can be read from it", path.display()));
    }
    let me = rustix::process::geteuid().as_raw();
    if stat.st_uid != me && stat.st_uid != 0 {
        return denied(format!(
            "the key file {} belongs to user {}, who can change it: chown {me} {0}",
            path.display(),
            stat.st_uid
        ));
    }
    // Root hands a key to somebody else by the file's group.
    let by_group = stat.st_uid != me && !Mode::from_raw_mode(stat.st_mode).intersects(Mode::WGRP | Mode::XGRP | Mode::RWXO);
    if others_may(&stat) && !by_group {
        let mode = stat.st_mode & 0o7777;
        return denied(format!("other users may use the key file {} (mode {mode:04o}): chmod 600 {0}", path.display()));
    }
    let size = usize::try_from(stat.st_size).unwrap_or(usize::MAX).min(MOST_BYTES);
    let mut bytes = Zeroizing::new(Vec::with_capacity(size));
    let read = std::fs::File::from(file).take(size as u64).read_to_end(&mut bytes);
    read.map_err(|error| failed(Errno::from_io_error(&error).unwrap_or(Errno::IO)))?;
    Ok(bytes)
}

/// What the system said, in words that say what helps.
fn trouble(what: &str, path: &Path, error: Errno) -> StoreError {
    let (problem, help) = match error {
        Errno::ACCESS | Errno::PERM => (StoreProblem::Denied, "this user may not; look at who owns it and its directories"),
        Errno::ROFS => (StoreProblem::Denied, "the file system is read-only; name a directory on another one"),
        Errno::LOOP => (StoreProblem::Denied, "it is a symbolic link, which is not followed; remove it"),
        Errno::NOTDIR => (StoreProblem::Denied, "it is no directory; name another one"),
        Errno::NOSPC | Errno::DQUOT | Errno::FBIG => (StoreProblem::Full, "make room; what was there before is still there"),
        Errno::NOLCK | Errno::OPNOTSUPP => (StoreProblem::Other, "the file system has no locks; name a directory on another one"),
        Errno::NOENT => (StoreProblem::Other, "it is gone; who removes it?"),
        _ => (StoreProblem::Other, "that is the system's answer"),
    };
    // The system's words, without the number that std adds for programmers.
    let words = std::io::Error::from(error).to_string();
    let words = words.split(" (os error").next().unwrap_or_default();
    StoreError::new(problem, format!("cannot {what} {}: {words}: {help}", path.display()))
}

/// A lock of the system's on an open file. It ends with the process, however that ends.
pub(crate) struct Flock {
    file: OwnedFd,
    process: u32,
}

impl Lock for Flock {
    fn blocks(&self) -> bool {
        false
    }
}

impl Drop for Flock {
    fn drop(&mut self) {
        // Closing is not enough where a forked child has the same open file; and what a child drops is its parent's lock.
        if self.process == std::process::id() {
            let _ = flock(self.file.as_fd(), FlockOperation::Unlock);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A copy of the descriptor is what a forked child has.
    #[test]
    fn a_lock_is_let_go_by_its_own_process_and_by_no_child() {
        let path = std::env::temp_dir().join(format!("active-lock-{}", std::process::id()));
        let directory = Directory::open(&path).expect("a directory");
        let lock = || directory.try_lock("x").expect("try_lock");
        let held = lock().expect("free");
        drop(Flock { file: held.file.try_clone().expect("a copy"), process: held.process + 1 });
        assert!(lock().is_none(), "a child dropped it, and its parent has it still");
        let copy = held.file.try_clone().expect("a copy");
        drop(held);
        assert!(lock().is_some(), "its parent let it go, and a child lives on");
        drop(copy);
        std::fs::remove_dir_all(path).expect("removed");
    }
}
