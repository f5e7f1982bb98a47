//! How do machines share tokens through Redis or Valkey?
//!
//! Under each key there is one hash, `<prefix><key name>`, with three fields: `revision` (decimal), `text`, and `writer`, a word that is new
//! with each save. While it is renewed there is beside it a string `<prefix><key name>:lock`: its owner's word, with an expiry.
//!
//! Each operation is one short script on one key, and done twice it does no more than once. So after a broken connection it is simply done
//! again, and nobody has to know whether the first one arrived.

mod address;
mod connection;
mod failure;
mod names;
mod pool;
mod socket;
mod tls;

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use ::redis::Value;
use oauth_core::{Error, Secret, StoreError, StoreProblem};

use self::{address::Address, failure::explain, pool::Pool};
use crate::{
    Key,
    process::PerProcess,
    random,
    store::{Lock, Store, Stored},
};

/// Keeps tokens in Redis (5 or newer) or Valkey, for all processes and machines that know its address. A clone uses the same connections.
///
/// ```no_run
/// use oauth_session::Redis;
///
/// let store = Redis::open("rediss://tokens:s3cret@redis.internal:6380/0?prefix=billing:&ca_file=/etc/ssl/internal.pem")?;
/// # Ok::<(), oauth_core::Error>(())
/// ```
///
/// **URL**: `redis://[[user]:password@]host[:port][/db]`; with TLS `rediss://`; or a socket file, `unix:/path`, `unix://user:password@/path`.
/// What has a meaning in a URL is percent-encoded in user and password (`@` is `%40`). Port 6379 and database 0 unless said. Parameters:
///
/// | | |
/// |---|---|
/// | `prefix` | what the names of all keys begin with; `active:` |
/// | `timeout_ms` | the longest that one operation may take, connecting and repeating included: 1 to 60000 ms; 2000 |
/// | `db` | the database, for `unix:` |
/// | `ca_file` | PEM: the only authorities whose certificates are believed; Mozilla's list, as it was when this library was built |
/// | `cert_file`, `key_file` | PEM: our own certificate and its key, where the server asks for one |
///
/// The server's certificate is always verified, for this host. Without TLS everybody on the way can read the tokens, and the password.
///
/// **What the operator owes**: tokens last as long as Redis keeps them, so let it write them down (`appendonly yes`), and evict none
/// (`maxmemory-policy noeviction` or `volatile-…`: they have no expiry). A replica that takes over may lack the last write; a session sees
/// that and does not send an older refresh token again. A user needs `~<prefix>*` and `+eval +hmget +hset +get +set +del`, and `+select`
/// for another database than 0. Redis Cluster is not followed from node to node.
///
/// **Connections**: opened when needed, at most 8 kept, none used after a minute of silence. They belong to one process: a forked child
/// opens its own. There is no background thread; only while a name is looked up, a thread waits for the system's answer.
#[derive(Clone)]
pub struct Redis(Arc<Inner>);

struct Inner {
    address: Address,
    pool: PerProcess<Pool>,
}

/// KEYS: the entry. ARGV: the revision to replace, the next one, the text, the writer's word.
const SAVE: &str = "local kept = redis.call('HMGET', KEYS[1], 'revision', 'writer')
local revision = kept[1] or '0'
if revision == ARGV[2] and kept[2] == ARGV[4] then return 1 end
if revision ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'revision', ARGV[2], 'text', ARGV[3], 'writer', ARGV[4])
return 1";

/// KEYS: the lock. ARGV: the owner's word, the lease in ms. One that is ours already lasts for the lease from now: whoever asks counts on it.
const TAKE: &str = "if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1";

/// KEYS: the lock. ARGV: the owner's word.
const RELEASE: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0";

impl Redis {
    /// The store at that URL. It does not connect yet.
    ///
    /// # Errors
    /// [`Error::Usage`]: what is wrong with the URL, or with a file that it names. Neither URL nor password is quoted.
    pub fn open(url: &str) -> Result<Self, Error> {
        Ok(Self(Arc::new(Inner { address: Address::parse(url)?, pool: PerProcess::new(Pool::default) })))
    }
}

