//! Does the keyring keep a token, and what if it is locked, gone, stopped?
//!
//! A real gnome-keyring on a session bus of its own, in a home of its own: each test runs this program once more (`second_process`) with
//! that bus in its environment. Needs the programs dbus-daemon and gnome-keyring-daemon.
#![cfg(feature = "keyring")]

#[path = "stores/process.rs"]
mod process;
mod stores;

use std::{
    collections::HashMap,
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use dbus_secret_service::{EncryptionType, SecretService};
use oauth_core::{Secret, StoreProblem};
use oauth_session::{File, Key, Keyring, Sealing, Store};
use process::{Process, count_up, other_process, role};
use rustix::process::{Pid, Signal, kill_process};
use stores::{Scratch, key, problem, problem_of};

const TEXT: &str = r#"{"active_session":1,"token":"a token that nobody may see"}"#;
const LEASE: Duration = Duration::from_secs(60);

/// A session bus, and a keyring on it.
struct Desktop {
    scratch: Scratch,
    address: String,
    bus: Process,
    keyring: Option<Process>,
}

impl Desktop {
    fn without_keyring() -> Self {
        let scratch = Scratch::new();
        // So that nothing that is installed is started by the bus itself.
        let configuration = scratch.path("bus.conf");
        let socket = scratch.path("bus");
        fs::write(
            &configuration,
            format!(
                "<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth><policy context=\"default\">\
                 <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
                socket.display()
            ),
        )
        .expect("write");
        let mut bus = Process(
            Command::new("dbus-daemon")
                .args(["--nofork", "--nopidfile", "--print-address", "--config-file"])
                .arg(&configuration)
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("dbus-daemon (Debian: dbus-daemon) is needed"),
        );
        let mut address = String::new();
        BufReader::new(bus.0.stdout.take().expect("piped")).read_line(&mut address).expect("an address");
        Self { scratch, address: address.trim().to_owned(), bus, keyring: None }
    }

    fn new() -> Self {
        let mut desktop = Self::without_keyring();
        desktop.start_keyring();
        desktop
    }

    fn start_keyring(&mut self) {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--unlock", "--components=secrets"]);
        self.at_home(&mut command);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut keyring = Process(command.spawn().expect("gnome-keyring-daemon (Debian: gnome-keyring) is needed"));
        keyring.0.stdin.take().expect("piped").write_all(b"password").expect("unlocked");
        self.keyring = Some(keyring);
        run(self.second_process("is it there?"));
    }

    fn at_home(&self, command: &mut Command) {
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        command.env("HOME", self.scratch.path("")).env("XDG_DATA_HOME", self.scratch.path("data"));
        command.env("XDG_RUNTIME_DIR", self.scratch.path("")).env_remove("DISPLAY");
    }

    fn second_process(&self, role: &str) -> Command {
        let mut command = other_process(&[], role, &self.scratch.path("files"));
        self.at_home(&mut command);
        command
    }
}

fn run(mut command: Command) {
    let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().expect("starts");
    let words = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && words.contains("1 passed"), "{words}");
}

/// No two tests use the same keys: the locks are in one place for all of a user's.
fn own_key(name: &str) -> Key {
    key_of(name, &role().expect("a second process").1)
}

fn key_of(name: &str, argument: &Path) -> Key {
    key(&format!("{name} {}", argument.display()))
}

/// As it is found without any environment.
fn locks() -> PathBuf {
    let user = rustix::process::geteuid().as_raw();
    let run = PathBuf::from(format!("/run/user/{user}"));
    if run.is_dir() { run.join("active") } else { PathBuf::from(format!("/tmp/active-{user}")) }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        for name in ["jo", "ann", "again", "lock", "count", "file", "nobody's"] {
            for extension in ["lock", "write"] {
                let key = key_of(name, &self.scratch.path("files"));
                let _ = fs::remove_file(locks().join(format!("{}.{extension}", key.name())));
            }
        }
    }
}

