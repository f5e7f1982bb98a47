//! Does a bare 401 lead to a client for that resource and no other?

use oauth_core::{Access, Admission, Answer, Authorize, Error, Exchange, Kind, Now, Random, Step};
use serde_json::{Value, json};

const NOW: Now = Now { wall: 1_700_000_000_000, mono: 0 };
const RESOURCE: &str = "https://tools.example/mcp";
const DOCUMENT: &str = "https://app.example/client.json";
const METADATA: &str = r#"{"client_name":"App","redirect_uris":["http://127.0.0.1/cb"],"token_endpoint_auth_method":"none"}"#;

fn refusal(field: &str) -> Answer {
    Answer::new(401, vec![("WWW-Authenticate".to_owned(), field.to_owned())], vec![])
}

fn resource() -> Value {
    json!({ "resource": RESOURCE, "authorization_servers": ["https://as.example"], "scopes_supported": ["a", "b"] })
}

fn server() -> Value {
    json!({
        "issuer": "https://as.example", "authorization_endpoint": "https://as.example/authorize",
        "token_endpoint": "https://as.example/token", "registration_endpoint": "https://as.example/register",
        "code_challenge_methods_supported": ["S256"], "token_endpoint_auth_methods_supported": ["none"],
        "client_id_metadata_document_supported": true,
    })
}

fn play(mut exchange: Exchange<Admission>, answers: &[(u16, Value)]) -> (Vec<String>, Result<Admission, Error>) {
    let mut asked = Vec::new();
    let mut answers = answers.iter();
    loop {
        match exchange.step(NOW) {
            Ok(Step::Send(request)) => {
                asked.push(format!("{} {}", request.method(), request.url()));
                let (status, body) = answers.next().expect("an answer for each request");
                exchange.receive(Ok(Answer::new(*status, vec![], body.to_string().into_bytes())));
            }
            Ok(Step::Done(admission)) => return (asked, Ok(admission)),
            Ok(step) => panic!("{step:?}"),
            Err(error) => return (asked, Err(error)),
        }
    }
}

struct Counting;

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        (1..).zip(bytes).for_each(|(number, byte)| *byte = number);
        Ok(())
    }
}

fn access() -> Access {
    Access::to(RESOURCE).client_document(DOCUMENT).register(METADATA)
}

#[test]
fn a_server_that_reads_documents_needs_no_registration() {
    let field = r#"Bearer error="invalid_token", scope="files:read files:write", resource_metadata="https://tools.example/meta""#;
    let (asked, end) = play(access().after(&refusal(field)), &[(200, resource()), (200, server())]);
    assert_eq!(asked, ["GET https://tools.example/meta", "GET https://as.example/.well-known/oauth-authorization-server"]);
    let admission = end.expect("a client");
    assert_eq!((admission.client.id(), admission.registration.is_none()), (DOCUMENT, true));
    assert_eq!(admission.scope.as_deref(), Some("files:read files:write"), "the refusal's word comes first");
    let login = admission.client.authorize(admission.authorize("http://127.0.0.1/cb"), NOW, &Counting).expect("a login");
    for part in [
        "client_id=https%3A%2F%2Fapp.example%2Fclient.json",
        "resource=https%3A%2F%2Ftools.example%2Fmcp",
        "scope=files%3Aread",
        "S256",
    ] {
        assert!(login.url().contains(part), "{}", login.url());
    }
}

#[test]
fn elsewhere_the_program_registers_itself() {
    let mut server = server();
    server["client_id_metadata_document_supported"] = false.into();
    let registered = json!({ "client_id": "new", "token_endpoint_auth_method": "none" });
    let answers = [(404, json!({})), (200, resource()), (200, server), (201, registered)];
    let (asked, end) = play(access().after(&refusal("Bearer")), &answers);
    // The root's metadata may speak for the host's only resource, where it says so.
    assert_eq!(
        asked,
        [
            "GET https://tools.example/.well-known/oauth-protected-resource/mcp",
            "GET https://tools.example/.well-known/oauth-protected-resource",
            "GET https://as.example/.well-known/oauth-authorization-server",
            "POST https://as.example/register",
        ]
    );
    let admission = end.expect("a client");
    assert_eq!(admission.client.id(), "new");
    assert_eq!(admission.registration.as_ref().expect("made on the way").client_id(), "new");
    assert_eq!(admission.scope.as_deref(), Some("a b"), "what the resource knows");
}