impl Store for Redis {
    fn try_lock(&self, key: &Key, lease: Duration) -> Result<Option<Box<dyn Lock>>, StoreError> {
        let name = format!("{}:lock", self.0.name(key));
        let doubtful = self.0.pool().doubtful(&name);
        let owner = doubtful.unwrap_or_else(random::word);
        // Counted from before it is asked for: the server begins later.
        let until = Instant::now() + lease;
        match self.0.script(TAKE, &name, &[&owner, &lease.as_millis().max(1).to_string()]) {
            Ok(true) => Ok(Some(Box::new(Held { redis: Arc::clone(&self.0), name, owner, until, process: std::process::id() }))),
            Ok(false) => Ok(None),
            Err(error) => {
                // It may have been taken without our hearing of it: the next try comes with the same word, and finds it ours.
                self.0.pool().doubt(name, owner, until);
                Err(error)
            }
        }
    }

    fn load(&self, key: &Key) -> Result<Option<Stored>, StoreError> {
        let name = self.0.name(key);
        let fields = match self.0.command(&["HMGET", &name, "revision", "text"])? {
            Value::Array(fields) => <[Value; 2]>::try_from(fields).map_err(|_| self.0.odd())?,
            _ => return Err(self.0.odd()),
        };
        let damaged = |why: &str| {
            let text = format!("{name} {why}; delete it there (DEL) and log in again");
            StoreError::new(StoreProblem::Damaged, explain(&self.0.address, &text))
        };
        let [revision, text] = match fields {
            [Value::Nil, Value::Nil] => return Ok(None),
            [Value::BulkString(revision), Value::BulkString(text)] => [revision, text],
            [Value::Nil, _] | [_, Value::Nil] => return Err(damaged("lacks its field revision or text")),
            _ => return Err(self.0.odd()),
        };
        let revision = std::str::from_utf8(&revision).ok().and_then(|revision| revision.parse().ok());
        let revision = revision.filter(|revision| *revision > 0).ok_or_else(|| damaged("has a revision that is no number"))?;
        let text = String::from_utf8(text).map_err(|_| damaged("has a text that is not UTF-8"))?;
        Ok(Some(Stored { revision, text: Secret::from(text) }))
    }

    fn save(&self, key: &Key, revision: u64, text: &Secret) -> Result<bool, StoreError> {
        let (old, new) = (revision.to_string(), revision.saturating_add(1).to_string());
        self.0.script(SAVE, &self.0.name(key), &[&old, &new, text.expose(), &random::word()])
    }
}

impl Inner {
    fn name(&self, key: &Key) -> String {
        format!("{}{}", self.address.prefix, key.name())
    }

    fn pool(&self) -> &Pool {
        self.pool.here(Pool::default)
    }

    fn command(&self, words: &[&str]) -> Result<Value, StoreError> {
        self.pool().command(&self.address, words)
    }

    /// EVAL and not EVALSHA: it is sent a few times in an hour, and there is no answer to it that asks for more.
    fn script(&self, script: &str, name: &str, arguments: &[&str]) -> Result<bool, StoreError> {
        let words = [&["EVAL", script, "1", name], arguments].concat();
        match self.command(&words)? {
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            _ => Err(self.odd()),
        }
    }

    fn odd(&self) -> StoreError {
        StoreError::new(StoreProblem::Other, explain(&self.address, "it gave an answer that Redis does not give"))
    }
}

/// A lock that is held.
struct Held {
    redis: Arc<Inner>,
    name: String,
    owner: String,
    until: Instant,
    process: u32,
}

impl Lock for Held {}

impl Drop for Held {
    fn drop(&mut self) {
        // A forked child has a copy of its parent's lock, which is not its own to let go. After the lease the lock is another's.
        if self.process == std::process::id() && Instant::now() < self.until {
            // It expires by itself where this fails.
            let _ = self.redis.script(RELEASE, &self.name, &[&self.owner]);
        }
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Redis({}, {}*)", self.0.address, self.0.address.prefix)
    }
}
