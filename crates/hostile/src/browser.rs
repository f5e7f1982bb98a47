//! What may the browser bring back?

use oauth_core::{Authorize, Kind, Login, Step};

use crate::peer::{Counting, NOW, check_error, client};

/// Whatever comes back with another state takes nothing and sends nothing. `{state}` stands for the right one.
pub fn callback(data: &[u8]) {
    let client = client();
    for response_type in ["code", "token", "code id_token"] {
        let authorize = Authorize::new("https://app.example/cb").scope("read").response_type(response_type);
        let Ok(login) = client.authorize(authorize, NOW, &Counting) else { panic!("a login") };
        let state = login.url().split(['?', '&']).find_map(|pair| pair.strip_prefix("state=")).unwrap_or_default().to_owned();
        let Ok(mut login) = login.saved().and_then(|saved| Login::restore(saved.expose())) else { panic!("kept") };
        let callback = String::from_utf8_lossy(data).replace("{state}", &state);
        let result = client.callback(&mut login, &callback).step(NOW);
        // The state is 256 bits: who does not copy it does not have it, in whatever encoding.
        let knows = callback.contains(&state) || callback.contains('%');
        match result {
            Ok(Step::Send(request)) => {
                assert!(knows && login.is_taken() && request.url() == "https://as.example/token");
            }
            Ok(Step::Done(token)) => {
                assert!(knows && login.is_taken() && response_type == "token");
                crate::answers::check_token(&token, None);
            }
            Ok(step) => panic!("{step:?}"),
            Err(error) => {
                check_error(&error);
                // Once the login is taken it is of no use to anybody.
                assert!(login.is_taken() || !format!("{error} {error:?} {login:?}").contains(&state), "the state was printed");
                match error.kind() {
                    Kind::Untrusted => assert!(!login.is_taken(), "a forged callback burns nothing"),
                    Kind::Usage | Kind::Refused | Kind::Garbled | Kind::Expired => assert!(knows, "{error}"),
                    _ => panic!("{error}"),
                }
            }
        }
    }
}
