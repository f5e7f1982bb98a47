//! Does each name name its store, and is every other one refused without being shown?
#![cfg(feature = "file")]

mod stores;

use std::fs;

use base64::{Engine, engine::general_purpose::STANDARD};
use oauth_core::{Error, Secret, StoreProblem};
use oauth_session::{Store, named};
use stores::{Scratch, key, problem_of};

fn put(store: &dyn Store, text: &str) {
    assert!(store.save(&key("jo"), 0, &Secret::from(text)).expect("save"));
}

fn text(store: &dyn Store) -> Option<String> {
    store.load(&key("jo")).expect("load").map(|stored| stored.text.expose().to_owned())
}

fn usage(name: &str) -> String {
    match named(name) {
        Err(Error::Usage(why)) => why,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn a_memory_is_shared_by_those_who_name_it_alike() {
    let (one, other) = (named("memory:").expect("a store"), named("memory:").expect("a store"));
    put(&*one, "one");
    assert_eq!(text(&*other), None);
    let (one, same, other) =
        (named("memory:one").expect("a store"), named("memory:one").expect("a store"), named("memory:other").expect("a store"));
    put(&*one, "one");
    assert_eq!((text(&*same).as_deref(), text(&*other)), (Some("one"), None));
    drop((one, same));
    assert_eq!(text(&*named("memory:one").expect("a store")).as_deref(), Some("one"), "it lives as long as the process");
}

#[test]
fn a_file_store_is_the_same_in_each_way_to_write_its_key() {
    let scratch = Scratch::new();
    // With a byte in it that base64 writes as +, which is no space here, and a directory with what a URL cannot have.
    let bytes = [0xfb; 32];
    let base64 = STANDARD.encode(bytes);
    assert!(base64.contains('+') && base64.contains('='));
    let directory = scratch.path("100% of + jo's?tokens");
    let encoded = directory.display().to_string().replace('%', "%25").replace('?', "%3F").replace(' ', "%20");
    let key_file = scratch.path("key");
    fs::write(&key_file, format!("{base64}\n")).expect("write");
    fs::set_permissions(&key_file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("chmod");
    let hex = "fb".repeat(32);

    put(&*named(&format!("file:{encoded}?key={base64}")).expect("a store"), "one");
    assert!(directory.is_dir());
    for name in [
        format!("file://{encoded}?key={hex}"),
        format!("file:{encoded}?key_file={}", key_file.display()),
        format!("file:{encoded}?key={}", base64.replace('+', "%2B").replace('=', "%3D")),
        format!("file:{encoded}?key={}", base64.replace('+', "-").replace('/', "_").replace('=', "")),
        format!("file:{}?key={hex}", encoded.replace("%20", " ")),
    ] {
        let store = named(&name).expect("a store");
        assert_eq!(text(&*store).as_deref(), Some("one"), "{name}");
        let shown = format!("{store:?}");
        assert!(shown.contains("100% of") && !shown.contains("-_v7") && !shown.contains("fbfb"), "{shown}");
    }
    let plain = named(&format!("file:{}?danger_unencrypted=yes", scratch.path("plain").display())).expect("a store");
    assert!(format!("{plain:?}").contains("UNENCRYPTED"));
    put(&*plain, "one");
}

#[test]
fn whatever_names_no_store_is_refused_in_words_that_name_one() {
    for (name, word) in [
        ("", "memory: file:"),
        ("memory", "memory: file:"),
        ("floppy:/a", "floppy: is none"),
        ("Memory:", "memory: file:"),
        (":", "memory: file:"),
        ("memory:a/b", "memory:"),
        ("memory:?", "memory:"),
        ("file:", "absolute path"),
        ("file:relative?danger_unencrypted=yes", "absolute path"),
        ("file://host/d?danger_unencrypted=yes", "absolute path"),
        ("file:/nowhere", "exactly one of"),
        ("file:/nowhere?", "exactly one of"),
        ("file:/nowhere?colour=red", "knows no colour="),
        ("file:/nowhere?danger_unencrypted", "takes yes"),
        ("file:/nowhere?danger_unencrypted=no", "takes yes"),
        ("file:/nowhere?danger_unencrypted=yes&key=keyring", "exactly one of"),
        ("file:/nowhere?key_file=/a&key_file=/a", "exactly one of"),
        ("file:/nowhere?key_file=", "absolute path"),
        ("file:/nowhere?key_file=a", "absolute path"),
        ("file:/nowhere?key=", "32 bytes"),
        ("file:/nowhere?key=%ff", "UTF-8"),
        ("file:/now%00here?key=keyring", "UTF-8"),
        ("file:/now%ffhere?key=keyring", "UTF-8"),
    ] {
        let why = usage(name);
        assert!(why.contains(word), "{name}: {why}");
    }
    assert!(!std::path::Path::new("/nowhere").exists());
    #[cfg(feature = "keyring")]
    assert!(named("keyring:").is_ok() && usage("keyring:x").contains("nothing behind"));
    #[cfg(not(feature = "keyring"))]
    assert!(usage("keyring:").contains("known are memory: file:") && usage("file:/nowhere?key=keyring").contains("no keyring"));
}

#[test]
fn no_error_shows_what_may_be_a_key() {
    let secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlYw==";
    for name in [
        secret.to_owned(),
        format!("{secret}:"),
        format!("file:/nowhere?{secret}"),
        format!("file:/nowhere?{secret}=1"),
        format!("file:/nowhere?key={secret}"),
        format!("file:/nowhere?key={secret}&key={secret}"),
        format!("file:/nowhere?kee={secret}"),
        format!("file:/nowhere?key_file={secret}"),
        format!("file:/nowhere?danger_unencrypted={secret}"),
        format!("file:{secret}"),
        format!("memory:/{secret}"),
    ] {
        let why = usage(&name);
        assert!(!why.contains("c2Vj"), "{why}");
    }
}

#[test]
fn a_store_that_cannot_be_used_is_a_store_error() {
    let scratch = Scratch::new();
    fs::write(scratch.path("file"), "").expect("write");
    let under = scratch.path("file").join("d");
    let opened = named(&format!("file:{}?danger_unencrypted=yes", under.display()));
    assert_eq!(problem_of(opened, &["no directory"]), StoreProblem::Denied);
    let opened = named(&format!("file:{}?key_file=/nowhere/key", scratch.path("d").display()));
    let says = opened.as_ref().err().map(ToString::to_string).unwrap_or_default();
    assert!(says.contains("there is no key file /nowhere/key") && says.contains("openssl rand -base64 32"), "{says}");
    assert_eq!(problem_of(opened, &["/nowhere/key"]), StoreProblem::Other);
}
