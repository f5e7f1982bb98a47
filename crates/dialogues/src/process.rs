//! How is a driver of another language run?
//!
//! As a command whose stdin takes one JSON line per command and whose stdout gives one per answer. It has a bounded time for each; one that
//! hangs or dies fails the dialogue at hand and is begun again for the next.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::driver::{Driver, Failure};

/// No answer of a driver is longer.
const LONGEST_LINE: u64 = 64 * 1024 * 1024;

/// A driver behind a command line.
pub struct Process {
    command: String,
    patience: Duration,
    running: Option<Running>,
}

struct Running {
    child: Child,
    commands: Sender<String>,
    lines: Receiver<Result<String, String>>,
}

impl Process {
    /// `command` is a shell's command line; `patience` is the time it has for one answer.
    pub fn new(command: &str, patience: Duration) -> Self {
        Self { command: command.to_owned(), patience, running: None }
    }

    fn start(&self) -> Result<Running, String> {
        let mut child = Command::new("sh")
            .args(["-c", &self.command])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", self.command))?;
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("it has no pipes".to_owned());
        };
        // Neither reading nor writing can be given a deadline, so each has a thread of its own, which ends with the driver's end of the pipe.
        let (commands, unwritten) = channel::<String>();
        thread::spawn(move || {
            for command in unwritten {
                if stdin.write_all(command.as_bytes()).and_then(|()| stdin.flush()).is_err() {
                    return;
                }
            }
        });
        let (sender, lines) = sync_channel(1);
        thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            loop {
                let mut line = String::new();
                let line = match stdout.by_ref().take(LONGEST_LINE).read_line(&mut line) {
                    Ok(0) => return,
                    Ok(_) => Ok(line),
                    Err(error) => Err(error.to_string()),
                };
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Running { child, commands, lines })
    }

    fn exchange(&mut self, command: &Value) -> Result<Value, String> {
        let patience = self.patience;
        if self.running.is_none() {
            self.running = Some(self.start()?);
        }
        let running = self.running.as_mut().ok_or("it is not running")?;
        // Where the writing thread is gone the driver is too, which the missing answer tells.
        let _ = running.commands.send(format!("{command}\n"));
        let line = match running.lines.recv_timeout(patience) {
            Ok(line) => line?,
            Err(RecvTimeoutError::Timeout) => return Err(format!("no answer within {} ms to {command}", patience.as_millis())),
            Err(RecvTimeoutError::Disconnected) => {
                let ended = running.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
                return Err(format!("it ended ({ended}) before it answered {command}"));
            }
        };
        serde_json::from_str(&line).map_err(|error| format!("its line is not JSON ({error}): {}", line.trim_end()))
    }
}

impl Driver for Process {
    fn ask(&mut self, command: &Value) -> Result<Value, Failure> {
        self.exchange(command).map_err(|why| {
            if let Some(mut running) = self.running.take() {
                stop(&mut running.child);
            }
            Failure::Driver(why)
        })
    }
}

fn stop(child: &mut Child) {
    // It may have ended by itself.
    let _ = child.kill();
    let _ = child.wait();
}

/// The end of its stdin ends a driver; one that stays is stopped.
impl Drop for Process {
    fn drop(&mut self) {
        let Some(Running { mut child, commands, lines }) = self.running.take() else { return };
        drop(commands);
        while let Ok(Ok(_)) = lines.recv_timeout(self.patience) {}
        match child.try_wait() {
            Ok(Some(_)) => {}
            _ => stop(&mut child),
        }
    }
}
