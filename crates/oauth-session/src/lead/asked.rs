//! How is the provider asked, and what does its answer say about the token?
//!
//! The intent is written first: whoever finds it open does not send the same refresh token a second time.

use oauth_core::{Error, ErrorCode, Exchange, Next, Now, Step, StoreError, StoreProblem, Token};

use super::{Doing, Lead, Turn};
use crate::{
    entry::{Entry, Intent},
    purpose::{Ending, Purpose, Read},
    random,
};

impl Lead {
    pub(super) fn intend(&mut self, now: Now) -> Turn {
        // Nothing was sent for a settled one, which may be what is written there.
        let id = self.flight.memory.settled.clone().unwrap_or_else(random::word);
        let intent = Intent { id, at: now.wall };
        self.intent = Some(intent.clone());
        self.open = false;
        let entry = Entry { intent: Some(intent), ..self.entry.clone() };
        self.store(Purpose::Intend(entry))
    }

    pub(super) fn intended(&mut self, saved: Result<bool, StoreError>, entry: Entry) -> Turn {
        match saved {
            Ok(true) => {
                let entry = Entry { revision: entry.revision.saturating_add(1), ..entry };
                let exchange = self.exchange(&entry);
                self.entry = entry;
                self.send(exchange)
            }
            Ok(false) => self.again(),
            Err(error) => self.without_store(error),
        }
    }

    pub(super) fn exchange(&self, entry: &Entry) -> Exchange<Token> {
        let client = &self.session.client;
        match (&entry.token, &self.session.grant) {
            (Some(token), None) => client.refresh(token),
            (Some(token), Some(grant)) if !self.grant_only && token.refresh_token().is_some() => client.renew(token, grant),
            (_, Some(grant)) => client.token(grant.clone()),
            (None, None) => Exchange::failed(entry.log_in_again(&self.session.key)),
        }
    }

    pub(super) fn send(&mut self, exchange: Exchange<Token>) -> Turn {
        self.doing = Doing::Ask(exchange);
        Ok(Next::Again)
    }

    pub(super) fn ask(&mut self, mut exchange: Exchange<Token>, now: Now) -> Turn {
        match exchange.step(now) {
            Ok(Step::Send(request)) => {
                if !self.alone && self.time_left(now) < self.session.deadline_ms() {
                    return self.too_late();
                }
                if !self.alone {
                    self.open = true;
                    self.flight.memory.settled = None;
                }
                self.doing = Doing::Ask(exchange);
                Ok(Next::Send(request))
            }
            // The token comes once more as the result, and is kept then.
            Ok(Step::Save(_)) => self.send(exchange),
            Ok(Step::Wait(pause)) => {
                self.doing = Doing::Ask(exchange);
                Ok(Next::Wait(pause))
            }
            Ok(Step::Done(token)) => {
                let entry = self.entry.with_token(token);
                if self.alone {
                    return self.hand_out(&entry, now);
                }
                self.store(Purpose::Keep(entry))
            }
            Ok(Step::Store(_)) => Err(Error::Usage("session: a token request uses no store".to_owned())),
            Err(error) => self.refused(error),
        }
    }

    /// By the clock that went further: the monotonic one stands still while the machine sleeps.
    fn time_left(&self, now: Now) -> i64 {
        let passed = now.mono.saturating_sub(self.asked.mono).max(now.wall.saturating_sub(self.asked.wall));
        self.session.lease_ms().saturating_sub(passed)
    }

    /// By the time of the answer the lock could be another's.
    fn too_late(&mut self) -> Turn {
        let text = format!("session of {}: the lock's time was nearly over before the request was sent", self.session.key);
        let error: Error = StoreError::new(StoreProblem::Busy, text).into();
        if self.open {
            // It was given out before, and may have been sent.
            return self.fail(error);
        }
        self.store(Purpose::Close(Entry { intent: None, ..self.entry.clone() }, error))
    }

    /// The token request failed: what does that say about the token?
    fn refused(&mut self, error: Error) -> Turn {
        let resends = self.session.client.resends_refresh_token();
        if self.alone {
            return self.unlock(Ending { result: Err(error), rest: true });
        }
        let by_refresh = !self.grant_only && self.entry.token.as_ref().is_some_and(|token| token.refresh_token().is_some());
        let unknown = error.is_ambiguous()
            || matches!(&error, Error::Garbled(_) if error.status().is_some_and(|status| status < 300) && !resends)
            || matches!(&error, Error::Untrusted(_) if self.answered && !resends);
        let said = |code: ErrorCode| error.standard_code() == Some(code.as_str());
        // RFC 6749 §5.2: a client that may not refresh may do what its grant says.
        let may_not = said(ErrorCode::UNAUTHORIZED_CLIENT) || said(ErrorCode::UNSUPPORTED_GRANT_TYPE);
        let denied = said(ErrorCode::INVALID_GRANT) || may_not && self.session.grant.is_some();
        if by_refresh && (unknown || denied) {
            return self.store(Purpose::Reread(error));
        }
        // The provider answered, or nothing was sent, or it was something that may be sent again.
        self.open = false;
        let entry = Entry { intent: None, ..self.entry.clone() };
        self.store(Purpose::Close(entry, error))
    }

    pub(super) fn reread(&mut self, read: Read, error: Error, now: Now) -> Turn {
        let Ok(entry) = read.and_then(|found| Entry::found(found, &self.session.key)) else {
            // The intent stays open: the next one sees it.
            return self.fail(error);
        };
        let refresh_token = |entry: &Entry| entry.token.as_ref().and_then(|token| token.refresh_token().cloned());
        let changed = refresh_token(&entry) != refresh_token(&self.entry);
        if changed {
            if let Some(held) = self.session.adopt(&entry, self.died.as_deref(), now) {
                return self.done(held);
            }
            return self.again();
        }
        if error.is_ambiguous() || matches!(error, Error::Garbled(_) | Error::Untrusted(_)) {
            return self.fail(error);
        }
        let over = Entry { intent: None, over: Some(format!("the refresh token was refused ({error})")), ..entry };
        self.session.failed(&error);
        if self.session.grant.is_some() {
            self.grant_only = true;
            self.entry = over;
            return self.intend(now);
        }
        let told = over.log_in_again(&self.session.key);
        self.store(Purpose::Close(over, told))
    }
}
