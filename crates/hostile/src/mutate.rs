//! How does a good answer become a hostile one?
//!
//! Changes that follow from a number, so that a failure can be played again.

use serde_json::{Value, json};

use crate::{kept, presented, signed};

/// What parsers stumble over.
const WORDS: [&[u8]; 60] = [
    b"",
    b"\0",
    b"\r\n",
    b"\n\n",
    b"\"",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"true",
    b"-1",
    b"0",
    b"1e999",
    b"9223372036854775808",
    b"-9223372036854775808",
    b"0.5",
    b"\"\"",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
    b"\x1b[2J",
    b"%00",
    b"%ff",
    b"+",
    b"&",
    b"=",
    b"#",
    b"?",
    b"{state}",
    b"&state={state}",
    b"&code=c&code=d",
    b"&iss=https://as.example",
    b"error=access_denied",
    b"the-secret-of-the-client",
    b"Basic YXBwOnRoZS1zZWNyZXQtb2YtdGhlLWNsaWVudA==",
    b"eyJhbGciOiJub25lIn0.e30.",
    b"http://evil.example",
    b"https://evil.example",
    b"file:///etc/passwd",
    b"javascript:alert(1)",
    b"https://as.example",
    b"\"access_token\":",
    b"\"error\":",
    b"\"token_type\":\"bearer\"",
    b"\"expires_in\":",
    b"\"refresh_token\":",
    b"Bearer error=\"invalid_token\"",
    b"DPoP error=\"use_dpop_nonce\"",
    b"Retry-After: 99999999999999999999",
    b"WWW-Authenticate: ",
    b"401\n",
    b"\"exp\":\"999\"",
    b"..........",
    b"\"crit\":[\"x\"]",
];

/// Makes hostile inputs out of good ones; the same for the same number.
pub struct Mutator(u64);

