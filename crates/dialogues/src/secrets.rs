//! Does anything that was shown hold a secret?
//!
//! Looked for as it stands, in base64 (at any alignment), percent-encoded, escaped, in hex and as decimal bytes.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use serde_json::Value;

use crate::matcher::from_base64;

/// Shorter texts stand in ordinary words by accident.
const SHORTEST: usize = 6;

/// Parameters whose values nobody may print.
const SECRET: [&str; 15] = [
    "password",
    "client_secret",
    "code",
    "code_verifier",
    "refresh_token",
    "access_token",
    "state",
    "assertion",
    "client_assertion",
    "device_code",
    "auth_req_id",
    "subject_token",
    "actor_token",
    "id_token_hint",
    "login_hint_token",
];

/// Members of answers that nobody may print.
const SAID: [&str; 7] =
    ["access_token", "refresh_token", "device_code", "auth_req_id", "id_token", "client_secret", "registration_access_token"];

/// The secrets of one dialogue, each with the ways to write it.
#[derive(Default)]
pub(crate) struct Secrets(Vec<(String, Vec<(&'static str, String)>)>);

impl Secrets {
    pub(crate) fn add(&mut self, secret: &str) {
        if secret.len() >= SHORTEST && !self.0.iter().any(|(known, _)| known == secret) {
            self.0.push((secret.to_owned(), forms(secret)));
        }
    }

    /// Of the program's parameters, or a form's, those that nobody may print.
    pub(crate) fn of_parameters<'a>(&mut self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) {
        pairs.into_iter().filter(|(name, _)| SECRET.contains(name)).for_each(|(_, value)| self.add(value));
    }

    /// The private half of a key.
    pub(crate) fn of_key(&mut self, key: &serde_json::Map<String, Value>) {
        let jwk = key.get("jwk").and_then(Value::as_object);
        let private =
            jwk.into_iter().flatten().filter(|(name, _)| ["d", "p", "q", "dp", "dq", "qi", "k"].contains(&name.as_str()));
        private.filter_map(|(_, value)| value.as_str()).for_each(|secret| self.add(secret));
        let pem = key.get("pem").and_then(Value::as_str).unwrap_or_default();
        pem.lines().filter(|line| !line.starts_with("--")).for_each(|line| self.add(line));
    }

    /// What stands in a URL's query.
    pub(crate) fn of_url(&mut self, url: &str) {
        self.of_form(url.split_once('?').map_or("", |(_, query)| query).as_bytes());
    }

    /// What a request carries: credentials in the header, parameters in URL and form.
    pub(crate) fn of_request(&mut self, sent: &Value) {
        self.of_url(sent["url"].as_str().unwrap_or_default());
        let headers = sent["headers"].as_array().map_or(&[][..], Vec::as_slice);
        let carried = |pair: &&Value| pair[0] == "authorization" || pair[0] == "dpop";
        for value in headers.iter().filter(carried).filter_map(|pair| pair[1].as_str()) {
            self.add(value.split_once(' ').map_or(value, |(_, credentials)| credentials));
        }
        self.of_form(&sent["body_base64"].as_str().and_then(from_base64).unwrap_or_default());
    }

    /// The tokens of a server's answer, JSON or form.
    pub(crate) fn of_answer(&mut self, body: &[u8]) {
        let json: Value = serde_json::from_slice(body).unwrap_or_default();
        let form: Vec<_> = form_urlencoded::parse(body).collect();
        for name in SAID {
            json.get(name).and_then(Value::as_str).into_iter().for_each(|token| self.add(token));
            form.iter().filter(|(known, _)| known == name).for_each(|(_, token)| self.add(token));
        }
    }

    /// What a token holds.
    pub(crate) fn of_token(&mut self, token: &Value) {
        for name in ["access_token", "refresh_token", "authorization", "saved"] {
            token[name].as_str().into_iter().for_each(|secret| self.add(secret));
        }
    }

    fn of_form(&mut self, form: &[u8]) {
        let pairs: Vec<_> = form_urlencoded::parse(form).collect();
        self.of_parameters(pairs.iter().map(|(name, value)| (&**name, &**value)));
    }

    /// Where a text holds a secret: a word for how it was written.
    pub(crate) fn find(&self, shown: &str) -> Option<(&str, &'static str)> {
        self.0.iter().find_map(|(secret, forms)| {
            let written = forms.iter().find(|(_, form)| shown.contains(form.as_str()));
            written.map(|(how, _)| (secret.as_str(), *how))
        })
    }
}

fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let bytes = secret.as_bytes();
    let listed = |separator: &str| bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(separator);
    let percent: String = form_urlencoded::byte_serialize(bytes).collect();
    let mut forms = vec![
        ("as it stands", secret.to_owned()),
        ("percent-encoded", percent.replace('+', "%20")),
        ("percent-encoded", percent),
        ("escaped", format!("{secret:?}").trim_matches('"').to_owned()),
        ("escaped", serde_json::Value::from(secret).to_string().trim_matches('"').to_owned()),
        ("in hex", bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
        ("in hex", bytes.iter().map(|byte| format!("{byte:02X}")).collect()),
        ("as decimal bytes", listed(", ")),
        ("as decimal bytes", listed(",")),
        ("as decimal bytes", listed(" ")),
    ];
    for before in 0..3 {
        let base64 = aligned(bytes, before);
        forms.push(("in base64", base64.replace('+', "-").replace('/', "_")));
        forms.push(("in base64", base64));
    }
    forms.sort_by(|(_, one), (_, other)| one.cmp(other));
    forms.dedup_by(|(_, one), (_, other)| one == other);
    forms
}

/// The characters that stand for these bytes alone where `before` others precede them in their group of three.
fn aligned(bytes: &[u8], before: usize) -> String {
    let whole = [&[0; 2][..before], bytes].concat();
    let encoded = STANDARD_NO_PAD.encode(&whole);
    // The first characters also hold bits of what precedes, the last also bits of what follows.
    let from = [0, 2, 3][before];
    let to = whole.len() / 3 * 4 + [0, 1, 2][whole.len() % 3];
    encoded[from..to].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};

    #[test]
    fn a_secret_is_found_however_it_is_written() {
        let mut secrets = Secrets::default();
        let secret = "s3cr\"et ?/ÿ~+!";
        secrets.add(secret);
        for shown in [
            format!("Token {{ access_token: {secret} }}"),
            format!("{secret:?}"),
            format!("{:?}", secret.as_bytes()),
            format!("{:?}", secret.as_bytes()).replace(' ', ""),
            format!("url?x={}", form_urlencoded::byte_serialize(secret.as_bytes()).collect::<String>()),
            STANDARD.encode(secret),
            STANDARD.encode(format!("i:{secret}")),
            STANDARD.encode(format!("id:{secret}!!")),
            URL_SAFE.encode(format!("id1:{secret}")),
            serde_json::json!({"a": secret}).to_string(),
            secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
        ] {
            assert!(secrets.find(&shown).is_some(), "{shown}");
        }
        assert_eq!(secrets.find("Token { access_token: [redacted] }"), None);
    }

    #[test]
    fn a_short_text_is_no_secret() {
        let mut secrets = Secrets::default();
        secrets.add("abc");
        assert_eq!(secrets.find("abc"), None);
    }
}
