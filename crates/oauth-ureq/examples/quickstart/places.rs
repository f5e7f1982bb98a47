//! Where does the tour go, and with which credentials?

use active_sandbox::{Options, Origin, Revoke, Sandbox};
use oauth_ureq::{Agent, Roots};
use serde_json::Value;

/// One provider and what it takes to get in.
pub(crate) struct Place {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) base: Option<String>,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) user_ref_id: String,
    pub(crate) redirect_uri: String,
}

const ALL: [(&str, &str, Origin); 4] = [
    ("activebuilding", "ActiveBuilding", Origin::ActiveBuilding),
    ("mybuilding", "MyBuilding", Origin::MyBuilding),
    ("buildpass", "BuildPass", Origin::BuildPass),
    ("honeywell", "Honeywell Home", Origin::Honeywell),
];

pub(crate) struct Places {
    pub(crate) agent: Agent,
    places: Vec<Place>,
    sandbox: Option<Sandbox>,
}

impl Places {
    /// All four, on this machine.
    pub(crate) fn sandbox() -> Result<Self, Box<dyn std::error::Error>> {
        let sandbox = Sandbox::start(Options::default())?;
        println!("The sandbox is up: four providers on this machine, over real HTTPS, with an authority made a moment ago.");
        let agent = Agent::builder().roots(Roots::Pem(sandbox.ca_pem().as_bytes().to_vec())).build()?;
        let known = &sandbox.describe()["credentials"];
        let places = ALL.iter().map(|(name, title, origin)| {
            let text = |pointer: &str| known[name].pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
            Place {
                name,
                title,
                base: Some(sandbox.url(*origin).to_owned()),
                client_id: text("/client_id"),
                client_secret: text("/client_secret"),
                username: text("/users/staff/username"),
                password: text("/users/staff/password"),
                user_ref_id: text("/user_ref_id"),
                redirect_uri: text("/redirect_uris/0"),
            }
        });
        let places = places.collect();
        Ok(Self { agent, places, sandbox: Some(sandbox) })
    }

    /// Those whose credentials stand in the environment.
    pub(crate) fn real() -> Result<Self, Box<dyn std::error::Error>> {
        let mut places = Vec::new();
        for (name, title, _) in ALL {
            let text = |what: &str| std::env::var(format!("{}_{what}", name.to_uppercase())).unwrap_or_default();
            if text("CLIENT_ID").is_empty() {
                println!("{title}: left out, {}_CLIENT_ID is not set", name.to_uppercase());
                continue;
            }
            places.push(Place {
                name,
                title,
                base: Some(text("BASE")).filter(|base| !base.is_empty()),
                client_id: text("CLIENT_ID"),
                client_secret: text("CLIENT_SECRET"),
                username: text("USERNAME"),
                password: text("PASSWORD"),
                user_ref_id: text("USER_REF_ID"),
                redirect_uri: text("REDIRECT_URI"),
            });
        }
        if places.is_empty() {
            return Err("nothing to do: set NAME_CLIENT_ID and NAME_CLIENT_SECRET (and NAME_USERNAME and NAME_PASSWORD for ACTIVEBUILDING and \
                        MYBUILDING, NAME_BASE for MYBUILDING, NAME_USER_REF_ID and NAME_REDIRECT_URI for HONEYWELL), \
                        NAME being ACTIVEBUILDING, MYBUILDING, BUILDPASS or HONEYWELL"
                .into());
        }
        Ok(Self { agent: Agent::new(), places, sandbox: None })
    }

    pub(crate) fn of(&self, name: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.name == name)
    }

    /// Kills every access token behind the client's back; only the sandbox does that for the asking.
    pub(crate) fn revoke(&self, name: &str) -> bool {
        let origin = ALL.iter().find(|(known, ..)| *known == name).map(|(.., origin)| *origin);
        match (&self.sandbox, origin) {
            (Some(sandbox), Some(origin)) => sandbox.revoke(origin.provider(), &Revoke::AccessTokens) > 0,
            _ => false,
        }
    }

    /// A browser with a patient user before it, where the sandbox can play one.
    pub(crate) fn browser(&self, url: &str) -> Option<String> {
        self.sandbox.as_ref()?.login(url).ok()?.location
    }
}
