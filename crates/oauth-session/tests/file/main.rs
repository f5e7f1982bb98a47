//! Does a token in a file survive what happens to files?
//!
//! Real files, real locks, real second processes: this program runs itself (`second_process`).
#![cfg(feature = "file")]

mod alone;
mod crowd;
mod damage;
#[path = "../stores/process.rs"]
mod process;
#[path = "../stores/mod.rs"]
mod stores;

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use oauth_core::{Error, Secret, StoreProblem};
use oauth_session::{File, Key, Sealing, Store, Stored};
use process::{Process, count_up, other_process, role};
use rustix::process::{Pid, Signal, kill_process};
use stores::{Scratch, key, problem, problem_of};

pub(crate) const TEXT: &str = r#"{"active_session":1,"token":"a token that nobody may see"}"#;
pub(crate) const LEASE: Duration = Duration::from_secs(60);

pub(crate) fn sealed(dir: &Path) -> File {
    File::open(dir, Sealing::key([7; 32])).expect("a store")
}

pub(crate) fn plain(dir: &Path) -> File {
    File::open(dir, Sealing::danger_unencrypted()).expect("a store")
}

pub(crate) fn token_file(dir: &Path, key: &Key) -> std::path::PathBuf {
    dir.join(format!("{}.token", key.name()))
}

pub(crate) fn put(store: &dyn Store, key: &Key, text: &str) {
    let revision = store.load(key).expect("load").map_or(0, |stored| stored.revision);
    assert!(store.save(key, revision, &Secret::from(text)).expect("save"));
}

pub(crate) fn text(store: &dyn Store, key: &Key) -> String {
    store.load(key).expect("load").expect("an entry").text.expose().to_owned()
}

pub(crate) fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).expect("there").mode() & 0o7777
}

pub(crate) fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("chmod");
}

/// What the second processes do.
#[test]
#[ignore = "the second process of the tests beside it"]
fn second_process() {
    let Some((role, dir)) = role() else { return };
    match role.as_str() {
        "write once" => put(&sealed(&dir), &key("jo"), TEXT),
        "count up" => count_up(&sealed(&dir), &key("jo"), 100),
        "write for ever" => {
            let store = sealed(&dir);
            for count in 0_u64.. {
                put(&store, &key("jo"), &crowd::long_text(count));
            }
        }
        "hold the lock" => {
            let _lock = sealed(&dir).try_lock(&key("jo"), LEASE).expect("try_lock").expect("free");
            fs::write(dir.join("locked"), "").expect("tell");
            std::thread::sleep(LEASE);
        }
        "hold the writers' lock" => {
            let file = fs::File::open(dir.join(format!("{}.write", key("jo").name()))).expect("there");
            rustix::fs::flock(&file, rustix::fs::FlockOperation::LockExclusive).expect("flock");
            fs::write(dir.join("locked"), "").expect("tell");
            std::thread::sleep(LEASE);
        }
        "no room" => damage::no_room(&dir),
        "read-only" => damage::read_only(&dir),
        "not mine" => {
            assert_eq!(problem_of(File::open(&dir, Sealing::key([7; 32])), &["cannot open"]), StoreProblem::Denied);
        }
        role => panic!("no role {role}"),
    }
}

pub(crate) fn run(mut command: std::process::Command) {
    let output = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).output().expect("starts");
    let words = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && words.contains("1 passed"), "{words}");
}

#[test]
fn a_token_comes_back_as_it_was_put_there_and_only_over_what_was_read() {
    let scratch = Scratch::new();
    for (name, open) in [("sealed", sealed as fn(&Path) -> File), ("plain", plain)] {
        let dir = scratch.path(name);
        let (one, other, jo) = (open(&dir), open(&dir), key("jo"));
        assert!(one.load(&jo).expect("load").is_none());
        assert!(!one.save(&jo, 1, &Secret::from("x")).expect("save"), "nothing is there, so revision 1 is not");
        assert!(one.save(&jo, 0, &Secret::from(TEXT)).expect("save"));
        assert!(!other.save(&jo, 0, &Secret::from("x")).expect("save"), "something is there by now");
        let Stored { revision, text, .. } = other.load(&jo).expect("load").expect("an entry");
        assert_eq!((revision, text.expose()), (1, TEXT));
        assert!(other.save(&jo, 1, &Secret::from("the next ü")).expect("save"));
        assert!(!one.save(&jo, 1, &Secret::from("x")).expect("save"), "the other was quicker");
        assert_eq!(one.load(&jo).expect("load").expect("an entry").revision, 2);
        assert_eq!(self::text(&one, &jo), "the next ü");
        assert!(one.load(&key("ann")).expect("load").is_none(), "hers is another");
        // Empty is a text too.
        put(&one, &key("ann"), "");
        assert_eq!(self::text(&other, &key("ann")), "");
    }
}

#[test]
fn an_encrypted_file_shows_nothing_and_never_the_same_twice() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let scratch = Scratch::new();
    let (store, jo) = (sealed(&scratch.path("d")), key("jo"));
    let mut seen = Vec::new();
    for _ in 0..3 {
        put(&store, &jo, TEXT);
        let found = fs::read_to_string(token_file(&scratch.path("d"), &jo)).expect("text");
        let outer: serde_json::Value = serde_json::from_str(&found).expect("JSON");
        assert_eq!((&outer["active_store"], &outer["sealed"]), (&1.into(), &"chacha20poly1305".into()));
        let data = STANDARD.decode(outer["data"].as_str().expect("data")).expect("base64");
        assert_eq!(data.len(), TEXT.len() + 16);
        for secret in ["nobody may see", "active_session"] {
            assert!(!found.contains(secret) && !data.windows(secret.len()).any(|part| part == secret.as_bytes()));
        }
        assert!(!seen.contains(&outer["nonce"]) && !seen.contains(&outer["data"]));
        seen.extend([outer["nonce"].clone(), outer["data"].clone()]);
    }
    let shown = format!("{store:?} {:?} {:?}", Sealing::key([7; 32]), store.load(&jo));
    assert!(!shown.contains("nobody may see") && !shown.contains("7, 7"), "{shown}");
}

