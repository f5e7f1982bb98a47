//! How is it counted?
//!
//! By valgrind, which runs this program again: the difference between long and short runs, less that of preparing alone.
//!
//! What is wiped is counted too. A wipe is a volatile write for each byte, inlined wherever a secret is dropped, so only its line in the standard
//! library's `core/src/ptr/mod.rs` tells it: the one that is reached once for each byte where a known number of bytes is wiped and nothing else.

use std::{
    collections::BTreeMap,
    path::Path,
    process::{Command, id},
};

const SHORT: u64 = 20;
/// So many that the few instructions of a hit are not lost in what differs from start to start.
const LONG: u64 = 1_020;

/// What one operation costs.
pub(crate) struct Count {
    pub(crate) instructions: u64,
    /// By the line of `core/src/ptr/mod.rs`.
    lines: BTreeMap<u64, u64>,
}

/// What it costs to wipe.
pub(crate) struct Wiping {
    line: u64,
    /// Instructions for that many bytes.
    instructions: u64,
    bytes: u64,
}

impl Wiping {
    /// How many of these instructions wipe.
    pub(crate) fn within(&self, count: &Count) -> u64 {
        count.lines.get(&self.line).copied().unwrap_or_default() * self.instructions / self.bytes
    }
}

/// By an operation that wipes that many bytes. None where the program has no lines.
pub(crate) fn wiping(name: &str, bytes: u64) -> Option<Wiping> {
    let count = instructions(name, "ours")?;
    let (&line, _) = count.lines.iter().find(|(_, times)| **times == bytes)?;
    Some(Wiping { line, instructions: count.instructions, bytes })
}

/// Instructions of one operation.
pub(crate) fn instructions(name: &str, side: &str) -> Option<Count> {
    let [work, short_work, preparation, short_preparation] = four(|n, what| callgrind(name, side, n, what))?;
    let each = |of: &dyn Fn(&Count) -> u64| {
        let work = of(&work).saturating_sub(of(&short_work));
        work.saturating_sub(of(&preparation).saturating_sub(of(&short_preparation))) / (LONG - SHORT)
    };
    let times = |line: &u64| each(&|count| count.lines.get(line).copied().unwrap_or_default());
    let lines = work.lines.keys().map(|line| (*line, times(line))).collect();
    Some(Count { instructions: each(&|count| count.instructions), lines })
}

/// Allocations of one operation, in the same way.
pub(crate) fn allocations(name: &str, side: &str) -> Option<u64> {
    let [work, short_work, preparation, short_preparation] = four(|n, what| {
        let said = valgrind(&["--tool=memcheck"], name, side, n, what)?;
        number_behind(&said, "total heap usage:")
    })?;
    Some(((work - short_work) - (preparation - short_preparation)) / (LONG - SHORT))
}

fn four<T>(count: impl Fn(u64, &str) -> Option<T>) -> Option<[T; 4]> {
    Some([count(LONG, "work")?, count(SHORT, "work")?, count(LONG, "prepare")?, count(SHORT, "prepare")?])
}

fn callgrind(name: &str, side: &str, n: u64, what: &str) -> Option<Count> {
    let file = std::env::temp_dir().join(format!("benches-{}.callgrind", id()));
    let out = format!("--callgrind-out-file={}", file.display());
    let said = valgrind(&["--tool=callgrind", "--compress-strings=no", "--compress-pos=no", &out], name, side, n, what);
    let lines = lines(&file);
    std::fs::remove_file(&file).ok();
    Some(Count { instructions: number_behind(&said?, "Collected :")?, lines: lines? })
}

/// The lines of `core/src/ptr/mod.rs` in what callgrind wrote: `fl=`, `fi=` and `fe=` say in which file the lines of cost behind them are, and the one
/// behind `calls=` is the callee's cost.
fn lines(file: &Path) -> Option<BTreeMap<u64, u64>> {
    let mut lines = BTreeMap::new();
    let (mut inside, mut called) = (false, false);
    for text in std::fs::read_to_string(file).ok()?.lines() {
        if let Some(file) = ["fl=", "fi=", "fe="].iter().find_map(|mark| text.strip_prefix(mark)) {
            inside = file.ends_with("core/src/ptr/mod.rs");
        } else if text.starts_with("calls=") {
            called = true;
        } else if let Some((line, cost)) = text.split_once(' ').and_then(numbers) {
            if inside && !called {
                *lines.entry(line).or_insert(0) += cost;
            }
            called = false;
        }
    }
    Some(lines)
}

fn numbers((line, cost): (&str, &str)) -> Option<(u64, u64)> {
    Some((line.parse().ok()?, cost.parse().ok()?))
}

/// What valgrind says of a run of this program.
fn valgrind(options: &[&str], name: &str, side: &str, n: u64, what: &str) -> Option<String> {
    let mut command = Command::new("valgrind");
    command.args(options).arg(std::env::current_exe().ok()?);
    let output = command.args(["run", name, side, &n.to_string(), what]).output().ok()?;
    Some(String::from_utf8_lossy(&output.stderr).into_owned())
}

fn number_behind(said: &str, words: &str) -> Option<u64> {
    said.split(words).nth(1)?.split_whitespace().next()?.replace(',', "").parse().ok()
}
