//! Where does a host live?
//!
//! The system's look-up can hang for half a minute and cannot be interrupted, so it runs on a thread of its own while the command waits for
//! no longer than it may.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Instant,
};

/// How many look-ups of one process are on their way.
#[derive(Clone, Default)]
pub(super) struct LookUps(Arc<AtomicUsize>);

const MOST_LOOK_UPS: usize = 8;

impl LookUps {
    /// The addresses of `host`, at least one.
    pub(super) fn find(&self, host: &str, port: u16, until: Instant) -> io::Result<Vec<SocketAddr>> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        // RFC 6761 §6.3: "Name resolution APIs and libraries SHOULD recognize localhost names as special and SHOULD always return the IP
        // loopback address".
        if host.eq_ignore_ascii_case("localhost") {
            let both: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
            return Ok(both.map(|address| SocketAddr::new(address, port)).to_vec());
        }
        let found = self.ask(host.to_owned(), port, until)?;
        if found.is_empty() { Err(unknown()) } else { Ok(found) }
    }

    fn ask(&self, host: String, port: u16, until: Instant) -> io::Result<Vec<SocketAddr>> {
        if self.0.fetch_add(1, Ordering::SeqCst) >= MOST_LOOK_UPS {
            self.0.fetch_sub(1, Ordering::SeqCst);
            return Err(io::ErrorKind::TimedOut.into());
        }
        let (tell, hear) = mpsc::sync_channel(1);
        let look_ups = self.clone();
        let asking = move || {
            let found = (host.as_str(), port).to_socket_addrs().map(Iterator::collect).map_err(|_| unknown());
            look_ups.0.fetch_sub(1, Ordering::SeqCst);
            // Nobody listens any more if it took too long.
            let _ = tell.send(found);
        };
        thread::Builder::new()
            .name("active name".to_owned())
            .stack_size(256 * 1024)
            .spawn(asking)
            .inspect_err(|_| _ = self.0.fetch_sub(1, Ordering::SeqCst))?;
        hear.recv_timeout(until.saturating_duration_since(Instant::now()))
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }
}

fn unknown() -> io::Error {
    io::Error::new(io::ErrorKind::AddrNotAvailable, "there is no such host")
}
