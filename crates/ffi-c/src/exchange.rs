//! How does C step an exchange, or have it run?

use std::{
    cell::UnsafeCell,
    ffi::{c_char, c_int, c_void},
    ptr,
    time::Duration,
};

use oauth_core::{Answer, Cause, Client, Errand, Error, NoAnswer, Outcome, Request, Sent, Step};
use oauth_ureq::{Agent, Cancel};

use crate::{
    active_now, active_pair,
    border::{bytes, guard, pairs, text},
    brought::Brought,
    client::active_client,
    error::{Failure, active_error},
    message::{Lent, active_request},
    time,
    token::{Held, active_token},
    work::{Product, Work},
};

/// What to do now, before the next step.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum active_step {
    /// It failed: active_exchange_error says why.
    ACTIVE_FAILED = 0,
    /// Carry active_exchange_request, then call active_exchange_receive or active_exchange_no_answer; or active_exchange_carry for both.
    ACTIVE_SEND = 1,
    /// Store active_exchange_token: an older one is worthless from now on. Then step again.
    ACTIVE_SAVE = 2,
    /// Do nothing for active_exchange_wait_ms milliseconds. Then step again.
    ACTIVE_WAIT = 3,
    /// The result is there: active_exchange_token, active_exchange_answer for a call, or what else the exchange was begun for.
    ACTIVE_DONE = 4,
    /// A session's store is to be read or written: call active_exchange_store where blocking does no harm. Then step again.
    ACTIVE_STORE = 5,
}

/// Stores a token; anything but 0 says that it could not, and the exchange fails (the token stays readable, lose it not).
pub type active_save = Option<unsafe extern "C" fn(context: *mut c_void, token: *const active_token) -> c_int>;

/// Is asked on the thread that carries, about every 100 ms while it waits and not at all where nothing has to be waited for. Anything but 0 ends what is carried
/// as active_exchange_cancel does. It must return soon (no longjmp, no C++ exception) and must not use this exchange, but for active_exchange_cancel.
pub type active_wait = Option<unsafe extern "C" fn(context: *mut c_void) -> c_int>;

/// The program's own question, and what it wants to be given.
#[derive(Clone, Copy)]
struct Asked {
    wait: unsafe extern "C" fn(*mut c_void) -> c_int,
    context: *mut c_void,
}

// SAFETY: "handle": one thread at a time uses the exchange, and its agent asks on that one.
unsafe impl Send for Asked {}
// SAFETY: the same.
unsafe impl Sync for Asked {}

impl Asked {
    fn stops(&self) -> bool {
        // SAFETY: the program's own function, called with its own context, on the thread that called us.
        unsafe { (self.wait)(self.context) != 0 }
    }
}

/// A token request, a renewal, an API call, or what a session does with its store. One thread at a time, but for active_exchange_cancel.
pub struct active_exchange {
    cancel: Cancel,
    /// Apart from `cancel`, which another thread may use at the same time.
    inner: UnsafeCell<Inner>,
}

pub(crate) struct Inner {
    pub(crate) work: Work,
    agent: Agent,
    save: active_save,
    context: *mut c_void,
    asked: Option<Asked>,
    wait: Duration,
    errand: Option<Errand>,
    request: Option<Box<Lent<active_request, Request>>>,
    pub(crate) brought: Brought,
    error: Option<Box<Failure>>,
}

impl active_exchange {
    /// An exchange of that client; if it cannot be begun, its first step says why.
    pub(crate) fn open(client: *const active_client, begin: impl FnOnce(&Client) -> Result<Work, Error>) -> *mut Self {
        Self::begun(|| active_client::ready(client).and_then(|(client, agent)| Ok((begin(client)?, agent))))
    }

    /// An exchange with that agent; if it cannot be begun, its first step says why.
    pub(crate) fn begun(begin: impl FnOnce() -> Result<(Work, Agent), Error>) -> *mut Self {
        guard(ptr::null_mut(), || {
            let begun = begin();
            let (work, agent) = begun.unwrap_or_else(|error| (Work::Failed(error), crate::agent::default_agent()));
            let cancel = Cancel::new();
            let inner = Inner {
                work,
                agent: agent.with_cancel(&cancel),
                save: None,
                context: ptr::null_mut(),
                asked: None,
                wait: Duration::ZERO,
                errand: None,
                request: None,
                brought: Brought::default(),
                error: None,
            };
            Box::into_raw(Box::new(Self { cancel, inner: UnsafeCell::new(inner) }))
        })
    }

    /// What is made out of its arguments alone, as an exchange: its error is where errors are, and what it gives has an owner.
    pub(crate) fn at_once(make: impl FnOnce() -> Result<Product, Error>) -> *mut Self {
        Self::begun(|| {
            let product = make()?;
            Ok((Work::at_once(move || Ok(product)), crate::agent::default_agent()))
        })
    }

    pub(crate) fn inner<'a>(exchange: *mut Self) -> Option<&'a mut Inner> {
        // SAFETY: "handle": one thread at a time uses it, and each function here takes this reference once.
        unsafe { exchange.as_ref().map(|exchange| &mut *exchange.inner.get()) }
    }
}

