//! Do the files stay this user's alone, whoever else is there?

use crate::*;

#[test]
fn rfc_6819_5_3_3_whatever_the_umask_says_all_is_this_users_alone() {
    let scratch = Scratch::new();
    for umask in ["000", "277"] {
        let dir = scratch.path(umask);
        let shell = format!("umask {umask}; exec \"$@\"");
        let mut writer = Process(other_process(&["sh", "-c", &shell, "sh"], "write for ever", &dir).spawn().expect("starts"));
        // Watched while it is written, since what was open for a moment was open.
        let new = dir.join(format!("{}.token.new", key("jo").name()));
        let (mut seen, mut began) = (0, None);
        while began.is_none_or(|began: Instant| began.elapsed() < Duration::from_secs(2)) {
            if let Ok(found) = fs::symlink_metadata(&new) {
                assert_eq!(found.mode() & 0o077, 0, "{:o}", found.mode());
                began = began.or(Some(Instant::now()));
                seen += 1;
            }
        }
        assert!(seen > 1000, "{seen}");
        writer.0.kill().expect("kill");
        writer.0.wait().expect("wait");
        put(&sealed(&dir), &key("jo"), TEXT);
        assert_eq!(mode(&dir), if umask == "000" { 0o700 } else { 0o500 });
        let _lock = sealed(&dir).try_lock(&key("jo"), LEASE).expect("try_lock").expect("free");
        let mut names: Vec<_> = fs::read_dir(&dir).expect("there").flatten().collect();
        names.sort_by_key(|entry| entry.file_name());
        let extensions: Vec<_> = names.iter().map(|entry| entry.path().extension().expect("one").to_owned()).collect();
        assert_eq!(extensions, ["lock", "token", "write"], "and nothing left over");
        for entry in names {
            assert_eq!(mode(&entry.path()), 0o600, "{entry:?}");
        }
    }
}

#[test]
fn rfc_6819_5_3_3_what_others_may_use_is_refused_with_the_chmod_that_helps() {
    let scratch = Scratch::new();
    let (dir, jo) = (scratch.path("d"), key("jo"));
    let store = sealed(&dir);
    put(&store, &jo, TEXT);
    drop(store.try_lock(&jo, LEASE).expect("try_lock"));

    for open in [0o755, 0o701, 0o770, 0o720] {
        chmod(&dir, open);
        let help = format!("chmod 700 {}", dir.display());
        assert_eq!(problem_of(File::open(&dir, Sealing::key([7; 32])), &[&help, &format!("{open:04o}")]), StoreProblem::Denied);
        assert_eq!(problem(store.load(&jo), &[&help]), StoreProblem::Denied);
        assert_eq!(problem(store.save(&jo, 1, &Secret::from("x")), &[&help]), StoreProblem::Denied);
        assert_eq!(problem(store.try_lock(&jo, LEASE), &[&help]), StoreProblem::Denied);
    }
    chmod(&dir, 0o700);
    for (extension, open) in [("token", 0o644), ("token", 0o620), ("lock", 0o666), ("write", 0o602)] {
        let file = dir.join(format!("{}.{extension}", jo.name()));
        chmod(&file, open);
        let help = format!("chmod 600 {}", file.display());
        let refused = match extension {
            "token" => problem(store.load(&jo), &[&help]),
            "lock" => problem(store.try_lock(&jo, LEASE), &[&help]),
            _ => problem(store.save(&jo, 1, &Secret::from("x")), &[&help]),
        };
        assert_eq!(refused, StoreProblem::Denied);
        chmod(&file, 0o600);
    }
    assert_eq!(text(&store, &jo), TEXT, "nothing was lost by it");
    assert!(store.save(&jo, 1, &Secret::from("y")).expect("it works again"));
}

#[test]
fn what_belongs_to_somebody_else_is_refused() {
    let scratch = Scratch::new();
    if !rustix::process::geteuid().is_root() {
        assert_eq!(problem_of(File::open("/", Sealing::key([7; 32])), &["belongs to user 0"]), StoreProblem::Denied);
        return;
    }
    let (dir, jo) = (scratch.path("d"), key("jo"));
    put(&sealed(&dir), &jo, TEXT);
    let file = token_file(&dir, &jo);
    std::os::unix::fs::chown(&file, Some(65534), None).expect("chown");
    assert_eq!(problem(sealed(&dir).load(&jo), &["belongs to user 65534", "runs as user 0"]), StoreProblem::Denied);
    std::os::unix::fs::chown(&file, Some(0), None).expect("chown");
    std::os::unix::fs::chown(&dir, Some(65534), None).expect("chown");
    assert_eq!(problem_of(File::open(&dir, Sealing::key([7; 32])), &["belongs to user 65534"]), StoreProblem::Denied);
    std::os::unix::fs::chown(&dir, Some(0), None).expect("chown");

    // And root's is refused to somebody else, by the system: this program as nobody, where nobody can run it.
    chmod(scratch.path("").as_path(), 0o755);
    let copy = scratch.path("program");
    fs::copy(std::env::current_exe().expect("me"), &copy).expect("copy");
    let mut command = std::process::Command::new(&copy);
    command
        .args(["--ignored", "--exact", "second_process"])
        .env("ACTIVE_TEST_ROLE", "not mine")
        .env("ACTIVE_TEST_ARGUMENT", &dir);
    std::os::unix::process::CommandExt::uid(&mut command, 65534);
    run(command);
}

#[test]
fn links_and_pipes_in_the_way_are_neither_followed_nor_waited_for() {
    let scratch = Scratch::new();
    let (dir, jo) = (scratch.path("d"), key("jo"));
    let store = sealed(&dir);
    put(&store, &jo, TEXT);
    let victim = scratch.path("victim");
    fs::write(&victim, "precious").expect("write");
    chmod(&victim, 0o600);
    let at = |extension: &str| dir.join(format!("{}.{extension}", jo.name()));

    // What a killed writer left is cleared away, whatever it is.
    symlink(&victim, at("token.new")).expect("link");
    assert!(store.save(&jo, 1, &Secret::from("two")).expect("save"));
    assert_eq!(text(&store, &jo), "two");

    for extension in ["token", "lock", "write"] {
        let _ = fs::remove_file(at(extension));
        for dangling in [false, true] {
            let target = if dangling { scratch.path("made by the store") } else { victim.clone() };
            symlink(&target, at(extension)).expect("link");
            let refused = match extension {
                "token" => problem(store.load(&jo), &["symbolic link", &at("token").display().to_string()]),
                "lock" => problem(store.try_lock(&jo, LEASE), &["symbolic link"]),
                _ => problem(store.save(&jo, 0, &Secret::from("x")), &["symbolic link"]),
            };
            assert_eq!(refused, StoreProblem::Denied);
            fs::remove_file(at(extension)).expect("remove");
        }
        rustix::fs::mknodat(
            rustix::fs::CWD,
            at(extension),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
            0,
        )
        .expect("a pipe");
        let refused = match extension {
            "token" => problem(store.load(&jo), &["not a file"]),
            "lock" => problem(store.try_lock(&jo, LEASE), &["not a file"]),
            _ => problem(store.save(&jo, 0, &Secret::from("x")), &["not a file"]),
        };
        assert_eq!(refused, StoreProblem::Denied);
        fs::remove_file(at(extension)).expect("remove");
    }
    assert_eq!(fs::read_to_string(&victim).expect("read"), "precious");
    assert!(!scratch.path("made by the store").exists());
    // A file where the directory should be.
    assert_eq!(problem_of(File::open(&victim, Sealing::key([7; 32])), &["no directory"]), StoreProblem::Denied);
}
