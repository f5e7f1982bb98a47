//! Who is being played, and at which door?
//!
//! A [`Provider`] is one of the four whose dialect is spoken. An [`Origin`] is one HTTPS address: the four providers'
//! own, and three more which speak BuildPass's dialect behind a certificate that no client may accept.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One of the four providers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// ActiveBuilding: the password grant, tokens in the query, no expiry told.
    ActiveBuilding,
    /// MyBuilding: the same dialect as ActiveBuilding, with its own users and tokens.
    MyBuilding,
    /// BuildPass: client credentials in JSON, form or Basic; JWTs; authorization code with PKCE.
    BuildPass,
    /// Honeywell Home (an Apigee installation): every answer value is a string.
    Honeywell,
}

/// One HTTPS address of the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// ActiveBuilding's address.
    #[serde(rename = "activebuilding")]
    ActiveBuilding,
    /// MyBuilding's address.
    #[serde(rename = "mybuilding")]
    MyBuilding,
    /// BuildPass's address.
    #[serde(rename = "buildpass")]
    BuildPass,
    /// Honeywell Home's address.
    Honeywell,
    /// BuildPass behind a certificate that ended yesterday.
    Expired,
    /// BuildPass behind a certificate for `somewhere-else.example`.
    WrongHost,
    /// BuildPass behind a certificate of an authority that is not in `ca.pem`.
    Untrusted,
}

impl Provider {
    /// All four, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::ActiveBuilding, Self::MyBuilding, Self::BuildPass, Self::Honeywell];

    /// The name in JSON: `activebuilding`, `mybuilding`, `buildpass`, `honeywell`.
    #[must_use]
    pub fn name(self) -> &'static str {
        Origin::from(self).name()
    }
}

impl Origin {
    /// All seven: the four providers, then the three bad ones.
    pub const ALL: [Self; 7] = [
        Self::ActiveBuilding,
        Self::MyBuilding,
        Self::BuildPass,
        Self::Honeywell,
        Self::Expired,
        Self::WrongHost,
        Self::Untrusted,
    ];

    /// The three behind certificates that no client may accept.
    pub const BAD: [Self; 3] = [Self::Expired, Self::WrongHost, Self::Untrusted];

    /// Whose dialect is spoken here.
    #[must_use]
    pub fn provider(self) -> Provider {
        match self {
            Self::ActiveBuilding => Provider::ActiveBuilding,
            Self::MyBuilding => Provider::MyBuilding,
            Self::Honeywell => Provider::Honeywell,
            Self::BuildPass | Self::Expired | Self::WrongHost | Self::Untrusted => Provider::BuildPass,
        }
    }

    /// The name in JSON, such as `buildpass` or `wrong_host`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ActiveBuilding => "activebuilding",
            Self::MyBuilding => "mybuilding",
            Self::BuildPass => "buildpass",
            Self::Honeywell => "honeywell",
            Self::Expired => "expired",
            Self::WrongHost => "wrong_host",
            Self::Untrusted => "untrusted",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.name() == name)
    }
}

impl From<Provider> for Origin {
    fn from(provider: Provider) -> Self {
        match provider {
            Provider::ActiveBuilding => Self::ActiveBuilding,
            Provider::MyBuilding => Self::MyBuilding,
            Provider::BuildPass => Self::BuildPass,
            Provider::Honeywell => Self::Honeywell,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
