//! How does an API want its users to have logged in?

use oauth_core::StepUp as Core;
use pyo3::prelude::*;

use crate::{
    document::Document,
    step::{self, Now},
    text::{Text, Texts},
};

/// For APIs: how users must have logged in for a call (RFC 9470), in one of some ways and not too long ago. `acr_values`: the ways, a text or a list, the
/// preferred one first. `max_age`: how many seconds ago at most, and 30 more, since clocks differ. Without either any login will do.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct StepUp(Core);

#[pymethods]
impl StepUp {
    #[new]
    #[pyo3(signature = (*, acr_values = None, max_age = None))]
    fn new(acr_values: Option<Texts>, max_age: Option<u64>) -> Self {
        let mut core = Core::new();
        if let Some(values) = acr_values {
            core = core.acr_values(&values.iter().collect::<Vec<_>>().join(" "));
        }
        if let Some(seconds) = max_age {
            core = core.max_age(seconds);
        }
        Self(core)
    }

    /// Whether a login was so, by the `acr` and `auth_time` of what `client.access_token_claims` or `client.introspect` gave. What is not said there was
    /// not so. `now` is the time; without one it is the machine's.
    #[pyo3(signature = (claims, /, *, now = None))]
    fn is_met_by(&self, claims: Bound<'_, Document>, now: Option<Bound<'_, Now>>) -> bool {
        self.0.is_met_by(claims.get().core(), step::now(now))
    }

    /// The value of `WWW-Authenticate` for the 401; `scheme` is that of the token that was presented, "Bearer" or "DPoP".
    #[pyo3(signature = (scheme = None, /))]
    fn challenge(&self, scheme: Option<Text>) -> String {
        self.0.challenge(scheme.as_ref().map_or("Bearer", Text::as_str))
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }
}