fn text(store: &dyn Store, key: &Key) -> String {
    store.load(key).expect("load").expect("an entry").text.expose().to_owned()
}

fn service() -> SecretService {
    SecretService::connect_with_max_prompt_timeout(EncryptionType::Plain, 0).expect("a keyring")
}

fn lock() {
    service().get_default_collection().expect("default").lock().expect("locked");
}

/// What the second processes do.
#[test]
#[ignore = "the second process of the tests beside it"]
fn second_process() {
    let Some((role, dir)) = role() else { return };
    match role.as_str() {
        "is it there?" => {
            let began = Instant::now();
            while SecretService::connect(EncryptionType::Plain)
                .and_then(|service| service.get_default_collection().map(drop))
                .is_err()
            {
                assert!(began.elapsed() < Duration::from_secs(20), "the keyring does not come");
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        "keep" => keep(),
        "find again" => assert_eq!(text(&Keyring::new(), &own_key("again")), TEXT),
        "hold the lock" => {
            let _lock = Keyring::new().try_lock(&own_key("lock"), LEASE).expect("try_lock").expect("free");
            fs::write(dir, "locked").expect("tell");
            std::thread::sleep(LEASE);
        }
        "hold on" => hold_on(&dir),
        "count up" => count_up(&Keyring::new(), &own_key("count"), 25),
        "counted" => {
            let end = Keyring::new().load(&own_key("count")).expect("load").expect("an entry");
            assert_eq!((end.revision, end.text.expose()), (100, "100"));
        }
        "locked" => locked(),
        "damaged" => damaged(),
        "file" => {
            let store = File::open(&dir, Sealing::keyring()).expect("a store");
            assert!(store.save(&own_key("file"), 0, &Secret::from(TEXT)).expect("save"));
        }
        "file again" => assert_eq!(text(&File::open(&dir, Sealing::keyring()).expect("a store"), &own_key("file")), TEXT),
        "make a key" => {
            // Whoever has another key cannot read what the others write.
            count_up(&File::open(&dir, Sealing::keyring()).expect("a store"), &own_key("count"), 3);
        }
        "many files" => {
            let _open: Vec<_> = (0..1100).map(|_| fs::File::open("/dev/null").expect("open")).collect();
            assert_eq!(problem(Keyring::new().load(&own_key("jo")), &["open files", "1024"]), StoreProblem::Other);
        }
        "no bus" => away(&["DBUS_SESSION_BUS_ADDRESS"], Duration::from_secs(2)),
        "dead bus" => away(&["session bus cannot be reached"], Duration::from_secs(2)),
        "no keyring" => away(&["no keyring on the session bus"], Duration::from_secs(4)),
        "stopped" => away(&["does not answer within 2 s"], Duration::from_secs(8)),
        "stopped bus" => away(&["session bus does not answer within 2 s"], Duration::from_secs(8)),
        role => panic!("no role {role}"),
    }
}

/// Every function says so, and soon.
fn away(words: &[&str], at_most: Duration) {
    let (store, jo) = (Keyring::new(), own_key("jo"));
    let began = Instant::now();
    assert_eq!(problem(store.load(&jo), words), StoreProblem::Away);
    assert!(began.elapsed() < at_most, "{:?}", began.elapsed());
    assert_eq!(problem(store.save(&jo, 0, &Secret::from("x")), words), StoreProblem::Away);
    assert_eq!(problem_of(File::open(role().expect("one").1, Sealing::keyring()), words), StoreProblem::Away);
}

#[test]
fn a_token_comes_back_as_it_was_put_there_and_only_over_what_was_read() {
    let desktop = Desktop::new();
    run(desktop.second_process("keep"));
    run(desktop.second_process("find again"));
}

fn keep() {
    let (one, other, jo) = (Keyring::new(), Keyring::new(), own_key("jo"));
    assert!(one.load(&jo).expect("load").is_none());
    assert!(!one.save(&jo, 1, &Secret::from("x")).expect("save"), "nothing is there, so revision 1 is not");
    assert!(one.save(&jo, 0, &Secret::from(TEXT)).expect("save"));
    assert!(!other.save(&jo, 0, &Secret::from("x")).expect("save"), "something is there by now");
    assert_eq!(text(&other, &jo), TEXT);
    assert!(other.save(&jo, 1, &Secret::from("the next ü")).expect("save"));
    assert_eq!(one.load(&jo).expect("load").expect("an entry").revision, 2);
    assert_eq!(text(&one, &jo), "the next ü");
    assert!(one.load(&own_key("ann")).expect("load").is_none(), "hers is another");
    assert!(one.save(&own_key("again"), 0, &Secret::from(TEXT)).expect("save"));

    // As others see it: found by its attributes, with a label for people.
    let service = service();
    let items = service.search_items(HashMap::from([("service", "active"), ("username", jo.name())])).expect("search").unlocked;
    assert_eq!((items.len(), items[0].get_label().expect("label").as_str()), (1, "OAuth token of id at buildpass"));
}

#[test]
fn one_of_many_has_the_lock_and_that_of_a_killed_process_is_free() {
    run(Desktop::without_keyring().second_process("hold on"));
}

fn hold_on(dir: &Path) {
    let (store, jo) = (Keyring::new(), own_key("lock"));
    let mut process = Process(other_process(&[], "hold the lock", dir).spawn().expect("starts"));
    let began = Instant::now();
    while !dir.exists() {
        assert!(began.elapsed() < Duration::from_secs(20), "the second process does not come");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(store.try_lock(&jo, LEASE).expect("try_lock").is_none());
    process.0.kill().expect("kill");
    process.0.wait().expect("wait");
    let held = store.try_lock(&jo, LEASE).expect("try_lock");
    assert!(held.is_some() && store.try_lock(&jo, LEASE).expect("try_lock").is_none());
    drop(held);
    // It depends on the user alone, so that a cron job without a session's environment finds the same.
    assert!(locks().join(format!("{}.lock", jo.name())).exists());
}

#[test]
fn of_processes_that_write_at_once_none_loses_anything() {
    let desktop = Desktop::new();
    let mut processes: Vec<_> = (0..4).map(|_| Process(desktop.second_process("count up").spawn().expect("starts"))).collect();
    for process in &mut processes {
        assert!(process.0.wait().expect("wait").success());
    }
    run(desktop.second_process("counted"));
}

#[test]
fn a_locked_keyring_is_told_at_once_and_loses_nothing() {
    run(Desktop::new().second_process("locked"));
}

fn locked() {
    let (store, jo) = (Keyring::new(), own_key("jo"));
    assert!(store.save(&jo, 0, &Secret::from(TEXT)).expect("save"));
    lock();
    let began = Instant::now();
    for key in [&jo, &own_key("nobody's")] {
        assert_eq!(problem(store.load(key), &["locked", "unlock"]), StoreProblem::Denied);
        for revision in [0, 1] {
            assert_eq!(problem(store.save(key, revision, &Secret::from("x")), &["locked", "unlock"]), StoreProblem::Denied);
        }
    }
    let opened = File::open(role().expect("one").1, Sealing::keyring());
    assert_eq!(problem_of(opened, &["locked"]), StoreProblem::Denied);
    assert!(began.elapsed() < Duration::from_secs(10), "nobody was asked: {:?}", began.elapsed());
}

#[test]
fn what_somebody_else_wrote_into_the_entry_is_damage() {
    run(Desktop::new().second_process("damaged"));
}

fn damaged() {
    let (store, jo) = (Keyring::new(), own_key("jo"));
    assert!(store.save(&jo, 0, &Secret::from(TEXT)).expect("save"));
    let service = service();
    let item = &service.search_items(HashMap::from([("username", jo.name())])).expect("search").unlocked[0];
    let whole = item.get_secret().expect("secret");
    let mut changed = whole.clone();
    *changed.last_mut().expect("bytes") = b' ';
    let other = String::from_utf8(whole.clone()).expect("text").replace("\"revision\":1", "\"revision\":2");
    for wrong in [b"".as_slice(), b"s3cret", b"\xff", &changed, other.as_bytes()] {
        item.set_secret(wrong, "text/plain").expect("set");
        assert_eq!(problem(store.load(&jo), &["damaged", "id at buildpass"]), StoreProblem::Damaged);
        assert_eq!(problem(store.save(&jo, 1, &Secret::from("x")), &[]), StoreProblem::Damaged);
    }
    item.set_secret(br#"{"active_store":2}"#, "text/plain").expect("set");
    assert_eq!(problem(store.load(&jo), &["update"]), StoreProblem::Newer);
    item.set_secret(&whole, "text/plain").expect("set");
    assert_eq!(text(&store, &jo), TEXT);

    // Two of one name, which another program can make.
    let session = service.get_collection_by_alias("session").expect("a second collection");
    session
        .create_item("x", HashMap::from([("service", "active"), ("username", jo.name())]), b"x", false, "text/plain")
        .expect("two");
    assert_eq!(problem(store.load(&jo), &["2 entries"]), StoreProblem::Damaged);
}

#[test]
fn a_file_store_finds_its_key_in_the_keyring_again() {
    let desktop = Desktop::new();
    run(desktop.second_process("file"));
    run(desktop.second_process("file again"));
}

#[test]
fn of_processes_that_need_a_key_at_once_one_makes_it() {
    let desktop = Desktop::new();
    let mut processes: Vec<_> = (0..8).map(|_| Process(desktop.second_process("make a key").spawn().expect("starts"))).collect();
    for process in &mut processes {
        assert!(process.0.wait().expect("wait").success());
    }
}

#[test]
fn without_a_keyring_it_is_away_and_the_error_says_what_is_missing() {
    let mut desktop = Desktop::without_keyring();
    run(desktop.second_process("no keyring"));
    let mut command = desktop.second_process("no bus");
    command.env_remove("DBUS_SESSION_BUS_ADDRESS").env("XDG_RUNTIME_DIR", "/nowhere");
    run(command);
    desktop.bus.0.kill().expect("kill");
    desktop.bus.0.wait().expect("wait");
    run(desktop.second_process("dead bus"));
}

#[test]
fn a_stopped_keyring_or_bus_holds_nobody_up_for_long() {
    let desktop = Desktop::new();
    let keyring = Pid::from_child(&desktop.keyring.as_ref().expect("one").0);
    kill_process(keyring, Signal::STOP).expect("stop");
    run(desktop.second_process("stopped"));
    kill_process(keyring, Signal::CONT).expect("go on");
    run(desktop.second_process("keep"));
    kill_process(Pid::from_child(&desktop.bus.0), Signal::STOP).expect("stop");
    run(desktop.second_process("stopped bus"));
    // Until it takes no more connections: to be refused then is another way to hear nothing.
    let full: Vec<_> = (0..5000).map_while(|_| connect_at_once(&desktop.scratch.path("bus"))).collect();
    assert!(!full.is_empty());
    run(desktop.second_process("stopped bus"));
}

fn connect_at_once(socket: &Path) -> Option<rustix::fd::OwnedFd> {
    use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let made = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None).expect("a socket");
    connect(&made, &SocketAddrUnix::new(socket).expect("a path")).is_ok().then_some(made)
}

#[test]
fn a_program_with_too_many_open_files_for_the_keyrings_library_is_told() {
    let desktop = Desktop::new();
    let shell = "ulimit -n 2048; exec \"$@\"";
    let mut command = other_process(&["sh", "-c", shell, "sh"], "many files", &desktop.scratch.path("files"));
    desktop.at_home(&mut command);
    run(command);
}