impl Inner {
    fn step(&mut self, now: oauth_core::Now) -> active_step {
        self.begin();
        // Dropped before the step, which gives it again.
        self.errand = None;
        let stepped = match &mut self.work {
            Work::Running(exchange) => exchange.step(now),
            Work::Failed(error) => Err(error.clone()),
            Work::Draft(_) => Err(Error::Usage("step: the call was not begun".to_owned())),
        };
        self.request = None;
        match stepped {
            Err(error) => self.fail(error),
            Ok(Step::Send(request)) => {
                self.request = Some(Lent::request(request));
                active_step::ACTIVE_SEND
            }
            Ok(Step::Save(token)) => {
                self.brought.token = Some(Held::new(token));
                active_step::ACTIVE_SAVE
            }
            Ok(Step::Store(errand)) => {
                self.errand = Some(errand);
                active_step::ACTIVE_STORE
            }
            Ok(Step::Done(product)) => {
                self.brought.keep(product, &self.agent);
                active_step::ACTIVE_DONE
            }
            Ok(Step::Wait(pause)) => {
                self.wait = pause;
                active_step::ACTIVE_WAIT
            }
        }
    }

    /// A draft becomes a call at its first step.
    fn begin(&mut self) {
        if let Work::Draft(draft) = &self.work {
            self.work = draft.begin().into();
        }
    }

    fn fail(&mut self, error: Error) -> active_step {
        self.error = Some(Failure::new(error));
        active_step::ACTIVE_FAILED
    }

    fn receive(&mut self, outcome: Outcome) {
        match &mut self.work {
            Work::Running(exchange) => exchange.receive(outcome),
            Work::Draft(_) => self.work = Work::Failed(Error::Usage("receive: nothing was sent yet, step first".to_owned())),
            Work::Failed(_) => {}
        }
    }

    /// The agent as this exchange alone has it: what comes of it asks nobody.
    fn carrier(&self) -> Agent {
        match self.asked {
            Some(asked) => self.agent.with_interrupt(move || asked.stops()),
            None => self.agent.clone(),
        }
    }

    fn carry(&mut self) {
        let outcome = match self.request.take() {
            Some(lent) => {
                let outcome = self.carrier().carry(lent.message.clone());
                self.request = Some(lent);
                outcome
            }
            None => return self.receive(Err(NoAnswer::new(Sent::No, Cause::Other, "there is no request to carry, step first"))),
        };
        self.receive(outcome);
    }

    fn store(&mut self) {
        if let Some(errand) = self.errand.take() {
            errand.run();
        }
    }

    /// The loop of every high-level call, and nothing else.
    fn run(&mut self) -> active_step {
        loop {
            match self.step(oauth_ureq::now()) {
                active_step::ACTIVE_SEND => self.carry(),
                active_step::ACTIVE_STORE => self.store(),
                active_step::ACTIVE_SAVE => {
                    let token = self.brought.token.as_ref().map_or(ptr::null(), |held| held.view());
                    // SAFETY: the program's own function, called with its own context, on the thread that called us.
                    if self.save.is_some_and(|save| unsafe { save(self.context, token) } != 0) {
                        let error = Error::Usage(
                            "save: the program could not store the renewed token; it is still readable here, keep it".to_owned(),
                        );
                        self.work = Work::Failed(error.clone());
                        return self.fail(error);
                    }
                }
                active_step::ACTIVE_WAIT => {
                    if let Err(error) = self.carrier().wait(self.wait) {
                        self.work = Work::Failed(error.clone());
                        return self.fail(error);
                    }
                }
                end @ (active_step::ACTIVE_DONE | active_step::ACTIVE_FAILED) => return end,
            }
        }
    }
}

/// Who stores a renewed token while active_exchange_run runs; without one a renewed token is only readable afterwards. `save` is called on
/// the thread that runs; it must return (no longjmp, no C++ exception), and must not use this exchange.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_on_save(exchange: *mut active_exchange, save: active_save, context: *mut c_void) {
    guard((), || {
        if let Some(inner) = active_exchange::inner(exchange) {
            inner.save = save;
            inner.context = context;
        }
    });
}

/// Who is asked while active_exchange_run and active_exchange_carry wait whether to stop, as a language's runtime is that lets its signal handlers run there.
/// NULL changes nothing. `context` must live until the exchange is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_on_wait(exchange: *mut active_exchange, wait: active_wait, context: *mut c_void) {
    guard((), || {
        let (Some(inner), Some(wait)) = (active_exchange::inner(exchange), wait) else { return };
        inner.asked = Some(Asked { wait, context });
    });
}

/// Runs an exchange to its end with the client's agent: ACTIVE_DONE or ACTIVE_FAILED. Blocks, within the agent's limits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_run(exchange: *mut active_exchange) -> active_step {
    guarded(exchange, Inner::run)
}

/// Goes one step further; `now` NULL is the library's clock. Never blocks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_step(exchange: *mut active_exchange, now: *const active_now) -> active_step {
    guarded(exchange, |inner| inner.step(time(now)))
}

