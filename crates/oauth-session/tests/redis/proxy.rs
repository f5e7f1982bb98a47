//! What if the connection breaks after Redis did what it was asked, and before we hear of it?

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// Stands before a Redis. Of the next `cuts` answers not a byte comes through: the connection ends instead.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    pub(crate) cuts: Arc<AtomicUsize>,
    pub(crate) connections: Arc<AtomicUsize>,
}

impl Proxy {
    pub(crate) fn before(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let proxy = Self { port, cuts: Arc::default(), connections: Arc::default() };
        let (cuts, connections) = (Arc::clone(&proxy.cuts), Arc::clone(&proxy.connections));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                connections.fetch_add(1, Ordering::SeqCst);
                let server = TcpStream::connect(("127.0.0.1", server)).unwrap();
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                thread::spawn(move || pass(from, to, &AtomicUsize::new(0)));
                let cuts = Arc::clone(&cuts);
                thread::spawn(move || pass(server, client, &cuts));
            }
        });
        proxy
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, cuts: &AtomicUsize) {
    let mut buffer = [0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        let cut = cuts.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |cuts| cuts.checked_sub(1)).is_ok();
        if cut || to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
