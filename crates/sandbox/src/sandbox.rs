//! How does a sandbox start, and how does it end?

use std::collections::HashMap;
use std::fs;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::JoinHandle;

use httpmock::MockServer;
use serde_json::{Value, json};
use socket2::SockRef;

use crate::certificates::Certificates;
use crate::state::State;
use crate::stop::Stop;
use crate::{Error, Origin, Provider, dialect, front, random, seed, serve};

/// How a sandbox is to be started. `Options::default()` is what nearly everybody wants.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The folder under which the sandbox makes its own, for `ca.pem`. The system's temporary folder unless set.
    pub folder: PathBuf,
    /// How many TLS connections may be open at a time; further ones are closed at once. 256 unless set.
    pub max_connections: usize,
    /// The port of the first origin; the others follow, in the order of [`Origin::ALL`]. 0, the default, takes free ones.
    pub first_port: u16,
}

impl Default for Options {
    fn default() -> Self {
        Self { folder: std::env::temp_dir(), max_connections: 256, first_port: 0 }
    }
}

/// Four providers (and three bad certificates) that serve on loopback until this is dropped.
///
/// It may be shared between threads; every method takes `&self`.
///
/// ```
/// let sandbox = active_sandbox::Sandbox::start(active_sandbox::Options::default())?;
/// assert!(sandbox.url(active_sandbox::Origin::BuildPass).starts_with("https://localhost:"));
/// assert!(sandbox.ca_path().ends_with("ca.pem"));
/// # Ok::<(), active_sandbox::Error>(())
/// ```
pub struct Sandbox {
    pub(crate) shared: Arc<Shared>,
    /// Handed back to httpmock's pool when the sandbox ends.
    server: MockServer,
    folder: Folder,
    ca_pem: String,
    accepting: Vec<JoinHandle<()>>,
}

/// What the threads of one sandbox share.
pub(crate) struct Shared {
    state: Mutex<State>,
    pub(crate) stop: Stop,
    addresses: HashMap<Origin, (SocketAddr, String)>,
    server: OnceLock<SocketAddr>,
    description: OnceLock<Value>,
    open: Mutex<HashMap<u64, TcpStream>>,
    max_connections: usize,
    numbers: AtomicU64,
}

/// The right to be one of the open connections; given back when dropped.
pub(crate) struct Seat {
    shared: Arc<Shared>,
    pub(crate) number: u64,
}

impl Sandbox {
    /// Makes an authority, writes `ca.pem`, and serves. Returns once every address answers.
    ///
    /// # Errors
    /// [`Error::System`] where a port, a folder or a thread cannot be had, [`Error::NoServer`] where more than 25
    /// sandboxes are alive in this process. Certificates do not fail in practice.
    pub fn start(options: Options) -> Result<Self, Error> {
        let certificates = Certificates::new()?;
        let folder = Folder::new(&options.folder)?;
        let ca_pem = certificates.ca_pem().to_owned();
        fs::write(folder.ca_path(), &ca_pem).map_err(Error::system("write ca.pem"))?;
        let mut listeners = Vec::new();
        let mut addresses = HashMap::new();
        for (index, origin) in (0..).zip(Origin::ALL) {
            let port = if options.first_port == 0 { 0 } else { options.first_port.saturating_add(index) };
            let listener = front::listen(port)?;
            let address = listener.local_addr().map_err(Error::system("listen on 127.0.0.1"))?;
            addresses.insert(origin, (address, format!("https://localhost:{}", address.port())));
            listeners.push((origin, listener));
        }
        let shared = Arc::new(Shared {
            state: Mutex::new(State::new()),
            stop: Stop::default(),
            addresses,
            server: OnceLock::new(),
            description: OnceLock::new(),
            open: Mutex::default(),
            max_connections: options.max_connections,
            numbers: AtomicU64::new(1),
        });
        let server = serve::start(Arc::clone(&shared))?;
        let address = *shared.server.get_or_init(|| *server.address());
        shared.description.get_or_init(|| describe(&shared, address, &folder.ca_path()));
        let mut sandbox = Self { shared, server, folder, ca_pem, accepting: Vec::new() };
        sandbox.accept(listeners, &certificates)?;
        Ok(sandbox)
    }