impl Mutator {
    /// Its number says what it makes.
    pub fn new(number: u64) -> Self {
        Self(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// Below `end`, which is not 0 (xorshift64*).
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end.max(1)
    }

    /// One of the seeds with one to four changes.
    pub fn next(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut input = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(4) {
            self.change(&mut input, seeds);
        }
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let (from, to) = (self.below(input.len() + 1), self.below(input.len() + 1));
        let (from, to) = (from.min(to), from.max(to).min(from.min(to) + 40));
        match self.below(8) {
            0 if from < input.len() => input[from] ^= 1 << self.below(8),
            1 => drop(input.drain(from..to)),
            2 => input.truncate(from),
            3 => {
                let piece = input[from..to].to_vec();
                input.splice(from..from, piece);
            }
            4 => {
                let other = &seeds[self.below(seeds.len())];
                let begin = self.below(other.len() + 1);
                input.splice(from..to, other[begin..(begin + 60).min(other.len())].iter().copied());
            }
            5 => {
                let word = WORDS[self.below(WORDS.len())];
                input.splice(from..to, word.iter().copied());
            }
            _ => {
                let word = WORDS[self.below(WORDS.len())];
                input.splice(from..from, word.iter().copied());
            }
        }
    }
}

/// Good inputs of one property, from what the servers of these dialogues say.
pub fn seeds(property: &str, dialogues: &[Value]) -> Vec<Vec<u8>> {
    let moves = || dialogues.iter().filter_map(|dialogue| dialogue["conversation"].as_array()).flatten();
    let answers = || moves().filter_map(|one| one.get("answer")).map(written);
    let mut seeds: Vec<Vec<u8>> = match property {
        "callback" => moves().filter_map(|one| one["callback"].as_str()).map(|text| text.as_bytes().to_vec()).collect(),
        "challenge" => moves().filter_map(|one| one["answer"]["headers"].as_object()).flatten().filter_map(|(_, value)| value.as_str()).map(|value| value.as_bytes().to_vec()).collect(),
        "record" => dialogues.iter().filter_map(|dialogue| dialogue["client"].get("record")).map(text).collect(),
        "saved" => kept::good(),
        "metadata" => vec![metadata()],
        "registration" => vec![b"201\n\n{\"client_id\":\"c\",\"client_secret\":\"s\",\"client_secret_expires_at\":0,\"registration_client_uri\":\"https://as.example/register/c\",\"registration_access_token\":\"rat\",\"token_endpoint_auth_method\":\"client_secret_post\"}".to_vec()],
        "jwks" => JWKS.map(|text| text.as_bytes().to_vec()).to_vec(),
        "id_token" => vec![signed::GOOD.as_bytes().to_vec(), b"eyJhbGciOiJub25lIn0.e30.".to_vec()],
        "claims" => vec![signed::right().to_string().into_bytes(), format!("{{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}}\n\n{}", signed::right()).into_bytes()],
        "presented" => vec![
            presented::access().to_string().into_bytes(),
            format!("{{\"alg\":\"EdDSA\",\"typ\":\"application/at+jwt\"}}\n\n{}", presented::access()).into_bytes(),
            format!("{{\"alg\":\"EdDSA\",\"typ\":\"token-introspection+jwt\"}}\n\n{}", presented::introspection()).into_bytes(),
            b"Bearer 2YotnFZFEjr1zCsicMWpAA".to_vec(),
            b"DPoP 2YotnFZFEjr1zCsicMWpAA".to_vec(),
        ],
        "signed_answer" => vec![signed::answered().to_string().into_bytes()],
        _ => answers().collect(),
    };
    seeds.extend(own(property).into_iter().map(|text| text.as_bytes().to_vec()));
    seeds.sort();
    seeds.dedup();
    seeds
}

/// What no dialogue says.
fn own(property: &str) -> Vec<&'static str> {
    match property {
        "callback" => {
            vec!["?code=c&state={state}&iss=https://as.example", "#access_token=a&token_type=Bearer&state={state}&expires_in=60"]
        }
        "challenge" => vec![
            r#"Bearer realm="x, y", error="invalid_token", scope="a b", Basic dGVzdA==, DPoP algs="ES256 EdDSA", max_age=60"#,
        ],
        "document_answer" => vec![
            "200\n\n{\"active\":true,\"sub\":\"alice\",\"request_uri\":\"urn:x\",\"expires_in\":60,\"auth_req_id\":\"r\"}",
            "200\n\n{\"device_code\":\"d\",\"user_code\":\"U\",\"verification_uri\":\"https://as.example/d\",\"expires_in\":60,\"interval\":1}",
            "400\n\n{\"error\":\"slow_down\"}",
        ],
        _ => vec![],
    }
}

/// RFC 7517 Appendix A.1 and A.2, and RFC 8037 Appendix A.1.
const JWKS: [&str; 3] = [
    r#"{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"1"},{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","use":"sig"}]}"#,
    r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
    r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#,
];

fn metadata() -> Vec<u8> {
    let metadata = json!({"issuer": "https://as.example", "resource": "https://api.example/x", "authorization_servers": ["https://as.example"],
        "authorization_endpoint": "https://as.example/authorize", "token_endpoint": "https://as.example/token", "jwks_uri": "https://as.example/keys",
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "none"], "authorization_response_iss_parameter_supported": true,
        "registration_endpoint": "https://as.example/register", "device_authorization_endpoint": "https://as.example/device",
        "mtls_endpoint_aliases": {"token_endpoint": "https://mtls.as.example/token"}, "code_challenge_methods_supported": ["S256"]});
    format!("200\nWWW-Authenticate: Bearer resource_metadata=\"https://api.example/m\"\n\n{metadata}").into_bytes()
}

/// An answer of a dialogue as the properties read it.
fn written(answer: &Value) -> Vec<u8> {
    let mut out = answer["status"].to_string();
    for (name, value) in answer["headers"].as_object().into_iter().flatten() {
        out += &format!("\n{name}: {}", value.as_str().unwrap_or_default());
    }
    let body =
        answer.get("json").map(Value::to_string).or_else(|| answer["text"].as_str().map(str::to_owned)).unwrap_or_default();
    format!("{out}\n\n{body}").into_bytes()
}

fn text(value: &Value) -> Vec<u8> {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned).into_bytes()
}
