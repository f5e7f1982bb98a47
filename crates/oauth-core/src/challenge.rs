//! What does WWW-Authenticate ask for?
//!
//! RFC 9110 §11.6.1 in its whole grammar: several challenges in one field and several fields, commas that separate both challenges and
//! parameters, token68, quoted pairs, names without case. A malformed challenge is passed over: it is only a hint.

use std::fmt;

/// One challenge: a scheme and what it says. What it says comes from a server that nobody has trusted yet: replace control characters
/// before any of it is shown, open no URL of it but through [`Resource`](crate::Resource).
///
/// ```
/// use oauth_core::Challenge;
///
/// let field = r#"Basic realm="files", Bearer error="insufficient_scope", scope="read write", max_age=5"#;
/// let challenges = Challenge::parse_all([field]);
/// let bearer = challenges.iter().find(|challenge| challenge.is("Bearer")).expect("the second");
/// assert_eq!((bearer.error(), bearer.scope(), bearer.max_age()), (Some("insufficient_scope"), Some("read write"), Some(5)));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Challenge {
    scheme: String,
    token68: Option<String>,
    parameters: Vec<(String, String)>,
}

/// Longer fields are not worth reading, in bytes.
const LONGEST_FIELD: usize = 16 * 1024;

/// No server has more to ask.
const MOST_CHALLENGES: usize = 64;

impl Challenge {
    /// Every challenge of these `WWW-Authenticate` (or `Proxy-Authenticate`) fields that is well-formed, in order, 64 at most. Where a field departs
    /// from the grammar, all behind it is left out, since nobody can tell where the next challenge begins, and a challenge with a broken
    /// parameter as a whole; one that says the same parameter twice is left out alone. A field longer than 16 KiB is passed over.
    ///
    /// Forgiven are blanks between parameters where commas belong, and a value without the quotes it needs (`resource_metadata=https://…`).
    pub fn parse_all<'a>(fields: impl IntoIterator<Item = &'a str>) -> Vec<Self> {
        fields
            .into_iter()
            .take(MOST_CHALLENGES)
            .filter(|field| field.len() <= LONGEST_FIELD)
            .flat_map(parse)
            .filter(|challenge| !challenge.repeats())
            .take(MOST_CHALLENGES)
            .collect()
    }

    /// The scheme as it was written (`Bearer`); its case means nothing.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Whether it is of that scheme, in any case.
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// The bare token of `Negotiate YWJj==` and its like (RFC 9110 §11.2).
    pub fn token68(&self) -> Option<&str> {
        self.token68.as_deref()
    }

    /// The parameter of that name, in any case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// All parameters, names in lower case, in order.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// `realm` (RFC 9110 §11.5).
    pub fn realm(&self) -> Option<&str> {
        self.parameter("realm")
    }

    /// `scope` (RFC 6750 §3): what a token must have to be let in, separated by blanks.
    pub fn scope(&self) -> Option<&str> {
        self.parameter("scope")
    }

    /// `error` (RFC 6750 §3.1): `invalid_token`, `insufficient_scope`, …
    pub fn error(&self) -> Option<&str> {
        self.parameter("error")
    }

    /// `error_description` (RFC 6750 §3), for developers.
    pub fn error_description(&self) -> Option<&str> {
        self.parameter("error_description")
    }

    /// `error_uri` (RFC 6750 §3). Show it, do not open it.
    pub fn error_uri(&self) -> Option<&str> {
        self.parameter("error_uri")
    }

    /// `algs` (RFC 9449 §7.1): the signature algorithms of DPoP proofs that are taken.
    pub fn algs(&self) -> impl Iterator<Item = &str> {
        self.parameter("algs").into_iter().flat_map(|algs| algs.split(' ')).filter(|alg| !alg.is_empty())
    }

    /// `acr_values` (RFC 9470 §3): ways of logging in, one of which the user must have gone, in order of preference.
    pub fn acr_values(&self) -> impl Iterator<Item = &str> {
        self.parameter("acr_values").into_iter().flat_map(|values| values.split(' ')).filter(|value| !value.is_empty())
    }

    /// `max_age` (RFC 9470 §3): how many seconds ago the user may have logged in at most. None where it is no number.
    pub fn max_age(&self) -> Option<u64> {
        self.parameter("max_age").filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()
    }

    /// `resource_metadata` (RFC 9728 §5.1): where the resource says what it is. [`Resource::challenged`](crate::Resource::challenged) goes there.
    pub fn resource_metadata(&self) -> Option<&str> {
        self.parameter("resource_metadata")
    }

    fn repeats(&self) -> bool {
        let mut names: Vec<&str> = self.parameters.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.windows(2).any(|pair| pair[0] == pair[1])
    }
}

