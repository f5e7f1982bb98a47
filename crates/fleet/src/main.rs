//! Does one token hold for a whole fleet?
//!
//! `fleet` starts a sandbox with rotating refresh tokens, where one double use kills the family, and a real Redis; then worker processes in
//! every language it is given (`--python COMMAND`, `--php COMMAND`, beside its own Rust). It counts what reached the provider, kills
//! and stops workers in the middle of renewals, and takes the Redis away. Its exit says whether every count was right.

#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod crash;
mod crew;
mod killed;
mod port;
mod redis;
mod report;
mod shared;
mod stopped;
mod worker;

use std::process::ExitCode;

use report::Report;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["worker"] => worker::main(),
        ["crash", order] => crash::main(order),
        [] => trials(&[]),
        options if options.len() % 2 == 0 => {
            let crews: Vec<(&str, &str)> = options.chunks(2).map(|pair| (pair[0].trim_start_matches("--"), pair[1])).collect();
            trials(&crews)
        }
        _ => {
            eprintln!("usage: fleet [--python COMMAND] [--php COMMAND]");
            ExitCode::from(2)
        }
    }
}

fn trials(others: &[(&str, &str)]) -> ExitCode {
    let mut report = Report::default();
    let port = port::Port::open();
    shared::trial(&mut report, &port, others);
    killed::trial(&mut report, &port);
    stopped::trial(&mut report, &port);
    report.end()
}
