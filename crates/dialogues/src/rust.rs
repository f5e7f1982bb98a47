//! How does Rust play the client's part?
//!
//! The driver protocol over the public API of `oauth-core` and `oauth-session`, and nothing else.

use std::fmt::{Debug, Display};

use oauth_core::{
    Answer, Authorize, Backchannel, Cause, Client, Device, Document, Error, Exchange, Login, NoAnswer, Now, Provider,
    Registration, Resource, Secret, Sent, Step, Token,
};
use oauth_session::Session;
use serde_json::{Value, json};

use crate::{
    cast,
    command::{OsRandom, access, bytes, call, client, equipped, grant, now, pairs, refusal, text},
    driver::{Driver, Failure},
    running::{End, Running},
};

/// The driver of Rust, in this process.
#[derive(Default)]
pub struct RustDriver {
    client: Option<Result<Client, Error>>,
    session: Option<Result<Session, Error>>,
    login: Option<Login>,
    device: Option<Device>,
    backchannel: Option<Backchannel>,
    token: Option<Token>,
    /// What was said last, of a token that was presented.
    document: Option<Document>,
    registration: Option<Registration>,
    exchange: Option<Box<dyn Running>>,
    /// Whether each login's request is signed (JAR, RFC 9101).
    signed_requests: bool,
    shown: Vec<String>,
}

impl Driver for RustDriver {
    fn ask(&mut self, command: &Value) -> Result<Value, Failure> {
        Ok(self.answer(command).unwrap_or_else(|why| json!({"driver_error": why})))
    }
}

