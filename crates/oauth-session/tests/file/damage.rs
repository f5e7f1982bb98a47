//! What if the files, or the disk they are on, are not as they should be?

use crate::*;

#[test]
fn no_changed_byte_ever_gives_a_token() {
    let scratch = Scratch::new();
    let jo = key("jo");
    for (name, open) in [("sealed", sealed as fn(&Path) -> File), ("plain", plain)] {
        let dir = scratch.path(name);
        let store = open(&dir);
        put(&store, &jo, TEXT);
        put(&store, &jo, TEXT);
        let file = token_file(&dir, &jo);
        let whole = fs::read(&file).expect("read");
        let version = whole.iter().position(|byte| *byte == b'1').expect("a version");
        let mut told = [0_u32; 3];
        for at in 0..whole.len() {
            for flip in [0x01, 0x02, 0x10, 0x20, 0x80, 0xff] {
                let mut changed = whole.clone();
                changed[at] ^= flip;
                fs::write(&file, &changed).expect("write");
                match store.load(&jo) {
                    Err(error) if error.problem == StoreProblem::Damaged => told[0] += 1,
                    Err(error) if error.problem == StoreProblem::WrongKey => told[1] += 1,
                    Err(error) if error.problem == StoreProblem::Newer && at == version => told[2] += 1,
                    other => panic!("byte {at} ^ {flip:#x}: {other:?}"),
                }
                assert!(store.save(&jo, 2, &Secret::from("x")).is_err(), "nothing is written over what is not understood");
                assert_eq!(fs::read(&file).expect("read"), changed);
            }
        }
        assert!(told[0] > 1000 && told[2] > 0 && (told[1] > 0) == (name == "sealed"), "{told:?}");
        for length in 0..whole.len() {
            fs::write(&file, &whole[..length]).expect("write");
            assert_eq!(problem(store.load(&jo), &["log in again", &file.display().to_string()]), StoreProblem::Damaged);
        }
        for more in ["}", "x", "\0", "{}", &" ".repeat(2 << 20)] {
            fs::write(&file, [whole.as_slice(), more.as_bytes()].concat()).expect("write");
            assert_eq!(problem(store.load(&jo), &[]), StoreProblem::Damaged);
        }
        fs::write(&file, &whole).expect("write");
        assert_eq!(text(&store, &jo), TEXT);
    }
}

#[test]
fn a_file_is_good_for_one_place_one_revision_and_one_key() {
    let scratch = Scratch::new();
    let (dir, jo, ann) = (scratch.path("d"), key("jo"), key("ann"));
    let store = sealed(&dir);
    put(&store, &jo, "jo's");
    put(&store, &ann, "ann's");
    fs::copy(token_file(&dir, &jo), token_file(&dir, &ann)).expect("copy");
    assert_eq!(problem(store.load(&ann), &["belongs to another entry"]), StoreProblem::Damaged);
    let file = token_file(&dir, &jo);
    let written = fs::read_to_string(&file).expect("read");
    for revision in ["0", "2", "9007199254740991", "18446744073709551615", "-1", "1.0", "\"1\""] {
        let edited = written.replace("\"revision\":1", &format!("\"revision\":{revision}"));
        assert_ne!(edited, written);
        fs::write(&file, edited).expect("write");
        assert_eq!(problem(store.load(&jo), &[]), StoreProblem::Damaged);
    }
    fs::write(&file, written.replace("\"data\"", "\"more\":1,\"data\"")).expect("write");
    assert_eq!(problem(store.load(&jo), &[]), StoreProblem::Damaged, "what we do not know we do not believe");
    fs::write(&file, &written).expect("write");

    let other = File::open(&dir, Sealing::key([8; 32])).expect("a store");
    assert_eq!(problem(other.load(&jo), &["another key", &file.display().to_string()]), StoreProblem::WrongKey);
    assert_eq!(problem(other.save(&jo, 1, &Secret::from("x")), &["another key"]), StoreProblem::WrongKey);
    assert_eq!(problem(plain(&dir).load(&jo), &["without a key"]), StoreProblem::WrongKey);
    assert_eq!(text(&store, &jo), "jo's", "nothing was lost by it");

    // What anybody can write without the key is not believed.
    let forged = scratch.path("forged");
    put(&plain(&forged), &jo, "a token of somebody else");
    fs::copy(token_file(&forged, &jo), &file).expect("copy");
    assert_eq!(problem(store.load(&jo), &["not encrypted"]), StoreProblem::WrongKey);
}

