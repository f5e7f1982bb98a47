//! A store that lives and dies with the process.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use oauth_core::{Secret, StoreError};

use crate::{
    Key,
    process::PerProcess,
    store::{Lock, Store, Stored},
};

/// Keeps tokens in memory: for tests, and for programs that get a new token each time they start. A clone keeps the same tokens.
///
/// A forked child begins with an empty one: what it could read of its parent's is not its own to renew.
#[derive(Clone)]
pub struct Memory(Arc<PerProcess<Mutex<Inside>>>);

#[derive(Default)]
struct Inside {
    kept: HashMap<Key, (u64, Secret)>,
    locked: HashSet<Key>,
}

impl Memory {
    /// An empty one.
    pub fn new() -> Self {
        Self(Arc::new(PerProcess::new(Mutex::default)))
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.here(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl Store for Memory {
    fn try_lock(&self, key: &Key, _: Duration) -> Result<Option<Box<dyn Lock>>, StoreError> {
        let taken = self.inside().locked.insert(key.clone());
        Ok(taken.then(|| Box::new(Held { memory: self.clone(), key: key.clone(), process: std::process::id() }) as Box<dyn Lock>))
    }

    fn load(&self, key: &Key) -> Result<Option<Stored>, StoreError> {
        Ok(self.inside().kept.get(key).map(|(revision, text)| Stored { revision: *revision, text: text.clone() }))
    }

    fn save(&self, key: &Key, revision: u64, text: &Secret) -> Result<bool, StoreError> {
        let mut inside = self.inside();
        if inside.kept.get(key).map_or(0, |(revision, _)| *revision) != revision {
            return Ok(false);
        }
        inside.kept.insert(key.clone(), (revision.saturating_add(1), text.clone()));
        Ok(true)
    }

    fn blocks(&self) -> bool {
        false
    }
}

struct Held {
    memory: Memory,
    key: Key,
    process: u32,
}

impl Lock for Held {
    fn blocks(&self) -> bool {
        false
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // In a forked child the memory is another one, where the key may be locked by the child itself.
        if self.process == std::process::id() {
            self.memory.inside().locked.remove(&self.key);
        }
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory")
    }
}

#[cfg(test)]
mod tests {
    use oauth_core::{Client, Provider};

    use super::*;

    #[test]
    fn a_lock_is_let_go_by_its_own_process_and_by_no_child() {
        let key = Key::of(&Client::new(Provider::buildpass(), "id"), None, None).expect("a key");
        let memory = Memory::new();
        let held = memory.try_lock(&key, Duration::MAX).expect("usable").expect("free");
        drop(Held { memory: memory.clone(), key: key.clone(), process: std::process::id() + 1 });
        assert!(memory.try_lock(&key, Duration::MAX).expect("usable").is_none(), "what was dropped was the parent's");
        drop(held);
        assert!(memory.try_lock(&key, Duration::MAX).expect("usable").is_some());
    }
}
