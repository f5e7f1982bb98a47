//! A Redis of one test.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

pub(crate) struct Server {
    pub(crate) port: u16,
    pub(crate) folder: PathBuf,
    options: Vec<String>,
    child: Option<Child>,
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A folder that nobody else has.
pub(crate) fn folder() -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("oauth-session-redis-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
    let folder = std::env::temp_dir().join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

impl Server {
    pub(crate) fn start(options: &[&str]) -> Self {
        let folder = folder();
        let port = free_port();
        let dir = folder.display().to_string();
        let always = ["--port", &port.to_string(), "--bind", "127.0.0.1", "--dir", &dir, "--save", "", "--appendfsync", "always"];
        let options = always.iter().chain(options).map(|option| (*option).to_owned()).collect();
        let mut server = Self { port, folder, options, child: None };
        server.again();
        server
    }

    /// Starts it again, with what it wrote down, and waits until it has read it.
    pub(crate) fn again(&mut self) {
        self.begin(&[]);
        let begun = Instant::now();
        while ["", "LOADING"].contains(&self.cli(&["ping"]).split(' ').next().unwrap()) {
            assert!(begun.elapsed() < Duration::from_secs(20), "redis-server is not ready: {:?}", self.options);
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Starts it, and waits until it listens.
    pub(crate) fn begin(&mut self, more: &[&str]) {
        let child = Command::new("redis-server").args(&self.options).args(more).stdout(Stdio::null()).spawn();
        self.child = Some(child.expect("redis-server must be installed (Debian: apt install redis-server)"));
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "redis-server does not listen: {:?}", self.options);
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// As by kill -9.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// What redis-cli prints for that command.
    pub(crate) fn cli(&self, words: &[&str]) -> String {
        let output = Command::new("redis-cli").args(["-p", &self.port.to_string()]).args(words).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
