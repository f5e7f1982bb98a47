//! Does libactive keep its promises to C whatever is called in whatever order?
//!
//! The bytes are a program: handles are made, used with any other, and freed in any order, with NULL among them, and everything that is lent is
//! read to its end. Nothing is carried: what a server would say comes from the bytes, too.

#![no_main]

use std::ffi::{CStr, CString, c_char, c_int, c_void};

use active as _;

#[repr(C)]
struct Pair {
    name: *const c_char,
    value: *const c_char,
}

#[repr(C)]
struct Time {
    wall_ms: i64,
    mono_ms: i64,
}

type Handle = *mut c_void;
type Text = *const c_char;

unsafe extern "C" {
    fn active_client_new(provider: Text, id: Text) -> Handle;
    fn active_client_new_from_record(record: Text, id: Text) -> Handle;
    fn active_client_free(client: Handle);
    fn active_client_secret(client: Handle, secret: Text);
    fn active_client_auth(client: Handle, auth: Text);
    fn active_client_base(client: Handle, base: Text);
    fn active_client_variable(client: Handle, name: Text, value: Text);
    fn active_client_dpop(client: Handle, key: Handle);
    fn active_client_key(client: Handle, key: Handle);
    fn active_client_token(client: Handle, grant: Text, pairs: *const Pair, count: usize) -> Handle;
    fn active_client_refresh(client: Handle, token: Handle) -> Handle;
    fn active_client_call(client: Handle, token: Handle, method: Text, target: Text) -> Handle;
    fn active_client_revoke(client: Handle, token: Handle) -> Handle;
    fn active_client_userinfo(client: Handle, token: Handle) -> Handle;
    fn active_client_device(client: Handle, pairs: *const Pair, count: usize) -> Handle;
    fn active_client_poll(client: Handle, device: Handle) -> Handle;
    fn active_client_authorize(client: Handle, uri: Text, pairs: *const Pair, count: usize, ms: i64, now: *const Time) -> Handle;
    fn active_client_push(client: Handle, uri: Text, pairs: *const Pair, count: usize, ms: i64, now: *const Time) -> Handle;
    fn active_client_callback(client: Handle, login: Handle, callback: Text) -> Handle;
    fn active_provider_discover(issuer: Text, agent: Handle) -> Handle;
    fn active_login_restore(saved: Text) -> Handle;
    fn active_login_free(login: Handle);
    fn active_login_error(login: Handle) -> Handle;
    fn active_login_url(login: Handle) -> Text;
    fn active_login_saved(login: Handle) -> Text;
    fn active_device_restore(saved: Text) -> Handle;
    fn active_device_copy(device: Handle) -> Handle;
    fn active_device_free(device: Handle);
    fn active_device_saved(device: Handle) -> Text;
    fn active_token_restore(saved: Text) -> Handle;
    fn active_token_copy(token: Handle) -> Handle;
    fn active_token_free(token: Handle);
    fn active_token_saved(token: Handle) -> Text;
    fn active_token_field(token: Handle, pointer: Text) -> Text;
    fn active_key_from_jwk(algorithm: Text, jwk: Text, id: Text) -> Handle;
    fn active_key_free(key: Handle);
    fn active_key_thumbprint(key: Handle) -> Text;
    fn active_exchange_query(exchange: Handle, name: Text, value: Text);
    fn active_exchange_header(exchange: Handle, name: Text, value: Text);
    fn active_exchange_form(exchange: Handle, name: Text, value: Text);
    fn active_exchange_body(exchange: Handle, content_type: Text, body: *const c_void, length: usize);
    fn active_exchange_renew_by(exchange: Handle, grant: Text, pairs: *const Pair, count: usize);
    fn active_exchange_step(exchange: Handle, now: *const Time) -> c_int;
    fn active_exchange_receive(
        exchange: Handle,
        status: c_int,
        pairs: *const Pair,
        count: usize,
        body: *const c_void,
        length: usize,
    );
    fn active_exchange_no_answer(exchange: Handle, sent: bool, cause: Text, detail: Text);
    fn active_exchange_cancel(exchange: Handle);
    fn active_exchange_request(exchange: Handle) -> *const Request;
    fn active_exchange_token(exchange: Handle) -> Handle;
    fn active_exchange_device(exchange: Handle) -> Handle;
    fn active_exchange_document(exchange: Handle) -> Handle;
    fn active_exchange_error(exchange: Handle) -> *const Error;
    fn active_exchange_take_login(exchange: Handle) -> Handle;
    fn active_exchange_record(exchange: Handle) -> Text;
    fn active_exchange_free(exchange: Handle);
}

