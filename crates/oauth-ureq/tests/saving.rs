//! Is a renewed token saved before anything else, and never lost?
#![allow(clippy::unwrap_used)]

mod support;

use std::cell::RefCell;

use oauth_core::{Call, Token};
use oauth_ureq::RunError;
use support::{Server, answer, client, grant};

/// Tokens die at once; each refresh gives the next.
fn server() -> Server {
    let (log, count) = (std::sync::Arc::new(std::sync::Mutex::new(Vec::new())), std::sync::atomic::AtomicUsize::new(0));
    let requests = std::sync::Arc::clone(&log);
    let server = Server::start(move |conversation| {
        while let Some(request) = support::request(conversation) {
            let reply = if request.starts_with("POST /oauth/token") {
                let n = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                answer(
                    "200 OK",
                    "",
                    &format!(r#"{{"access_token":"token-{n}","token_type":"Bearer","refresh_token":"refresh-{n}"}}"#),
                )
            } else if request.contains("Bearer token-0") {
                answer("401 Unauthorized", "www-authenticate: Bearer error=\"invalid_token\"\r\n", "")
            } else {
                answer("200 OK", "", "[]")
            };
            log.lock().unwrap().push(request);
            std::io::Write::write_all(conversation, &reply).unwrap();
        }
    });
    Server { requests, ..server }
}

#[test]
fn a_renewed_token_is_saved_before_it_is_used() {
    let server = server();
    let (agent, client) = (server.agent(), client(&server.url()));
    let token = agent.run(client.token(grant())).unwrap();
    let saved = RefCell::new(Vec::new());
    let save = |token: &Token| {
        saved.borrow_mut().push((token.access_token().to_owned(), server.requests().len()));
        Ok::<(), String>(())
    };
    let reply = agent.run_saving(client.call(&token, Call::get("/v1/builders")), save).unwrap();
    assert_eq!(reply.answer.status(), 200);
    // Saved after token, dead call and refresh: the repeated call had not gone out yet.
    assert_eq!(*saved.borrow(), [("token-1".to_owned(), 3)]);
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn a_token_that_could_not_be_saved_is_handed_back_and_not_used() {
    let server = server();
    let (agent, client) = (server.agent(), client(&server.url()));
    let token = agent.run(client.token(grant())).unwrap();
    let error = agent.run_saving(client.call(&token, Call::get("/v1/builders")), |_| Err("disk full")).unwrap_err();
    assert_eq!(error.to_string(), "the renewed token could not be saved: disk full");
    let RunError::Unsaved { token, error } = error else { panic!("{error:?}") };
    assert_eq!((token.access_token(), error, server.requests().len()), ("token-1", "disk full", 3));
    // With the token from the error the call goes on.
    let reply = agent.run(client.call(&token, Call::get("/v1/builders"))).unwrap();
    assert_eq!(reply.answer.status(), 200);
}

#[test]
fn a_plain_run_passes_the_save_over() {
    let server = server();
    let token = server.agent().run(server.client().token(grant())).unwrap();
    assert_eq!(server.agent().run(server.client().refresh(&token)).unwrap().access_token(), "token-1");
}
