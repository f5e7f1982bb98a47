//! `dialogues --driver 'python3 bindings/python/tests/driver.py' --name Python tests/dialogues`
//!
//! Plays every dialogue through one language's driver, and says how it went. Exit status: 0 all passed, 1 some did not, 2 not understood.

#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

use std::{
    io::{BufRead, Write, stdin, stdout},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use dialogues::{Driver, Mutants, Process, Report, RustDriver};

const USAGE: &str = "\
usage: dialogues [--driver COMMAND] [--name NAME] [--mutants | --all-mutants] [--json] [--patience SECONDS] PLACE
       dialogues --serve

  --driver COMMAND   the driver, a shell's command line (tests/README.md has its protocol); `rust`, the default, is built in
  --name NAME        what the summary calls the language
  --mutants          also play a changed copy of each dialogue, which must fail
  --all-mutants      the same with every expectation of every dialogue
  --json             the summary as one line of JSON
  --patience SECONDS how long a driver may take for one answer (20)
  --serve            be the driver of Rust on stdin and stdout
  PLACE              a dialogue, or a folder of them";

struct Options {
    driver: String,
    name: Option<String>,
    mutants: Mutants,
    json: bool,
    patience: u64,
    serve: bool,
    place: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(why) => {
            eprintln!("dialogues: {why}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    if options.serve {
        return serve();
    }
    let Some(place) = &options.place else {
        eprintln!("dialogues: which dialogues?\n{USAGE}");
        return ExitCode::from(2);
    };
    let mut driver: Box<dyn Driver> = match options.driver.as_str() {
        "rust" => Box::new(RustDriver::default()),
        command => Box::new(Process::new(command, Duration::from_secs(options.patience))),
    };
    let name = options.name.as_deref().unwrap_or(if options.driver == "rust" { "Rust" } else { &options.driver });
    match Report::of(name, place, driver.as_mut(), options.mutants) {
        Ok(report) => {
            if options.json {
                println!("{}", report.json())
            } else {
                println!("{report}")
            }
            if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(why) => {
            eprintln!("dialogues: {why}");
            ExitCode::from(2)
        }
    }
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options {
        driver: "rust".to_owned(),
        name: None,
        mutants: Mutants::None,
        json: false,
        patience: 20,
        serve: false,
        place: None,
    };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--driver" => options.driver = value()?,
            "--name" => options.name = Some(value()?),
            "--patience" => options.patience = value()?.parse().map_err(|error| format!("--patience: {error}"))?,
            "--mutants" => options.mutants = Mutants::One,
            "--all-mutants" => options.mutants = Mutants::All,
            "--json" => options.json = true,
            "--serve" => options.serve = true,
            "--help" | "-h" => return Err("here is how".to_owned()),
            flag if flag.starts_with('-') => return Err(format!("{flag} is not known")),
            place if options.place.is_none() => options.place = Some(PathBuf::from(place)),
            second => return Err(format!("one place only, not also {second}")),
        }
    }
    Ok(options)
}

/// The driver of Rust as a program, like that of any other language.
fn serve() -> ExitCode {
    let mut driver = RustDriver::default();
    for line in stdin().lock().lines() {
        let Ok(line) = line else { return ExitCode::FAILURE };
        let answer = serde_json::from_str(&line)
            .map_err(|error| error.to_string())
            .and_then(|command| driver.ask(&command).map_err(|failure| failure.to_string()))
            .unwrap_or_else(|why| serde_json::json!({"driver_error": why}));
        if writeln!(stdout(), "{answer}").and_then(|()| stdout().flush()).is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
