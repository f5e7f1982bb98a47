//! Where does a host live?
//!
//! ureq asks for the address at every request, before it looks at its pool. So answers are kept for some seconds. `getaddrinfo` can hang
//! for half a minute and cannot be interrupted, which is why it runs on a thread of its own: one for each name that is not known, at most
//! [`MOST_LOOKUPS`] at a time, while the request waits in slices. A look-up that outlives its request leaves its answer for the next one.

use std::{
    collections::HashMap,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use http::Uri;
use ureq::{
    config::Config,
    unversioned::{
        resolver::{ResolvedSocketAddrs, Resolver},
        transport::NextTimeout,
    },
};

use crate::trip::{SLICE, Stage, Trip};

/// How long an answer is believed.
const KEPT: Duration = Duration::from_secs(5);
/// How long a failure is believed: long enough for everyone who waits for it.
const FAILURE_KEPT: Duration = Duration::from_millis(500);
const MOST_LOOKUPS: usize = 8;
const MOST_NAMES: usize = 256;
const MOST_ADDRESSES: usize = 16;

/// The names of one agent.
#[derive(Default)]
pub(crate) struct Names(Arc<Book>);

#[derive(Default)]
struct Book {
    entries: Mutex<HashMap<String, Entry>>,
    changed: Condvar,
}

enum Entry {
    /// A thread is asking.
    Asked,
    /// What it heard, and when. No address: there is no such host.
    Heard(Vec<IpAddr>, Instant),
}

impl Resolver for Names {
    fn resolve(&self, uri: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let trip = Trip::current()?;
        trip.reach(if trip.goes_to(uri) { Stage::Name } else { Stage::Proxy });
        let host = uri.host().ok_or(ureq::Error::HostNotFound)?;
        let default = if uri.scheme_str() == Some("https") { 443 } else { 80 };
        let port = uri.port_u16().unwrap_or(default);
        let mut found = self.empty();
        let mut add = |addresses: &[IpAddr]| {
            for address in addresses.iter().take(MOST_ADDRESSES) {
                found.push(SocketAddr::new(*address, port));
            }
        };
        match literal(host) {
            Some(address) => add(&[address]),
            // RFC 6761 §6.3: "Name resolution APIs and libraries SHOULD recognize localhost names as special and
            // SHOULD always return the IP loopback address". Plain http to loopback relies on it.
            None if host.eq_ignore_ascii_case("localhost") => add(&[Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]),
            None => self.0.look_up(host, &trip, add)?,
        }
        if found.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(found) }
    }
}

/// The address that a host in a URL spells out, if it does.
pub(crate) fn literal(host: &str) -> Option<IpAddr> {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(v6) => v6.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => host.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
    }
}

impl Book {
    fn look_up(self: &Arc<Self>, host: &str, trip: &Trip, give: impl FnOnce(&[IpAddr])) -> Result<(), ureq::Error> {
        let mut entries = self.lock();
        loop {
            match entries.get(host) {
                Some(Entry::Heard(addresses, at)) if at.elapsed() < if addresses.is_empty() { FAILURE_KEPT } else { KEPT } => {
                    give(addresses);
                    return Ok(());
                }
                Some(Entry::Asked) => {}
                Some(Entry::Heard(..)) | None => self.ask(&mut entries, host)?,
            }
            let (again, _) = self.changed.wait_timeout(entries, SLICE).unwrap_or_else(PoisonError::into_inner);
            drop(again);
            // Not under the lock: the interrupt is the program's code and may take its time.
            trip.may_go_on()?;
            entries = self.lock();
        }
    }

    fn ask(self: &Arc<Self>, entries: &mut HashMap<String, Entry>, host: &str) -> Result<(), ureq::Error> {
        if entries.values().filter(|entry| matches!(entry, Entry::Asked)).count() >= MOST_LOOKUPS {
            return Err(ureq::Error::HostNotFound);
        }
        if entries.len() >= MOST_NAMES {
            entries.retain(|_, entry| matches!(entry, Entry::Asked));
        }
        let (book, name) = (Arc::clone(self), host.to_owned());
        let asking = move || {
            let heard = (name.as_str(), 0).to_socket_addrs();
            let addresses = heard.map(|all| all.map(|address| address.ip()).collect()).unwrap_or_default();
            book.lock().insert(name, Entry::Heard(addresses, Instant::now()));
            book.changed.notify_all();
        };
        thread::Builder::new().name("oauth-ureq name".to_owned()).stack_size(256 * 1024).spawn(asking)?;
        entries.insert(host.to_owned(), Entry::Asked);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Names")
    }
}
