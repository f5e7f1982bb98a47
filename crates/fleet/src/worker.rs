//! One worker in Rust. The workers of the other languages speak the same:
//!
//! The first line of standard input is a [`Berth`] in JSON; the worker answers `{"ready":true}`. Then each line `go N` has each of its threads
//! call the API N times with the one session, and is answered `{"ok":…,"failed":…,"error":…}`, the last error's text among it. It
//! ends with its input.

use std::{
    io::BufRead,
    process::ExitCode,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use oauth_core::Call;
use serde_json::json;

use crate::port::Berth;

pub(crate) fn main() -> ExitCode {
    let mut lines = std::io::stdin().lock().lines().map_while(Result::ok);
    let berth: Berth = serde_json::from_str(&lines.next().unwrap_or_default()).expect("a berth");
    let (session, agent) = (berth.session(), berth.agent());
    println!("{}", json!({"ready": true}));
    for line in lines {
        let calls: u32 = line.trim_start_matches("go ").parse().expect("go N");
        let (ok, failed, error) = (AtomicU32::new(0), AtomicU32::new(0), Mutex::new(None));
        std::thread::scope(|scope| {
            for _ in 0..berth.threads {
                scope.spawn(|| {
                    for _ in 0..calls {
                        match agent.run(session.call(Call::get("/v1/builders"))) {
                            Ok(reply) if reply.answer.status() == 200 => ok.fetch_add(1, Ordering::Relaxed),
                            other => {
                                *error.lock().expect("no panic") = Some(match other {
                                    Ok(reply) => format!("HTTP {}", reply.answer.status()),
                                    Err(error) => error.to_string(),
                                });
                                failed.fetch_add(1, Ordering::Relaxed)
                            }
                        };
                    }
                });
            }
        });
        println!("{}", json!({"ok": ok, "failed": failed, "error": *error.lock().expect("no panic")}));
    }
    ExitCode::SUCCESS
}