#[test]
fn nothing_goes_on_that_could_be_somebody_elses() {
    let end = |answers: &[(u16, Value)]| play(access().after(&refusal("Bearer")), answers).1.expect_err("must end").kind();
    let change = |mut value: Value, member: &str, to: Value| {
        value[member] = to;
        value
    };
    assert_eq!(end(&[(200, change(resource(), "resource", json!("https://evil.example/mcp")))]), Kind::Untrusted);
    assert_eq!(end(&[(200, change(resource(), "authorization_servers", json!([])))]), Kind::Garbled);
    assert_eq!(end(&[(200, resource()), (200, change(server(), "issuer", json!("https://evil.example")))]), Kind::Untrusted);
    for methods in [Value::Null, json!([]), json!(["plain"]), json!("S256")] {
        assert_eq!(
            end(&[(200, resource()), (200, change(server(), "code_challenge_methods_supported", methods))]),
            Kind::Untrusted
        );
    }
}

#[test]
fn who_cannot_become_known_is_told_what_the_server_takes() {
    let text = |access: Access, server: Value| {
        let (_, end) = play(access.after(&refusal("Bearer")), &[(200, resource()), (200, server)]);
        let error = end.expect_err("no way");
        assert_eq!(error.kind(), Kind::Usage);
        error.to_string()
    };
    assert!(text(Access::to(RESOURCE), server()).ends_with("the URL of a client document, or metadata to register with"));
    let mut plain = server();
    plain["client_id_metadata_document_supported"] = Value::Null;
    assert!(text(Access::to(RESOURCE).client_document(DOCUMENT), plain.clone()).ends_with("it takes: metadata to register with"));
    plain["registration_endpoint"] = Value::Null;
    assert!(text(access(), plain).ends_with("a client id must come from its operator"));
    assert!(text(Access::to(RESOURCE).client_document("https://app.example/"), server()).contains("has a path"));
}

#[test]
fn the_token_stays_with_the_resource() {
    let (_, end) = play(access().after(&refusal("Bearer")), &[(200, resource()), (200, server())]);
    let admission = end.expect("a client");
    let saved = format!(
        r#"{{"active_token":1,"provider":"{}","access_token":"t0ken","scheme":"Bearer","token_type":"Bearer","expires_at":null,"received_at":0,
        "refresh_token":null,"scope":null,"requested_scope":null,"deviations":[],"answer":""}}"#,
        admission.client.provider().name()
    );
    let token = oauth_core::Token::restore(&saved).expect("a token");
    let mut exchange = admission.client.call(&token, oauth_core::Call::post(RESOURCE));
    assert!(matches!(exchange.step(NOW), Ok(Step::Send(request)) if request.url() == RESOURCE));
    let mut exchange = admission.client.call(&token, oauth_core::Call::post("https://evil.example/mcp"));
    assert_eq!(exchange.step(NOW).expect_err("another origin").kind(), Kind::Usage);
    let _: Authorize = admission.authorize("http://127.0.0.1/cb");
}

#[test]
fn what_stands_in_the_query_of_an_identifier_is_printed_nowhere() {
    let url = "https://tools.example/mcp?key=s3cret";
    let described = json!({ "resource": url, "authorization_servers": ["https://as.example"] });
    let (_, admission) = play(
        Access::to(url).client_document(DOCUMENT).after(&Answer::new(401, vec![], vec![])),
        &[(200, described), (200, server())],
    );
    let admission = admission.expect("admitted");
    assert_eq!(admission.resource.resource(), url);
    let asked = admission.authorize("https://app.example/cb");
    for shown in [format!("{admission:?} {:?} {asked:?}", admission.resource), format!("{admission:#?}")] {
        assert!(shown.contains("https://tools.example/mcp") && !shown.contains("s3cret"), "{shown}");
    }
}
