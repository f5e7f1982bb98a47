//! Does a hit stay as cheap when many threads hit at once?

use std::time::Instant;

use crate::ours;

/// Thousands of hits by each thread.
const ROUNDS: usize = 300;

/// CPU time of one hit, by the number of threads that hit at once. Only the proportions mean something.
pub(crate) fn table() {
    let session = ours::session();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    print!("cache_hit, ns of CPU by threads:");
    for threads in [1, 2, 4, 8, 16, 32, 64] {
        let began = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    for _ in 0..ROUNDS * 1000 {
                        assert!(ours::hit(&session) > 887);
                    }
                });
            }
        });
        let cpu = began.elapsed().as_nanos() * threads.min(cores) as u128;
        print!("  {threads}: {}", cpu / (threads * ROUNDS * 1000) as u128);
    }
    println!();
}
