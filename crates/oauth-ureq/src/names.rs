//! Where does a host live?
//!
//! ureq asks for the address at every request, before it looks at its pool. So answers are kept for some seconds. `getaddrinfo` can hang
//! for half a minute and cannot be interrupted, which is why it runs on a thread of its own: one for each name that is not known, at most
//! [`MOST_LOOKUPS`] at a time, while the request waits in slices. A look-up that outlives its request leaves its answer for the next one.

use std::{
    collections::HashMap,
    fmt, io,
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
pub(crate) struct Names(Arc<Book>);

struct Book {
    entries: Mutex<HashMap<String, Entry>>,
    changed: Condvar,
    ask: Box<Ask>,
}

/// Whom a name is asked of, which may block for long.
type Ask = dyn Fn(&str) -> Vec<IpAddr> + Send + Sync;

enum Entry {
    /// A thread is asking.
    Asked,
    /// What it heard, and when. No address: there is no such host.
    Heard(Vec<IpAddr>, Instant),
}

impl Names {
    /// Asked of the operating system.
    pub(crate) fn of_system() -> Self {
        Self::asked_of(|host| {
            let heard = (host, 0).to_socket_addrs();
            heard.map(|all| all.map(|address| address.ip()).collect()).unwrap_or_default()
        })
    }

    fn asked_of(ask: impl Fn(&str) -> Vec<IpAddr> + Send + Sync + 'static) -> Self {
        Self(Arc::new(Book { entries: Mutex::default(), changed: Condvar::new(), ask: Box::new(ask) }))
    }
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
            return Err(io::Error::from(io::ErrorKind::WouldBlock).into());
        }
        if entries.len() >= MOST_NAMES {
            entries.retain(|_, entry| matches!(entry, Entry::Asked));
        }
        let (book, name) = (Arc::clone(self), host.to_owned());
        let asking = move || {
            let addresses = (book.ask)(&name);
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

#[cfg(test)]
mod tests {
    use std::{
        rc::Rc,
        sync::atomic::{AtomicUsize, Ordering},
    };

    use super::*;
    use crate::{
        cancel::Cancel,
        trip::{Limits, Stop, Stops},
    };

    /// Resolves `host` as a request does that may take `limit`.
    fn resolve(names: &Names, host: &str, limit: Duration, stops: Stops) -> (Result<Vec<SocketAddr>, ureq::Error>, Rc<Trip>) {
        let uri: Uri = format!("https://{host}/").parse().expect("a URL");
        let trip = Rc::new(Trip::new(uri.clone(), Limits { deadline: limit, connect: limit }, stops));
        let _entered = trip.enter();
        let found = names.resolve(&uri, &Config::default(), NextTimeout::default());
        (found.map(|found| found.iter().copied().collect()), trip)
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_name_is_asked_once_for_many_requests_and_threads() {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let names = Names::asked_of(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(50));
            vec![Ipv4Addr::new(192, 0, 2, 1).into()]
        });
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let (found, _) = resolve(&names, "a.example:8443", SECOND, Stops::default());
                    assert_eq!(found.expect("found"), ["192.0.2.1:8443".parse().expect("an address")]);
                });
            }
        });
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_look_up_that_hangs_ends_with_the_deadline_or_a_cancel_and_holds_one_thread() {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let names = Names::asked_of(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            thread::sleep(Duration::from_secs(20));
            Vec::new()
        });
        let begun = Instant::now();
        let (failed, trip) = resolve(&names, "a.example", Duration::from_millis(200), Stops::default());
        assert!(failed.is_err() && trip.stopped() == Some(Stop::Deadline));
        let cancel = Cancel::new();
        cancel.cancel();
        let (failed, trip) = resolve(&names, "a.example", SECOND, Stops { cancel: Some(cancel), interrupt: None });
        assert!(failed.is_err() && trip.stopped() == Some(Stop::Cancelled));
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn there_are_never_more_than_a_few_look_ups() {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let names = Names::asked_of(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            thread::sleep(Duration::from_secs(2));
            Vec::new()
        });
        for n in 0..2 * MOST_LOOKUPS {
            let (failed, _) = resolve(&names, &format!("h{n}.example"), Duration::from_millis(1), Stops::default());
            failed.expect_err("none of them answers");
        }
        thread::sleep(Duration::from_millis(50));
        assert_eq!(asked.load(Ordering::SeqCst), MOST_LOOKUPS);
    }

    #[test]
    fn loopback_is_known_without_asking() {
        let names = Names::asked_of(|host| panic!("asked for {host}"));
        for (host, first) in [
            ("localhost", "127.0.0.1:443"),
            ("LOCALHOST:1", "127.0.0.1:1"),
            ("[::1]:2", "[::1]:2"),
            ("127.0.0.9", "127.0.0.9:443"),
        ] {
            let (found, _) = resolve(&names, host, SECOND, Stops::default());
            assert_eq!(found.expect(host).first().expect(host).to_string(), first);
        }
    }

    #[test]
    fn a_name_that_is_not_found_is_an_error() {
        let (failed, trip) = resolve(&Names::asked_of(|_| Vec::new()), "a.example", SECOND, Stops::default());
        assert!(matches!(failed, Err(ureq::Error::HostNotFound)) && trip.stopped().is_none());
    }
}
