"""Does the main job work, at all four providers, over real HTTPS?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from active_oauth import Client, Expired, Grant, Login, Refused, Token, Unsaved, Untrusted, Usage

if TYPE_CHECKING:
    from conftest import MakeClient
    from sandbox import Sandbox

READINGS = ["body_200", "body_401", "meta_object", "meta_object_401", "meta_string", "meta_string_401"]


@pytest.mark.parametrize("provider", ["activebuilding", "mybuilding"])
def test_a_password_gives_a_token_and_the_user(client: MakeClient, staff: Grant, provider: str) -> None:
    token = client(provider).token(staff)
    assert token.user is not None
    assert (token.user.user_id, token.user.user_type, token.user.email) == ("1142", "STAFF", "testuser@building.com")
    assert token.deviations == ("token_type missing",)
    assert token.authorization == f"Bearer {token.access_token}"
    assert (token.expires_at, token.expires, token.refresh_token) == (None, None, None)
    assert token.provider == provider


def test_the_communities_are_doubly_nested(client: MakeClient, staff: Grant, sandbox: Sandbox) -> None:
    building = client("activebuilding")
    token = building.token(staff)
    communities = building.call(token, "GET", "/communities").json()["response"]["communities"]["community"]
    assert communities[0][0] == {"communityId": "10", "title": "140 Riverside"}
    packages = building.call(token, "GET", "/packages", query={"communityId": "10"})
    assert packages.status == 200
    posted = building.call(token, "POST", "/packages", form={"communityId": "10", "userId": "2201", "description": "a box & a string"})
    assert posted.status in (200, 201)
    sent = [entry for entry in sandbox.log() if entry["path"] == "/packages"]
    assert [entry["method"] for entry in sent] == ["GET", "POST"]
    assert f"access_token={token.access_token}" in sent[0]["query"]
    assert f"access_token={token.access_token}" in sent[1]["body"]
    assert "description=a+box+%26+a+string" in sent[1]["body"]


@pytest.mark.parametrize("reading", READINGS)
def test_a_revoked_token_is_recognised_in_every_envelope(client: MakeClient, staff: Grant, sandbox: Sandbox, reading: str) -> None:
    building = client("activebuilding")
    token = building.token(staff)
    sandbox.ask("POST", "/reading", {"provider": "activebuilding", "expired": reading})
    sandbox.ask("POST", "/revoke", {"provider": "activebuilding", "all": True})
    saved: list[Token] = []
    reply = building.call(token, "GET", "/communities", renew_by=staff, save=saved.append)
    assert reply.status == 200
    assert reply.json()["status"] == "success"
    assert reply.renewed is not None
    assert [kept.access_token for kept in saved] == [reply.renewed.access_token]
    sandbox.ask("POST", "/revoke", {"provider": "activebuilding", "all": True})
    with pytest.raises(Expired, match="no refresh token and no grant"):
        building.call(reply.renewed, "GET", "/communities")


@pytest.mark.parametrize(("auth", "body"), [(None, None), ("post", "form"), ("basic", "json"), ("basic", "form")])
def test_buildpass_takes_the_credentials_in_each_way(client: MakeClient, auth: str | None, body: str | None) -> None:
    token = client("buildpass", auth=auth, body=body).token("client_credentials", scope="read:builders read:contacts")
    assert (token.token_type, token.scope, token.is_scope_narrower) == ("Bearer", "read:builders read:contacts", False)
    assert token.expires_at is not None
    assert token.expires is not None
    assert token.expires_at - token.received_at == 3_600_000
    assert round(token.expires.timestamp() * 1000) == token.expires_at
    assert not token.is_expired()


def test_a_narrower_scope_is_reported_and_no_failure(client: MakeClient, sandbox: Sandbox) -> None:
    sandbox.ask("POST", "/reading", {"provider": "buildpass", "scope": "narrower"})
    token = client("buildpass").token("client_credentials", scope="read:builders read:contacts")
    assert (token.scope, token.requested_scope, token.is_scope_narrower) == ("read:builders", "read:builders read:contacts", True)


@pytest.mark.parametrize("provider", ["activebuilding", "mybuilding", "buildpass", "honeywell"])
def test_special_characters_in_every_credential_arrive(client: MakeClient, sandbox: Sandbox, provider: str) -> None:
    known = sandbox.credentials[provider]
    special = client(provider, id=known["special"]["client_id"], secret=known["special"]["client_secret"])
    if "users" in known:
        user = known["users"]["special"]
        token = special.token("password", username=user["username"], password=user["password"])
        assert token.user is not None
        assert token.user.fullname == user["fullname"]
    else:
        scope = {"scope": "read:builders"} if provider == "buildpass" else {}
        assert special.token("client_credentials", **scope).access_token


def test_honeywells_answer_is_all_strings_with_an_empty_key(client: MakeClient, sandbox: Sandbox) -> None:
    honeywell = client("honeywell")
    token = honeywell.token("client_credentials")
    assert (token.token_type, token.authorization) == ("BearerToken", f"Bearer {token.access_token}")
    assert token.field("/organization_name") == "connectedhome"
    assert token.field("/") == ""
    assert token.field("/nothing") is None
    assert token.expires_at == token.received_at + 3_599_000
    reply = honeywell.call(token, "GET", "/v2/locations", headers={"UserRefID": sandbox.credentials["honeywell"]["user_ref_id"]})
    assert reply.status == 200
    asked = sandbox.log()[-1]
    assert "apikey=123abc" in asked["query"]


def browser(sandbox: Sandbox, url: str) -> str:
    """Where the provider sends the user's browser."""
    location: str = sandbox.ask("POST", "/login", {"url": url})["location"]
    return location


