//! How is a command sent, and its answer read?
//!
//! The `redis` crate writes and reads the protocol. It does not carry it: its TLS can only use the crypto library that was chosen for the
//! whole process, and its time-outs begin anew with each byte.

use std::{
    io::{self, Read, Write},
    sync::Arc,
    time::{Duration, Instant},
};

use ::redis::{Parser, Value};
use rustls::{ClientConfig, ClientConnection, StreamOwned, pki_types::ServerName};
use zeroize::Zeroizing;

use super::{address::Address, failure::Failure, names::LookUps, socket::Socket};

/// A connection that has logged in.
pub(super) struct Connection {
    stream: Stream,
    parser: Parser,
    used: Instant,
}

enum Stream {
    Plain(Socket),
    Tls(Box<StreamOwned<ClientConnection, Socket>>),
}

/// No answer may be longer, in bytes: what a session writes is a hundredth of it.
const MOST_ANSWER: u64 = 1 << 20;

impl Connection {
    pub(super) fn open(address: &Address, look_ups: &LookUps, until: Instant) -> Result<Self, Failure> {
        let socket = Socket::connect(address, look_ups, until)?;
        let stream = match (&address.tls, address.host()) {
            (Some(config), Some(host)) => Stream::Tls(Box::new(shake_hands(config, host, socket)?)),
            _ => Stream::Plain(socket),
        };
        let mut connection = Self { stream, parser: Parser::new(), used: Instant::now() };
        if let Some(password) = &address.password {
            let user = address.user.as_deref();
            let words: Vec<&str> = ["AUTH"].into_iter().chain(user).chain([password.expose()]).collect();
            connection.ask(&words, until)?;
        }
        if address.db != 0 {
            connection.ask(&["SELECT", &address.db.to_string()], until)?;
        }
        Ok(connection)
    }

    /// The answer to that command.
    pub(super) fn ask(&mut self, words: &[&str], until: Instant) -> Result<Value, Failure> {
        let words = Zeroizing::new(words.iter().map(|word| word.as_bytes().to_vec()).collect::<Vec<_>>());
        let packed = Zeroizing::new(::redis::pack_command(&words));
        let Self { stream, parser, used } = self;
        stream.socket().until = until;
        stream.write_all(&packed)?;
        stream.flush()?;

        let mut answer = Watched { stream: stream.take(MOST_ANSWER), failed: None };
        let value = parser.parse_value(&mut answer);
        *used = Instant::now();
        match (value, answer.failed) {
            (Ok(Value::ServerError(error)), _) => Err(Failure::Said(error)),
            (Ok(value), _) => Ok(value),
            (Err(_), Some(error)) => Err(Failure::Io(error)),
            (Err(_), None) => Err(Failure::Strange),
        }
    }

    /// For how long nothing was asked.
    pub(super) fn idle(&self) -> Duration {
        self.used.elapsed()
    }
}

fn shake_hands(
    config: &Arc<ClientConfig>,
    host: &str,
    mut socket: Socket,
) -> Result<StreamOwned<ClientConnection, Socket>, Failure> {
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let mut tls = ClientConnection::new(Arc::clone(config), name).map_err(io::Error::other)?;
    while tls.is_handshaking() {
        tls.complete_io(&mut socket)?;
    }
    Ok(StreamOwned::new(tls, socket))
}

impl Stream {
    fn socket(&mut self) -> &mut Socket {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(tls) => &mut tls.sock,
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(buffer),
            Self::Tls(tls) => tls.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(bytes),
            Self::Tls(tls) => tls.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.flush(),
            Self::Tls(tls) => tls.flush(),
        }
    }
}

/// Remembers why reading failed: the parser's error says it in words only.
struct Watched<'a> {
    stream: io::Take<&'a mut Stream>,
    failed: Option<io::Error>,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let cut = self.stream.limit() == 0;
        match self.stream.read(buffer) {
            Ok(0) if !cut && !buffer.is_empty() => {
                self.failed = Some(io::ErrorKind::UnexpectedEof.into());
                Ok(0)
            }
            Err(error) => {
                let kind = error.kind();
                self.failed = Some(error);
                Err(kind.into())
            }
            read => read,
        }
    }
}