/// Scheme and names: a value may be a token68, which some schemes put credentials in.
impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.parameters.iter().map(|(name, _)| name.as_str()).collect();
        write!(f, "Challenge({}, {names:?})", self.scheme)
    }
}

/// The `error` parameter of the first challenge of that scheme (RFC 6750 §3), over all fields.
pub(crate) fn error_of<'a>(fields: impl Iterator<Item = &'a str>, scheme: &str) -> Option<String> {
    let challenges = Challenge::parse_all(fields);
    challenges.iter().find(|challenge| challenge.is(scheme)).and_then(Challenge::error).map(str::to_owned)
}

fn parse(field: &str) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    let mut rest = field;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return challenges;
        }
        let (word, after) = token(rest);
        let behind = after.trim_start_matches([' ', '\t']);
        let parameter = behind.strip_prefix('=').map(|value| value.trim_start_matches([' ', '\t']));
        rest = match (parameter, challenges.last_mut()) {
            // A challenge with a token68 has no parameters.
            (Some(value), Some(Challenge { token68: None, parameters, .. })) if !word.is_empty() => match value_of(value) {
                Some((value, after)) => {
                    parameters.push((word.to_ascii_lowercase(), value));
                    after
                }
                None => return whole(challenges),
            },
            (None, _) if !word.is_empty() && (behind.is_empty() || after.starts_with([' ', '\t', ','])) => {
                let (bare, after) = token68(behind).map_or((None, behind), |(bare, after)| (Some(bare.to_owned()), after));
                challenges.push(Challenge { scheme: word.to_owned(), token68: bare, parameters: Vec::new() });
                after
            }
            _ => return challenges,
        };
    }
}

/// The challenges before the one with the broken parameter.
fn whole(mut challenges: Vec<Challenge>) -> Vec<Challenge> {
    challenges.pop();
    challenges
}

/// A token68 (`YWJj==`) and what stands behind it, if there is one: it ends at a comma or the end, and is no `name=value`.
fn token68(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !"-._~+/".contains(c)).unwrap_or(text.len());
    let after = text[end..].trim_start_matches('=');
    let behind = after.trim_start_matches([' ', '\t']);
    (end > 0 && (behind.is_empty() || behind.starts_with(','))).then(|| (&text[..text.len() - after.len()], after))
}

/// RFC 9110 §5.6.2
fn token(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !"!#$%&'*+-.^_`|~".contains(c)).unwrap_or(text.len());
    text.split_at(end)
}

/// A parameter's value, quoted-string (RFC 9110 §5.6.4) or token, and what stands behind it. Many a server forgets the quotes around a URL.
fn value_of(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, after) = text.split_at(text.find([' ', '\t', ',']).unwrap_or(text.len()));
        let plain = value.bytes().all(|byte| (0x21..=0x7E).contains(&byte) && byte != b'"' && byte != b'\\');
        return (!value.is_empty() && !value.starts_with('=') && plain).then(|| (value.to_owned(), after));
    };
    let mut value = String::new();
    let mut escaped = false;
    for (at, c) in quoted.char_indices() {
        match c {
            _ if c.is_ascii_control() && c != '\t' => return None,
            _ if escaped => {
                value.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return Some((value, &quoted[at + 1..])).filter(|(_, after)| ends(after)),
            _ => value.push(c),
        }
    }
    None
}

/// Behind a value comes a separator or nothing.
fn ends(after: &str) -> bool {
    after.is_empty() || after.starts_with([' ', '\t', ','])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer_error(fields: &[&str]) -> Option<String> {
        error_of(fields.iter().copied(), "bearer")
    }

    #[test]
    fn rfc_9110_11_6_1_the_whole_grammar_is_read() {
        let said = Some("invalid_token".to_owned());
        assert_eq!(bearer_error(&[r#"Bearer realm="example", error="invalid_token", error_description="expired""#]), said);
        assert_eq!(bearer_error(&["BEARER ERROR=invalid_token"]), said);
        assert_eq!(bearer_error(&[r#"Basic realm="a, Bearer error=x", Bearer error = "invalid\_token""#]), said);
        assert_eq!(bearer_error(&["Negotiate YWJj==, Bearer error=invalid_token"]), said);
        assert_eq!(
            bearer_error(&[
                "Negotiate",
                r#"Newauth realm="apps", type=1, title="Login to \"apps\"", Bearer error="invalid_token""#
            ]),
            said
        );
        assert_eq!(bearer_error(&[", ,Bearer error=invalid_token,"]), said);
        assert_eq!(bearer_error(&["Bearer"]), None);
        assert_eq!(bearer_error(&["Bearer error=a, error=b"]), None);
        assert_eq!(bearer_error(&["Bearer error=\"open"]), None);
        assert_eq!(bearer_error(&[""]), None);
        assert_eq!(bearer_error(&["Basic error=invalid_token"]), None);
    }
}
