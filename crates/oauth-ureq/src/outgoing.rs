//! When do a request's bytes leave, and what of them does ureq not see?
//!
//! The transport above TLS. It holds back what ureq writes until ureq wants to read, so that header and body leave in one piece; it knows
//! the moment from which the server may have seen something; and it puts the query into the request line. ureq prints whole URLs at log
//! level trace, and at the providers of `access_token=…` the query is the token: so ureq gets the URL without it.

use std::{fmt, io::ErrorKind};

use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport};
use zeroize::Zeroize;

use crate::trip::{Stage, Trip};

/// An answer's header has to fit: see `builder::LARGEST_HEADER`.
const INPUT: usize = 64 * 1024;
/// A header field of a request has to fit.
const OUTPUT: usize = 32 * 1024;
/// What is held back before it is written all the same.
const HELD: usize = 16 * 1024;

/// Puts the last transport on the connection to the server (and none on that to a proxy).
#[derive(Debug)]
pub(crate) struct OutgoingConnector;

impl<In: Transport> Connector<In> for OutgoingConnector {
    type Out = Either<In, Outgoing<In>>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        let trip = Trip::current()?;
        Ok(chained.map(|inner| {
            if trip.goes_to(details.uri) {
                Either::B(Outgoing { inner, buffers: LazyBuffers::new(INPUT, OUTPUT), held: Vec::new(), begun: false })
            } else {
                Either::A(inner)
            }
        }))
    }
}

pub(crate) struct Outgoing<T> {
    inner: T,
    buffers: LazyBuffers,
    /// What ureq wrote and nobody sent yet.
    held: Vec<u8>,
    /// Whether the request line of the present request has left.
    begun: bool,
}

impl<T: Transport> Outgoing<T> {
    fn flush(&mut self, timeout: NextTimeout) -> Result<(), ureq::Error> {
        if self.held.is_empty() {
            return Ok(());
        }
        let trip = Trip::current()?;
        trip.may_go_on()?;
        trip.reach(Stage::Sent);
        let at = if self.begun { 0 } else { end_of_target(&self.held) };
        let query = trip.query().filter(|_| !self.begun);
        self.begun = true;
        let pieces = [&self.held[..at], query.map_or("", |_| "?").as_bytes(), query.unwrap_or_default().as_bytes(), &self.held[at..]];
        let mut filled = 0;
        for mut piece in pieces {
            while !piece.is_empty() {
                let room = &mut self.inner.buffers().output()[filled..];
                let amount = room.len().min(piece.len());
                room[..amount].copy_from_slice(&piece[..amount]);
                filled += amount;
                piece = &piece[amount..];
                if amount == room.len() {
                    self.inner.transmit_output(filled, timeout)?;
                    filled = 0;
                }
            }
        }
        if filled > 0 {
            self.inner.transmit_output(filled, timeout)?;
        }
        self.held.zeroize();
        Ok(())
    }
}

/// Where the request target ends in `GET /path HTTP/1.1`.
fn end_of_target(head: &[u8]) -> usize {
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    line.iter().rposition(|byte| *byte == b' ').unwrap_or(line.len())
}

impl<T: Transport> Transport for Outgoing<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let output = &mut self.buffers.output()[..amount];
        self.held.extend_from_slice(output);
        output.zeroize();
        if self.held.len() > HELD { self.flush(timeout) } else { Ok(()) }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.flush(timeout)?;
        let made_progress = match self.inner.maybe_await_input(timeout) {
            Err(ureq::Error::Io(error)) if error.kind() == ErrorKind::UnexpectedEof => {
                Trip::current()?.unclosed.set(true);
                return Err(error.into());
            }
            other => other?,
        };
        let input = self.inner.buffers().input();
        let room = self.buffers.input_append_buf();
        let amount = input.len().min(room.len());
        room[..amount].copy_from_slice(&input[..amount]);
        self.buffers.input_appended(amount);
        self.inner.buffers().input_consume(amount);
        Ok(made_progress && amount > 0)
    }

    fn is_open(&mut self) -> bool {
        // Asked once when a connection goes to rest and once when it is taken again: the next request begins with its own line.
        self.begun = false;
        self.held.is_empty() && self.inner.buffers().input().is_empty() && self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

impl<T> Drop for Outgoing<T> {
    fn drop(&mut self) {
        self.held.zeroize();
    }
}

impl<T> fmt::Debug for Outgoing<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outgoing")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_goes_behind_the_path_and_nowhere_else() {
        for (head, target) in [("GET /a HTTP/1.1\r\nhost: x y\r\n", "GET /a"), ("POST / HTTP/1.1\r\n\r\n", "POST /"), ("GET", "GET")] {
            assert_eq!(&head[..end_of_target(head.as_bytes())], target);
        }
    }
}
