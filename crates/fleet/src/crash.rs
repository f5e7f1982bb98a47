//! A process that dies, or stands still, at a point of a renewal it was told.
//!
//! `fleet crash ORDER`, where the order is JSON. It steps one renewal by hand, with its clock set forward, and says how it ended as one line of
//! JSON, if it lives to.

use std::process::ExitCode;

use oauth_core::{Now, Step, Token};
use oauth_ureq::now;
use rustix::process::{Signal, getpid, kill_process};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::port::Berth;

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) berth: Berth,
    /// How far its clocks are ahead, in ms.
    pub(crate) ahead_ms: i64,
    /// Where it is to be hit; None for not at all.
    pub(crate) at: Option<Point>,
    /// Stopped (SIGSTOP) instead of killed (SIGKILL).
    pub(crate) stop: bool,
}

/// A moment of a renewal, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Point {
    BeforeLook,
    BeforeLock,
    BeforeRead,
    BeforeIntent,
    AfterIntent,
    BeforeSend,
    AfterAnswer,
    BeforeKeep,
    AfterKeep,
    BeforeUnlock,
    AfterUnlock,
}

impl Point {
    pub(crate) const ALL: [Self; 11] = [
        Self::BeforeLook,
        Self::BeforeLock,
        Self::BeforeRead,
        Self::BeforeIntent,
        Self::AfterIntent,
        Self::BeforeSend,
        Self::AfterAnswer,
        Self::BeforeKeep,
        Self::AfterKeep,
        Self::BeforeUnlock,
        Self::AfterUnlock,
    ];
}

pub(crate) fn main(order: &str) -> ExitCode {
    let order: Order = serde_json::from_str(order).expect("an order");
    let (session, agent) = (order.berth.session(), order.berth.agent());
    let hit = |point: Point| {
        if order.at == Some(point) {
            let signal = if order.stop { Signal::STOP } else { Signal::KILL };
            kill_process(getpid(), signal).expect("ourselves");
        }
    };
    let clock = || {
        let now = now();
        // The wall clock is enough to be at another time; the monotonic one measures real pauses.
        Now { wall: now.wall + order.ahead_ms, ..now }
    };
    let mut exchange = session.token();
    // The leader's errands, in their order.
    let before =
        [Point::BeforeLook, Point::BeforeLock, Point::BeforeRead, Point::BeforeIntent, Point::BeforeKeep, Point::BeforeUnlock];
    let (mut errands, mut waited) = (0, false);
    let ended: Result<Token, _> = loop {
        match exchange.step(clock()) {
            Err(error) => break Err(error),
            Ok(Step::Done(token)) => break Ok(token),
            Ok(Step::Send(request)) => {
                hit(Point::BeforeSend);
                let outcome = agent.carry(request);
                hit(Point::AfterAnswer);
                exchange.receive(outcome);
            }
            Ok(Step::Store(errand)) => {
                if let (Some(point), false) = (before.get(errands), waited) {
                    hit(*point);
                }
                errand.run();
                errands += 1;
                match errands {
                    4 => hit(Point::AfterIntent),
                    5 => hit(Point::AfterKeep),
                    6 => hit(Point::AfterUnlock),
                    _ => {}
                }
            }
            Ok(Step::Wait(pause)) => {
                // It waits for another's lock, so the errands' order is another one.
                waited = true;
                std::thread::sleep(pause);
            }
            Ok(_) => unreachable!("a session gives no other step"),
        }
    };
    let said = match ended {
        Ok(token) => json!({"token": token.saved().expose()}),
        Err(error) => json!({"kind": error.kind().as_str(), "error": error.to_string()}),
    };
    println!("{said}");
    ExitCode::SUCCESS
}
