//! What does WWW-Authenticate ask for?
//!
//! RFC 9110 §11.6.1 in its whole grammar: several challenges in one field and several fields, commas that separate both challenges and
//! parameters, token68, quoted pairs, names without case. A malformed challenge is passed over: it is only a hint.

/// The `error` parameter of the first challenge of that scheme (RFC 6750 §3), over all fields.
pub(crate) fn error_of<'a>(fields: impl Iterator<Item = &'a str>, scheme: &str) -> Option<String> {
    fields
        .flat_map(parse)
        .find(|challenge| challenge.scheme.eq_ignore_ascii_case(scheme))
        .and_then(|challenge| challenge.parameter("error"))
}

struct Challenge {
    scheme: String,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    /// A parameter that stands twice counts as none.
    fn parameter(&self, name: &str) -> Option<String> {
        let mut found = self.parameters.iter().filter(|(known, _)| known == name);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Some(value.clone()),
            _ => None,
        }
    }
}

/// Longer fields are not worth reading.
const LONGEST_FIELD: usize = 16 * 1024;

fn parse(field: &str) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    let mut rest = if field.len() > LONGEST_FIELD { "" } else { field };
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let (word, after) = token(rest);
        if word.is_empty() {
            return challenges;
        }
        let behind = after.trim_start_matches([' ', '\t']);
        if let (Some(value), Some(challenge)) = (behind.strip_prefix('='), challenges.last_mut())
            && !value.starts_with('=')
        {
            let Some((value, after)) = value_of(value.trim_start_matches([' ', '\t'])) else { return challenges };
            challenge.parameters.push((word.to_ascii_lowercase(), value));
            rest = after;
        } else if after.is_empty() || after.starts_with([' ', '\t', ',']) {
            challenges.push(Challenge { scheme: word.to_owned(), parameters: Vec::new() });
            rest = token68(behind).unwrap_or(behind);
        } else {
            return challenges;
        }
    }
}

/// Behind a token68 (`Negotiate abc==`), if there is one: it ends at a comma or the end, and is no `name=value`.
fn token68(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !"-._~+/".contains(c)).unwrap_or(text.len());
    let after = text[end..].trim_start_matches('=');
    let behind = after.trim_start_matches([' ', '\t']);
    let equals = text.len() - end - after.len();
    (end > 0
        && (behind.is_empty() || behind.starts_with(','))
        && (equals > 0 || !text[..end].is_empty())
        && !(equals == 0 && behind.starts_with('=')))
    .then_some(after)
}

fn token(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !"!#$%&'*+-.^_`|~".contains(c)).unwrap_or(text.len());
    text.split_at(end)
}

/// A parameter's value, token or quoted-string, and what stands behind it.
fn value_of(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, after) = token(text);
        return (!value.is_empty()).then(|| (value.to_owned(), after));
    };
    let mut value = String::new();
    let mut escaped = false;
    for (at, c) in quoted.char_indices() {
        match c {
            _ if escaped => {
                value.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return Some((value, &quoted[at + 1..])),
            _ => value.push(c),
        }
    }
    None
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
