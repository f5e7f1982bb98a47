//! The same with oauth2-rs, through its own public interface and a transport that answers at once.

use std::hint::black_box;

use oauth2::{
    AuthUrl, ClientId, ClientSecret, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, ResourceOwnerPassword,
    ResourceOwnerUsername, TokenResponse, TokenUrl,
    basic::{BasicClient, BasicTokenResponse},
};

use crate::answers;

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

#[derive(Debug)]
struct Stop;

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("stop")
    }
}

impl std::error::Error for Stop {}

fn client() -> Client {
    BasicClient::new(ClientId::new("9UY8NrmDtIh8GVTkNdX0Y7I6k37254a9".into()))
        .set_client_secret(ClientSecret::new("Z1947381rwgf0WkPPGPHnGik6h3LdhZ9".into()))
        .set_auth_uri(AuthUrl::new("https://api.honeywell.com/oauth2/authorize".into()).expect("a URL"))
        .set_token_uri(TokenUrl::new("https://api.honeywell.com/oauth2/accesstoken".into()).expect("a URL"))
}

fn answer(body: &str) -> HttpResponse {
    http::Response::builder()
        .status(200)
        .header("content-type", "application/json")
        .body(body.as_bytes().to_vec())
        .expect("an answer")
}

pub(crate) fn build_basic(n: usize, work: bool) {
    let client = client();
    for _ in 0..n {
        if work {
            let stop = |request: HttpRequest| -> Result<HttpResponse, Stop> {
                drop(black_box(request));
                Err(Stop)
            };
            drop(black_box(client.exchange_client_credentials().request(&stop)));
        }
    }
}

pub(crate) fn build_form(n: usize, work: bool) {
    let client = client().set_auth_type(oauth2::AuthType::RequestBody);
    for _ in 0..n {
        if work {
            let stop = |request: HttpRequest| -> Result<HttpResponse, Stop> {
                drop(black_box(request));
                Err(Stop)
            };
            let username = ResourceOwnerUsername::new("testuser@buildingname.com".into());
            let password = ResourceOwnerPassword::new("mypassword".into());
            drop(black_box(client.exchange_password(&username, &password).request(&stop)));
        }
    }
}

/// The whole exchange; oauth2-rs has no public way to parse alone, so [`parse`] subtracts building.
fn exchange(n: usize, work: bool, body: &str, build: bool) {
    let client = client();
    let answers: Vec<std::cell::Cell<Option<HttpResponse>>> = (0..n).map(|_| std::cell::Cell::new(Some(answer(body)))).collect();
    for answer in &answers {
        if work {
            let carry = |request: HttpRequest| -> Result<HttpResponse, Stop> {
                drop(black_box(request));
                answer.take().ok_or(Stop)
            };
            let token: BasicTokenResponse = client.exchange_client_credentials().request(&carry).expect("a token");
            assert!(!black_box(&token).access_token().secret().is_empty());
        } else if build {
            let stop = |request: HttpRequest| -> Result<HttpResponse, Stop> {
                drop(black_box(request));
                Err(Stop)
            };
            drop(black_box(client.exchange_client_credentials().request(&stop)));
        }
    }
}

fn parse(n: usize, work: bool, body: &str) {
    exchange(n, work, body, true);
}

pub(crate) fn parse_std(n: usize, work: bool) {
    parse(n, work, answers::STD);
}

pub(crate) fn parse_bp(n: usize, work: bool) {
    parse(n, work, &answers::bp());
}

pub(crate) fn x_bp(n: usize, work: bool) {
    exchange(n, work, &answers::bp(), false);
}
