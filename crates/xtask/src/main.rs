//! What is made from what?
//!
//! `cargo xtask gen` writes the generated files, `cargo xtask gen --check` fails where one is stale, and
//! `cargo xtask install` puts the C library where a system or package wants it (PREFIX, DESTDIR, LIBDIR as for make).

mod header;
mod install;

use std::{path::PathBuf, process::ExitCode};

const USAGE: &str = "cargo xtask gen [--check]    write include/active.h, or fail where it is stale
cargo xtask install          install libactive.so, libactive.a, active.h and active.pc
                             (PREFIX=/usr/local, DESTDIR= and LIBDIR=$PREFIX/lib from the environment;
                             PROFILE=dev builds in seconds and is for trying out)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["gen"] => header::write(),
        ["gen", "--check"] => header::check(),
        ["install"] => install::install(),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's folder.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