@pytest.mark.parametrize("provider", ["buildpass", "honeywell"])
def test_a_login_is_kept_as_a_text_taken_once_and_refreshed(client: MakeClient, sandbox: Sandbox, provider: str) -> None:
    app = client(provider)
    more = {"scope": "read:builders"} if provider == "buildpass" else {}
    login = app.authorize("https://app.example/callback", more)
    back = browser(sandbox, login.url)
    restored = Login.restore(login.saved())
    assert restored.url == ""
    with pytest.raises(Untrusted, match="state"):
        app.callback(restored, "https://app.example/callback?code=x&state=forged")
    assert not restored.is_taken
    token = app.callback(restored, back)
    assert restored.is_taken
    with pytest.raises(Expired, match="taken already"):
        restored.saved()
    with pytest.raises(Expired, match="taken already"):
        app.callback(restored, back)
    assert token.refresh_token
    saved: list[Token] = []
    renewed = app.refresh(Token.restore(token.saved()), save=saved.append)
    assert renewed.access_token != token.access_token
    assert saved[0].saved() == renewed.saved()


def test_a_login_that_was_denied_is_refused(client: MakeClient, sandbox: Sandbox) -> None:
    app = client("buildpass")
    login = app.authorize("https://app.example/callback", scope="read:builders")
    with pytest.raises(Refused) as denied:
        app.callback(login, browser(sandbox, login.url + "&sandbox_deny=1"))
    assert denied.value.standard_code == "access_denied"


def test_a_refused_password_says_so(client: MakeClient) -> None:
    with pytest.raises(Refused) as refused:
        client("activebuilding").token("password", username="testuser@building.com", password="wrong")
    assert (refused.value.code, refused.value.standard_code) == ("authentication_failure", "invalid_grant")
    assert refused.value.description == "invalid password"
    assert not refused.value.transient
    assert refused.value.body is not None
    assert b"invalid password" in refused.value.body


def test_a_wrong_secret_is_refused_everywhere(client: MakeClient, staff: Grant) -> None:
    asks = {"activebuilding": staff, "mybuilding": staff, "buildpass": Grant("client_credentials", {"scope": "read:builders"})}
    for provider, grant in {**asks, "honeywell": Grant("client_credentials")}.items():
        with pytest.raises(Refused) as refused:
            client(provider, secret="wrong").token(grant)
        assert refused.value.standard_code == "invalid_client", provider


def test_a_renewed_token_that_cannot_be_saved_is_not_lost(client: MakeClient, sandbox: Sandbox, staff: Grant) -> None:
    building = client("activebuilding")
    token = building.token(staff)
    sandbox.ask("POST", "/revoke", {"provider": "activebuilding", "all": True})
    calls_before = len([entry for entry in sandbox.log() if entry["path"] == "/communities"])

    def full(_token: Token) -> None:
        raise OSError("the disk is full")

    with pytest.raises(Unsaved) as unsaved:
        building.call(token, "GET", "/communities", renew_by=staff, save=full)
    assert isinstance(unsaved.value.__cause__, OSError)
    assert unsaved.value.token is not None
    assert len([entry for entry in sandbox.log() if entry["path"] == "/communities"]) == calls_before + 1, "it was not used unsaved"
    assert building.call(unsaved.value.token, "GET", "/communities").status == 200


def test_ctrl_c_in_a_save_stays_what_it_is(client: MakeClient, sandbox: Sandbox, staff: Grant) -> None:
    building = client("activebuilding")
    token = building.token(staff)
    sandbox.ask("POST", "/revoke", {"provider": "activebuilding", "all": True})

    def interrupted(_token: Token) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        building.call(token, "GET", "/communities", renew_by=staff, save=interrupted)


def test_a_record_of_ones_own_is_a_provider(sandbox: Sandbox, client: MakeClient) -> None:
    known = sandbox.credentials["buildpass"]
    record = {"version": 1, "name": "mine", "extends": "buildpass", "token": {"body": "form", "auth": "basic"}}
    mine = client("buildpass")
    assert mine.provider.name == "buildpass"
    own = Client(record, known["client_id"], secret=known["client_secret"], base=sandbox.providers["buildpass"], agent=mine.agent)
    assert own.token("client_credentials", scope="read:builders").provider == "mine"
    with pytest.raises(Usage, match="issued by mine"):
        mine.call(own.token("client_credentials", scope="read:builders"), "GET", "/v1/builders")
    with pytest.raises(Usage, match=r"provider record: token\.auht: unknown field"):
        Client({"version": 1, "name": "a", "token": {"url": "/t", "auht": "basic"}}, "id")


def test_a_call_sends_what_it_is_told(client: MakeClient, sandbox: Sandbox) -> None:
    buildpass = client("buildpass")
    token = buildpass.token("client_credentials", scope="read:builders")
    buildpass.call(token, "PUT", "/v1/builders", query=[("a", "1"), ("a", "2 3")], headers={"X-Trace": "t"}, json={"name": "Zoë"})
    buildpass.call(token, "POST", "/v1/builders", body=b"\x00\xff", content_type="image/png")
    put, post = sandbox.log()[-2:]
    headers = {name.lower(): value for name, value in put["headers"]}
    assert (put["method"], put["query"]) == ("PUT", "a=1&a=2%203")
    assert (headers["x-trace"], headers["content-type"], headers["authorization"]) == ("t", "application/json", token.authorization)
    assert put["body"] == '{"name": "Zo\\u00eb"}'
    assert {name.lower(): value for name, value in post["headers"]}["content-type"] == "image/png"
    with pytest.raises(Usage, match="two bodies"):
        buildpass.call(token, "POST", "/v1/builders", body=b"1", json={})
