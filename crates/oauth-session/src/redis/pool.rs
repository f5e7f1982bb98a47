//! Which connection carries a command?
//!
//! One that is there, else a new one. All of it belongs to one process: parent and child on one connection would read each other's answers.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use ::redis::Value;
use oauth_core::StoreError;

use super::{address::Address, connection::Connection, failure::Failure, names::LookUps};

/// The connections of one process, and the locks of which it does not know whether it holds them.
#[derive(Default)]
pub(super) struct Pool {
    idle: Mutex<Vec<Connection>>,
    doubtful: Mutex<HashMap<String, (String, Instant)>>,
    look_ups: LookUps,
}

const MOST_IDLE: usize = 8;
/// Shorter than what proxies and load balancers let a silent connection live.
const MOST_SILENCE: Duration = Duration::from_secs(60);

impl Pool {
    /// Asks once, and once more on a new connection where the first broke: so only what may be done twice.
    pub(super) fn command(&self, address: &Address, words: &[&str]) -> Result<Value, StoreError> {
        let until = Instant::now() + address.timeout;
        let answer = match self.ask(address, words, until) {
            Err(failure) if failure.is_broken() => {
                // A server that was restarted has broken the others too.
                lock(&self.idle).clear();
                self.ask(address, words, until)
            }
            answer => answer,
        };
        answer.map_err(|failure| failure.told(address))
    }

    fn ask(&self, address: &Address, words: &[&str], until: Instant) -> Result<Value, Failure> {
        let mut connection = match self.take() {
            Some(connection) => connection,
            None => Connection::open(address, &self.look_ups, until).map_err(Failure::at_the_door)?,
        };
        // Kept only where all went well: what comes after an error could be the answer to something else, or the server another by then.
        let answer = connection.ask(words, until)?;
        let mut idle = lock(&self.idle);
        if idle.len() < MOST_IDLE {
            idle.push(connection);
        }
        Ok(answer)
    }

    fn take(&self) -> Option<Connection> {
        let mut idle = lock(&self.idle);
        idle.retain(|connection| connection.idle() < MOST_SILENCE);
        idle.pop()
    }

    /// The word with which that lock may have been taken, once.
    pub(super) fn doubtful(&self, name: &str) -> Option<String> {
        let mut doubtful = lock(&self.doubtful);
        doubtful.retain(|_, (_, until)| Instant::now() < *until);
        doubtful.remove(name).map(|(owner, _)| owner)
    }

    pub(super) fn doubt(&self, name: String, owner: String, until: Instant) {
        lock(&self.doubtful).insert(name, (owner, until));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
