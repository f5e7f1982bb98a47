//! How do bytes wait without hanging?
//!
//! The transport below TLS. Its socket has timeouts of one [`SLICE`], set once when it is opened, so that each read and write comes back in
//! time to ask whether it may go on. That gives the overall deadline, cancelling and Ctrl-C, without a thread and without a system call
//! more on a connection that is reused.

use std::{
    fmt,
    io::{self, ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    os::fd::OwnedFd,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
    net::{AddressFamily, RecvFlags, SocketType, recv},
};
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport};

use crate::trip::{SLICE, Stage, Trip};

/// A TLS record of 2^14 bytes with its header and tag fits (RFC 8446 §5.2).
const BUFFER: usize = 16 * 1024 + 512;

/// Opens the connection where no proxy did.
#[derive(Debug)]
pub(crate) struct SocketConnector;

impl<In: Transport> Connector<In> for SocketConnector {
    type Out = Either<In, Socket>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        let trip = Trip::current()?;
        if let Some(tunnel) = chained {
            trip.reach(Stage::Handshake);
            return Ok(Some(Either::A(tunnel)));
        }
        let direct = trip.goes_to(details.uri);
        trip.reach(if direct { Stage::Connect } else { Stage::Proxy });
        let stream = connect(&details.addrs, &trip)?;
        trip.reach(if direct { Stage::Handshake } else { Stage::Proxy });
        Ok(Some(Either::B(Socket { stream, buffers: LazyBuffers::new(BUFFER, BUFFER) })))
    }
}

/// Tries the addresses in turn; each but the last may take half of the time that is left.
fn connect(addresses: &[SocketAddr], trip: &Trip) -> Result<TcpStream, ureq::Error> {
    let mut failure = io::Error::from(ErrorKind::AddrNotAvailable);
    for (tried, address) in addresses.iter().enumerate() {
        let left = trip.left_to_connect();
        let until = Instant::now() + if tried + 1 < addresses.len() { left / 2 } else { left };
        match connect_to(address, until, trip) {
            Ok(stream) => return Ok(stream),
            Err(ureq::Error::Io(error)) => failure = error,
            Err(stopped) => return Err(stopped),
        }
    }
    Err(failure.into())
}

fn connect_to(address: &SocketAddr, until: Instant, trip: &Trip) -> Result<TcpStream, ureq::Error> {
    let socket = open(address).map_err(io::Error::from)?;
    match rustix::net::connect(&socket, address) {
        Ok(()) => {}
        Err(Errno::INPROGRESS | Errno::INTR) => wait_until_connected(&socket, until, trip)?,
        Err(errno) => return Err(io::Error::from(errno).into()),
    }
    let stream = TcpStream::from(socket);
    if let Some(error) = stream.take_error()? {
        return Err(error.into());
    }
    stream.set_nonblocking(false)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(SLICE))?;
    stream.set_write_timeout(Some(SLICE))?;
    Ok(stream)
}

fn wait_until_connected(socket: &OwnedFd, until: Instant, trip: &Trip) -> Result<(), ureq::Error> {
    loop {
        trip.may_go_on()?;
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            // This address had its time; the caller tries the next one.
            return Err(io::Error::from(ErrorKind::TimedOut).into());
        }
        match poll(&mut [PollFd::new(socket, PollFlags::OUT)], Some(&timespec(left.min(SLICE)))) {
            Ok(0) | Err(Errno::INTR) => {}
            Ok(_) => return Ok(()),
            Err(errno) => return Err(io::Error::from(errno).into()),
        }
    }
}

/// At least a millisecond, so that a rest of nanoseconds is no busy loop.
fn timespec(duration: Duration) -> Timespec {
    let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX).clamp(1, 100);
    Timespec { tv_sec: 0, tv_nsec: millis * 1_000_000 }
}

/// A socket that doesn't block yet and that no program started later inherits.
fn open(address: &SocketAddr) -> Result<OwnedFd, Errno> {
    let family = if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
    #[cfg(not(target_vendor = "apple"))]
    {
        use rustix::net::{SocketFlags, socket_with};
        socket_with(family, SocketType::STREAM, SocketFlags::CLOEXEC | SocketFlags::NONBLOCK, None)
    }
    #[cfg(target_vendor = "apple")]
    {
        let socket = rustix::net::socket(family, SocketType::STREAM, None)?;
        rustix::io::fcntl_setfd(&socket, rustix::io::FdFlags::CLOEXEC)?;
        rustix::io::ioctl_fionbio(&socket, true)?;
        Ok(socket)
    }
}

/// A TCP connection that looks up at each slice.
pub(crate) struct Socket {
    stream: TcpStream,
    buffers: LazyBuffers,
}

impl Transport for Socket {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        let trip = Trip::current()?;
        let mut rest = &self.buffers.output()[..amount];
        while !rest.is_empty() {
            trip.may_go_on()?;
            match (&self.stream).write(rest) {
                Ok(0) => return Err(io::Error::from(ErrorKind::WriteZero).into()),
                Ok(written) => rest = &rest[written..],
                Err(error) if only_a_slice(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
        let trip = Trip::current()?;
        loop {
            trip.may_go_on()?;
            match (&self.stream).read(self.buffers.input_append_buf()) {
                Ok(read) => {
                    self.buffers.input_appended(read);
                    return Ok(read > 0);
                }
                Err(error) if only_a_slice(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Nothing may be waiting there: neither the server's goodbye nor bytes that nobody asked for, which would pass for the next answer.
    fn is_open(&mut self) -> bool {
        if !self.buffers.input().is_empty() {
            return false;
        }
        let peeked = recv(&self.stream, &mut [0u8; 1], RecvFlags::PEEK | RecvFlags::DONTWAIT);
        matches!(peeked, Err(Errno::AGAIN))
    }
}

fn only_a_slice(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Socket")
    }
}
