//! What if many processes use the files, and some are stopped or killed?

use crate::*;

#[test]
fn one_of_many_has_the_lock() {
    let scratch = Scratch::new();
    let (dir, jo) = (scratch.path("d"), key("jo"));
    let store = sealed(&dir);
    let held = store.try_lock(&jo, LEASE).expect("try_lock").expect("free");
    assert!(store.try_lock(&jo, LEASE).expect("try_lock").is_none(), "not even the same thread");
    assert!(sealed(&dir).try_lock(&jo, LEASE).expect("try_lock").is_none());
    assert!(store.try_lock(&key("ann"), LEASE).expect("try_lock").is_some(), "hers is another");
    drop(held);
    let taken: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..32).map(|_| scope.spawn(|| store.try_lock(&jo, LEASE).expect("try_lock"))).collect();
        threads.into_iter().filter_map(|thread| thread.join().expect("no panic")).collect()
    });
    assert_eq!(taken.len(), 1);
}

fn holder(role: &str, dir: &Path) -> Process {
    let process = Process(other_process(&[], role, dir).spawn().expect("starts"));
    let began = Instant::now();
    while !dir.join("locked").exists() {
        assert!(began.elapsed() < Duration::from_secs(20), "the second process does not come");
        std::thread::sleep(Duration::from_millis(5));
    }
    process
}

#[test]
fn the_lock_of_a_killed_process_is_free_and_that_of_a_stopped_one_is_not() {
    let scratch = Scratch::new();
    let (dir, jo) = (scratch.path("d"), key("jo"));
    let store = sealed(&dir);
    let mut process = holder("hold the lock", &dir);
    let pid = Pid::from_child(&process.0);
    assert!(store.try_lock(&jo, LEASE).expect("try_lock").is_none());
    kill_process(pid, Signal::STOP).expect("stop");
    assert!(store.try_lock(&jo, LEASE).expect("try_lock").is_none());
    put(&store, &jo, "a login needs no renewal's lock");
    process.0.kill().expect("kill");
    process.0.wait().expect("wait");
    assert!(store.try_lock(&jo, LEASE).expect("try_lock").is_some());
}

#[test]
fn a_stopped_writer_delays_the_others_by_a_bounded_time() {
    let scratch = Scratch::new();
    let (dir, jo) = (scratch.path("d"), key("jo"));
    let store = sealed(&dir);
    put(&store, &jo, TEXT);
    let mut process = holder("hold the writers' lock", &dir);
    let began = Instant::now();
    assert_eq!(problem(store.save(&jo, 1, &Secret::from("x")), &[".write", "stopped"]), StoreProblem::Busy);
    let took = began.elapsed();
    assert!((Duration::from_secs(5)..Duration::from_secs(15)).contains(&took), "{took:?}");
    assert_eq!(text(&store, &jo), TEXT, "readers wait for nobody");
    process.0.kill().expect("kill");
    process.0.wait().expect("wait");
    assert!(store.save(&jo, 1, &Secret::from("y")).expect("save"));
}

#[test]
fn of_processes_that_write_at_once_none_loses_anything() {
    let scratch = Scratch::new();
    let (dir, jo) = (scratch.path("d"), key("jo"));
    let mut processes: Vec<_> = (0..4).map(|_| Process(other_process(&[], "count up", &dir).spawn().expect("starts"))).collect();
    for process in &mut processes {
        assert!(process.0.wait().expect("wait").success());
    }
    let end = sealed(&dir).load(&jo).expect("load").expect("an entry");
    assert_eq!((end.revision, end.text.expose()), (400, "400"));
}

/// Long enough for more than one page of the disk, and such that a mixture of two is noticed.
pub(crate) fn long_text(count: u64) -> String {
    format!("{count} ").repeat(3000)
}

#[test]
fn rfc_6819_5_3_3_a_reader_sees_a_whole_entry_while_writers_are_killed() {
    let scratch = Scratch::new();
    let (dir, jo) = (scratch.path("d"), key("jo"));
    let store = sealed(&dir);
    put(&store, &jo, &long_text(0));
    let over = AtomicBool::new(false);
    let (mut killed_within, mut random) = (0, 7_u64);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let (mut last, mut reads) = (0, 0_u32);
            while !over.load(Ordering::Relaxed) {
                let Stored { revision, text, .. } = store.load(&jo).expect("whole").expect("there");
                let count = text.expose().split(' ').next().expect("a word").parse().expect("a number");
                assert!(text.expose() == long_text(count), "a mixture");
                assert!(revision >= last, "back from {last} to {revision}");
                (last, reads) = (revision, reads + 1);
            }
            (last, reads)
        });
        for round in 0..100 {
            let before = store.load(&jo).expect("load").expect("there").revision;
            let mut process = Process(other_process(&[], "write for ever", &dir).spawn().expect("starts"));
            // From the first write on, at random: what it did before has nothing to do with files.
            while store.load(&jo).expect("load").expect("there").revision == before {
                std::thread::sleep(Duration::from_micros(100));
            }
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            std::thread::sleep(Duration::from_micros((random >> 33) % 15_000));
            process.0.kill().expect("kill");
            process.0.wait().expect("wait");
            killed_within += u32::from(dir.join(format!("{}.token.new", jo.name())).exists());
            let began = Instant::now();
            put(&store, &jo, &long_text(round));
            assert!(began.elapsed() < Duration::from_secs(10), "a killed writer holds nobody up");
            assert!(!dir.join(format!("{}.token.new", jo.name())).exists(), "what it left is cleared away");
        }
        over.store(true, Ordering::Relaxed);
        let (last, reads) = reader.join().expect("the reader saw whole entries");
        assert!(last > 200 && reads > 200, "{last} {reads}");
    });
    assert!(killed_within > 5, "only {killed_within} of 100 were killed between the first byte and the renaming");
}
