//! How do the processes of one login share a token by the keyring?
//!
//! By the Secret Service of the desktop (GNOME Keyring, KWallet, KeePassXC): one entry for each key, found by its attributes. The keyring has no
//! locks and no compare-and-set, so both are files in a directory that all processes of the user agree on.

use std::{collections::HashMap, fmt, path::PathBuf, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use dbus_secret_service::{EncryptionType, Error as ServiceError, Item, SecretService};
use oauth_core::{Secret, StoreError, StoreProblem};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use crate::{
    Key, bus,
    private::Directory,
    seal::{KeyBytes, Seal, key_in_text},
    store::{Lock, Store, Stored},
};

/// Keeps tokens in the user's keyring: the entries with the attributes `service` = `active` and `username` = the key's name. All processes
/// of the same user and session bus share them.
///
/// It never asks the user anything: a locked keyring is an error. Each answer is waited for at most 2 s. The entry crosses the session bus as
/// it is; who can listen there is this user, who may ask the keyring as well.
#[derive(Default)]
pub struct Keyring(());

const SERVICE: &str = "active";
/// Under which name the keyring has the key of file stores.
const FILE_KEY: &str = "file store key";
/// For how long a writer waits for another, who needs the time of a few answers.
const MOST_WAIT: Duration = Duration::from_secs(10);

impl Keyring {
    /// The keyring of the session bus. Nothing is asked of it yet.
    pub fn new() -> Self {
        Self(())
    }
}

impl Store for Keyring {
    fn try_lock(&self, key: &Key, _: Duration) -> Result<Option<Box<dyn Lock>>, StoreError> {
        let lock = Directory::open(&locks())?.try_lock(&format!("{}.lock", key.name()))?;
        Ok(lock.map(|lock| Box::new(lock) as Box<dyn Lock>))
    }

    fn load(&self, key: &Key) -> Result<Option<Stored>, StoreError> {
        let service = connect()?;
        stored(find(&service, key.name())?.as_ref(), key)
    }

    fn save(&self, key: &Key, revision: u64, text: &Secret) -> Result<bool, StoreError> {
        let _lock = Directory::open(&locks())?.lock(&format!("{}.write", key.name()), MOST_WAIT)?;
        let service = connect()?;
        let item = find(&service, key.name())?;
        if stored(item.as_ref(), key)?.map_or(0, |stored| stored.revision) != revision {
            return Ok(false);
        }
        let written = Seal::none().write(&place(key), key.name(), revision.saturating_add(1), text)?;
        put(&service, item.as_ref(), key.name(), &format!("OAuth token of {key}"), &written)?;
        Ok(true)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring")
    }
}

/// The key that file stores of this user encrypt with: made the first time.
pub(crate) fn file_key() -> Result<KeyBytes, StoreError> {
    // One maker: a second key would take the place of the first, and what was encrypted with that one would be lost.
    let _lock = Directory::open(&locks())?.lock("file-store-key.write", MOST_WAIT)?;
    let service = connect()?;
    if let Some(item) = find(&service, FILE_KEY)? {
        let found = Zeroizing::new(item.get_secret().map_err(trouble)?);
        let key = std::str::from_utf8(&found).ok().and_then(key_in_text);
        return key.ok_or_else(|| {
            let why = "the keyring's entry \"file store key\" of \"active\" holds no key: put back the right one, or remove it and the files";
            StoreError::new(StoreProblem::Damaged, why)
        });
    }
    let mut key = KeyBytes::default();
    let no_random = |_| StoreError::new(StoreProblem::Other, "the system has no random bytes to give");
    SystemRandom::new().fill(key.as_mut_slice()).map_err(no_random)?;
    let text = Zeroizing::new(STANDARD.encode(key.as_slice()));
    put(&service, None, FILE_KEY, "Key of OAuth token files", text.as_bytes())?;
    Ok(key)
}

/// Where the locks are. The same for all processes of a user whatever their environment says, or they would not exclude each other: a cron
/// job has no XDG_RUNTIME_DIR.
fn locks() -> PathBuf {
    let user = rustix::process::geteuid().as_raw();
    let run = PathBuf::from(format!("/run/user/{user}"));
    if run.is_dir() { run.join("active") } else { PathBuf::from(format!("/tmp/active-{user}")) }
}

fn place(key: &Key) -> String {
    format!("the keyring's entry of {key} (username {})", key.name())
}

fn stored(item: Option<&Item<'_>>, key: &Key) -> Result<Option<Stored>, StoreError> {
    let Some(item) = item else { return Ok(None) };
    let found = Zeroizing::new(item.get_secret().map_err(trouble)?);
    Seal::none().read(&place(key), key.name(), &found).map(Some)
}

fn connect() -> Result<SecretService, StoreError> {
    bus::greet()?;
    // 0 s for a prompt: none is shown. In plain: it is the user's own bus.
    SecretService::connect_with_max_prompt_timeout(EncryptionType::Plain, 0).map_err(trouble)
}

/// The entry of that name; None where the keyring is open and has none.
fn find<'a>(service: &'a SecretService, name: &str) -> Result<Option<Item<'a>>, StoreError> {
    let mut found = service.search_items(attributes(name)).map_err(trouble)?;
    if !found.locked.is_empty() {
        return Err(locked());
    }
    if found.unlocked.len() > 1 {
        let why = format!("the keyring has {} entries with the username {name}: remove all but one", found.unlocked.len());
        return Err(StoreError::new(StoreProblem::Damaged, why));
    }
    if found.unlocked.is_empty() && service.get_default_collection().and_then(|default| default.is_locked()).map_err(trouble)? {
        // Some keyrings do not tell what is in them while they are locked.
        return Err(locked());
    }
    Ok(found.unlocked.pop())
}