impl RustDriver {
    fn answer(&mut self, command: &Value) -> Result<Value, String> {
        match text(command, "do")? {
            "client" => {
                let client = client(command);
                *self = Self::default();
                match &client {
                    Ok(client) => self.show(&[client, client.provider()]),
                    Err(error) => self.show_error(error),
                }
                self.client = Some(client);
                self.signed_requests = command["signed_requests"] == true;
                done()
            }
            "token" => {
                let grant = grant(command)?;
                self.begin(|client| {
                    let grant = grant?;
                    Ok((Box::new(client.token(grant.clone())), vec![Box::new(grant)]))
                })
            }
            "refresh" => {
                let token = self.token()?.clone();
                self.begin(|client| Ok((Box::new(client.refresh(&token)), vec![])))
            }
            "call" => {
                let token = self.token()?.clone();
                let call = call(command)?;
                self.begin(|client| {
                    let call = call?;
                    Ok((Box::new(client.call(&token, call.clone())), vec![Box::new(call)]))
                })
            }
            "session" => {
                let grant = if command.get("grant").is_some() { Some(grant(command)?) } else { None };
                let client = self.client.as_ref().ok_or("there is no client")?.clone();
                let session = client.and_then(|client| {
                    let mut builder = Session::builder(client);
                    if let Some(grant) = grant {
                        builder = builder.grant(grant?);
                    }
                    if let Some(user) = command["user"].as_str() {
                        builder = builder.user(user);
                    }
                    self.show(&[&builder]);
                    builder.open()
                });
                self.session = Some(session);
                done()
            }
            "session_token" => self.begin_of_session(|session| Ok((Box::new(session.token()), vec![]))),
            "session_call" => {
                let call = call(command)?;
                self.begin_of_session(|session| Ok((Box::new(session.call(call?)), vec![])))
            }
            "session_login" => {
                let (token, now) = (self.token()?.clone(), now(command));
                self.of_session(|session| session.login(&token, now))
            }
            "session_logout" => self.of_session(Session::logout),
            "device" => self.begin(|client| Ok((Box::new(client.device(pairs(command, "parameters"))), vec![]))),
            "backchannel" => self.begin(|client| Ok((Box::new(client.backchannel(pairs(command, "parameters"))), vec![]))),
            "poll" if text(command, "what")? == "device" => {
                let device = self.device()?.clone();
                self.begin(|client| Ok((Box::new(client.poll(&device)), vec![Box::new(device)])))
            }
            "poll" => {
                let backchannel = self.backchannel()?.clone();
                self.begin(|client| Ok((Box::new(client.poll(&backchannel)), vec![Box::new(backchannel)])))
            }
            "saved_device" => Ok(json!({"saved": self.device()?.saved().expose()})),
            "restore_device" => {
                let saved = self.device()?.saved();
                self.load(Device::restore(saved.expose()), |driver| &mut driver.device)
            }
            "load_device" => self.load(Device::restore(text(command, "saved")?), |driver| &mut driver.device),
            "saved_backchannel" => Ok(json!({"saved": self.backchannel()?.saved().expose()})),
            "restore_backchannel" => {
                let saved = self.backchannel()?.saved();
                self.load(Backchannel::restore(saved.expose()), |driver| &mut driver.backchannel)
            }
            "load_backchannel" => self.load(Backchannel::restore(text(command, "saved")?), |driver| &mut driver.backchannel),
            "authorize" => self.authorize(command),
            "end_session" => {
                let hint = command["id_token_hint"].as_str().map(Secret::from);
                let back = command["post_logout_redirect_uri"].as_str();
                let client = self.client.as_ref().ok_or("there is no client")?.clone();
                let url = client.and_then(|client| client.end_session_url(hint.as_ref(), back, command["state"].as_str()));
                Ok(match url {
                    Ok(url) => json!({"url": url.expose()}),
                    Err(error) => self.failed(&error),
                })
            }
            "push" => {
                let asked = self.asked(command)?;
                self.begin(|client| Ok((Box::new(client.push(asked.clone(), now(command), &OsRandom)), vec![Box::new(asked)])))
            }
            "revoke" => {
                let token = self.token()?.clone();
                self.begin(|client| Ok((Box::new(client.revoke(&token)), vec![])))
            }
            "introspect" => {
                let token = self.token()?.clone();
                self.begin(|client| Ok((Box::new(client.introspect(&token)), vec![])))
            }
            "introspect_signed" => {
                let token = self.token()?.clone();
                self.begin(|client| Ok((Box::new(client.introspect_signed(&token)), vec![])))
            }
            "userinfo" => {
                let token = self.token()?.clone();
                self.begin(|client| Ok((Box::new(client.userinfo(&token)), vec![])))
            }
            "presented" => {
                let (authorization, resource, now) = (text(command, "authorization")?, text(command, "resource")?, now(command));
                self.token = None;
                let mut presented = None;
                let begun = self.begin(|client| {
                    let token = presented.insert(client.presented(authorization, now)?);
                    Ok((Box::new(client.access_token_claims(token, resource)), vec![]))
                });
                self.token = presented;
                begun
            }
            "proof" => {
                let (token, now) = (self.token()?, now(command));
                let claims = self.document.as_ref().ok_or("there are no claims")?;
                let [dpop, method, url] = ["dpop", "method", "url"].map(|name| text(command, name));
                let client = self.client.as_ref().ok_or("there is no client")?.as_ref().map_err(ToString::to_string)?;
                Ok(match client.proof_claims(token, claims, dpop?, method?, url?, now) {
                    Ok(proven) => {
                        self.show(&[&proven]);
                        json!({"document": String::from_utf8_lossy(proven.json())})
                    }
                    Err(error) => self.failed(&error),
                })
            }
            "discover" => self.begin_alone(Provider::discover(text(command, "issuer")?)),
            "resource" => self.begin_alone(Resource::discover(text(command, "url")?)),
            "registered" => {
                let client = equipped(self.registration()?.client());
                self.show(&[&client]);
                self.client = Some(Ok(client));
                done()
            }
            "read_registration" => self.begin_alone(self.registration()?.read_again()),
            "update_registration" => self.begin_alone(self.registration()?.update(text(command, "metadata")?)),
            "delete_registration" => self.begin_alone(self.registration()?.delete()),
            "access" => {
                let (access, refusal) = access(command)?;
                self.show(&[&access]);
                self.begin_alone(access.after(&refusal))
            }
            "register" => {
                let token = command["initial_access_token"].as_str().map(Secret::from);
                let metadata = text(command, "metadata")?;
                match Provider::from_json(text(command, "record")?) {
                    Ok(provider) => self.begin_alone(provider.register(metadata, token.as_ref())),
                    Err(error) => self.begin_alone(Exchange::<Token>::failed(error)),
                }
            }
            "callback" => {
                let url = text(command, "url")?.to_owned();
                let mut login = self.login.take().ok_or("there is no login")?;
                let begun = self.begin(|client| Ok((Box::new(client.callback(&mut login, &url)), vec![])));
                self.show(&[&login]);
                self.login = Some(login);
                begun
            }
            "saved_login" => Ok(match self.login.as_ref().ok_or("there is no login")?.saved() {
                Ok(saved) => json!({"saved": saved.expose()}),
                Err(error) => self.failed(&error),
            }),
            "restore_login" => {
                let saved = self.login.as_ref().ok_or("there is no login")?.saved().map_err(|error| error.to_string())?;
                self.load(Login::restore(saved.expose()), |driver| &mut driver.login)
            }
            "load_login" => self.load(Login::restore(text(command, "saved")?), |driver| &mut driver.login),
            "saved_token" => Ok(json!({"saved": self.token()?.saved().expose()})),
            "restore_token" => {
                let saved = self.token()?.saved();
                self.load(Token::restore(saved.expose()), |driver| &mut driver.token)
            }
            "load_token" => self.load(Token::restore(text(command, "saved")?), |driver| &mut driver.token),
            "field" => Ok(json!({"value": self.token()?.field(text(command, "pointer")?)})),
            "step" => self.step(now(command)),
            "receive" => {
                let answer = Answer::new(
                    u16::try_from(command["status"].as_u64().unwrap_or_default()).map_err(|error| error.to_string())?,
                    pairs(command, "headers").into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
                    bytes(command, "body_base64")?,
                );
                self.show(&[&answer]);
                self.receive(Ok(answer))
            }
            "no_answer" => {
                let sent = if text(command, "sent")? == "no" { Sent::No } else { Sent::Maybe };
                let lost = NoAnswer::new(sent, Cause::from_word(text(command, "cause")?), text(command, "detail")?);
                self.show(&[&lost]);
                self.receive(Err(lost))
            }
            "show" => {
                let login = self.login.as_ref().map(|login| format!("{login:?}"));
                let token = self.token.as_ref().map(|token| format!("{token:?} {token:#?} {:?}", token.user()));
                // What was shown once need not be searched again; these still live.
                let device = self.device.as_ref().map(|device| format!("{device:?} {device:#?}"));
                let backchannel = self.backchannel.as_ref().map(|backchannel| format!("{backchannel:?} {backchannel:#?}"));
                let living = [login, device, backchannel, token].into_iter().flatten();
                let shown: Vec<String> = std::mem::take(&mut self.shown).into_iter().chain(living).collect();
                Ok(json!({"shown": shown}))
            }
            other => Err(format!("unknown command {other}")),
        }
    }

