//! Whose token is it?
//!
//! A store holds the tokens of many. What tells them apart is who issued them, to which client, for which user, with which scope and
//! audience: all of it goes into the key, so that no two are ever mixed up (RFC 6819 §5.1.5.7, the lesson of every shared token cache).

use std::fmt;

use oauth_core::{Client, Error, Grant};
use sha2::{Digest, Sha256};

/// The name of one token in a store: 64 hexadecimal digits, the same in every process and language for the same parts.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key {
    name: String,
    /// For people; holds no secret.
    about: String,
}

/// Parameters that are secrets, or new each time: they say how a token is got, not which one it is.
const NOT_THE_KEYS: [&str; 4] = ["password", "assertion", "subject_token", "actor_token"];

impl Key {
    pub(crate) fn of(client: &Client, user: Option<&str>, grant: Option<&Grant>) -> Result<Self, Error> {
        let place = client.place()?;
        // A JWT or another token says whose it is, but is another one each time: by itself, all users would have one key.
        let hides_user = |grant: &Grant| grant.parameters().any(|(name, _)| matches!(name, "assertion" | "subject_token"));
        if user.is_none_or(str::is_empty) && grant.is_some_and(hides_user) {
            let why = "session: an assertion or subject_token does not tell this user from the others in the store; say by user whose it is";
            return Err(Error::Usage(why.to_owned()));
        }
        let mut parts = vec![("client", client.id()), ("user", user.unwrap_or_default())];
        parts.extend(place.iter().map(|(name, value)| (*name, value.as_str())));
        let mut parameters: Vec<(&str, &str)> = grant
            .into_iter()
            .flat_map(Grant::parameters)
            .map(|(name, value)| (name, value.expose()))
            .filter(|(name, value)| !NOT_THE_KEYS.contains(name) && !value.is_empty())
            .collect();
        parameters.sort_unstable();

        let mut digest = Sha256::new();
        let mut part = |name: &str, value: &str| {
            // Each length before its text: ("a", "bc") and ("ab", "c") are two.
            for text in [name, value] {
                digest.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
                digest.update(text);
            }
        };
        part("active session", "1");
        parts.iter().for_each(|(name, value)| part(name, value));
        part("grant", grant.map_or("", Grant::grant_type));
        for (name, value) in &parameters {
            match *name {
                // A set of words (RFC 6749 §3.3): their order says nothing.
                "scope" => {
                    let mut words: Vec<&str> = value.split(' ').filter(|word| !word.is_empty()).collect();
                    words.sort_unstable();
                    part("scope", &words.join(" "));
                }
                name => part(name, value),
            }
        }
        let name = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let about = format!("{} at {}", client.id(), client.provider().name());
        Ok(Self { name, about })
    }

    /// The 64 digits.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Client and provider: what a person needs to know in an error.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.about)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}, {})", self.about, &self.name[..8])
    }
}

#[cfg(test)]
mod tests {
    use oauth_core::Provider;

    use super::*;

    fn key(client: &Client, user: Option<&str>, grant: Option<Grant>) -> String {
        Key::of(client, user, grant.as_ref()).expect("a key").name
    }

    #[test]
    fn rfc_6819_5_3_3_whatever_makes_a_token_another_one_makes_another_key() {
        let client = Client::new(Provider::buildpass(), "id").secret("secret");
        let grant = || Grant::client_credentials().scope("read:builders").parameter("audience", "https://api.buildpass.global");
        let keys = [
            key(&client, None, Some(grant())),
            key(&client, Some("jo"), Some(grant())),
            key(&client, None, None),
            key(&Client::new(Provider::buildpass(), "other").secret("secret"), None, Some(grant())),
            key(&client.clone().base("https://localhost:1"), None, Some(grant())),
            key(&Client::new(Provider::honeywell(), "id").secret("secret"), None, Some(grant())),
            key(&client, None, Some(Grant::client_credentials().scope("read:builders"))),
            key(
                &client,
                None,
                Some(Grant::client_credentials().scope("write:x").parameter("audience", "https://api.buildpass.global")),
            ),
            key(&client, None, Some(Grant::password("jo", "secret"))),
            key(&client, None, Some(Grant::password("ann", "secret"))),
            // Where one part ends and the next begins counts too.
            key(&Client::new(Provider::buildpass(), "a").secret("secret"), Some("buser"), None),
            key(&Client::new(Provider::buildpass(), "auserb").secret("secret"), None, None),
        ];
        for (at, key) in keys.iter().enumerate() {
            assert_eq!(key.len(), 64);
            assert!(!keys[..at].contains(key), "key {at} is one of those before it");
        }
    }

    #[test]
    fn what_makes_no_other_token_makes_no_other_key() {
        let client = Client::new(Provider::buildpass(), "id").secret("secret");
        let of = |scope: &str| key(&client, None, Some(Grant::client_credentials().scope(scope)));
        assert_eq!(of("a b"), of("b  a"));
        let password = |password: &str| key(&client, None, Some(Grant::password("jo", password)));
        assert_eq!(password("old"), password("new"));
        assert_eq!(key(&client, None, None), key(&client.clone().secret("new"), None, None));
    }
}
