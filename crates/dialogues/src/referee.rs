//! Does this driver hold this dialogue?
//!
//! Move by move: tell the driver what the program asks for, hand it what the server says, and compare each answer with what the dialogue
//! expects. After each end, whatever the language can print is searched for the dialogue's secrets.

use serde_json::{Map, Value, json};

use crate::{
    begin::{self, with},
    dialogue::{Answered, At, Dialogue, Loading, Message, Move, Proof},
    driver::{Driver, Failure},
    end::{self, Known},
    matcher::{Captures, check, to_base64},
    request,
    secrets::Secrets,
    signed,
};

/// Plays a dialogue.
///
/// # Errors
/// [`Failure`], beginning with the number of the move (from 1).
pub fn play(dialogue: &Dialogue, driver: &mut dyn Driver) -> Result<(), Failure> {
    let mut game = Game {
        driver,
        provider: String::new(),
        clock: dialogue.clock,
        now: (dialogue.clock, 0),
        heard: None,
        heard_at: None,
        record: None,
        captures: Captures::default(),
        secrets: Secrets::default(),
    };
    dialogue.secrets.iter().for_each(|secret| game.secrets.add(secret));
    let at = |number: usize, failure: Failure| match failure {
        Failure::Mismatch(why) => Failure::Mismatch(format!("move {number}: {why}")),
        Failure::Driver(why) => Failure::Driver(format!("move {number}: {why}")),
    };
    game.client(&dialogue.client).map_err(|failure| at(0, failure))?;
    for (number, one) in dialogue.conversation.iter().enumerate() {
        game.make(one).map_err(|failure| at(number + 1, failure))?;
    }
    game.look_for_secrets().map_err(|failure| at(dialogue.conversation.len(), failure))
}

/// How the end of that name is compared.
type Compare = fn(&Value, &Value, &Known<'_>, &mut Captures) -> Result<(), String>;

/// Ends that are no tokens and nobody's approval.
const END: [(&str, Compare); 5] = [
    ("answer", end::answer),
    ("login", end::login),
    ("provider", end::provider),
    ("document", end::document),
    ("admission", end::admission),
];

struct Game<'a> {
    driver: &'a mut dyn Driver,
    provider: String,
    clock: i64,
    /// Wall and monotonic.
    now: (i64, i64),
    heard: Option<Message>,
    /// When the last answer was read: the first step after it.
    heard_at: Option<i64>,
    /// The record that was discovered, or registered at, last.
    record: Option<String>,
    captures: Captures,
    secrets: Secrets,
}

