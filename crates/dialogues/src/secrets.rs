//! Does anything that was shown hold a secret?
//!
//! Looked for as it stands, in base64 (at any alignment), percent-encoded, escaped, in hex and as decimal bytes.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};

/// Shorter texts stand in ordinary words by accident.
const SHORTEST: usize = 6;

/// The secrets of one dialogue, each with the ways to write it.
#[derive(Default)]
pub(crate) struct Secrets(Vec<(String, Vec<(&'static str, String)>)>);

impl Secrets {
    pub(crate) fn add(&mut self, secret: &str) {
        if secret.len() >= SHORTEST && !self.0.iter().any(|(known, _)| known == secret) {
            self.0.push((secret.to_owned(), forms(secret)));
        }
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