fn put(service: &SecretService, item: Option<&Item<'_>>, name: &str, label: &str, secret: &[u8]) -> Result<(), StoreError> {
    let done = match item {
        Some(item) => item.set_secret(secret, "text/plain"),
        None => service
            .get_default_collection()
            .and_then(|default| default.create_item(label, attributes(name), secret, true, "text/plain").map(drop)),
    };
    done.map_err(trouble)
}

fn attributes(name: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("username", name)])
}

fn locked() -> StoreError {
    StoreError::new(
        StoreProblem::Denied,
        "the keyring is locked: unlock it (by logging in, or in the keyring's own program) and try again",
    )
}

/// What the bus or the keyring said, in words that say what helps.
fn trouble(error: ServiceError) -> StoreError {
    let (problem, why) = match &error {
        ServiceError::Locked | ServiceError::Prompt => return locked(),
        ServiceError::NoResult => {
            (StoreProblem::Denied, "the keyring has no default collection: make one in the keyring's own program".to_owned())
        }
        ServiceError::Unavailable => (StoreProblem::Away, no_service()),
        ServiceError::Dbus(said) => match said.name().unwrap_or_default().rsplit('.').next().unwrap_or_default() {
            "IsLocked" => return locked(),
            "AccessDenied" | "AuthFailed" => return bus::refused(),
            "NoReply" | "Timeout" | "TimedOut" => (
                StoreProblem::Away,
                "the keyring does not answer within 2 s: is it stopped, or asking the user something?".to_owned(),
            ),
            "ServiceUnknown" | "NameHasNoOwner" => (StoreProblem::Away, no_service()),
            word if word.starts_with("Spawn") || word == "ChildExited" => (StoreProblem::Away, no_service()),
            "NoServer" | "FileNotFound" | "Disconnected" | "NoNetwork" | "NotSupported" | "BadAddress" | "Failed" => {
                (StoreProblem::Away, bus::UNREACHABLE.to_owned())
            }
            word => (StoreProblem::Other, format!("the keyring answers {word}")),
        },
        _ => (StoreProblem::Other, "the keyring's answer makes no sense".to_owned()),
    };
    StoreError::new(problem, why)
}

fn no_service() -> String {
    "there is no keyring on the session bus: start one (gnome-keyring, KWallet, KeePassXC), or use another store".to_owned()
}
