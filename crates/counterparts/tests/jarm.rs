//! Does a certified server sign the answer that its browser brings, and is no other believed?

use std::sync::Arc;

use counterparts::Counterpart;
use oauth_core::{Authorize, Client, Kind, Login, Provider};
use oauth_keys::{Algorithm, ServerKeys};
use oauth_ureq::{OsRandom, now};

fn server() -> &'static Counterpart {
    Counterpart::oidc_provider()
}

fn client(server: &Counterpart, keys: ServerKeys) -> Client {
    let provider = server.agent().run(Provider::discover(server.issuer())).expect("a provider");
    server.client("jarm").of(provider).random(Arc::new(OsRandom)).verifier(Arc::new(keys))
}

fn begun(client: &Client, mode: &str) -> Login {
    let authorize = Authorize::new(server().client("jarm").redirect_uri()).scope("openid").response_mode(mode);
    let login = client.authorize(authorize, now(), &OsRandom).expect("a login");
    assert!(login.url().contains(&format!("&response_mode={mode}")) && login.url().contains("&code_challenge="));
    login
}

#[test]
fn jarm_2_3_a_login_ends_with_a_token_in_each_mode() {
    for (mode, place) in
        [("jwt", "?response="), ("query.jwt", "?response="), ("fragment.jwt", "#response="), ("form_post.jwt", "response=")]
    {
        let client = client(server(), ServerKeys::new());
        let login = begun(&client, mode);
        let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
        assert!(callback.contains(place) && !callback.contains("code="), "{mode}: {callback}");
        // As in a web program: another request, another process.
        let mut login = Login::restore(login.saved().expect("kept").expose()).expect("restored");
        let token =
            server().agent().run(client.callback(&mut login, &callback)).unwrap_or_else(|error| panic!("{mode}: {error}"));
        assert!(login.is_taken());
        let claims = server().agent().run(client.id_token(&token, None)).expect("an ID token");
        assert_eq!(claims.text("/sub").as_deref(), Some("alice"));
        let again = server().agent().run(client.callback(&mut login, &callback)).expect_err("once");
        assert_eq!(again.kind(), Kind::Expired, "{again}");
    }
}

#[test]
fn jarm_2_1_a_users_no_is_signed_too() {
    let client = client(server(), ServerKeys::new());
    let mut login = begun(&client, "jwt");
    let callback = server().browser().refuse(login.url()).expect("the user comes back");
    assert!(callback.contains("?response=") && !callback.contains("error="), "{callback}");
    let error = server().agent().run(client.callback(&mut login, &callback)).expect_err("refused");
    assert_eq!((error.kind(), error.standard_code()), (Kind::Refused, Some("access_denied")), "{error}");
    assert!(login.is_taken());
}

#[test]
fn jarm_2_4_what_was_changed_on_the_way_or_is_not_signed_sends_no_code() {
    let server = &Counterpart::start(counterparts::Kind::OidcProvider).expect("a server alone");
    let client = client(server, ServerKeys::new());
    let mut login = begun(&client, "jwt");
    let right = server.browser().sign_in(login.url(), "alice").expect("the user comes back");
    // Whoever changes the URL of the login gets a plain answer, with the right state.
    let stripped = login.url().replace("&response_mode=jwt", "");
    let plain = server.browser().sign_in(&stripped, "mallory").expect("the user comes back");
    assert!(plain.contains("code=") && plain.contains("state="), "{plain}");
    let others = begun(&client, "jwt");
    let others = server.browser().sign_in(others.url(), "mallory").expect("the user comes back");
    let (before, signature) = right.rsplit_once('.').expect("a JWT");
    let first = if signature.starts_with('A') { "B" } else { "A" };
    for wrong in [plain, others, format!("{before}.{first}{}", &signature[1..]), format!("{before}.")] {
        let error = server.agent().run(client.callback(&mut login, &wrong)).expect_err("not the server's answer to this login");
        assert_eq!(error.kind(), Kind::Untrusted, "{error}");
        assert!(!login.is_taken());
    }
    assert_eq!(server.count("POST", "/token"), 0, "no code was sent on");
    server.agent().run(client.callback(&mut login, &right)).expect("the real answer is still taken");
    assert_eq!(server.count("POST", "/token"), 1);
}

#[test]
fn rfc_8725_3_1_an_answer_signed_by_another_algorithm_than_agreed_is_untrusted() {
    let client = client(server(), ServerKeys::taking(&[Algorithm::Ps256]));
    let mut login = begun(&client, "jwt");
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    let error = server().agent().run(client.callback(&mut login, &callback)).expect_err("ES256 where PS256 was agreed");
    assert!(error.kind() == Kind::Untrusted && !login.is_taken(), "{error}");
}
