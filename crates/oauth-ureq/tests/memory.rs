//! What does a hostile answer cost?
//!
//! Its own test program, since it looks at the memory and the threads of the whole process.
#![allow(clippy::unwrap_used)]
#![cfg(target_os = "linux")]

mod support;

use std::{
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use oauth_core::{Cause, Sent};
use support::{Server, answer, failed, request, token_answer};

/// A number of /proc/self/status: `VmHWM` (peak memory in KiB), `Threads`.
fn status(field: &str) -> usize {
    let all = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = all.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// 200 MB of zeros as gzip: 200 KB on the wire.
fn bomb() -> Vec<u8> {
    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let zeros = vec![b' '; 1 << 20];
    (0..200).for_each(|_| zipped.write_all(&zeros).unwrap());
    zipped.finish().unwrap()
}

#[test]
fn cve_2024_28180_a_hostile_answer_costs_its_cap_and_a_request_costs_no_thread() {
    let written = Arc::new(AtomicUsize::new(0));
    let zipped = bomb();
    let kinds: [(&str, &[u8]); 4] = [
        ("chunked without end", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"),
        ("until the connection ends", b"HTTP/1.1 200 OK\r\n\r\n"),
        ("announced", b"HTTP/1.1 200 OK\r\ncontent-length: 200000000\r\n\r\n"),
        ("gzip", b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n"),
    ];
    for (kind, head) in kinds {
        let (count, zipped) = (Arc::clone(&written), zipped.clone());
        count.store(0, Ordering::SeqCst);
        let server = Server::start(move |conversation| {
            request(conversation);
            let _ = conversation.write_all(head);
            let chunked = head.windows(7).any(|word| word == b"chunked");
            let piece = [b'x'; 64 * 1024];
            for n in 0..3200 {
                let piece = if kind == "gzip" { zipped.chunks(64 * 1024).nth(n).unwrap_or_default() } else { &piece[..] };
                let framed =
                    if chunked { [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat() } else { piece.to_vec() };
                if conversation.write_all(&framed).is_err() {
                    return;
                }
                count.fetch_add(piece.len(), Ordering::SeqCst);
            }
        });
        let agent = server.agent();
        let (before, begun) = (status("VmHWM"), Instant::now());
        let failure = failed(agent.carry(server.token_request()));
        assert_eq!((failure.cause, failure.sent), (Cause::TooLarge, Sent::Maybe), "{kind}: {failure}");
        let grown = status("VmHWM") - before;
        assert!(grown < 4 * 1024, "{kind}: {grown} KiB more, server and client together");
        assert!(begun.elapsed() < Duration::from_secs(5), "{kind}: {:?}", begun.elapsed());
        std::thread::sleep(Duration::from_millis(50));
        // What the kernel's buffers hold beyond the cap was written but never read.
        assert!(written.load(Ordering::SeqCst) < 12 << 20, "{kind}: {} bytes written", written.load(Ordering::SeqCst));
    }

    // The cap is exact.
    let server = Server::always(answer("200 OK", "", &"x".repeat(1000)));
    assert_eq!(server.trusting().max_body(1000).build().unwrap().carry(server.token_request()).unwrap().body().len(), 1000);
    let failure = failed(server.trusting().max_body(999).build().unwrap().carry(server.token_request()));
    assert_eq!((failure.cause, failure.detail.as_str()), (Cause::TooLarge, "the answer is larger than 999 bytes"));

    let server = Server::always(token_answer());
    let agent = server.agent();
    agent.carry(server.token_request()).unwrap();
    let threads = status("Threads");
    for _ in 0..50 {
        agent.carry(server.token_request()).unwrap();
    }
    assert_eq!(status("Threads"), threads);
}