    fn token(&self) -> Result<&Token, String> {
        self.token.as_ref().ok_or_else(|| "there is no token".to_owned())
    }

    fn registration(&self) -> Result<&Registration, String> {
        self.registration.as_ref().ok_or_else(|| "there is no registration".to_owned())
    }

    fn device(&self) -> Result<&Device, String> {
        self.device.as_ref().ok_or_else(|| "there is no device".to_owned())
    }

    fn backchannel(&self) -> Result<&Backchannel, String> {
        self.backchannel.as_ref().ok_or_else(|| "there is no backchannel".to_owned())
    }

    /// Opens an exchange; whatever is wrong is told by its first step.
    fn begin(
        &mut self,
        open: impl FnOnce(&Client) -> Result<(Box<dyn Running>, Vec<Box<dyn Debug>>), Error>,
    ) -> Result<Value, String> {
        let client = self.client.as_ref().ok_or("there is no client")?;
        let running = match client.as_ref().map_err(Clone::clone).and_then(open) {
            Ok((running, parts)) => {
                self.shown.extend(parts.iter().map(|part| format!("{part:?} {part:#?}")));
                running
            }
            Err(error) => Box::new(Exchange::<Token>::failed(error)),
        };
        self.exchange = Some(running);
        done()
    }

    /// Opens an exchange that needs no client.
    fn begin_alone(&mut self, exchange: impl Running + 'static) -> Result<Value, String> {
        self.exchange = Some(Box::new(exchange));
        done()
    }

    fn begin_of_session(
        &mut self,
        open: impl FnOnce(&Session) -> Result<(Box<dyn Running>, Vec<Box<dyn Debug>>), Error>,
    ) -> Result<Value, String> {
        let session = self.session.as_ref().ok_or("there is no session")?.clone();
        self.begin(|_| {
            let session = session?;
            let (running, mut parts) = open(&session)?;
            parts.push(Box::new(session));
            Ok((running, parts))
        })
    }

    fn of_session(&mut self, act: impl FnOnce(&Session) -> Result<(), Error>) -> Result<Value, String> {
        let session = self.session.as_ref().ok_or("there is no session")?;
        match session.as_ref().map_err(Clone::clone).and_then(act) {
            Ok(()) => done(),
            Err(error) => Ok(self.failed(&error)),
        }
    }

