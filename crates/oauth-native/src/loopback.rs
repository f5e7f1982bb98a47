//! How does the browser get back to the app?
//!
//! By a request to this machine (RFC 8252 §7.3). The listener belongs to one login: it is made before, and gone after the one answer that it
//! gives (§8.3).

use std::{
    fmt,
    io::{self, ErrorKind, Read, Write},
    net::{Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};

use crate::{
    page,
    request::{self, Asked, LARGEST_HEAD},
};

/// How long anything waits before it looks up. A user doesn't notice it, and a login costs next to nothing meanwhile.
const SLICE: Duration = Duration::from_millis(20);
/// How long a connection may take to say what it wants. Browsers open some on suspicion and say nothing on them.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the page may take to leave.
const FAREWELL: Duration = Duration::from_secs(1);
/// How many connections are listened to at a time; beyond that the oldest goes, so that nobody keeps the browser out by holding them.
const MOST_CONNECTIONS: usize = 16;
/// As long as a login may live.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Why no callback came.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoopbackError {
    /// The path is none that a redirect URI can have.
    #[error("loopback: the path must begin with a slash and hold nothing but letters, digits and -._~/")]
    Path,
    /// Neither 127.0.0.1 nor [::1] can be listened on.
    #[error("loopback: this machine allows no listening on 127.0.0.1 or [::1]: {0}")]
    Listen(#[source] io::Error),
    /// The user did not come back in time.
    #[error("loopback: nobody came back from the browser within {} s; begin another login", .0.as_secs_f64())]
    TimedOut(Duration),
    /// The program stopped waiting.
    #[error("loopback: the program stopped waiting for the browser")]
    Cancelled,
}

/// Waits on this machine for the browser to come back from a login. Until [`callback`](Self::callback) is called nobody is answered, yet nobody
/// is lost either: the system keeps who comes early.
///
/// Any program and any web page on this machine can call it too (RFC 8252 §8.3), which is why what it hears is only worth something after
/// `oauth_core::Client::callback` has compared its `state`, and why the login must have PKCE.
pub struct Loopback {
    listener: TcpListener,
    address: SocketAddr,
    path: String,
    app: String,
    /// Whether a callback is this login's. None takes the first.
    ours: Option<Recognizer>,
    callers: Vec<Caller>,
}

type Recognizer = Box<dyn Fn(&str) -> bool + Send + Sync>;

/// One that called, and what it said so far.
struct Caller {
    stream: TcpStream,
    since: Instant,
    head: Vec<u8>,
}

impl Loopback {
    /// Listens on 127.0.0.1, or where this machine has no IPv4 on \[::1], at a port that is free, for the path `/callback`. Never on `localhost`
    /// or another address (RFC 8252 §8.3).
    ///
    /// # Errors
    /// [`LoopbackError::Listen`].
    pub fn listen() -> Result<Self, LoopbackError> {
        Self::listen_at("/callback")
    }

    /// The same for another path: the one of the redirect URI that is registered. Servers leave the port open and nothing else (RFC 8252 §7.3).
    ///
    /// # Errors
    /// [`LoopbackError::Path`], [`LoopbackError::Listen`].
    pub fn listen_at(path: &str) -> Result<Self, LoopbackError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if !path.starts_with('/') || path.len() > 256 || !path.bytes().all(plain) {
            return Err(LoopbackError::Path);
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).or_else(|error| {
            // The first reason is the one worth knowing.
            TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).map_err(|_| error)
        });
        let listener = listener.and_then(|listener| listener.set_nonblocking(true).map(|()| listener));
        let listener = listener.map_err(LoopbackError::Listen)?;
        let address = listener.local_addr().map_err(LoopbackError::Listen)?;
        Ok(Self { listener, address, path: path.to_owned(), app: "the app".to_owned(), ours: None, callers: Vec::new() })
    }

    /// The app's name, to which the page sends the user back: "the app" unless set. It may hold any characters.
    #[must_use]
    pub fn app(mut self, name: &str) -> Self {
        name.clone_into(&mut self.app);
        self
    }

    /// Waits for that login alone: `recognizer` is `oauth_core::Login::recognizer`, which sees the URL that somebody came by. Who comes by another is
    /// sent away (404), and the wait goes on. Without it a page that guesses the port can use the listener up, by sending the browser there with
    /// anything: no token comes of that, and neither does a login.
    #[must_use]
    pub fn only_for(mut self, recognizer: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.ours = Some(Box::new(recognizer));
        self
    }

    /// The redirect URI of this login, with the port: `http://127.0.0.1:49152/callback`. Register it without the port.
    pub fn redirect_uri(&self) -> String {
        format!("http://{}{}", self.address, self.path)
    }

    /// Waits until the browser comes back, shows it a page that sends the user to the app, stops listening, and gives the URL that it came by:
    /// what `oauth_core::Client::callback` takes. It holds the code, so keep it out of logs.
    ///
    /// It blocks this thread for `deadline` at most (a day, if that is longer) and asks `stop` about every 20 ms whether to give up: a closed
    /// window, an `oauth_ureq::Cancel`, Ctrl-C. One GET of the path with a query ends it, with [`only_for`](Self::only_for) the login's own; whatever else comes is sent away (404 and the like, also
    /// what a browser says that another page loads as a part of itself), after 32 KiB or 5 s at the latest. The page is fixed: nothing of the
    /// request stands in it.
    ///
    /// # Errors
    /// [`LoopbackError::TimedOut`], [`LoopbackError::Cancelled`].
    pub fn callback(mut self, deadline: Duration, stop: impl Fn() -> bool) -> Result<String, LoopbackError> {
        let deadline = deadline.min(LONGEST);
        let begun = Instant::now();
        loop {
            if let Some(callback) = self.look() {
                return Ok(callback);
            }
            if stop() {
                return Err(LoopbackError::Cancelled);
            }
            let left = deadline.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Err(LoopbackError::TimedOut(deadline));
            }
            thread::sleep(SLICE.min(left));
        }
    }

    /// One look, for a program with a loop of its own, which looks again some 20 ms later until the user has taken too long: hears whoever called
    /// meanwhile, and gives the URL that the browser came back by, if it did. Doesn't wait for anybody, but while an answer leaves (1 s at most).
    /// Look no more when it came: the login is over.
    pub fn look(&mut self) -> Option<String> {
        self.welcome();
        self.serve()
    }

    /// Takes in who is waiting, a few at a time.
    fn welcome(&mut self) {
        for _ in 0..MOST_CONNECTIONS {
            // What goes wrong here went wrong with one connection, or passes (too many open files).
            let Ok((stream, _)) = self.listener.accept() else { return };
            if stream.set_nonblocking(true).is_err() {
                continue;
            }
            if self.callers.len() >= MOST_CONNECTIONS {
                self.callers.remove(0);
            }
            self.callers.push(Caller { stream, since: Instant::now(), head: Vec::new() });
        }
    }

    /// Hears everybody once, and answers who has said all. The callback, if it was among them.
    fn serve(&mut self) -> Option<String> {
        let authority = self.address.to_string();
        let mut callback = None;
        self.callers.retain_mut(|caller| {
            if callback.is_some() {
                return false;
            }
            let alive = caller.hear();
            match request::read(&caller.head, &self.path, &authority) {
                Asked::More => return alive && caller.since.elapsed() < PATIENCE,
                Asked::Callback(target) => {
                    let url = format!("http://{authority}{target}");
                    if self.ours.as_ref().is_some_and(|ours| !ours(&url)) {
                        caller.tell(&page::no("404 Not Found"));
                        return false;
                    }
                    caller.tell(&page::back(&self.app));
                    callback = Some(url);
                }
                Asked::Other(status) => caller.tell(&page::no(status)),
            }
            false
        });
        callback
    }
}

/// Where it listens; what callers said may hold a code.
impl fmt::Debug for Loopback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loopback").field("address", &self.address).field("path", &self.path).finish_non_exhaustive()
    }
}

impl Caller {
    /// Reads what is there. False where nothing more will come.
    fn hear(&mut self) -> bool {
        let mut piece = [0; 4096];
        while self.head.len() < LARGEST_HEAD {
            match self.stream.read(&mut piece) {
                Ok(0) => return false,
                Ok(read) => self.head.extend_from_slice(&piece[..read]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return error.kind() == ErrorKind::WouldBlock,
            }
        }
        true
    }

    /// Answers. The callback is worth no less where the browser went before it saw the page.
    fn tell(&mut self, answer: &[u8]) {
        let told = self.stream.set_nonblocking(false).and_then(|()| {
            self.stream.set_write_timeout(Some(FAREWELL))?;
            self.stream.write_all(answer)?;
            self.stream.shutdown(Shutdown::Write)
        });
        // What is left unread would make the system reset the connection, and the page could be lost with it.
        if told.is_ok() && self.stream.set_nonblocking(true).is_ok() {
            let _ = self.stream.read(&mut [0; 4096]);
        }
    }
}