/// Without a key anybody can write a digest that fits: what comes then must still be counted on from.
#[test]
fn a_revision_that_nobody_can_count_on_from_is_damage() {
    use sha2::{Digest, Sha256};
    let scratch = Scratch::new();
    let (dir, jo) = (scratch.path("d"), key("jo"));
    let store = plain(&dir);
    put(&store, &jo, "");
    for (revision, good) in [(0, false), (1, true), ((1 << 53) - 1, true), (1 << 53, false), (u64::MAX, false)] {
        let digest = Sha256::digest(format!("active_store 1 none - {} {revision}\n", jo.name()));
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let forged = format!(r#"{{"active_store":1,"revision":{revision},"sealed":"none","digest":"{digest}","data":""}}"#);
        fs::write(token_file(&dir, &jo), forged).expect("write");
        match store.load(&jo) {
            Ok(Some(stored)) => assert!(good && stored.revision == revision),
            refused => assert!(!good && problem(refused, &[]) == StoreProblem::Damaged),
        }
    }
}

#[test]
fn a_file_of_a_newer_version_is_left_as_it_is() {
    let scratch = Scratch::new();
    let (dir, jo) = (scratch.path("d"), key("jo"));
    let store = sealed(&dir);
    let newer = r#"{"active_store":2,"something":["new"]}"#;
    fs::write(token_file(&dir, &jo), newer).expect("write");
    chmod(&token_file(&dir, &jo), 0o600);
    assert_eq!(problem(store.load(&jo), &["version 2", "update"]), StoreProblem::Newer);
    assert_eq!(problem(store.save(&jo, 0, &Secret::from("x")), &["update"]), StoreProblem::Newer);
    assert_eq!(fs::read_to_string(token_file(&dir, &jo)).expect("read"), newer);
}

const OWN_DISK: [&str; 2] = ["unshare", "-rm"];

fn mount(options: &[&str], dir: &Path) {
    let done = std::process::Command::new("mount").args(options).arg(dir).status().expect("mount");
    assert!(done.success(), "mount {options:?}");
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let scratch = Scratch::new();
    run(other_process(&OWN_DISK, "no room", &scratch.path("")));
}

pub(crate) fn no_room(disk: &Path) {
    mount(&["-t", "tmpfs", "-o", "size=64k", "tmpfs"], disk);
    let (dir, jo) = (disk.join("d"), key("jo"));
    let store = sealed(&dir);
    put(&store, &jo, TEXT);
    let long = "x".repeat(40_000);
    for fill in [64 << 10, 60 << 10] {
        // To the last byte, and so that a part of the new file fits.
        let _ = fs::write(disk.join("other"), vec![0; fill]);
        assert_eq!(problem(store.save(&jo, 1, &Secret::from(long.as_str())), &["make room", "d/"]), StoreProblem::Full);
        assert_eq!(text(&store, &jo), TEXT, "the old one is still there");
        assert!(!dir.join(format!("{}.token.new", jo.name())).exists());
    }
    fs::remove_file(disk.join("other")).expect("room");
    assert!(store.save(&jo, 1, &Secret::from("the next")).expect("there is room again"));
}

#[test]
fn on_a_read_only_disk_a_token_can_be_used_and_not_renewed() {
    let scratch = Scratch::new();
    run(other_process(&OWN_DISK, "read-only", &scratch.path("")));
}

pub(crate) fn read_only(disk: &Path) {
    mount(&["-t", "tmpfs", "-o", "size=64k", "tmpfs"], disk);
    let (dir, jo) = (disk.join("d"), key("jo"));
    put(&sealed(&dir), &jo, TEXT);
    mount(&["-o", "remount,ro"], disk);
    let store = sealed(&dir);
    assert_eq!(text(&store, &jo), TEXT);
    assert_eq!(problem(store.save(&jo, 1, &Secret::from("x")), &["read-only"]), StoreProblem::Denied);
    assert_eq!(problem(store.try_lock(&jo, LEASE), &["read-only"]), StoreProblem::Denied);
    assert_eq!(problem_of(File::open(disk.join("new"), Sealing::key([7; 32])), &["read-only"]), StoreProblem::Denied);
}