/// As docs/token-store.md describes it, done by other means than the store's own.
#[test]
fn a_file_can_be_read_by_its_description() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
    use sha2::{Digest, Sha256};
    let scratch = Scratch::new();
    let (dir, jo) = (scratch.path("d"), key("jo"));
    put(&sealed(&dir), &jo, TEXT);
    let outer: serde_json::Value = serde_json::from_slice(&fs::read(token_file(&dir, &jo)).expect("file")).expect("JSON");
    let word = |name: &str| outer[name].as_str().expect("a text").to_owned();
    let mut data = STANDARD.decode(word("data")).expect("base64");
    let nonce = Nonce::try_assume_unique_for_key(&STANDARD.decode(word("nonce")).expect("base64")).expect("12 bytes");
    let bound = format!("active_store 1 chacha20poly1305 {} {} 1", word("key"), jo.name());
    let cipher = LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &[7; 32]).expect("a key"));
    assert_eq!(cipher.open_in_place(nonce, Aad::from(bound), &mut data).expect("opens"), TEXT.as_bytes());
    let id: String =
        Sha256::digest([b"active store key".as_slice(), &[7; 32]].concat()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(word("key"), id[..16]);

    let dir = scratch.path("plain");
    put(&plain(&dir), &jo, TEXT);
    let outer: serde_json::Value = serde_json::from_slice(&fs::read(token_file(&dir, &jo)).expect("file")).expect("JSON");
    assert_eq!(STANDARD.decode(outer["data"].as_str().expect("text")).expect("base64"), TEXT.as_bytes());
    let digest = Sha256::digest(format!("active_store 1 none - {} 1\n{TEXT}", jo.name()));
    assert_eq!(outer["digest"], digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
}

#[test]
fn a_key_is_read_from_a_file_in_each_of_its_forms() {
    let scratch = Scratch::new();
    let (dir, jo, key_file) = (scratch.path("d"), key("jo"), scratch.path("key"));
    let bytes: Vec<u8> = (0..32).map(|at| 0xf0 ^ (at * 7)).collect();
    put(&File::open(&dir, Sealing::key(bytes.clone().try_into().expect("32"))).expect("a store"), &jo, TEXT);
    let base64 = {
        use base64::{Engine, engine::general_purpose::STANDARD};
        STANDARD.encode(&bytes)
    };
    let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    let lower = hex.to_lowercase();
    let url_safe = base64.replace('+', "-").replace('/', "_");
    assert_ne!(url_safe, base64, "this key has what tells the alphabets apart");
    let forms: [&[u8]; 6] = [
        &bytes,
        hex.as_bytes(),
        base64.as_bytes(),
        &format!("  {base64}\n").into_bytes(),
        url_safe.trim_end_matches('=').as_bytes(),
        lower.as_bytes(),
    ];
    for form in forms {
        fs::write(&key_file, form).expect("write");
        chmod(&key_file, 0o400);
        assert_eq!(text(&File::open(&dir, Sealing::key_file(&key_file)).expect("a store"), &jo), TEXT);
        fs::remove_file(&key_file).expect("remove");
    }
    for form in ["", "short", &hex[1..], &format!("{hex}00"), &base64[4..], &"x".repeat(100_000), &"é".repeat(32)] {
        fs::write(&key_file, form).expect("write");
        chmod(&key_file, 0o600);
        let Err(Error::Usage(why)) = File::open(&dir, Sealing::key_file(&key_file)) else { panic!("{form:?} is no key") };
        assert!(why.contains("openssl rand -base64 32") && (form.is_empty() || !why.contains(form)), "{why}");
    }
    for open in [0o644, 0o640, 0o604] {
        fs::write(&key_file, &hex).expect("write");
        chmod(&key_file, open);
        let help = format!("chmod 600 {}", key_file.display());
        assert_eq!(problem_of(File::open(&dir, Sealing::key_file(&key_file)), &[&help]), StoreProblem::Denied);
    }
    assert_eq!(problem_of(File::open(&dir, Sealing::key_file(scratch.path("none"))), &["key file"]), StoreProblem::Other);
    assert_eq!(problem_of(File::open(&dir, Sealing::key_file(&dir)), &["not a file"]), StoreProblem::Denied);
}

#[test]
fn a_directory_that_was_removed_is_made_again() {
    let scratch = Scratch::new();
    let (dir, jo) = (scratch.path("a/b/c"), key("jo"));
    let store = sealed(&dir);
    put(&store, &jo, TEXT);
    fs::remove_dir_all(scratch.path("a")).expect("remove");
    assert!(store.load(&jo).expect("load").is_none());
    put(&store, &jo, "again");
    assert_eq!((text(&store, &jo).as_str(), mode(&scratch.path("a")), mode(&dir)), ("again", 0o700, 0o700));
}

#[test]
fn a_text_that_no_token_can_be_is_not_written() {
    let scratch = Scratch::new();
    let store = sealed(&scratch.path("d"));
    assert_eq!(problem(store.save(&key("jo"), 0, &Secret::from("x".repeat(1 << 20))), &["1048576 bytes"]), StoreProblem::Other);
    put(&store, &key("jo"), &"x".repeat(1 << 19));
}
