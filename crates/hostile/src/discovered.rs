//! What may a stranger say of himself?

use oauth_core::{Challenge, Client, Grant, Kind, Provider, Resource, Secret, Step, client_document};

use crate::peer::{Counting, ISSUER, NOW, answer, check_error, check_url, client, strangers};

/// Any `WWW-Authenticate` field is read in bounded time and space, and into what was written.
pub fn challenge(data: &[u8]) {
    let field = String::from_utf8_lossy(data);
    for fields in [vec![&*field], field.lines().collect()] {
        for challenge in Challenge::parse_all(fields.iter().copied()) {
            assert!(!challenge.scheme().is_empty() && challenge.scheme().bytes().all(|byte| byte.is_ascii_graphic()));
            for (name, value) in challenge.parameters() {
                assert!(!name.is_empty() && challenge.parameter(name).is_some());
                assert!(value.len() <= field.len());
            }
            let _ = (challenge.realm(), challenge.scope(), challenge.error(), challenge.max_age(), challenge.token68());
            let _ = (challenge.algs().count(), challenge.acr_values().count(), format!("{challenge:?}"));
        }
    }
}

/// Any metadata is refused, or becomes a provider all of whose endpoints may be sent to.
pub fn metadata(data: &[u8]) {
    let answer = answer(data);
    if let Some(Ok(provider)) = strangers(Provider::discover(ISSUER), &answer, 3) {
        let client = Client::new(provider, "app").secret("another-secret-of-32-characters-");
        if let Ok(Step::Send(request)) = client.token(Grant::client_credentials()).step(NOW) {
            check_url(request.url());
        }
        if let Ok(login) = client.authorize(oauth_core::Authorize::new("https://app.example/cb"), NOW, &Counting) {
            check_url(login.url());
            assert!(!login.url().contains(['"', '\\', '|', '<', '>', '`', '{', '}', '^']), "CVE-2025-6514");
        }
    }
    if let Some(Ok(resource)) = strangers(Resource::discover("https://api.example/x"), &answer, 3) {
        resource.authorization_servers().iter().for_each(|server| check_url(server));
    }
    if let Some(Ok(resource)) = strangers(Resource::challenged("https://api.example/x", &answer), &answer, 4) {
        resource.authorization_servers().iter().for_each(|server| check_url(server));
    }
}

/// Any answer to a registration is a client, a refusal, or garbled; any metadata of ours is sent or refused before.
pub fn registration(data: &[u8]) {
    let provider = r#"{"version":1,"name":"example","base":"https://as.example","token":{"url":"/token"},"endpoints":{"registration":"/register"}}"#;
    let Ok(provider) = Provider::from_json(provider) else { panic!("a record") };
    let answer = answer(data);
    match strangers(
        provider.register(r#"{"redirect_uris":["https://app.example/cb"]}"#, Some(&Secret::from("initial"))),
        &answer,
        1,
    ) {
        Some(Ok(registration)) => {
            let saved = registration.saved();
            let Ok(again) = provider.registration(saved.expose()) else { panic!("what was kept is not read") };
            assert_eq!(again.saved().expose(), saved.expose());
            if let Err(error) = registration.client().token(Grant::client_credentials()).step(NOW) {
                check_error(&error);
            }
            let _ = strangers(registration.read_again(), &answer, 1);
        }
        Some(Err(error)) => assert!(matches!(error.kind(), Kind::Refused | Kind::Garbled | Kind::Untrusted), "{error}"),
        None => panic!("one request has one outcome"),
    }
    let metadata = String::from_utf8_lossy(data);
    if let Some(Err(error)) = strangers(provider.register(&metadata, None), &answer, 1) {
        check_error(&error);
    }
    if let Err(error) = client_document("https://app.example/client", &metadata) {
        check_error(&error);
    }
    if let Err(error) = client().provider().registration(&metadata) {
        check_error(&error);
    }
}