impl Game<'_> {
    fn make(&mut self, one: &Move) -> Result<(), Failure> {
        match one.at {
            Some(At::Since(since)) => self.now = (self.clock.saturating_add(since), since),
            Some(At::Apart { wall, mono }) => self.now = (wall, mono),
            None => {}
        }
        if let Some(client) = &one.client {
            return self.client(client);
        }
        self.remember_provider(one);
        if let Some(command) =
            begin::command(one, &begin::Known { now: self.now(), record: self.record.as_deref() }, &mut self.secrets)
        {
            return self.begin(command);
        }
        if let Some(statement) = &one.signed {
            let text = signed::sign(statement, &self.captures).map_err(mismatch)?;
            self.captures.named.insert("signed".to_owned(), text);
        }
        if let Some(presented) = &one.presented {
            let authorization = self.filled(&presented.authorization)?;
            let command = begin::presented(&authorization, &presented.resource, self.now(), &mut self.secrets);
            return self.begin(command);
        }
        if let Some(proof) = &one.proof {
            return self.prove(one, proof);
        }
        if let Some(url) = &one.callback {
            let url = self.filled(url)?;
            self.secrets.of_url(&url);
            return self.begin(json!({"do": "callback", "url": url}));
        }
        if let Some(authorized) = &one.authorize {
            let command = begin::login("authorize", authorized, &begin::Known { now: self.now(), record: None });
            return self.go_to(one, command);
        }
        if let Some(ended) = &one.end_session {
            let command = begin::end_session(ended, &mut self.secrets);
            return self.go_to(one, command);
        }
        if let Some(saving) = &one.saved {
            let came = self.ask(json!({"do": format!("saved_{}", saving.what.as_str())}))?;
            let saved = came.get("saved").and_then(Value::as_str).ok_or_else(|| mismatch(format!("saved: came {came}")))?;
            self.secrets.add(saved);
            self.captures.named.insert(saving.capture.clone(), saved.to_owned());
            return Ok(());
        }
        if let Some(loading) = &one.load {
            return self.load(loading, one.error.as_ref());
        }
        if let Some(what) = one.restore {
            return self.begin(json!({"do": format!("restore_{}", what.as_str())}));
        }
        if let Some(fields) = &one.fields {
            for (pointer, expected) in fields {
                let came = self.ask(json!({"do": "field", "pointer": pointer}))?;
                check(&format!("fields.{pointer}"), expected, came.get("value"), &mut self.captures).map_err(mismatch)?;
            }
            return Ok(());
        }
        if one.send.is_some() || one.save.is_some() || one.wait.is_some() || one.done.is_some() || one.error.is_some() {
            self.step(one)?;
        }
        self.hand_in(one)
    }

    fn client(&mut self, client: &Map<String, Value>) -> Result<(), Failure> {
        let command = begin::client(client, &begin::Known { now: self.now(), record: self.record.as_deref() }, &mut self.secrets);
        self.provider = Dialogue::provider_name(&command);
        self.begin(with(json!({"do": "client"}), command))
    }

    /// A registered client is one of the provider that it was registered at.
    fn remember_provider(&mut self, one: &Move) {
        if let Some(record) = one.register.as_ref().and_then(|registered| registered.record.as_ref()) {
            self.record = Some(begin::as_text(record));
        }
        if let (Some(_), Some(record)) = (&one.registered, &self.record) {
            self.provider = provider_of(record);
        }
    }

    /// A command that only begins something: what is wrong with it is told by the first step.
    fn begin(&mut self, command: Value) -> Result<(), Failure> {
        let came = self.ask(command.clone())?;
        if came.get("ok") == Some(&Value::Bool(true)) {
            return Ok(());
        }
        Err(mismatch(format!("{}: expected {{\"ok\":true}}, came {came}", command["do"].as_str().unwrap_or_default())))
    }

    /// Where the browser is to go, at once.
    fn go_to(&mut self, one: &Move, command: Value) -> Result<(), Failure> {
        let came = self.ask(command)?;
        if let Some(expected) = &one.error {
            return self.expect_error(expected, &came);
        }
        let expected = one.url.as_ref().ok_or_else(|| mismatch("the dialogue expects neither url nor error"))?;
        let url = came.get("url").and_then(Value::as_str).ok_or_else(|| mismatch(format!("url: expected one, came {came}")))?;
        self.secrets.of_url(url);
        request::url("url", expected, url, &mut self.captures).map_err(mismatch)
    }

    /// Whether the proof is one, at once.
    fn prove(&mut self, one: &Move, proof: &Proof) -> Result<(), Failure> {
        let dpop = self.filled(&proof.dpop)?;
        self.secrets.add(&dpop);
        let command = json!({"do": "proof", "dpop": dpop, "method": proof.method, "url": proof.url, "now": self.now()});
        let came = self.ask(command)?;
        if let Some(expected) = &one.error {
            return self.expect_error(expected, &came);
        }
        let expected = one.document.as_ref().ok_or_else(|| mismatch("the dialogue expects neither document nor error"))?;
        let document = came.get("document").ok_or_else(|| mismatch(format!("document: expected one, came {came}")))?;
        let known = Known { provider: &self.provider, heard_at: self.now.0, answer: None };
        end::document(expected, document, &known, &mut self.captures).map_err(mismatch)?;
        self.look_for_secrets()
    }

    fn load(&mut self, loading: &Loading, error: Option<&Map<String, Value>>) -> Result<(), Failure> {
        let text = match (&loading.captured, &loading.text, &loading.json) {
            (Some(name), _, change) => {
                let saved =
                    self.captures.named.get(name).ok_or_else(|| mismatch(format!("load: nothing was captured as {name}")))?;
                changed(saved, change.as_ref())
            }
            (None, Some(text), _) => text.clone(),
            (None, None, json) => json.clone().unwrap_or_default().to_string(),
        };
        let command = json!({"do": format!("load_{}", loading.what.as_str()), "saved": text});
        match error {
            Some(expected) => {
                let came = self.ask(command)?;
                self.expect_error(expected, &came)
            }
            None => self.begin(command),
        }
    }

    fn step(&mut self, one: &Move) -> Result<(), Failure> {
        let came = self.ask(json!({"do": "step", "now": self.now()}))?;
        if self.heard.is_some() {
            self.heard_at.get_or_insert(self.now.0);
        }
        let of = |name: &str| came.get(name).ok_or_else(|| mismatch(format!("expected {name}, came {came}")));
        if let Some(expected) = &one.send {
            let sent = of("send")?;
            self.secrets.of_request(sent);
            return request::request(expected, sent, &mut self.captures).map_err(mismatch);
        }
        if let Some(expected) = &one.wait {
            return check("wait", &json!(expected), Some(of("wait")?), &mut self.captures).map_err(mismatch);
        }
        if let Some(expected) = &one.error {
            return self.expect_error(expected, &came);
        }
        let known =
            Known { provider: &self.provider, heard_at: self.heard_at.unwrap_or(self.now.0), answer: self.heard.as_ref() };
        if let Some(expected) = &one.save {
            let token = of("save")?;
            self.secrets.of_token(token);
            end::token("save", expected, token, &known, &mut self.captures).map_err(mismatch)?;
        }
        if let Some(expected) = &one.done {
            let came = of("done")?;
            for (place, name) in [("done.token", "token"), ("done.renewed", "renewed")] {
                match (expected.get(name), came.get(name).unwrap_or(&Value::Null)) {
                    (Some(Value::Object(expected)), token) => {
                        self.secrets.of_token(token);
                        end::token(place, expected, token, &known, &mut self.captures).map_err(mismatch)?;
                    }
                    (_, Value::Null) => {}
                    (_, came) => return Err(mismatch(format!("{place}: expected nothing, came {came}"))),
                }
            }
            for name in ["device", "backchannel"] {
                match (expected.get(name), came.get(name).unwrap_or(&Value::Null)) {
                    (Some(Value::Object(expected)), approval) => {
                        self.secrets.of_token(approval);
                        end::approval(name, expected, approval, &mut self.captures).map_err(mismatch)?;
                    }
                    (_, Value::Null) => {}
                    (_, came) => return Err(mismatch(format!("done.{name}: expected nothing, came {came}"))),
                }
            }
            for (name, compare) in END {
                match (expected.get(name), came.get(name).unwrap_or(&Value::Null)) {
                    (Some(expected), came) => compare(expected, came, &known, &mut self.captures).map_err(mismatch)?,
                    (None, Value::Null) => {}
                    (None, came) => return Err(mismatch(format!("done.{name}: expected nothing, came {came}"))),
                }
            }
            if let Some(url) = came["login"]["url"].as_str() {
                self.secrets.of_url(url);
            }
            self.record = came["provider"].as_str().map(str::to_owned).or_else(|| self.record.take());
            if let Some(record) = came["admission"]["record"].as_str() {
                // The admitted client is the current one.
                self.provider = provider_of(record);
            }
        }
        self.look_for_secrets()
    }

    fn expect_error(&mut self, expected: &Map<String, Value>, came: &Value) -> Result<(), Failure> {
        let error = came.get("error").ok_or_else(|| mismatch(format!("expected an error, came {came}")))?;
        let known = Known { provider: &self.provider, heard_at: self.now.0, answer: self.heard.as_ref() };
        end::error(expected, error, &known, &mut self.captures).map_err(mismatch)?;
        for text in ["message", "description", "error_uri", "code"].iter().filter_map(|name| error[*name].as_str()) {
            if let Some((secret, how)) = self.secrets.find(text) {
                return Err(mismatch(format!("the error holds the secret {secret:?} {how}: {text:?}")));
            }
        }
        self.look_for_secrets()
    }

    fn hand_in(&mut self, one: &Move) -> Result<(), Failure> {
        if let Some(answered) = &one.answer {
            let message = self.signed(answered)?.message().map_err(mismatch)?;
            self.secrets.of_answer(&message.body);
            let command = json!({
                "do": "receive",
                "status": answered.status,
                "headers": message.headers,
                "body_base64": to_base64(&message.body),
            });
            self.heard = Some(message);
            self.heard_at = None;
            return self.begin(command);
        }
        if let Some(lost) = &one.no_answer {
            self.heard = None;
            return self.begin(with(json!({"do": "no_answer"}), lost.clone()));
        }
        Ok(())
    }

    fn signed(&self, answered: &Answered) -> Result<Answered, Failure> {
        let json = answered.json.as_ref().map(|json| signed::signed(json, &self.captures)).transpose().map_err(mismatch)?;
        let text =
            answered.signed.as_ref().map(|statement| signed::sign(statement, &self.captures)).transpose().map_err(mismatch)?;
        Ok(Answered { json, text: text.or_else(|| answered.text.clone()), ..answered.clone() })
    }

    fn look_for_secrets(&mut self) -> Result<(), Failure> {
        let came = self.ask(json!({"do": "show"}))?;
        let shown = came.get("shown").and_then(Value::as_array).ok_or_else(|| mismatch(format!("show: came {came}")))?;
        for text in shown.iter().filter_map(Value::as_str) {
            if let Some((secret, how)) = self.secrets.find(text) {
                return Err(mismatch(format!("show: the secret {secret:?} is shown {how} in {text:?}")));
            }
        }
        Ok(())
    }

    fn filled(&self, text: &str) -> Result<String, Failure> {
        let mut text = text.to_owned();
        for (name, value) in &self.captures.named {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        if text.contains('{') { Err(mismatch(format!("nothing was captured for {text}"))) } else { Ok(text) }
    }

    fn now(&self) -> Value {
        json!({"wall": self.now.0, "mono": self.now.1})
    }

    fn ask(&mut self, command: Value) -> Result<Value, Failure> {
        let came = self.driver.ask(&command)?;
        match came.get("driver_error") {
            Some(why) => Err(Failure::Driver(format!("{command}: {why}"))),
            None => Ok(came),
        }
    }
}

/// A saved text with some members replaced.
fn changed(saved: &str, change: Option<&Value>) -> String {
    let (Some(Value::Object(change)), Ok(Value::Object(mut members))) = (change, serde_json::from_str(saved)) else {
        return saved.to_owned();
    };
    members.extend(change.clone());
    Value::Object(members).to_string()
}

fn provider_of(record: &str) -> String {
    Dialogue::provider_name(&Map::from_iter([("record".to_owned(), record.into())]))
}

fn mismatch(why: impl Into<String>) -> Failure {
    Failure::Mismatch(why.into())
}
