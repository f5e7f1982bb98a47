//! Which provider speaks, and what was it asked for?

mod basic;
mod browser;
mod building;
mod buildpass;
mod buildpass_api;
mod honeywell;
mod honeywell_api;
mod jwt;

use crate::message::{Answer, Request};
use crate::state::State;
use crate::{Origin, Provider};

pub(crate) use building::https_required;

/// What a path is for: the counters tell these apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Token,
    Api,
    Other,
}

/// What `path` is for at this provider.
pub(crate) fn asked(provider: Provider, path: &str) -> Asked {
    match (provider, path) {
        (Provider::ActiveBuilding | Provider::MyBuilding, building::TOKEN)
        | (Provider::BuildPass, buildpass::TOKEN)
        | (Provider::Honeywell, honeywell::CLIENT_TOKEN | honeywell::TOKEN) => Asked::Token,
        (Provider::BuildPass, buildpass::AUTHORIZE | buildpass::REVOKE) | (Provider::Honeywell, honeywell::AUTHORIZE) => {
            Asked::Other
        }
        _ => Asked::Api,
    }
}

/// The paths of a provider's endpoints, by their name in the printed line.
pub(crate) fn endpoints(provider: Provider) -> &'static [(&'static str, &'static str)] {
    match provider {
        Provider::ActiveBuilding | Provider::MyBuilding => &[("token", building::TOKEN)],
        Provider::BuildPass => &[("token", buildpass::TOKEN), ("authorize", buildpass::AUTHORIZE), ("revoke", buildpass::REVOKE)],
        Provider::Honeywell => {
            &[("token", honeywell::CLIENT_TOKEN), ("code_token", honeywell::TOKEN), ("authorize", honeywell::AUTHORIZE)]
        }
    }
}

/// A provider's answer. `own_url` is where the client believes to be, without a trailing slash.
pub(crate) fn answer(state: &mut State, origin: Origin, own_url: &str, request: &Request) -> Answer {
    let provider = origin.provider();
    match provider {
        Provider::ActiveBuilding | Provider::MyBuilding => building::answer(state, provider, request),
        Provider::BuildPass => buildpass::answer(state, own_url, request),
        Provider::Honeywell => honeywell::answer(state, own_url, request),
    }
}
