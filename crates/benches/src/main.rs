//! What does it cost? See README.md.

#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

mod answers;
mod count;
mod ours;
mod peer;
mod signing;
mod threads;

use std::process::ExitCode;

use count::{allocations, instructions};

/// One operation: how to do it `n` times, or (`work` false) only to prepare for that.
type Operation = fn(n: usize, work: bool);

struct Row {
    name: &'static str,
    ours: Operation,
    peer: Option<Operation>,
    /// Instructions and allocations to reach.
    target: (u64, Option<u64>),
}

const ROWS: [Row; 12] = [
    Row { name: "build_basic", ours: ours::build_basic, peer: Some(peer::build_basic), target: (2_500, None) },
    Row { name: "build_form", ours: ours::build_form, peer: Some(peer::build_form), target: (2_500, None) },
    Row { name: "build_json", ours: ours::build_json, peer: None, target: (2_500, None) },
    Row { name: "parse_std", ours: ours::parse_std, peer: Some(peer::parse_std), target: (5_500, None) },
    Row { name: "parse_bp", ours: ours::parse_bp, peer: Some(peer::parse_bp), target: (5_500, None) },
    Row { name: "parse_apigee", ours: ours::parse_apigee, peer: None, target: (7_500, None) },
    Row { name: "parse_ab", ours: ours::parse_ab, peer: None, target: (5_500, None) },
    Row { name: "parse_error", ours: ours::parse_error, peer: None, target: (2_500, None) },
    Row { name: "x_bp", ours: ours::x_bp, peer: Some(peer::x_bp), target: (8_300, Some(8)) },
    Row { name: "assertion", ours: signing::assertion, peer: Some(signing::ring_alone), target: (331_000, None) },
    Row { name: "proof", ours: signing::proof, peer: Some(signing::ring_alone), target: (331_000, None) },
    Row { name: "cache_hit", ours: ours::cache_hit, peer: None, target: (150, Some(0)) },
];

/// What tells how much of the others is wiping.
const WIPE: Row = Row { name: "wipe", ours: ours::wipe, peer: None, target: (0, None) };

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => table(),
        ["run", name, side, n, what] => run(name, side, n, what),
        _ => {
            println!("usage: cargo run --profile bench -p benches");
            ExitCode::from(2)
        }
    }
}

/// The part that runs under valgrind.
fn run(name: &str, side: &str, n: &str, what: &str) -> ExitCode {
    let row = ROWS.iter().chain([&WIPE]).find(|row| row.name == name);
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
    let Some(wipe) = count::wiping(WIPE.name, ours::WIPED) else {
        println!(
            "valgrind is needed to count instructions (apt install valgrind), and lines to tell the wiping: --profile bench"
        );
        return ExitCode::FAILURE;
    };
    println!("{:<14}{:>10}{:>10}{:>8}{:>12}{:>8}{:>10}{:>8}", "", "ours", "", "", "oauth2-rs", "", "target", "");
    println!(
        "{:<14}{:>10}{:>10}{:>8}{:>12}{:>8}{:>10}{:>8}",
        "", "instr.", "+ wiping", "alloc.", "instr.", "alloc.", "instr.", "alloc."
    );
    let mut missed = 0;
    for row in &ROWS {
        let Some(all) = instructions(row.name, "ours") else { return ExitCode::FAILURE };
        let wiping = wipe.within(&all);
        let ours = all.instructions.saturating_sub(wiping);
        let or_none = |count: Option<u64>| count.map_or("-".to_owned(), |count| count.to_string());
        let (most, most_allocations) = row.target;
        let allocated = allocations(row.name, "ours").unwrap_or_default();
        let reached = ours <= most && most_allocations.is_none_or(|most| allocated <= most);
        missed += u32::from(!reached);
        println!(
            "{:<14}{:>10}{:>10}{:>8}{:>12}{:>8}{:>10}{:>8}   {}",
            row.name,
            ours,
            wiping,
            allocated,
            or_none(row.peer.and_then(|_| instructions(row.name, "peer")).map(|count| count.instructions)),
            or_none(row.peer.and_then(|_| allocations(row.name, "peer"))),
            most,
            or_none(most_allocations),
            if reached { "" } else { "missed" },
        );
    }
    threads::table();
    println!("{} of {} targets reached, the wiping of secrets not counted", ROWS.len() as u32 - missed, ROWS.len());
    ExitCode::SUCCESS
}
