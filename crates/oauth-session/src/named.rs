//! Which store does this text name?
//!
//! In languages where a store cannot be made of parts it is named by one text, which a configuration file may hold.

#[cfg(feature = "file")]
use std::borrow::Cow;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use oauth_core::Error;

use crate::{Memory, process::PerProcess, store::Store};

/// The store of that name:
///
/// - `memory:` a new one of this process, `memory:name` the one of this process that has this name;
/// - `file:/directory?key_file=/path`, `…?key=keyring` or `…?key=` with 32 bytes in base64 or hexadecimal digits, or
///   `…?danger_unencrypted=yes`: see `File` and `Sealing`; what is no letter may be percent-encoded;
/// - `keyring:` see `Keyring`;
/// - `redis://…`, `rediss://…` and `unix:/path` see `Redis`.
///
/// Whatever the build leaves out is named in the error. It reads keys, and may block for as long as that takes.
///
/// ```
/// let store = oauth_session::named("memory:")?;
/// assert!(oauth_session::named("floppy:").unwrap_err().to_string().contains("memory:"));
/// # Ok::<(), oauth_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::Usage`] where the text names none; [`Error::Store`] where the store cannot be used. The text is in neither: it may hold a key.
pub fn named(url: &str) -> Result<Arc<dyn Store>, Error> {
    let Some((scheme, rest)) = url.split_once(':') else {
        return Err(usage(format!("it begins with no scheme; {}", known())));
    };
    match scheme {
        "memory" => memory(rest),
        #[cfg(feature = "file")]
        "file" => file(rest),
        #[cfg(feature = "keyring")]
        "keyring" if rest.is_empty() => Ok(Arc::new(crate::Keyring::new())),
        #[cfg(feature = "keyring")]
        "keyring" => Err(usage("keyring: takes nothing behind it")),
        #[cfg(feature = "redis")]
        "redis" | "rediss" | "valkey" | "valkeys" | "unix" => Ok(Arc::new(crate::Redis::open(url)?)),
        scheme if is_word(scheme) => Err(usage(format!("{scheme}: is none of this build's; {}", known()))),
        _ => Err(usage(format!("it begins with no scheme; {}", known()))),
    }
}

/// The schemes of this build.
fn known() -> String {
    let mut known = vec!["memory:"];
    if cfg!(feature = "file") {
        known.push("file:");
    }
    if cfg!(feature = "keyring") {
        known.push("keyring:");
    }
    if cfg!(feature = "redis") {
        known.extend(["redis:", "rediss:", "unix:"]);
    }
    format!("known are {}", known.join(" "))
}

fn memory(name: &str) -> Result<Arc<dyn Store>, Error> {
    static NAMED: OnceLock<PerProcess<Mutex<HashMap<String, Memory>>>> = OnceLock::new();
    if name.is_empty() {
        return Ok(Arc::new(Memory::new()));
    }
    if name.contains(['?', '/', ':']) {
        return Err(usage("a name behind memory: has no ? / or :"));
    }
    let all = NAMED.get_or_init(|| PerProcess::new(Mutex::default)).here(Mutex::default);
    Ok(Arc::new(all.lock().unwrap_or_else(PoisonError::into_inner).entry(name.to_owned()).or_default().clone()))
}

#[cfg(feature = "file")]
fn file(rest: &str) -> Result<Arc<dyn Store>, Error> {
    use crate::{File, Sealing, seal::key_in_text};

    const HOW: &str =
        "file: wants exactly one of key_file=/path, key=keyring, key= with 32 bytes in base64, danger_unencrypted=yes";
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    // RFC 8089 §2: an authority may be there, and this machine is the empty one.
    let path = path.strip_prefix("//").unwrap_or(path);
    if !path.starts_with('/') {
        return Err(usage(
            "file: wants the absolute path of a directory of this machine, as in file:/var/lib/app/tokens?key_file=/etc/app/key",
        ));
    }
    let directory = decoded("the directory", path)?;
    let mut parameters = query.split('&').filter(|parameter| !parameter.is_empty());
    let (Some(parameter), None) = (parameters.next(), parameters.next()) else {
        return Err(usage(HOW));
    };
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    let sealing = match (name, value) {
        ("key_file", path) if path.starts_with('/') => Sealing::key_file(decoded("key_file", path)?.as_ref()),
        ("key_file", _) => return Err(usage("key_file= wants an absolute path")),
        #[cfg(feature = "keyring")]
        ("key", "keyring") => Sealing::keyring(),
        #[cfg(not(feature = "keyring"))]
        ("key", "keyring") => return Err(usage("this build knows no keyring (feature keyring)")),
        ("key", key) => {
            let key = zeroize::Zeroizing::new(decoded("key", key)?.into_owned());
            let key = key_in_text(&key).ok_or_else(|| usage("key= wants 32 bytes in base64 or 64 hexadecimal digits"))?;
            Sealing::key(**key)
        }
        ("danger_unencrypted", "yes") => Sealing::danger_unencrypted(),
        ("danger_unencrypted", _) => return Err(usage("danger_unencrypted= takes yes and nothing else")),
        (name, _) if is_word(name) && parameter.contains('=') => return Err(usage(format!("file: knows no {name}=. {HOW}"))),
        _ => return Err(usage(HOW)),
    };
    Ok(Arc::new(File::open(directory.as_ref(), sealing)?))
}

#[cfg(feature = "file")]
fn decoded<'a>(what: &str, text: &'a str) -> Result<Cow<'a, str>, Error> {
    let text = percent_encoding::percent_decode_str(text).decode_utf8();
    text.ok().filter(|text| !text.contains('\0')).ok_or_else(|| usage(format!("{what} is no UTF-8 text")))
}

/// Whether a text may be shown: a key is no such word.
fn is_word(text: &str) -> bool {
    text.len() <= 24
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn usage(why: impl std::fmt::Display) -> Error {
    Error::Usage(format!("the store's name: {why}"))
}