    /// What a login asks for.
    fn asked(&self, command: &Value) -> Result<Authorize, String> {
        let mut authorize = Authorize::new(text(command, "redirect_uri")?);
        for (name, value) in pairs(command, "parameters") {
            authorize = authorize.parameter(name, value);
        }
        if let Some(lifetime_ms) = command["lifetime_ms"].as_i64() {
            authorize = authorize.lifetime_ms(lifetime_ms);
        }
        if let Some(response_type) = command["response_type"].as_str() {
            authorize = authorize.response_type(response_type);
        }
        if let Some(challenge) = refusal(command, "step_up").step_up() {
            authorize = authorize.step_up(&challenge);
        }
        Ok(if self.signed_requests { authorize.signed() } else { authorize })
    }

    fn authorize(&mut self, command: &Value) -> Result<Value, String> {
        let authorize = self.asked(command)?;
        self.show(&[&authorize]);
        let client = self.client.as_ref().ok_or("there is no client")?.clone();
        Ok(match client.and_then(|client| client.authorize(authorize, now(command), &OsRandom)) {
            Ok(login) => {
                let url = login.url().to_owned();
                self.login = Some(login);
                json!({"url": url})
            }
            Err(error) => self.failed(&error),
        })
    }

    fn load<T>(&mut self, restored: Result<T, Error>, place: impl FnOnce(&mut Self) -> &mut Option<T>) -> Result<Value, String> {
        Ok(match restored {
            Ok(restored) => {
                *place(self) = Some(restored);
                json!({"ok": true})
            }
            Err(error) => self.failed(&error),
        })
    }

    fn step(&mut self, now: Now) -> Result<Value, String> {
        let mut exchange = self.exchange.take().ok_or("there is no exchange")?;
        let step = exchange.step(now);
        self.shown.push(format!("{exchange:?} {exchange:#?}"));
        self.exchange = Some(exchange);
        match &step {
            Ok(step) => self.show(&[step]),
            Err(error) => self.show_error(error),
        }
        Ok(match step {
            Ok(Step::Send(request)) => json!({"send": cast::request(&request)}),
            Ok(Step::Save(token)) => {
                self.token = Some(token.clone());
                json!({"save": cast::token(&token)})
            }
            Ok(Step::Wait(pause)) => json!({"wait": pause.as_millis() as u64}),
            Ok(Step::Done(end)) => json!({"done": self.end(end)}),
            Ok(_) => json!({"driver_error": "a step this driver does not know"}),
            Err(error) => json!({"error": cast::error(&error)}),
        })
    }

    /// What came of it becomes the current one of its kind.
    fn end(&mut self, end: End) -> Value {
        match end {
            End::Token(token) => json!({"token": cast::token(self.token.insert(token))}),
            End::Reply(reply) => {
                self.token = reply.renewed.clone().or_else(|| self.token.take());
                cast::reply(&reply)
            }
            End::Device(device) => json!({"device": cast::device(self.device.insert(device))}),
            End::Backchannel(backchannel) => json!({"backchannel": cast::backchannel(self.backchannel.insert(backchannel))}),
            End::Login(login) => json!({"login": {"url": self.login.insert(login).url()}}),
            End::Provider(provider) => json!({"provider": provider.record_json()}),
            End::Registration(registration) => {
                let document = String::from_utf8_lossy(registration.document().json()).into_owned();
                self.registration = Some(registration);
                json!({"document": document})
            }
            End::Admission(admission) => {
                let told = cast::admission(&admission);
                self.registration = admission.registration;
                self.client = Some(Ok(equipped(admission.client)));
                json!({"admission": told})
            }
            End::Document(document) => {
                json!({"document": String::from_utf8_lossy(self.document.insert(document).json())})
            }
        }
    }

    fn receive(&mut self, outcome: oauth_core::Outcome) -> Result<Value, String> {
        self.exchange.as_mut().ok_or("there is no exchange")?.receive(outcome);
        done()
    }

    fn failed(&mut self, error: &Error) -> Value {
        self.show_error(error);
        json!({"error": cast::error(error)})
    }

    fn show(&mut self, parts: &[&dyn Debug]) {
        self.shown.extend(parts.iter().map(|part| format!("{part:?} {part:#?}")));
    }

    fn show_error(&mut self, error: &(impl Debug + Display)) {
        self.shown.push(format!("{error} {error:?} {error:#?}"));
    }
}

fn done() -> Result<Value, String> {
    Ok(json!({"ok": true}))
}
