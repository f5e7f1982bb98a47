//! What does it cost? See README.md.

#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

mod answers;
mod ours;
mod peer;
mod signing;
mod threads;

use std::process::{Command, ExitCode};

/// One operation: how to do it `n` times, or (`work` false) only to prepare for that.
type Operation = fn(n: usize, work: bool);

struct Row {
    name: &'static str,
    ours: Operation,
    peer: Option<Operation>,
    /// Instructions and allocations to reach.
    target: (u64, Option<u64>),
}

const ROWS: [Row; 13] = [
    Row { name: "build_basic", ours: ours::build_basic, peer: Some(peer::build_basic), target: (2_500, None) },
    Row { name: "build_form", ours: ours::build_form, peer: Some(peer::build_form), target: (2_500, None) },
    Row { name: "build_json", ours: ours::build_json, peer: None, target: (2_500, None) },
    Row { name: "parse_std", ours: ours::parse_std, peer: Some(peer::parse_std), target: (5_500, None) },
    Row { name: "parse_bp", ours: ours::parse_bp, peer: Some(peer::parse_bp), target: (5_500, None) },
    Row { name: "parse_apigee", ours: ours::parse_apigee, peer: None, target: (7_500, None) },
    Row { name: "parse_ab", ours: ours::parse_ab, peer: None, target: (5_500, None) },
    Row { name: "parse_error", ours: ours::parse_error, peer: None, target: (2_500, None) },
    Row { name: "wipe", ours: ours::wipe, peer: None, target: (1_300, None) },
    Row { name: "x_bp", ours: ours::x_bp, peer: Some(peer::x_bp), target: (8_300, Some(8)) },
    Row { name: "assertion", ours: signing::assertion, peer: Some(signing::ring_alone), target: (331_000, None) },
    Row { name: "proof", ours: signing::proof, peer: Some(signing::ring_alone), target: (331_000, None) },
    Row { name: "cache_hit", ours: ours::cache_hit, peer: None, target: (150, Some(0)) },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => table(),
        ["run", name, side, n, what] => run(name, side, n, what),
        _ => {
            println!("usage: cargo run --release -p benches");
            ExitCode::from(2)
        }
    }
}

/// The part that runs under valgrind.
fn run(name: &str, side: &str, n: &str, what: &str) -> ExitCode {
    let row = ROWS.iter().find(|row| row.name == name);
    let operation = row.and_then(|row| if side == "ours" { Some(row.ours) } else { row.peer });
    match (operation, n.parse()) {
        (Some(operation), Ok(n)) => {
            operation(n, what == "work");
            ExitCode::SUCCESS
        }
        _ => ExitCode::from(2),
    }
}

fn table() -> ExitCode {
    println!("{:<14}{:>10}{:>8}{:>12}{:>8}{:>10}{:>8}   ", "", "ours", "", "oauth2-rs", "", "target", "");
    println!("{:<14}{:>10}{:>8}{:>12}{:>8}{:>10}{:>8}", "", "instr.", "alloc.", "instr.", "alloc.", "instr.", "alloc.");
    let mut missed = 0;
    for row in &ROWS {
        let Some(ours) = instructions(row.name, "ours") else {
            println!("valgrind is needed to count instructions: apt install valgrind");
            return ExitCode::FAILURE;
        };
        let of_peer = |count: fn(&str, &str) -> Option<u64>| {
            row.peer.and_then(|_| count(row.name, "peer")).map_or("-".to_owned(), |count| count.to_string())
        };
        let (most, most_allocations) = row.target;
        let allocated = allocations(row.name, "ours").unwrap_or_default();
        let reached = ours <= most && most_allocations.is_none_or(|most| allocated <= most);
        missed += u32::from(!reached);
        println!(
            "{:<14}{:>10}{:>8}{:>12}{:>8}{:>10}{:>8}   {}",
            row.name,
            ours,
            allocated,
            of_peer(instructions),
            of_peer(allocations),
            most,
            most_allocations.map_or("-".to_owned(), |most| most.to_string()),
            if reached { "" } else { "missed" },
        );
    }
    threads::table();
    println!("{} of {} targets reached", ROWS.len() as u32 - missed, ROWS.len());
    ExitCode::SUCCESS
}

/// Instructions of one operation: the difference between long and short runs, less that of preparing alone.
fn instructions(name: &str, side: &str) -> Option<u64> {
    const SHORT: u64 = 20;
    // So many that the few instructions of a hit are not lost in what differs from start to start.
    const LONG: u64 = 1_020;
    let count = |n: u64, what: &str| valgrind("--tool=callgrind", "Collected :", &[name, side, &n.to_string(), what]);
    let work = count(LONG, "work")?.saturating_sub(count(SHORT, "work")?);
    let preparation = count(LONG, "prepare")?.saturating_sub(count(SHORT, "prepare")?);
    Some(work.saturating_sub(preparation) / (LONG - SHORT))
}

/// Allocations of one operation, in the same way.
fn allocations(name: &str, side: &str) -> Option<u64> {
    let count = |n: &str, what: &str| valgrind("--tool=memcheck", "total heap usage:", &[name, side, n, what]);
    Some(((count("30", "work")? - count("20", "work")?) - (count("30", "prepare")? - count("20", "prepare")?)) / 10)
}

/// The number that valgrind's tool says behind these words.
fn valgrind(tool: &str, words: &str, arguments: &[&str]) -> Option<u64> {
    let mut command = Command::new("valgrind");
    command.arg(tool);
    if tool.ends_with("callgrind") {
        command.arg("--callgrind-out-file=/dev/null");
    }
    let output = command.arg(std::env::current_exe().ok()?).arg("run").args(arguments).output().ok()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let behind = said.split(words).nth(1)?;
    behind.split_whitespace().next()?.replace(',', "").parse().ok()
}
