//! Does a hit stay as cheap when many threads hit at once?

use rustix::time::{ClockId, clock_gettime};

use crate::ours;

/// Thousands of hits by each thread.
const ROUNDS: i64 = 300;

/// CPU time of one hit, by the number of threads that hit at once. Only the proportions mean something.
pub(crate) fn table() {
    let session = ours::session();
    print!("cache_hit, ns of CPU by threads:");
    for threads in [1_i32, 2, 4, 8, 16, 32, 64] {
        let before = cpu_ns();
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    for _ in 0..ROUNDS * 1000 {
                        assert!(ours::hit(&session) > 887);
                    }
                });
            }
        });
        let hits = i64::from(threads) * ROUNDS * 1000;
        print!("  {threads}: {}", (cpu_ns() - before) / hits);
    }
    println!();
}

/// What this process has used of the processors, whoever else uses them.
fn cpu_ns() -> i64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}