fn guarded(exchange: *mut active_exchange, work: impl FnOnce(&mut Inner) -> active_step) -> active_step {
    let done =
        guard(None, || active_exchange::inner(exchange).map_or(Some(active_step::ACTIVE_FAILED), |inner| Some(work(inner))));
    done.unwrap_or_else(|| {
        guard(active_step::ACTIVE_FAILED, || {
            let error = Error::Usage("internal error in libactive, please report it".to_owned());
            active_exchange::inner(exchange).map_or(active_step::ACTIVE_FAILED, |inner| {
                inner.work = Work::Failed(error.clone());
                inner.fail(error)
            })
        })
    })
}

/// Carries the request of the last ACTIVE_SEND with the client's agent, and receives its outcome. Blocks, within the agent's limits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_carry(exchange: *mut active_exchange) {
    guard((), || {
        if let Some(inner) = active_exchange::inner(exchange) {
            inner.carry();
        }
    });
}

/// Does what the last ACTIVE_STORE asked for. Blocks for as long as the store takes, some seconds at most; how it went is told by the next step.
/// Harmless where nothing is to be done. A step without it asks for the same again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_store(exchange: *mut active_exchange) {
    guarded(exchange, |inner| {
        inner.store();
        active_step::ACTIVE_STORE
    });
}

/// Hands in the answer to the request of the last ACTIVE_SEND. Everything is copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_receive(
    exchange: *mut active_exchange,
    status: c_int,
    headers: *const active_pair,
    header_count: usize,
    body: *const c_void,
    body_length: usize,
) {
    guard((), || {
        let Some(inner) = active_exchange::inner(exchange) else { return };
        let answer = (|| {
            let status = u16::try_from(status).map_err(|_| Error::Usage(format!("receive: {status} is no HTTP status")))?;
            let headers =
                pairs(headers, header_count, "headers")?.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
            Ok(Answer::new(status, headers.collect(), bytes(body.cast(), body_length, "body")?.to_vec()))
        })();
        match answer {
            Ok(answer) => inner.receive(Ok(answer)),
            Err(error) => inner.work = Work::Failed(error),
        }
    });
}

/// Hands in that there is no answer. `may_have_been_sent` is 0 only where no byte of the request can have left. `cause` is one of name, connect,
/// tls, certificate, timeout, cut, too_large, protocol, proxy, cancelled, other; `detail` is for people, without secrets. Any other word is "other"; NULL is "other" and "".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_no_answer(
    exchange: *mut active_exchange,
    may_have_been_sent: bool,
    cause: *const c_char,
    detail: *const c_char,
) {
    guard((), || {
        let Some(inner) = active_exchange::inner(exchange) else { return };
        match (text(cause, "cause"), text(detail, "detail")) {
            (Ok(cause), Ok(detail)) => {
                let sent = if may_have_been_sent { Sent::Maybe } else { Sent::No };
                inner.receive(Err(NoAnswer::new(sent, Cause::from_word(cause.unwrap_or("other")), detail.unwrap_or_default())));
            }
            (Err(error), _) | (_, Err(error)) => inner.work = Work::Failed(error),
        }
    });
}

/// Ends what an exchange is doing, from any thread or a signal handler: its run or carry fails within about 100 ms as ACTIVE_NO_ANSWER with
/// the code "cancelled", and so does any that comes later. The handle must not be freed meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_cancel(exchange: *const active_exchange) {
    guard((), || {
        // SAFETY: "handle"; only the field that is made for other threads is touched.
        if let Some(exchange) = unsafe { exchange.as_ref() } {
            exchange.cancel.cancel();
        }
    });
}

/// The request of the last ACTIVE_SEND; NULL where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_request(exchange: *mut active_exchange) -> *const active_request {
    lend(exchange, |inner| inner.request.as_ref().map(|lent| ptr::from_ref(lent.view())))
}

/// The pause of the last ACTIVE_WAIT, in milliseconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_wait_ms(exchange: *mut active_exchange) -> i64 {
    guard(0, || active_exchange::inner(exchange).map_or(0, |inner| i64::try_from(inner.wait.as_millis()).unwrap_or(i64::MAX)))
}

/// Why the last step failed; NULL where none did, or where the exchange itself is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_error(exchange: *mut active_exchange) -> *const active_error {
    lend(exchange, |inner| inner.error.as_ref().map(|failure| ptr::from_ref(failure.view())))
}

pub(crate) fn lend<V>(exchange: *mut active_exchange, view: impl FnOnce(&Inner) -> Option<*const V>) -> *const V {
    guard(ptr::null(), || active_exchange::inner(exchange).and_then(|inner| view(inner)).unwrap_or(ptr::null()))
}

/// Frees an exchange, and wipes what it lent. NULL is harmless.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_free(exchange: *mut active_exchange) {
    guard((), || {
        if !exchange.is_null() {
            // SAFETY: "handle": it came from active_exchange::open.
            drop(unsafe { Box::from_raw(exchange) });
        }
    });
}
