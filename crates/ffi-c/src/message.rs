//! How does C read a request and an answer?

use std::ffi::c_char;

use oauth_core::{Answer, Request};

use crate::{
    active_pair,
    border::{Texts, address},
};

/// A request to carry: exactly this URL, no redirect followed. Lent until the exchange's next step. Grows at its end only.
#[repr(C)]
pub struct active_request {
    /// GET, POST, …
    pub method: *const c_char,
    /// The absolute URL. Its query may hold a token: do not print it.
    pub url: *const c_char,
    /// The header fields, names in lower case. They may hold secrets.
    pub headers: *const active_pair,
    /// How many.
    pub header_count: usize,
    /// The body; NULL where it is empty.
    pub body: *const u8,
    /// Its length in bytes.
    pub body_length: usize,
}

/// An API's answer, whatever its status. Lent until the exchange's next step. Grows at its end only.
#[repr(C)]
pub struct active_answer {
    /// The HTTP status.
    pub status: i32,
    /// The header fields as they came.
    pub headers: *const active_pair,
    /// How many.
    pub header_count: usize,
    /// The body after decompression, not NUL-terminated; NULL where it is empty.
    pub body: *const u8,
    /// Its length in bytes.
    pub body_length: usize,
}

/// A message and what its view points at.
pub(crate) struct Lent<V, M> {
    view: V,
    _texts: Texts,
    _pairs: Vec<active_pair>,
    pub(crate) message: M,
}

impl<V, M> Lent<V, M> {
    pub(crate) fn view(&self) -> &V {
        &self.view
    }
}

impl Lent<active_request, Request> {
    pub(crate) fn request(message: Request) -> Box<Self> {
        let bytes = message.headers().iter().map(|header| header.name().len() + header.value().len()).sum::<usize>();
        let mut texts = Texts::with_capacity(bytes + message.url().len() + 8, 2 + 2 * message.headers().len());
        let method = texts.put(message.method().as_str());
        let url = texts.put(message.url());
        let pairs = headers(&mut texts, message.headers().iter().map(|header| (header.name(), header.value())));
        let mut lent = Box::new(Self {
            view: active_request {
                method: texts.address(method),
                url: texts.address(url),
                headers: address(&pairs),
                header_count: pairs.len(),
                body: std::ptr::null(),
                body_length: message.body().len(),
            },
            _texts: texts,
            _pairs: pairs,
            message,
        });
        lent.view.body = address(lent.message.body());
        lent
    }
}

impl Lent<active_answer, Answer> {
    pub(crate) fn answer(message: Answer) -> Box<Self> {
        let bytes = message.headers().iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
        let mut texts = Texts::with_capacity(bytes, 2 * message.headers().len());
        let pairs = headers(&mut texts, message.headers().iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let mut lent = Box::new(Self {
            view: active_answer {
                status: message.status().into(),
                headers: address(&pairs),
                header_count: pairs.len(),
                body: std::ptr::null(),
                body_length: message.body().len(),
            },
            _texts: texts,
            _pairs: pairs,
            message,
        });
        lent.view.body = address(lent.message.body());
        lent
    }
}

fn headers<'a>(texts: &mut Texts, headers: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<active_pair> {
    let places: Vec<_> = headers.map(|(name, value)| (texts.put(name), texts.put(value))).collect();
    places.into_iter().map(|(name, value)| active_pair { name: texts.address(name), value: texts.address(value) }).collect()
}
