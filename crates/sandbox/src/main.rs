//! The program: prints one JSON line, then serves until its standard input ends or it is told to stop.
#![forbid(unsafe_code)]

use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::sync::mpsc::{self, Sender};
use std::thread;

use active_sandbox::{Options, Sandbox};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

const USAGE: &str = "\
Usage: active-sandbox [--keep-open] [--first-port PORT]

Serves ActiveBuilding, MyBuilding, BuildPass and Honeywell Home on loopback over HTTPS.
Prints one JSON line (addresses, CA, control address, credentials), then serves until
standard input ends, or SIGTERM or SIGINT comes.

  --keep-open         do not stop when standard input ends
  --first-port PORT   listen on PORT and the six after it, instead of on free ports
  --version           print the version and stop
  --help              print this and stop
";

/// What the command line asks for.
enum Asked {
    Serve { keep_open: bool, options: Options },
    Print(String),
}

fn main() -> ExitCode {
    match asked(std::env::args().skip(1)).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            // Where standard error is closed as well there is nobody left to tell.
            drop(writeln!(io::stderr(), "active-sandbox: {cause}"));
            ExitCode::FAILURE
        }
    }
}

fn asked(mut words: impl Iterator<Item = String>) -> Result<Asked, String> {
    let mut keep_open = false;
    let mut options = Options::default();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--keep-open" => keep_open = true,
            "--first-port" => {
                let port = words.next().and_then(|port| port.parse().ok()).filter(|port| (1..=65_529).contains(port));
                options.first_port = port.ok_or("--first-port wants a number from 1 to 65529")?;
            }
            "--help" => return Ok(Asked::Print(USAGE.into())),
            "--version" => return Ok(Asked::Print(format!("active-sandbox {}\n", env!("CARGO_PKG_VERSION")))),
            other => return Err(format!("{other:?} is not understood\n{USAGE}")),
        }
    }
    Ok(Asked::Serve { keep_open, options })
}

fn run(asked: Asked) -> Result<(), String> {
    match asked {
        Asked::Print(text) => say(&text),
        Asked::Serve { keep_open, options } => {
            // Before the start: a signal that comes meanwhile must not leave the folder behind.
            let mut signals = Signals::new([SIGTERM, SIGINT]).map_err(|cause| cause.to_string())?;
            let sandbox = Sandbox::start(options).map_err(|cause| cause.to_string())?;
            say(&format!("{}\n", sandbox.describe()))?;
            let (end, ended) = mpsc::channel();
            if !keep_open {
                let end = end.clone();
                thread::spawn(move || wait_for_input_to_end(&end));
            }
            thread::spawn(move || signals.forever().next().map(|_| end.send(())));
            let _why = ended.recv();
            drop(sandbox);
            Ok(())
        }
    }
}

fn say(text: &str) -> Result<(), String> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|cause| format!("cannot print: {cause}"))
}

fn wait_for_input_to_end(end: &Sender<()>) {
    let mut ignored = [0; 4096];
    loop {
        match io::stdin().read(&mut ignored) {
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Ok(n) if n > 0 => {}
            _ => break,
        }
    }
    let _nobody_waits = end.send(());
}
