//! What does a signed statement claim, and is it about us and now?
//!
//! A claim of the wrong type is an error and never an absent one: who takes `"exp":"999"` for no expiry checks nothing (CVE-2026-25537).

use serde_json::{Map, Value};

use crate::{error::Error, time::Now};

/// How far the server's clock may be from ours, in milliseconds (RFC 7519 §4.1.4: no more than a few minutes).
pub(crate) const SKEW_MS: i64 = 30_000;

/// The claims of a JWT (RFC 7519 §4) whose signature was checked.
pub(crate) struct Claims {
    /// `ID token`, for error texts.
    what: &'static str,
    members: Map<String, Value>,
}

impl Claims {
    pub(crate) fn read(what: &'static str, payload: &[u8]) -> Result<Self, Error> {
        match serde_json::from_slice(payload) {
            Ok(Value::Object(members)) => Ok(Self { what, members }),
            _ => Err(untrusted(what, "it is no JSON object")),
        }
    }

    /// A claim that is a text where it is there at all.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Error> {
        match self.members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(&format!("its {name} is not a text"))),
        }
    }

    /// A claim that must be a text, and not an empty one.
    pub(crate) fn needed(&self, name: &str) -> Result<&str, Error> {
        self.text(name)?.filter(|text| !text.is_empty()).ok_or_else(|| self.wrong(&format!("it has no {name}")))
    }

    /// RFC 7519 §4.1.3: one text or a list of texts.
    fn audience(&self) -> Result<Vec<&str>, Error> {
        let odd = || self.wrong("its aud is neither a text nor a list of texts");
        match self.members.get("aud") {
            None => Err(self.wrong("it has no aud")),
            Some(Value::String(one)) => Ok(vec![one]),
            Some(Value::Array(list)) => list.iter().map(|item| item.as_str().ok_or_else(odd)).collect(),
            Some(_) => Err(odd()),
        }
    }

    /// RFC 7519 §2, NumericDate: seconds, perhaps with a fraction. In milliseconds.
    pub(crate) fn time(&self, name: &str) -> Result<Option<i64>, Error> {
        let Some(value) = self.members.get(name) else { return Ok(None) };
        let seconds = value.as_i64().or_else(|| {
            let seconds = value.as_f64().filter(|seconds| seconds.abs() < 1e15)?;
            #[expect(
                clippy::cast_possible_truncation,
                reason = "it was just bounded, and a fraction of a second does not matter"
            )]
            Some(seconds as i64)
        });
        match seconds {
            Some(seconds) => Ok(Some(seconds.saturating_mul(1000))),
            None => Err(self.wrong(&format!("its {name} is not a number of seconds"))),
        }
    }

    /// `iss`, letter by letter (OpenID Connect Core 1.0 §3.1.3.7 number 2).
    pub(crate) fn check_issuer(&self, issuer: &str) -> Result<(), Error> {
        if self.needed("iss")? == issuer { Ok(()) } else { Err(self.wrong("its iss is not the issuer it was asked of")) }
    }

    /// `aud` must name us (RFC 7519 §4.1.3). Whether it names others as well.
    pub(crate) fn check_audience(&self, us: &str) -> Result<bool, Error> {
        let audience = self.audience()?;
        if !audience.contains(&us) {
            return Err(self.wrong("its aud does not name whom it should be for"));
        }
        Ok(audience.iter().any(|other| *other != us))
    }

    /// [`check_lifetime`](Self::check_lifetime), and `iat` must be there.
    pub(crate) fn check_times(&self, now: Now) -> Result<(), Error> {
        self.time("iat")?.ok_or_else(|| self.wrong("it has no iat"))?;
        self.check_lifetime(now)
    }

    /// `exp` must be there and ahead, `iat` and `nbf` must not be where they are there (RFC 7519 §4.1.4 to §4.1.6).
    pub(crate) fn check_lifetime(&self, now: Now) -> Result<(), Error> {
        let expires = self.time("exp")?.ok_or_else(|| self.wrong("it has no exp"))?;
        let issued = self.time("iat")?.unwrap_or(i64::MIN);
        let not_before = self.time("nbf")?.unwrap_or(issued);
        if now.wall >= expires.saturating_add(SKEW_MS) {
            return Err(self.wrong("it has expired; if it is new, compare the clocks"));
        }
        if issued.max(not_before) > now.wall.saturating_add(SKEW_MS) {
            return Err(self.wrong("it is from the future (iat, nbf); compare the clocks"));
        }
        Ok(())
    }

    /// `iat` must be there and not ahead (RFC 7519 §4.1.6); `exp` need not, since a statement about a token is not to be used as one (RFC 9701 §5).
    pub(crate) fn check_issued(&self, now: Now) -> Result<(), Error> {
        if self.members.contains_key("exp") {
            return self.check_times(now);
        }
        let issued = self.time("iat")?.ok_or_else(|| self.wrong("it has no iat"))?;
        if issued > now.wall.saturating_add(SKEW_MS) {
            return Err(self.wrong("it is from the future (iat); compare the clocks"));
        }
        Ok(())
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// All of them, in order.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.members.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// All of them, as JSON.
    pub(crate) fn json(self) -> Vec<u8> {
        Value::Object(self.members).to_string().into_bytes()
    }

    pub(crate) fn wrong(&self, why: &str) -> Error {
        untrusted(self.what, why)
    }
}

pub(crate) fn untrusted(what: &str, why: &str) -> Error {
    Error::Untrusted(format!("{what}: {why}; nothing of it is used"))
}
