//! When do a request's bytes leave?
//!
//! The transport above TLS. It holds back what ureq writes until ureq wants to read, so that header and body leave in one piece, and it
//! knows the moment from which the server may have seen something.

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
                Either::B(Outgoing { inner, buffers: LazyBuffers::new(INPUT, OUTPUT), held: Vec::new() })
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
}

impl<T: Transport> Outgoing<T> {
    fn flush(&mut self, timeout: NextTimeout) -> Result<(), ureq::Error> {
        if self.held.is_empty() {
            return Ok(());
        }
        let trip = Trip::current()?;
        trip.may_go_on()?;
        trip.reach(Stage::Sent);
        let mut rest = &self.held[..];
        while !rest.is_empty() {
            let output = self.inner.buffers().output();
            let amount = output.len().min(rest.len());
            output[..amount].copy_from_slice(&rest[..amount]);
            self.inner.transmit_output(amount, timeout)?;
            rest = &rest[amount..];
        }
        // Only what was used: wiping the whole capacity would cost more than the request.
        self.held[..].zeroize();
        self.held.clear();
        Ok(())
    }
}

impl<T: Transport> Transport for Outgoing<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        if self.held.capacity() == 0 {
            // Enough for most requests: each growth would leave a copy behind that nobody wipes.
            self.held.reserve(4 * 1024);
        }
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
    use std::{rc::Rc, time::Duration};

    use super::*;
    use crate::trip::{Limits, Stops};

    /// A connection that writes down what is sent at once, and answers nothing.
    #[derive(Debug)]
    struct Recorder {
        sent: Vec<usize>,
        buffers: LazyBuffers,
    }

    impl Transport for Recorder {
        fn buffers(&mut self) -> &mut dyn Buffers {
            &mut self.buffers
        }

        fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
            self.sent.push(amount);
            Ok(())
        }

        fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
            Ok(false)
        }

        fn is_open(&mut self) -> bool {
            true
        }
    }

    #[test]
    fn header_and_body_leave_in_one_piece_when_the_answer_is_awaited() {
        let minute = Duration::from_secs(60);
        let uri = "https://a.example/".parse().expect("a URL");
        let trip = Rc::new(Trip::new(uri, Limits { deadline: minute, connect: minute }, Stops::default()));
        let _entered = trip.enter();
        let recorder = Recorder { sent: Vec::new(), buffers: LazyBuffers::new(1000, 1000) };
        let mut outgoing = Outgoing { inner: recorder, buffers: LazyBuffers::new(INPUT, OUTPUT), held: Vec::new() };

        for amount in [300, 100] {
            outgoing.buffers().output()[..amount].fill(b'x');
            outgoing.transmit_output(amount, NextTimeout::default()).expect("held back");
        }
        assert!(outgoing.inner.sent.is_empty() && trip.stage() < Stage::Sent && !outgoing.is_open());
        outgoing.await_input(NextTimeout::default()).expect("no answer yet");
        assert!(outgoing.inner.sent == [400] && trip.stage() == Stage::Sent && outgoing.is_open());

        // What is large does not pile up here, and leaves in pieces of the buffer below.
        outgoing.transmit_output(HELD + 500, NextTimeout::default()).expect("sent");
        assert_eq!(outgoing.inner.sent.iter().sum::<usize>(), 400 + HELD + 500);
        assert!(outgoing.inner.sent.iter().all(|amount| *amount <= 1000));
        // Nothing of it stays in memory.
        assert!(outgoing.buffers.output()[..HELD + 500].iter().all(|byte| *byte == 0));
    }
}
