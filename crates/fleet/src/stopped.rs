//! What if the lock's holder is stopped until the lock is another's?

use std::time::Duration;

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

use crate::{
    crash::{Order, Point},
    killed::{run, said, start},
    port::{Berth, Port},
    redis::Redis,
    report::Report,
};

const DEADLINE_MS: u64 = 1_000;
const OVER: i64 = 3_600_000;

pub(crate) fn trial(report: &mut Report, port: &Port) {
    let redis = Redis::start(port.folder("redis"));
    for (point, late) in [(Point::BeforeRead, "nothing"), (Point::AfterIntent, "nothing"), (Point::BeforeSend, "its one request")]
    {
        let berth = Berth { deadline_ms: DEADLINE_MS, ..port.berth(&redis.url()) };
        port.log_in(&berth);
        let before = port.token_requests();
        let order = Order { berth: berth.clone(), ahead_ms: OVER, at: Some(point), stop: true };
        let holder = start(&order);
        let pid = Pid::from_raw(i32::try_from(holder.id()).expect("a pid")).expect("a pid");
        let (_, status) = waitpid(Some(pid), WaitOptions::UNTRACED).expect("ours").expect("stopped");
        report.check(status.stopped(), || format!("{point:?}: it did not stop"));
        // The lease is twice the deadline.
        std::thread::sleep(Duration::from_millis(2 * DEADLINE_MS + 100));
        let other = Order { at: None, ..order.clone() };
        let meanwhile = run(&other).expect("nobody killed it");
        kill_process(pid, Signal::CONT).expect("ours");
        let holder = said(holder).expect("it goes on");
        let after = run(&other).expect("nobody killed it");
        let sent = port.token_requests() - before;
        let uses = port.most_uses_of_a_refresh_token();
        report.check(uses == 1 && sent == 1, || format!("{point:?}: {sent} requests, a refresh token sent {uses} times"));
        report.check(after["token"].is_string(), || format!("{point:?}: afterwards {after}"));
        let said =
            |end: &serde_json::Value| if end["token"].is_string() { "a token".to_owned() } else { format!("{}", end["kind"]) };
        report.say(&format!(
            "holder stopped {point:?} beyond its lease: meanwhile {}, the holder sends {late} and gets {}, afterwards {}; {sent} request",
            said(&meanwhile),
            said(&holder),
            said(&after)
        ));
        port.sandbox.clear_log();
    }
}
