//! Does the session bus answer?
//!
//! libdbus waits without end for a bus that takes a connection and says nothing (one that is stopped), and where no address is set it starts a
//! bus of its own, which nobody else is on. So the bus is found and greeted here first, with a bound.

use std::{
    ffi::OsString,
    io::{Read, Write},
    os::{fd::AsRawFd, unix::ffi::OsStringExt, unix::net::UnixStream},
    path::Path,
    time::Duration,
};

use oauth_core::{StoreError, StoreProblem};
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};

const MOST_WAIT: Duration = Duration::from_secs(2);
/// libdbus uses select(2), which knows descriptors below 1024 and writes past its set for others. With room for those that other threads open
/// meanwhile.
const MOST_DESCRIPTORS: i32 = 900;

pub(crate) const NO_ANSWER: &str = "the session bus does not answer within 2 s: is it stopped?";
pub(crate) const UNREACHABLE: &str =
    "the session bus cannot be reached: is DBUS_SESSION_BUS_ADDRESS that of a session which still runs?";

/// Whether there is a session bus that lets us in.
pub(crate) fn greet() -> Result<(), StoreError> {
    let addresses = addresses();
    if addresses.is_empty() {
        return Err(away(
            "there is no keyring to reach: DBUS_SESSION_BUS_ADDRESS names no socket of this machine and XDG_RUNTIME_DIR has no bus; run it \
             in the user's session, or use another store",
        ));
    }
    let Some(bus) = addresses.iter().find_map(|address| open(address).transpose()) else {
        return Err(away(UNREACHABLE));
    };
    let mut bus = bus?;
    if bus.as_raw_fd() >= MOST_DESCRIPTORS {
        let why =
            format!("this program has {} open files, and the keyring's library works with fewer than 1024", bus.as_raw_fd());
        return Err(StoreError::new(StoreProblem::Other, why));
    }
    // D-Bus specification, "Authentication Protocol": a zero byte, then the user's number in hexadecimal digits of its decimal ones.
    let user = rustix::process::geteuid().as_raw().to_string();
    let user: String = user.bytes().map(|digit| format!("{digit:02x}")).collect();
    let mut answer = [0; 2];
    let heard = bus
        .set_read_timeout(Some(MOST_WAIT))
        .and_then(|()| bus.set_write_timeout(Some(MOST_WAIT)))
        .and_then(|()| bus.write_all(format!("\0AUTH EXTERNAL {user}\r\n").as_bytes()))
        .and_then(|()| bus.read_exact(&mut answer));
    match heard {
        Ok(()) if &answer == b"OK" => Ok(()),
        Ok(()) => Err(refused()),
        Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
            Err(away(NO_ANSWER))
        }
        Err(_) => Err(away(UNREACHABLE)),
    }
}

pub(crate) fn refused() -> StoreError {
    StoreError::new(StoreProblem::Denied, "the session bus does not let this program in: is it another user's?")
}

fn away(why: &str) -> StoreError {
    StoreError::new(StoreProblem::Away, why)
}

enum Address {
    Path(OsString),
    Abstract(Vec<u8>),
}

/// In the order in which libdbus tries them (D-Bus specification, "Server Addresses").
fn addresses() -> Vec<Address> {
    let said = std::env::var("DBUS_SESSION_BUS_ADDRESS").unwrap_or_default();
    if said.is_empty() {
        let run = std::env::var_os("XDG_RUNTIME_DIR").map(|run| Path::new(&run).join("bus"));
        return run.filter(|bus| bus.exists()).map(|bus| Address::Path(bus.into_os_string())).into_iter().collect();
    }
    let unix = said.split(';').filter_map(|address| address.strip_prefix("unix:"));
    let parts = unix.flat_map(|address| address.split(',')).filter_map(|part| part.split_once('='));
    let address = |(name, value): (&str, &str)| {
        let value: Vec<u8> = percent_encoding::percent_decode_str(value).collect();
        match name {
            "path" => Some(Address::Path(OsString::from_vec(value))),
            "abstract" => Some(Address::Abstract(value)),
            _ => None,
        }
    };
    parts.filter_map(address).collect()
}

/// None where nobody is there.
fn open(address: &Address) -> Result<Option<UnixStream>, StoreError> {
    let address = match address {
        Address::Path(path) => SocketAddrUnix::new(path.as_os_str()),
        Address::Abstract(name) => SocketAddrUnix::new_abstract_name(name),
    };
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let opened = address.and_then(|address| {
        let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
        connect(&socket, &address).map(|()| UnixStream::from(socket))
    });
    match opened {
        Ok(bus) => bus.set_nonblocking(false).map(|()| Some(bus)).map_err(|_| away(UNREACHABLE)),
        // A stopped bus takes so many connections and then none.
        Err(rustix::io::Errno::AGAIN) => Err(away(NO_ANSWER)),
        Err(_) => Ok(None),
    }
}
