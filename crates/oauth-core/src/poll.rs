//! When do we ask again?
//!
//! Polling for a token that a user approves elsewhere: RFC 8628 §3.5, and OpenID CIBA Core 1.0 §10.1 and §11, which took it over. Two
//! reasons to be slower are kept apart: the server's word (`slow_down`, for good) and silence (backing off until something is heard).

use crate::{
    approval::{Approval, Way},
    client::Client,
    error::Error,
    exchange::{Next, Work},
    message::{Cause, Outcome},
    time::Now,
    token::Token,
    token_request::TokenWork,
};

use std::time::Duration;

/// A silent server is asked at least this often: the user may have approved long ago.
const LONGEST_BACKOFF_MS: i64 = 60_000;

/// Polls until there is a token, a verdict, or no time left.
pub(crate) struct PollWork {
    approval: Approval,
    token: TokenWork,
    /// Monotonic ms: when the code is over, and when the server may be asked. Both known from the first step on.
    times: Option<Times>,
    /// A request is out.
    asking: bool,
    /// Zero while the server answers.
    backoff_ms: i64,
    /// Why the last poll brought nothing, where that was not the user's doing.
    trouble: Option<String>,
}

#[derive(Clone, Copy)]
struct Times {
    end: i64,
    due: i64,
}

impl PollWork {
    pub(crate) fn new(client: &Client, approval: Approval) -> Result<Self, Error> {
        approval.belongs_to(client)?;
        let token = TokenWork::new(client, approval.grant()).asked_for(approval.scope().map(str::to_owned));
        Ok(Self { approval, token, times: None, asking: false, backoff_ms: 0, trouble: None })
    }

    /// The wall clock is read once, for what another process or an earlier exchange left; from then on the monotonic one counts.
    fn times(&mut self, now: Now) -> Times {
        let approval = &self.approval;
        *self.times.get_or_insert_with(|| Times {
            end: now.mono.saturating_add(approval.left_ms(now)),
            due: now.mono.saturating_add(approval.rest_ms(now, LONGEST_BACKOFF_MS)),
        })
    }

    /// Counted from what was heard last, not from what was sent (RFC 8628 §3.5).
    fn pause(&mut self, now: Now, retry_after_ms: Option<i64>) {
        let pause = self.approval.interval_ms().max(self.backoff_ms).max(retry_after_ms.unwrap_or(0));
        self.approval.not_before(now.wall.saturating_add(pause));
        let due = now.mono.saturating_add(pause);
        self.times = self.times.map(|times| Times { due, ..times });
    }

    /// RFC 8628 §3.5: on a timeout the frequency MUST be reduced, by doubling as RECOMMENDED.
    fn back_off(&mut self, why: String) {
        let doubled = self.backoff_ms.max(self.approval.interval_ms()).saturating_mul(2);
        self.backoff_ms = doubled.min(LONGEST_BACKOFF_MS);
        self.trouble = Some(why);
    }

    fn over(&self) -> Error {
        let what = self.approval.way().what();
        let trouble = self.trouble.as_ref().map(|why| format!(" (the last poll: {why})")).unwrap_or_default();
        Error::Expired(format!("{what} was not approved in time, begin it again{trouble}"))
    }

    /// What an answer without a token means: to wait (`Ok`), or the end.
    fn weigh(&mut self, error: Error) -> Result<(), Error> {
        match (&error, error.standard_code()) {
            (Error::NoAnswer { cause, .. }, _) if cause.cause != Cause::Cancelled => self.back_off(error.to_string()),
            (Error::Refused(_), Some("authorization_pending")) => self.heard(),
            (Error::Refused(_), Some("slow_down")) => {
                self.heard();
                self.approval.slow_down();
            }
            // A busy or broken server says nothing about the user.
            (Error::Refused(refused), _) if refused.is_transient() => self.back_off(error.to_string()),
            (Error::Refused(_), Some("expired_token")) => return Err(self.over()),
            _ => return Err(self.final_word(error)),
        }
        Ok(())
    }

    fn heard(&mut self) {
        self.backoff_ms = 0;
        self.trouble = None;
    }

    /// Entra ID has words of its own for the user's no and for a device code that it does not know.
    fn final_word(&self, error: Error) -> Error {
        let standard = match error.code() {
            Some("authorization_declined") => "access_denied",
            Some("bad_verification_code") => "invalid_grant",
            _ => return error,
        };
        match error {
            Error::Refused(refused) if self.approval.way() == Way::Device => refused.meaning(standard).into(),
            other => other,
        }
    }
}

impl Work<Token> for PollWork {
    fn next(&mut self, now: Now) -> Result<Next<Token>, Error> {
        let Times { end, due } = self.times(now);
        if now.mono >= end {
            return Err(self.over());
        }
        if !self.asking && now.mono < due {
            let rest = due.min(end).saturating_sub(now.mono);
            return Ok(Next::Wait(Duration::from_millis(rest.unsigned_abs())));
        }
        self.asking = true;
        self.token.ask(now).map(Next::Send)
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<Token>, Error> {
        self.asking = false;
        match self.token.hear(outcome, now) {
            Ok(token) => Ok(Next::Done(token)),
            Err(error) => {
                let retry_after_ms = error.retry_after_ms();
                self.weigh(error)?;
                self.pause(now, retry_after_ms);
                Ok(Next::Again)
            }
        }
    }
}