/// The first members of what is lent.
#[repr(C)]
struct Request {
    method: Text,
    url: Text,
    headers: *const Pair,
    header_count: usize,
    body: *const u8,
    body_length: usize,
}

#[repr(C)]
struct Error {
    kind: c_int,
    message: Text,
}

/// Words that a program of sense would say; the others come from the bytes.
const WORDS: [&CStr; 24] = [
    c"buildpass",
    c"honeywell",
    c"id",
    c"secret",
    c"client_credentials",
    c"password",
    c"username",
    c"scope",
    c"read",
    c"basic",
    c"post",
    c"none",
    c"https://as.example",
    c"https://app.example/cb",
    c"GET",
    c"POST",
    c"/x",
    c"timeout",
    c"/user/userId",
    c"code=c&state=s",
    c"ES256",
    c"EdDSA",
    c"resource",
    c"http://127.0.0.1:1/",
];
const RECORD: &CStr = c"{\"version\":1,\"name\":\"example\",\"base\":\"https://as.example\",\"issuer\":\"https://as.example\",\"token\":{\"url\":\"/token\"},\"authorize\":{\"url\":\"/authorize\"},\"endpoints\":{\"revocation\":\"/revoke\",\"device_authorization\":\"/device\",\"userinfo\":\"/me\",\"pushed_authorization_request\":\"/push\"},\"api\":{\"expired\":[{\"status\":[401]}]}}";
const JWK: &CStr = c"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
const BODIES: [&[u8]; 6] = [
    br#"{"access_token":"at-1","token_type":"Bearer","expires_in":3600,"refresh_token":"rt-1","userId":"7"}"#,
    br#"{"device_code":"d","user_code":"U","verification_uri":"https://as.example/d","expires_in":600}"#,
    br#"{"error":"authorization_pending"}"#,
    br#"{"request_uri":"urn:x","expires_in":60}"#,
    br#"{"issuer":"https://as.example","token_endpoint":"https://as.example/token","authorization_endpoint":"https://as.example/a"}"#,
    b"",
];

/// The bytes as a program reads them.
struct Script<'a> {
    rest: &'a [u8],
    texts: Vec<CString>,
}

impl Script<'_> {
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.rest.split_first().unwrap_or((&0, &[]));
        self.rest = rest;
        *first
    }

    /// A word, a text of the bytes' own, or NULL. It lives as long as the script.
    fn text(&mut self) -> Text {
        match self.byte() {
            0 => std::ptr::null(),
            byte if byte < 200 => WORDS[usize::from(byte) % WORDS.len()].as_ptr(),
            byte => {
                let length = usize::from(byte - 200).min(self.rest.len());
                let (own, rest) = self.rest.split_at(length);
                let own: Vec<u8> = own.iter().copied().filter(|byte| *byte != 0).collect();
                self.rest = rest;
                self.texts.push(CString::new(own).expect("no NUL"));
                self.texts.last().expect("pushed").as_ptr()
            }
        }
    }

    fn pairs(&mut self) -> Vec<Pair> {
        (0..self.byte() % 3).map(|_| Pair { name: self.text(), value: self.text() }).collect()
    }

    fn time(&mut self) -> Time {
        let ms = 1000_i64 << (self.byte() % 63);
        Time { wall_ms: 1_700_000_000_000_i64.wrapping_add(ms), mono_ms: ms }
    }

    fn body(&mut self) -> Vec<u8> {
        match self.byte() {
            byte if byte < 180 => BODIES[usize::from(byte) % BODIES.len()].to_vec(),
            byte => {
                let length = (usize::from(byte) - 179).min(self.rest.len());
                let (own, rest) = self.rest.split_at(length);
                self.rest = rest;
                own.to_vec()
            }
        }
    }

    /// One of them, or NULL.
    fn one(&mut self, handles: &[Handle]) -> Handle {
        let at = usize::from(self.byte()) % (handles.len() + 1);
        handles.get(at).copied().unwrap_or(std::ptr::null_mut())
    }

    /// One of them, taken away.
    fn take(&mut self, handles: &mut Vec<Handle>) -> Handle {
        let at = usize::from(self.byte()) % (handles.len() + 1);
        if at < handles.len() { handles.swap_remove(at) } else { std::ptr::null_mut() }
    }
}

