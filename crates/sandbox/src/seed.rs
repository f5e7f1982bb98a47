//! Whom does every provider know from the start?
//!
//! The ids, secrets and users are the ones that the providers' own documents print, so that their examples run
//! unchanged, and beside them one client and one user full of special characters.

use serde_json::{Value, json};

use crate::Provider;
use crate::ledger::{Client, Ledger, Package, User, UserType};

/// The audience that BuildPass's guide asks for.
pub(crate) const AUDIENCE: &str = "https://api.buildpass.global";
/// The scopes that BuildPass's guide lists.
pub(crate) const SCOPES: [&str; 7] = [
    "read:builders",
    "read:subcontractors",
    "read:prequalifications",
    "read:insurances",
    "read:contacts",
    "read:swms",
    "read:timesheets",
];
/// The key that BuildPass's tokens are signed with, so that a test can verify one.
pub(crate) const JWT_SECRET: &str = "the sandbox signs BuildPass tokens with this";
/// The `UserRefID` that Honeywell's API wants with client credentials tokens.
pub(crate) const USER_REF_ID: &str = "4711";
/// The redirect URIs that every client is registered with.
pub(crate) const REDIRECT_URIS: [&str; 3] =
    ["https://app.example/callback", "http://localhost:8080/callback", "http://127.0.0.1:8080/callback"];

const BUILDING: (&str, &str) = ("f3834ee69fab4d26a01f0c1fceb0f08a", "d938522c5058468fb8d9e6c0a987319e");
const BUILDPASS: (&str, &str) = ("your_client_id", "your_client_secret");
const PUBLIC: &str = "a-public-client";
const HONEYWELL: [(&str, &str); 3] =
    [("123abc", "456def"), ("9UY8NrmDtIh8GVTkNdX0Y7I6k37254a9", "Z1947381rwgf0WkPPGPHnGik6h3LdhZ9"), ("123", "abc")];
const SPECIAL_SECRET: &str = "s:e c+r%e&t=\"\\'/?#ü€😀";
// No colon: in a raw Basic header it would end the id (RFC 7617 §2).
const SPECIAL_ID: &str = "i d+%&=\"\\'/?#ü€😀";

/// What a provider knows before anybody asked it anything.
pub(crate) fn ledger(provider: Provider) -> Ledger {
    let mut ledger = Ledger::default();
    ledger.clients.push(client(SPECIAL_ID, SPECIAL_SECRET));
    match provider {
        Provider::ActiveBuilding | Provider::MyBuilding => {
            ledger.clients.push(client(BUILDING.0, BUILDING.1));
            ledger.users = users().to_vec();
            ledger.packages = packages();
        }
        Provider::BuildPass => {
            ledger.clients.push(client(BUILDPASS.0, BUILDPASS.1));
            ledger.clients.push(Client { client_secret: None, ..client(PUBLIC, "") });
        }
        Provider::Honeywell => ledger.clients.extend(HONEYWELL.map(|(id, secret)| client(id, secret))),
    }
    ledger
}

/// The same as JSON, for the line that the program prints.
pub(crate) fn credentials() -> Value {
    let building = || {
        let [staff, printed, resident, other, special] = users();
        json!({
            "client_id": BUILDING.0, "client_secret": BUILDING.1, "special": special_client(),
            "users": {"staff": staff, "staff_as_in_curl_example": printed, "resident": resident, "other_resident": other, "special": special},
        })
    };
    json!({
        "activebuilding": building(),
        "mybuilding": building(),
        "buildpass": {
            "client_id": BUILDPASS.0, "client_secret": BUILDPASS.1, "special": special_client(), "public_client_id": PUBLIC,
            "audience": AUDIENCE, "scopes": SCOPES, "redirect_uris": REDIRECT_URIS, "jwt_secret": JWT_SECRET,
        },
        "honeywell": {
            "client_id": HONEYWELL[0].0, "client_secret": HONEYWELL[0].1, "special": special_client(),
            "user_ref_id": USER_REF_ID, "redirect_uris": REDIRECT_URIS,
            "others": HONEYWELL[1..].iter().map(|(id, secret)| json!({"client_id": id, "client_secret": secret})).collect::<Vec<_>>(),
        },
    })
}

fn client(id: &str, secret: &str) -> Client {
    Client { client_id: id.into(), client_secret: Some(secret.into()), redirect_uris: REDIRECT_URIS.map(String::from).to_vec() }
}

fn special_client() -> Value {
    json!({"client_id": SPECIAL_ID, "client_secret": SPECIAL_SECRET})
}

fn users() -> [User; 5] {
    let user = |username: &str, password: &str, user_id: &str, user_type, email: &str, fullname: &str| User {
        username: username.into(),
        password: password.into(),
        user_id: user_id.into(),
        user_type,
        email: email.into(),
        fullname: fullname.into(),
    };
    let staff = |username| user(username, "mypassword", "1142", UserType::Staff, "testuser@building.com", "John John");
    [
        staff("testuser@building.com"),
        // The curl example of the same page spells the host differently.
        staff("testuser@buildingname.com"),
        user("resident@building.com", "mypassword", "2201", UserType::Resident, "resident@building.com", "Rita Resident"),
        user("neighbour@building.com", "mypassword", "2202", UserType::Resident, "neighbour@building.com", "Ned Neighbour"),
        user(
            "zoë+test&co=1%@building.com",
            "p:a s+s%w&ö=\"\\'/?#€😀",
            "2203",
            UserType::Resident,
            "zoë@building.com",
            "Zoë \"Quote\" O'Neil",
        ),
    ]
}

fn packages() -> Vec<Package> {
    let package = |package_id: &str, user_id: &str, description: &str| Package {
        package_id: package_id.into(),
        community_id: "10".into(),
        user_id: user_id.into(),
        description: description.into(),
    };
    vec![
        package("501", "2201", "A box from the bookshop"),
        package("502", "2202", "Flowers"),
        package("503", "2201", "A letter that needs a signature"),
    ]
}