    fn accept(&mut self, listeners: Vec<(Origin, TcpListener)>, certificates: &Certificates) -> Result<(), Error> {
        for (origin, listener) in listeners {
            let tls = certificates.server(origin)?;
            self.accepting.push(front::accept(Arc::clone(&self.shared), origin, listener, tls)?);
        }
        Ok(())
    }

    /// Where an origin listens: `https://localhost:PORT`, without a trailing slash.
    #[must_use]
    pub fn url(&self, origin: Origin) -> &str {
        self.shared.url(origin)
    }

    /// The control address: `http://127.0.0.1:PORT`, without a trailing slash.
    #[must_use]
    pub fn control_url(&self) -> String {
        control_url(*self.server.address())
    }

    /// The certificate of the authority, in a file that is removed when the sandbox ends.
    #[must_use]
    pub fn ca_path(&self) -> PathBuf {
        self.folder.ca_path()
    }

    /// The certificate of the authority as PEM text.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// Everything a test needs to know: what the program prints as its one line. See the README for its members.
    #[must_use]
    pub fn describe(&self) -> &Value {
        self.shared.describe()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.shared.stop.raise();
        for (address, _) in self.shared.addresses.values() {
            // Wakes the thread that waits for the next connection.
            drop(TcpStream::connect(address));
        }
        for thread in self.accepting.drain(..) {
            drop(thread.join());
        }
        for stream in self.shared.open().values() {
            drop(stream.shutdown(Shutdown::Both));
        }
        // Back in httpmock's pool, the server would go on to answer at the control address until it is used again.
        self.server.reset();
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("control", &self.control_url()).finish_non_exhaustive()
    }
}

impl Shared {
    /// The state, also after a thread died while it held it.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn url(&self, origin: Origin) -> &str {
        self.addresses.get(&origin).map_or("", |(_, url)| url)
    }

    pub(crate) fn describe(&self) -> &Value {
        self.description.get().unwrap_or(&Value::Null)
    }

    /// Where httpmock listens.
    pub(crate) fn server(&self) -> SocketAddr {
        self.server.get().copied().unwrap_or_else(|| ([127, 0, 0, 1], 0).into())
    }

    /// A seat for a new connection; `None` when all are taken.
    pub(crate) fn seat(self: &Arc<Self>, stream: &TcpStream) -> Option<Seat> {
        let mut open = self.open();
        if open.len() >= self.max_connections {
            return None;
        }
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        open.insert(number, stream.try_clone().ok()?);
        Some(Seat { shared: Arc::clone(self), number })
    }

    /// Has the connection reset as soon as its thread lets go of it: SO_LINGER of zero, and no other handle on it.
    pub(crate) fn reset(&self, number: u64, stream: &TcpStream) -> io::Result<()> {
        drop(self.open().remove(&number));
        SockRef::from(stream).set_linger(Some(std::time::Duration::ZERO))
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, TcpStream>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        drop(self.shared.open().remove(&self.number));
    }
}

/// A folder of our own, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(parent: &Path) -> Result<Self, Error> {
        let path = parent.join(format!("active-sandbox-{}-{}", std::process::id(), random::hex(4)));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(Error::system("make a folder"))?;
        Ok(Self(path))
    }

    fn ca_path(&self) -> PathBuf {
        self.0.join("ca.pem")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn control_url(address: SocketAddr) -> String {
    format!("http://{address}")
}

fn describe(shared: &Shared, server: SocketAddr, ca_path: &Path) -> Value {
    let urls = |origins: &[Origin]| -> Value {
        origins.iter().map(|origin| (origin.name().to_owned(), json!(shared.url(*origin)))).collect()
    };
    let endpoints: Value = Provider::ALL
        .into_iter()
        .map(|provider| {
            let base = shared.url(provider.into());
            let own: Value = dialect::endpoints(provider)
                .iter()
                .map(|(name, path)| ((*name).to_owned(), json!(format!("{base}{path}"))))
                .collect();
            (provider.name().to_owned(), own)
        })
        .collect();
    json!({
        "version": 1,
        "ca": ca_path,
        "control": control_url(server),
        "providers": urls(&Provider::ALL.map(Origin::from)),
        "bad": urls(&Origin::BAD),
        "endpoints": endpoints,
        "credentials": seed::credentials(),
    })
}
