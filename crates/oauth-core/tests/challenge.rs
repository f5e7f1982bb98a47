//! Is `WWW-Authenticate` read by its whole grammar, and does nothing that a server writes there do harm?

use oauth_core::Challenge;

fn parse(field: &str) -> Vec<Challenge> {
    Challenge::parse_all([field])
}

fn said(challenge: &Challenge) -> (String, Vec<(String, String)>) {
    let parameters = challenge.parameters().map(|(name, value)| (name.to_owned(), value.to_owned()));
    (challenge.scheme().to_owned(), parameters.collect())
}

fn expect(field: &str, expected: &[(&str, &[(&str, &str)])]) {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let expected: Vec<_> = expected.iter().map(|(scheme, all)| ((*scheme).to_owned(), all.iter().map(owned).collect())).collect();
    assert_eq!(parse(field).iter().map(said).collect::<Vec<_>>(), expected, "{field}");
}

#[test]
fn rfc_9110_11_6_1_challenges_and_parameters_are_told_apart() {
    expect(
        r#"Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple""#,
        &[("Newauth", &[("realm", "apps"), ("type", "1"), ("title", "Login to \"apps\"")]), ("Basic", &[("realm", "simple")])],
    );
    expect("Basic", &[("Basic", &[])]);
    expect("Basic, Digest,Negotiate", &[("Basic", &[]), ("Digest", &[]), ("Negotiate", &[])]);
    expect(",,  Basic , ,", &[("Basic", &[])]);
    expect("Basic\tREALM\t=\t\"x\"", &[("Basic", &[("realm", "x")])]);
    expect(r#"Bearer a="", b="," , c="\\""#, &[("Bearer", &[("a", ""), ("b", ","), ("c", "\\")])]);
    expect(r#"Bearer title="Grüße""#, &[("Bearer", &[("title", "Grüße")])]);
    expect(r#"Bearer a="x=1, Basic b=2", d=3"#, &[("Bearer", &[("a", "x=1, Basic b=2"), ("d", "3")])]);
}

#[test]
fn rfc_9110_11_2_a_token68_is_no_parameter() {
    let challenges = parse("Negotiate YWJj==, Bearer error=invalid_token, NTLM TlRMTVNTUAAC/+A-._~=");
    let tokens: Vec<_> = challenges.iter().map(|challenge| (challenge.scheme(), challenge.token68())).collect();
    assert_eq!(tokens, [("Negotiate", Some("YWJj==")), ("Bearer", None), ("NTLM", Some("TlRMTVNTUAAC/+A-._~="))]);
    assert_eq!(challenges[1].error(), Some("invalid_token"));
    expect("Bearer error=", &[("Bearer", &[])]);
    assert_eq!(parse("Bearer error==")[0].token68(), Some("error=="), "so the grammar has it");
    assert!(!format!("{challenges:?}").contains("YWJj"), "a token68 may be a credential");
}

#[test]
fn several_fields_are_read_one_by_one() {
    let challenges = Challenge::parse_all(["Basic realm=\"open", "Bearer error=invalid_token", "DPoP algs=\"ES256  PS256\""]);
    assert_eq!(challenges.iter().map(Challenge::scheme).collect::<Vec<_>>(), ["Bearer", "DPoP"]);
    assert_eq!(challenges[1].algs().collect::<Vec<_>>(), ["ES256", "PS256"]);
}

#[test]
fn every_known_parameter_has_its_type() {
    let field = r#"Bearer realm="r", scope="a b", error="insufficient_user_authentication", error_description="d", error_uri="https://e.example/",
        algs="ES256", acr_values="gold  silver", max_age="5", resource_metadata="https://r.example/.well-known/oauth-protected-resource""#;
    let [challenge] = &parse(&field.replace('\n', " "))[..] else { panic!("one challenge") };
    assert!(challenge.is("bearer") && challenge.is("BEARER") && !challenge.is("DPoP"));
    assert_eq!(challenge.realm(), Some("r"));
    assert_eq!(challenge.scope(), Some("a b"));
    assert_eq!(challenge.error(), Some("insufficient_user_authentication"));
    assert_eq!(challenge.error_description(), Some("d"));
    assert_eq!(challenge.error_uri(), Some("https://e.example/"));
    assert_eq!(challenge.acr_values().collect::<Vec<_>>(), ["gold", "silver"]);
    assert_eq!(challenge.max_age(), Some(5));
    assert_eq!(challenge.resource_metadata(), Some("https://r.example/.well-known/oauth-protected-resource"));
    assert_eq!(challenge.parameter("ALGS"), Some("ES256"));
    for (bad, why) in [("-1", "signed"), ("+1", "signed"), ("", "empty"), ("99999999999999999999", "too large"), ("5s", "a unit")]
    {
        assert_eq!(parse(&format!("Bearer max_age=\"{bad}\""))[0].max_age(), None, "{why}");
    }
}

#[test]
fn a_challenge_that_repeats_a_parameter_is_left_out_alone() {
    expect("Bearer error=a, ERROR=b, Basic realm=x", &[("Basic", &[("realm", "x")])]);
    expect("Basic realm=x, Bearer error=a, error=a", &[("Basic", &[("realm", "x")])]);
}

#[test]
fn what_departs_from_the_grammar_ends_the_field_there() {
    for broken in [
        "Bearer error=\"open",
        "Bearer error=\"a\"b",
        "Bearer error=a\"b",
        "Bearer error=\"a\u{0}b\"",
        "Bearer error=\"a\r\nb\"",
        "Bearer; error=a",
    ] {
        expect(&format!("Basic realm=x, {broken}"), &[("Basic", &[("realm", "x")])]);
    }
    expect("Basic realm=x, Bearer \"x\", Digest", &[("Basic", &[("realm", "x")]), ("Bearer", &[])]);
    expect("Bearer abc==, error=a", &[("Bearer", &[])]);
    for nothing in ["", " ", ",", "=", "\"", "error=invalid_token", "é", "(x)"] {
        expect(nothing, &[]);
    }
}

#[test]
fn forgotten_commas_and_quotes_are_forgiven() {
    expect("Bearer error=a scope=b", &[("Bearer", &[("error", "a"), ("scope", "b")])]);
    expect(
        "Bearer resource_metadata=https://r.example/.well-known/x?a=b, error=c",
        &[("Bearer", &[("resource_metadata", "https://r.example/.well-known/x?a=b"), ("error", "c")])],
    );
}

#[test]
fn what_is_read_is_bounded() {
    assert_eq!(parse(&"a,".repeat(8 * 1024)).len(), 64);
    assert!(parse(&format!("Bearer x={}", "a".repeat(16 * 1024))).is_empty());
    assert_eq!(Challenge::parse_all(std::iter::repeat("Basic")).len(), 64, "a server may send fields without end");
    assert!(Challenge::parse_all(std::iter::repeat("")).is_empty(), "empty ones too");
}

/// xorshift64*: the same bytes in every run.
struct Bytes(u64);

impl Bytes {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap_or_default()
    }
}

#[test]
fn no_field_of_random_bytes_panics_or_yields_what_was_not_written() {
    const PIECES: [&str; 24] = [
        "Bearer",
        "Basic",
        "error",
        "realm",
        "=",
        "==",
        "\"",
        "\\",
        ",",
        " ",
        "\t",
        "x",
        "é",
        "\u{1F600}",
        "\u{0}",
        "\r\n",
        "~",
        "/",
        "a=b",
        "\"a\\\"b\"",
        "Negotiate YWJj==",
        "resource_metadata=\"https://",
        ";",
        "🦀=",
    ];
    let mut bytes = Bytes(0x9E37_79B9_7F4A_7C15);
    for round in 0..60_000 {
        let field = if round % 2 == 0 {
            (0..bytes.next() % 24).map(|_| PIECES[bytes.next() % PIECES.len()]).collect::<String>()
        } else {
            let raw: Vec<u8> = (0..bytes.next() % 48).map(|_| (bytes.next() & 0xFF) as u8).collect();
            String::from_utf8_lossy(&raw).into_owned()
        };
        for challenge in parse(&field) {
            assert!(!challenge.scheme().is_empty() && field.contains(challenge.scheme()), "{field:?}");
            let token68 = challenge.token68().unwrap_or_default();
            let written: usize = challenge.parameters().map(|(name, value)| name.len() + value.len()).sum();
            assert!(field.contains(token68) && written <= field.len(), "{field:?}");
            for (name, value) in challenge.parameters() {
                assert!(!name.is_empty() && !value.contains(['\0', '\r', '\n']), "{field:?}");
                assert_eq!(challenge.parameter(&name.to_ascii_uppercase()), Some(value), "{field:?}");
            }
        }
    }
}

#[test]
fn what_was_written_by_the_grammar_is_read_back() {
    let mut bytes = Bytes(7);
    let alphabet: Vec<char> = "abcXYZ019-._~ ,=\"\\;é".chars().collect();
    for _ in 0..5_000 {
        let mut written = Vec::new();
        let mut field = String::new();
        for scheme in 0..=bytes.next() % 3 {
            let mut parameters = Vec::new();
            field.push_str(&format!("{}Scheme{scheme} ", if scheme == 0 { "" } else { ", " }));
            for at in 0..=bytes.next() % 4 {
                let value: String = (0..bytes.next() % 9).map(|_| alphabet[bytes.next() % alphabet.len()]).collect();
                let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
                field.push_str(&format!("{}p{at}=\"{quoted}\"", if at == 0 { "" } else { ", " }));
                parameters.push((format!("p{at}"), value));
            }
            written.push((format!("Scheme{scheme}"), parameters));
        }
        assert_eq!(parse(&field).iter().map(said).collect::<Vec<_>>(), written, "{field}");
    }
}