fn read(text: Text) {
    if !text.is_null() {
        // SAFETY: the library's promise: it ends with a NUL. That it is UTF-8 is looked at.
        assert!(unsafe { CStr::from_ptr(text) }.to_str().is_ok());
    }
}

/// Reads all that an exchange lends, as long as it may be read.
fn read_lent(exchange: Handle) {
    // SAFETY: the exchange is alive, and what it lends is read before its next step.
    unsafe {
        if let Some(request) = active_exchange_request(exchange).as_ref() {
            read(request.method);
            read(request.url);
            for at in 0..request.header_count {
                read((*request.headers.add(at)).name);
                read((*request.headers.add(at)).value);
            }
            if !request.body.is_null() {
                let body = std::slice::from_raw_parts(request.body, request.body_length);
                std::hint::black_box(body.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)));
            }
        }
        if let Some(error) = active_exchange_error(exchange).as_ref() {
            assert!((1..=7).contains(&error.kind) && !error.message.is_null());
            read(error.message);
        }
        let lent = [active_exchange_token(exchange), active_exchange_device(exchange), active_exchange_document(exchange)];
        for text in lent.into_iter().filter(|lent| !lent.is_null()) {
            // Each begins with a text.
            read(*text.cast::<Text>());
        }
        read(active_exchange_record(exchange));
    }
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let mut script = Script { rest: data, texts: Vec::new() };
    let [mut clients, mut exchanges, mut logins, mut tokens, mut devices, mut keys]: [Vec<Handle>; 6] = Default::default();
    let mut steps = 0;
    // SAFETY: every handle in these lists is alive, every text ends with a NUL and lives until the end, every pair is ours.
    unsafe {
        clients.push(active_client_new_from_record(RECORD.as_ptr(), c"app".as_ptr()));
        active_client_secret(clients[0], c"hunter2".as_ptr());
        while !script.rest.is_empty() && steps < 200 {
            steps += 1;
            let (client, token) = (script.one(&clients), script.one(&tokens));
            match script.byte() % 36 {
                0 => clients.push(active_client_new(script.text(), script.text())),
                1 => clients.push(active_client_new_from_record(script.text(), script.text())),
                2 => active_client_free(script.take(&mut clients)),
                3 => active_client_secret(client, script.text()),
                4 => active_client_auth(client, script.text()),
                5 => active_client_base(client, script.text()),
                6 => active_client_variable(client, script.text(), script.text()),
                7 => keys.push(active_key_from_jwk(script.text(), JWK.as_ptr(), script.text())),
                8 => active_client_dpop(client, script.one(&keys)),
                9 => active_client_key(client, script.one(&keys)),
                10 => {
                    let key = script.take(&mut keys);
                    read(active_key_thumbprint(key));
                    active_key_free(key);
                }
                11 | 12 => {
                    let (grant, pairs) = (script.text(), script.pairs());
                    exchanges.push(active_client_token(client, grant, pairs.as_ptr(), pairs.len()));
                }
                13 => exchanges.push(active_client_refresh(client, token)),
                14 | 15 => exchanges.push(active_client_call(client, token, script.text(), script.text())),
                16 => exchanges.push(active_client_revoke(client, token)),
                17 => exchanges.push(active_client_userinfo(client, token)),
                18 => {
                    let pairs = script.pairs();
                    exchanges.push(active_client_device(client, pairs.as_ptr(), pairs.len()));
                }
                19 => exchanges.push(active_client_poll(client, script.one(&devices))),
                20 => {
                    let (uri, pairs, now) = (script.text(), script.pairs(), script.time());
                    logins.push(active_client_authorize(client, uri, pairs.as_ptr(), pairs.len(), now.mono_ms, &now));
                }
                21 => {
                    let (uri, pairs, now) = (script.text(), script.pairs(), script.time());
                    exchanges.push(active_client_push(client, uri, pairs.as_ptr(), pairs.len(), now.mono_ms, &now));
                }
                22 => exchanges.push(active_client_callback(client, script.one(&logins), script.text())),
                23 => exchanges.push(active_provider_discover(script.text(), std::ptr::null_mut())),
                24 => {
                    let login = script.one(&logins);
                    read(active_login_url(login));
                    let saved = active_login_saved(login);
                    logins.push(active_login_restore(if saved.is_null() { script.text() } else { saved }));
                    active_login_error(login);
                }
                25 => active_login_free(script.take(&mut logins)),
                26 => {
                    let saved = active_token_saved(token);
                    tokens.push(active_token_restore(if saved.is_null() { script.text() } else { saved }));
                    read(active_token_field(token, script.text()));
                }
                27 => active_token_free(script.take(&mut tokens)),
                28 => {
                    let device = script.one(&devices);
                    let saved = active_device_saved(device);
                    devices.push(active_device_restore(if saved.is_null() { script.text() } else { saved }));
                }
                29 => active_device_free(script.take(&mut devices)),
                30 => {
                    let exchange = script.one(&exchanges);
                    active_exchange_query(exchange, script.text(), script.text());
                    active_exchange_header(exchange, script.text(), script.text());
                    let body = script.body();
                    match script.byte() % 3 {
                        0 => active_exchange_form(exchange, script.text(), script.text()),
                        1 => active_exchange_body(exchange, script.text(), body.as_ptr().cast(), body.len()),
                        _ => {
                            let pairs = script.pairs();
                            active_exchange_renew_by(exchange, script.text(), pairs.as_ptr(), pairs.len());
                        }
                    }
                }
                31 => {
                    let exchange = script.one(&exchanges);
                    if script.byte() % 8 == 0 {
                        active_exchange_cancel(exchange);
                    }
                    active_exchange_no_answer(exchange, script.byte() % 2 == 0, script.text(), script.text());
                }
                32 => active_exchange_free(script.take(&mut exchanges)),
                _ => {
                    let (exchange, now, pairs, body) = (script.one(&exchanges), script.time(), script.pairs(), script.body());
                    let step = active_exchange_step(exchange, &now);
                    assert!((0..=5).contains(&step));
                    read_lent(exchange);
                    if step == 1 {
                        let status = [200, 400, 401, 201, 503, 302, -1, 999][usize::from(script.byte() % 8)];
                        active_exchange_receive(exchange, status, pairs.as_ptr(), pairs.len(), body.as_ptr().cast(), body.len());
                        active_exchange_step(exchange, &now);
                        read_lent(exchange);
                    }
                    tokens.push(active_token_copy(active_exchange_token(exchange)));
                    devices.push(active_device_copy(active_exchange_device(exchange)));
                    logins.push(active_exchange_take_login(exchange));
                    for handles in [&mut tokens, &mut devices, &mut logins] {
                        handles.retain(|handle| !handle.is_null());
                    }
                }
            }
        }
        // In an order that the bytes say by what is left.
        if steps % 2 == 0 {
            clients.drain(..).for_each(|it| active_client_free(it));
        }
        exchanges.into_iter().for_each(|it| active_exchange_free(it));
        clients.into_iter().for_each(|it| active_client_free(it));
        keys.into_iter().for_each(|it| active_key_free(it));
        devices.into_iter().for_each(|it| active_device_free(it));
        tokens.into_iter().for_each(|it| active_token_free(it));
        logins.into_iter().for_each(|it| active_login_free(it));
    }
});
