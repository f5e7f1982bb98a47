//! How is a server started, and how does it end?
//!
//! It is a child whose standard input we hold: it gets its certificates there, and it ends when the pipe does, also where this process was
//! killed. Then it is given a moment, and then it is killed, by its id.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Read, Write},
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

/// Why a server could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// It is not installed.
    #[error(
        "{0} is not there: the servers are not installed. Run `tests/setup build/venv rust`, or name the folder they are in by ACTIVE_SERVERS"
    )]
    Missing(PathBuf),
    /// The system did not start it.
    #[error("{program} could not be started: {error}")]
    Start {
        /// What was to be started.
        program: PathBuf,
        /// The system's words.
        error: std::io::Error,
    },
    /// It did not say where it is.
    #[error("{program} ended or stayed silent for {seconds} s. Its last words:\n{stderr}")]
    Silent {
        /// What was started.
        program: PathBuf,
        /// How long it was waited for.
        seconds: u64,
        /// The end of its standard error.
        stderr: String,
    },
    /// It said something else.
    #[error("{program} said what nobody understands ({error}): {line}")]
    Garbled {
        /// What was started.
        program: PathBuf,
        /// What is wrong with it.
        error: String,
        /// What it said. It holds the secrets of one test.
        line: String,
    },
    /// There are no certificates for it.
    #[error("certificates: {0}")]
    Certificates(String),
}

const PATIENCE: Duration = Duration::from_secs(60);
const GRACE: Duration = Duration::from_secs(3);

/// A server that runs.
pub(crate) struct Process {
    child: Child,
    input: Option<ChildStdin>,
    words: Words,
}

impl Process {
    /// Starts it, gives it `first` as the first line, and waits for its own.
    pub(crate) fn start(mut command: Command, first: &str) -> Result<(Self, String), StartError> {
        let program = PathBuf::from(command.get_args().next().unwrap_or(command.get_program()));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| StartError::Start { program: program.clone(), error })?;
        let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let words = Words::default();
        if let Some(errors) = errors {
            words.listen(errors);
        }
        let mut process = Self { child, input, words };
        let told = process.input.as_mut().is_some_and(|input| writeln!(input, "{first}").and_then(|()| input.flush()).is_ok());
        let line = output.filter(|_| told).and_then(first_line);
        match line {
            Some(line) => Ok((process, line)),
            None => {
                let stderr = process.end();
                Err(StartError::Silent { program, seconds: PATIENCE.as_secs(), stderr })
            }
        }
    }

    /// The end of what it wrote to its standard error: what a failing test wants to see.
    pub(crate) fn stderr(&self) -> String {
        self.words.text()
    }

    fn end(&mut self) -> String {
        self.input = None;
        let until = Instant::now() + GRACE;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > until {
                // Both fail only where it is gone already.
                let _ = self.child.kill();
                let _ = self.child.wait();
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        self.stderr()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// One line within the patience that a busy machine asks for; None where it does not come.
fn first_line(output: impl Read + Send + 'static) -> Option<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = String::new();
        if matches!(output.read_line(&mut line), Ok(1..)) {
            let _ = sender.send(line);
        }
        // Read on, so that the server never waits for us.
        let _ = std::io::copy(&mut output, &mut std::io::sink());
    });
    receiver.recv_timeout(PATIENCE).ok()
}

/// The last lines of a standard error.
#[derive(Clone, Default)]
struct Words(Arc<Mutex<VecDeque<String>>>);

impl Words {
    const MOST_LINES: usize = 200;

    fn listen(&self, errors: impl Read + Send + 'static) {
        let lines = Arc::clone(&self.0);
        thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                if lines.len() == Self::MOST_LINES {
                    lines.pop_front();
                }
                lines.push_back(line);
            }
        });
    }

    fn text(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}
