//! What does an API that refuses ask C for?

use std::{ffi::c_char, ptr};

use oauth_core::{Answer, Challenge};

use crate::{
    active_pair,
    border::{Texts, address, guard, pairs},
};

/// One challenge of a WWW-Authenticate (RFC 9110 §11.6.1), from a server that nobody has trusted yet: open no URL of it. Grows at its end only.
#[repr(C)]
pub struct active_challenge {
    /// The scheme as it was written ("Bearer", "DPoP"); its case means nothing. Never NULL.
    pub scheme: *const c_char,
    /// error (RFC 6750 §3.1): "invalid_token", "insufficient_scope", "insufficient_user_authentication"; NULL where it is missing, like all below.
    pub error: *const c_char,
    /// error_description (RFC 6750 §3), for developers.
    pub error_description: *const c_char,
    /// scope (RFC 6750 §3): what a token must have to be let in, separated by blanks.
    pub scope: *const c_char,
    /// resource_metadata (RFC 9728 §5.1): where the API says what it is. active_access_after goes there.
    pub resource_metadata: *const c_char,
    /// acr_values (RFC 9470 §3): ways of logging in, one of which the user must have gone, in order of preference, separated by blanks.
    pub acr_values: *const c_char,
    /// max_age (RFC 9470 §3): how many seconds ago the user may have logged in at most; -1 where it is missing or no number.
    pub max_age_s: i64,
    /// realm (RFC 9110 §11.5).
    pub realm: *const c_char,
    /// The bare token of "Negotiate YWJj==" and its like (RFC 9110 §11.2).
    pub token68: *const c_char,
    /// All parameters, names in lower case, in order.
    pub parameters: *const active_pair,
    /// How many.
    pub parameter_count: usize,
}

/// A challenge behind its view, which stands first, so that a pointer to it is a pointer to this.
#[repr(C)]
struct Seen {
    view: active_challenge,
    challenge: Challenge,
}

/// The challenges of an API's refusal, in order. Those that an exchange lends live until the exchange's next step.
pub struct active_challenges {
    list: Vec<Seen>,
    step_up: Option<usize>,
    _texts: Texts,
    _pairs: Vec<Vec<active_pair>>,
}

pub(crate) type Challenges = active_challenges;

impl active_challenges {
    pub(crate) fn of(refusal: &Answer) -> Box<Self> {
        let mut texts = Texts::with_capacity(512, 0);
        let challenges = Challenge::parse_all(refusal.header_all("www-authenticate"));
        let step_up = refusal.step_up().and_then(|wanted| challenges.iter().position(|challenge| *challenge == wanted));
        let placed: Vec<_> = challenges
            .into_iter()
            .map(|challenge| {
                let scheme = texts.put(challenge.scheme());
                let token68 = texts.put_if(challenge.token68());
                let all = challenge.parameters().map(|(name, value)| (texts.put(name), texts.put(value))).collect::<Vec<_>>();
                (challenge, scheme, token68, all)
            })
            .collect();
        let mut pairs = Vec::with_capacity(placed.len());
        let mut list = Vec::with_capacity(placed.len());
        for (challenge, scheme, token68, all) in placed {
            let parameter = |wanted: &str| {
                let at = challenge.parameters().position(|(name, _)| name == wanted);
                texts.address(at.and_then(|at| all[at].1))
            };
            let parameters: Vec<_> = all
                .iter()
                .map(|(name, value)| active_pair { name: texts.address(*name), value: texts.address(*value) })
                .collect();
            let view = active_challenge {
                scheme: texts.address(scheme),
                error: parameter("error"),
                error_description: parameter("error_description"),
                scope: parameter("scope"),
                resource_metadata: parameter("resource_metadata"),
                acr_values: parameter("acr_values"),
                max_age_s: challenge.max_age().and_then(|seconds| i64::try_from(seconds).ok()).unwrap_or(-1),
                realm: parameter("realm"),
                token68: texts.address(token68),
                parameters: address(&parameters),
                parameter_count: parameters.len(),
            };
            pairs.push(parameters);
            list.push(Seen { view, challenge });
        }
        Box::new(Self { list, step_up, _texts: texts, _pairs: pairs })
    }

    pub(crate) fn view(&self) -> *const Self {
        ptr::from_ref(self)
    }
}

/// Reads the challenges of an answer that another library brought, in the whole grammar of RFC 9110 §11.6.1: of these header fields those named
/// WWW-Authenticate count. What is malformed is left out. Free them with active_challenges_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_challenges_parse(headers: *const active_pair, header_count: usize) -> *mut active_challenges {
    guard(ptr::null_mut(), || {
        // What is no header is no challenge either.
        Box::into_raw(active_challenges::of(&refusal(pairs(headers, header_count, "headers").unwrap_or_default())))
    })
}

/// A bare refusal with these header fields.
pub(crate) fn refusal(headers: Vec<(&str, &str)>) -> Answer {
    Answer::new(401, headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(), Vec::new())
}

/// The challenge behind what C gave us.
pub(crate) fn given<'a>(challenge: *const active_challenge) -> Option<&'a Challenge> {
    // SAFETY: "lent": every active_challenge that C has is the first member of a Seen, `repr(C)`, and stands at its address.
    unsafe { challenge.cast::<Seen>().as_ref() }.map(|seen| &seen.challenge)
}

/// Frees what active_challenges_parse gave. NULL is harmless. Never free lent ones.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_challenges_free(challenges: *mut active_challenges) {
    guard((), || {
        if !challenges.is_null() {
            // SAFETY: "handle": it came from active_challenges_parse.
            drop(unsafe { Box::from_raw(challenges) });
        }
    });
}

/// How many there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_challenges_count(challenges: *const active_challenges) -> usize {
    // SAFETY: "handle".
    unsafe { challenges.as_ref() }.map_or(0, |challenges| challenges.list.len())
}

/// The challenge at that place, from 0; NULL where there is none. Lent like the challenges themselves.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_challenges_at(challenges: *const active_challenges, index: usize) -> *const active_challenge {
    // SAFETY: "handle".
    lent(unsafe { challenges.as_ref() }.and_then(|challenges| challenges.list.get(index)))
}

/// The challenge that wants another login (RFC 9470: insufficient_user_authentication; RFC 6750 §3.1: insufficient_scope), for
/// active_client_authorize_step_up; NULL where none does. After that login call the API once more and not again and again: a server may not be able
/// to give what the API wants. Lent like the challenges themselves.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_challenges_step_up(challenges: *const active_challenges) -> *const active_challenge {
    // SAFETY: "handle".
    lent(unsafe { challenges.as_ref() }.and_then(|challenges| challenges.list.get(challenges.step_up?)))
}

/// A pointer to the whole, of which C sees the first member.
fn lent(seen: Option<&Seen>) -> *const active_challenge {
    seen.map_or(ptr::null(), |seen| ptr::from_ref(seen).cast())
}
