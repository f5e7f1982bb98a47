//! How do bytes get there and back in time?

use std::{
    io::{self, ErrorKind, Read, Write},
    net::TcpStream,
    os::unix::net::UnixStream,
    path::Path,
    time::{Duration, Instant},
};

use socket2::{Domain, SockAddr, Type};

use super::{
    address::{Address, Place},
    names::LookUps,
};

/// A connection on which everything has an end: all its reading and writing fails at `until`.
pub(super) struct Socket {
    carrier: Carrier,
    pub(super) until: Instant,
}

enum Carrier {
    Tcp(TcpStream),
    File(UnixStream),
}

impl Socket {
    pub(super) fn connect(address: &Address, look_ups: &LookUps, until: Instant) -> io::Result<Self> {
        let carrier = match &address.place {
            Place::Host(host, port) => Carrier::Tcp(tcp(host, *port, look_ups, until)?),
            Place::File(path) => Carrier::File(file(path, until)?),
        };
        Ok(Self { carrier, until })
    }
}

/// The first of a host's addresses that answers.
fn tcp(host: &str, port: u16, look_ups: &LookUps, until: Instant) -> io::Result<TcpStream> {
    let addresses = look_ups.find(host, port, until)?;
    let mut failed = io::Error::from(ErrorKind::TimedOut);
    for (at, address) in addresses.iter().enumerate() {
        // A part of the time for each: one that is silent leaves some to the others.
        let parts = u32::try_from(addresses.len() - at).unwrap_or(u32::MAX);
        match TcpStream::connect_timeout(address, left(until)? / parts) {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            // A refusal says more than an address family that this machine does not have.
            Err(error) if failed.kind() != ErrorKind::ConnectionRefused => failed = error,
            Err(_) => {}
        }
    }
    Err(failed)
}

/// unix(7): connecting to a socket file waits while the other's backlog is full, for as long as it may write.
fn file(path: &Path, until: Instant) -> io::Result<UnixStream> {
    let socket = socket2::Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.set_write_timeout(Some(left(until)?))?;
    socket.connect(&SockAddr::unix(path)?).map_err(timed)?;
    Ok(socket.into())
}

/// What is left, never nothing: a time-out of nothing would be none.
fn left(until: Instant) -> io::Result<Duration> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left.max(Duration::from_millis(1))) }
}

/// A read that waited too long is called WouldBlock by the system.
fn timed(error: io::Error) -> io::Error {
    if error.kind() == ErrorKind::WouldBlock { ErrorKind::TimedOut.into() } else { error }
}

/// Again where a signal came between.
fn patient<T>(mut act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match act() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result.map_err(timed),
        }
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let until = self.until;
        match &mut self.carrier {
            Carrier::Tcp(stream) => patient(|| {
                stream.set_read_timeout(Some(left(until)?))?;
                stream.read(buffer)
            }),
            Carrier::File(stream) => patient(|| {
                stream.set_read_timeout(Some(left(until)?))?;
                stream.read(buffer)
            }),
        }
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let until = self.until;
        match &mut self.carrier {
            Carrier::Tcp(stream) => patient(|| {
                stream.set_write_timeout(Some(left(until)?))?;
                stream.write(bytes)
            }),
            Carrier::File(stream) => patient(|| {
                stream.set_write_timeout(Some(left(until)?))?;
                stream.write(bytes)
            }),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
