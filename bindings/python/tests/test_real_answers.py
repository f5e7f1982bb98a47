"""Do the rarer grants and older answers of servers that others wrote end with a token, and the forged ones with none?"""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from active_oauth import Client, Expired, Key, Provider, Refused, Token, Untrusted
from counterpart import Counterpart

CALLBACK = "https://client.example/callback"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
HYBRID = {
    "redirect_uris": [CALLBACK],
    "response_types": ["code id_token", "code token", "code id_token token", "id_token token"],
    "grant_types": ["authorization_code", "implicit"],
}


def client_of(authlib: Counterpart, name: str) -> Client:
    """A client of Authlib's server."""
    record = {"version": 1, "name": "authlib", "base": authlib.issuer, "token": {"url": "/token"}}
    known = authlib.told["clients"][name]
    return Client(record, known["id"], secret=known["secret"], agent=authlib.agent)


def registered(server: Counterpart, metadata: dict[str, Any], **authorize: str) -> Client:
    """A client that registers itself; its record may say otherwise how it logs in."""
    record = json.loads(server.provider().to_json())
    record["authorize"].update(authorize)
    provider = Provider.from_json(json.dumps(record))
    return provider.register(metadata, agent=server.agent).client()


def user_of(server: Counterpart, client: Client, token: Token) -> Any:
    """Whom the server thinks the token is about."""
    assert server.issuer
    return client.userinfo(token).field("/sub")


@pytest.mark.parametrize("response_type", HYBRID["response_types"])
def test_openid_core_3_3_2_8_what_the_browser_brings_is_checked_before_it_is_used(server: Counterpart, response_type: str) -> None:
    # This server leaves iss out where an ID token comes along, which holds one too.
    client = registered(server, HYBRID, iss="optional")
    login = client.authorize(CALLBACK, scope="openid", response_type=response_type)
    back = server.sign_in(login.url)
    assert user_of(server, client, client.callback(login, back)) == "alice"


@pytest.mark.parametrize(
    ("response_type", "name", "why"), [("code id_token", "code", "c_hash"), ("id_token token", "access_token", "at_hash")]
)
def test_openid_core_3_3_2_10_what_was_exchanged_on_the_way_is_not_sent(
    server: Counterpart, response_type: str, name: str, why: str
) -> None:
    client = registered(server, HYBRID, iss="optional")
    login = client.authorize(CALLBACK, scope="openid", response_type=response_type)
    sent = server.wish("count", method="POST", path="/token")
    with pytest.raises(Untrusted, match=why):
        client.callback(login, re.sub(rf"([#&]{name}=)", r"\1x", server.sign_in(login.url)))
    assert server.wish("count", method="POST", path="/token") == sent


def test_rfc_7523_2_1_a_jwt_that_we_sign_is_exchanged_for_its_users_token(authlib: Counterpart) -> None:
    client = client_of(authlib, "assertion")
    known = authlib.told["clients"]["assertion"]["key"]
    key, now = Key.from_jwk(known["alg"], known["jwk"], id=known["kid"]), int(time.time())
    claims = {"iss": "assertion", "sub": "alice", "aud": authlib.issuer, "iat": now, "exp": now + 60}
    token = client.token(JWT_BEARER, assertion=key.sign_jwt(claims), scope="read")
    assert client.call(token, "GET", "/api").json() == {"user": "alice", "scope": "read"}
    with pytest.raises(Refused, match="invalid_grant"):
        client.token(JWT_BEARER, assertion=key.sign_jwt({**claims, "exp": now - 600}), scope="read")


def test_rfc_9396_5_authorization_details_are_understood_or_refused(server: Counterpart) -> None:
    metadata = {"redirect_uris": [CALLBACK], "authorization_details_types": ["payment"]}
    client = registered(server, metadata)
    with pytest.raises(Refused, match="invalid_authorization_details"):
        client.push(CALLBACK, scope="openid", authorization_details=json.dumps([{"type": "unheard_of"}]))
    details = [{"type": "payment", "amount": "1.00"}]
    asked = {"scope": "openid", "resource": "https://api.example/opaque", "authorization_details": json.dumps(details)}
    login = client.push(CALLBACK, asked)
    token = client.callback(login, server.sign_in(login.url))
    assert token.field("/authorization_details") == details
    assert client.introspect(token).field("/authorization_details") == details


def test_rfc_6750_3_1_a_dead_access_token_is_renewed_once_and_the_call_repeated(server: Counterpart) -> None:
    client = server.client("hasty")
    login = client.authorize(CALLBACK, scope="openid offline_access", prompt="consent")
    token = client.callback(login, server.sign_in(login.url))
    time.sleep(4)
    reply = client.call(token, "GET", "/me")
    assert reply.json()["sub"] == "alice"
    assert reply.renewed is not None
    assert reply.renewed.access_token != token.access_token


def test_openid_core_5_3_2_what_the_server_says_of_its_user_may_be_signed(server: Counterpart) -> None:
    client = server.client("jwt-answers")
    login = client.authorize(CALLBACK, scope="openid")
    assert user_of(server, client, client.callback(login, server.sign_in(login.url))) == "alice"


def test_rfc_9207_2_4_the_iss_of_a_real_callback_is_compared(server: Counterpart) -> None:
    client = server.client("basic")
    login = client.authorize(CALLBACK, scope="openid")
    back = server.sign_in(login.url)
    for forged in (re.sub("iss=[^&]*", "iss=https%3A%2F%2Fattacker.example", back), re.sub("&iss=[^&]*", "", back)):
        with pytest.raises(Untrusted, match="iss"):
            client.callback(login, forged)
    assert user_of(server, client, client.callback(login, back)) == "alice"
    with pytest.raises(Expired):
        client.callback(login, back)
