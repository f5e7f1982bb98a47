//! How does a user log in where there is no browser?
//!
//! RFC 8628: the program shows a short code and an address; the user opens the address on any other device and enters the code there.
//! [`Client::device`] brings both, [`Client::poll`] waits for the token.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    approval::{Approval, AskWork, Way},
    client::Client,
    document::Document,
    encode::written,
    endpoint::Endpoint,
    error::{Error, json_problem},
    secret::Secret,
    token::{Deviation, check_version},
};

/// A device login that waits for its user: show [`user_code`](Self::user_code) and [`verification_uri`](Self::verification_uri), then
/// [`Client::poll`]. Copies share the pace that the server asks for.
///
/// ```
/// use oauth_core::{Answer, Client, Now, Provider, Step};
///
/// let record = r#"{"version": 1, "name": "example", "base": "https://login.example", "token": {"url": "/token", "auth": "none"},
///     "endpoints": {"device_authorization": "/device_authorization"}}"#;
/// let client = Client::new(Provider::from_json(record)?, "tv");
/// let mut exchange = client.device([("scope", "watch")]);
/// let now = Now { wall: 1_700_000_000_000, mono: 0 };
/// assert!(matches!(exchange.step(now)?, Step::Send(_)));
/// // The example of RFC 8628 §3.2.
/// exchange.receive(Ok(Answer::new(200, vec![], br#"{"device_code": "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS",
///     "user_code": "WDJB-MJHT", "verification_uri": "https://example.com/device",
///     "verification_uri_complete": "https://example.com/device?user_code=WDJB-MJHT", "expires_in": 1800, "interval": 5}"#.to_vec())));
/// let Step::Done(device) = exchange.step(now)? else { unreachable!() };
/// assert_eq!((device.user_code(), device.verification_uri()), ("WDJB-MJHT", "https://example.com/device"));
/// let Step::Wait(pause) = client.poll(&device).step(now)? else { unreachable!() };
/// assert_eq!(pause.as_secs(), 5);
/// # Ok::<(), oauth_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Device(Kept);

const VERSION: u32 = 1;

#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    active_device: u32,
    user_code: Zeroizing<String>,
    verification_uri: String,
    verification_uri_complete: Option<Zeroizing<String>>,
    deviations: Vec<String>,
    approval: Approval,
}

pub(crate) fn work<N: AsRef<str>, V: AsRef<str>>(
    client: &Client,
    parameters: impl IntoIterator<Item = (N, V)>,
) -> Result<AskWork<Device>, Error> {
    AskWork::new(client, Way::Device, parameters, Device::read)
}

impl Device {
    fn read(approval: Approval, document: &Document, client: &Client) -> Result<Self, String> {
        let text = |name: &str| document.text(&format!("/{name}")).filter(|text| !text.is_empty());
        let user_code = text("user_code").ok_or("the answer holds no user_code")?;
        check_code(&user_code)?;
        // Google answered so before RFC 8628 had a name for it.
        let (uri, deviations) = match text("verification_uri") {
            Some(uri) => (uri, vec![]),
            None => (text("verification_url").ok_or("the answer holds no verification_uri")?, vec![Deviation::VERIFICATION_URL]),
        };
        check_uri(&uri, "verification_uri", client.plain_http())?;
        let complete = text("verification_uri_complete").or_else(|| text("verification_url_complete"));
        if let Some(complete) = &complete {
            check_uri(complete, "verification_uri_complete", client.plain_http())?;
        }
        Ok(Self(Kept {
            active_device: VERSION,
            user_code: Zeroizing::new(user_code),
            verification_uri: uri,
            verification_uri_complete: complete.map(Zeroizing::new),
            deviations: deviations.iter().map(|deviation| deviation.as_str().to_owned()).collect(),
            approval,
        }))
    }

    /// What the user enters, to be shown as it is (RFC 8628 §3.3). For the user's eyes and nobody else's: whoever has it can bind this
    /// device to an account of theirs.
    pub fn user_code(&self) -> &str {
        &self.0.user_code
    }

    /// Where the user enters it: https (or http to loopback, where the client allows that), of a plain host. Show it, or open it in a
    /// browser without a shell.
    pub fn verification_uri(&self) -> &str {
        &self.0.verification_uri
    }

    /// The same with the code in it, for a QR code, where the server gave one (RFC 8628 §3.3.1). Show the code beside it all the same.
    pub fn verification_uri_complete(&self) -> Option<&str> {
        self.0.verification_uri_complete.as_deref().map(String::as_str)
    }

    /// When the login is over, in milliseconds since the Unix epoch by the clock that took it in.
    pub fn expires_at(&self) -> i64 {
        self.0.approval.expires_at()
    }

    /// How many milliseconds lie between two polls at least: the server's word, 5000 without one, and more after each `slow_down`.
    pub fn interval_ms(&self) -> i64 {
        self.0.approval.interval_ms()
    }

    /// Where the answer departed from the RFC.
    pub fn deviations(&self) -> Vec<Deviation> {
        Deviation::of_words(&self.0.deviations)
    }

    /// The login as a versioned text, for `$_SESSION` or a database, so that another process can go on; [`restore`](Self::restore) reads it
    /// in any language. Saved anew after polling it holds what the server said of the pace. A secret.
    pub fn saved(&self) -> Secret {
        written(&self.0, self.0.approval.size() + 4 * (self.user_code().len() + self.verification_uri().len()) + 1024)
    }

    /// Reads what [`saved`](Self::saved) wrote.
    ///
    /// # Errors
    /// [`Error::Usage`] where it is something else, damaged, or of a newer version.
    pub fn restore(saved: &str) -> Result<Self, Error> {
        check_version(saved, "device", VERSION)?;
        let kept: Kept = serde_json::from_str(saved)
            .map_err(|error| Error::usage(format!("saved device: damaged, {}", json_problem(&error))))?;
        kept.approval.check(Way::Device)?;
        // What is shown to a user is not trusted more for having lain in a store.
        let damaged = |why| Error::usage(format!("saved device: damaged, {why}"));
        check_code(&kept.user_code).map_err(damaged)?;
        let uris = [Some(&kept.verification_uri), kept.verification_uri_complete.as_deref()];
        for uri in uris.into_iter().flatten() {
            check_uri(uri, "verification_uri", true).map_err(damaged)?;
        }
        Ok(Self(kept))
    }
}

/// The secret half, for [`Client::poll`].
impl From<&Device> for Approval {
    fn from(device: &Device) -> Self {
        device.0.approval.clone()
    }
}

/// It is shown, on a terminal perhaps.
fn check_code(user_code: &str) -> Result<(), String> {
    if user_code.chars().any(char::is_control) {
        return Err("user_code holds a control character".to_owned());
    }
    Ok(())
}

/// It is shown and opened: nothing but https, or a command could stand there (CVE-2025-6514). A page, so it may have a fragment.
fn check_uri(uri: &str, name: &str, plain_http: bool) -> Result<(), String> {
    let page = uri.replacen('#', "?", 1);
    let page = Endpoint::check(&page, plain_http, name).and_then(|page| page.for_browsers(name));
    page.map(|_| ()).map_err(|error| error.to_string())
}

/// Neither code: a log is read by others than the user.
impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device")
            .field("verification_uri", &crate::message::without_query(self.verification_uri()))
            .field("expires_at", &self.expires_at())
            .field("interval_ms", &self.interval_ms())
            .finish_non_exhaustive()
    }
}
