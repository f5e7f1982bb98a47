"""What becomes of a token that is revoked or asked about, and of the grants of other RFCs?"""

from __future__ import annotations

import asyncio
import json
import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from active_oauth import Client, Document, Done, Expired, Garbled, Grant, Now, Refused, Send, Token, Usage, run_async

if TYPE_CHECKING:
    from active_oauth import Exchange, Request
    from conftest import MakeClient
    from sandbox import Sandbox

NOW = Now(1_700_000_000_000, 5_000)
RECORD = {
    "version": 1,
    "name": "mine",
    "base": "https://login.example",
    "token": {"url": "/token", "auth": "post"},
    "authorize": {"url": "/authorize"},
    "endpoints": {"revocation": "/revoke", "introspection": "/introspect"},
}
CLIENT = Client(RECORD, "id", secret="secret")
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ISSUED = b'{"access_token":"2YotnFZ","token_type":"Bearer"}'


def sent(exchange: Exchange[Any]) -> Request:
    """The request that it begins with."""
    step = exchange.step(NOW)
    assert isinstance(step, Send), step
    return step.request


def form(exchange: Exchange[Any]) -> list[tuple[str, str]]:
    """The form that it begins with."""
    return parse_qsl(sent(exchange).body.decode(), keep_blank_values=True)


def answered(exchange: Exchange[Any], body: bytes, status: int = 200) -> Any:
    """What it ends with where its request gets this answer."""
    assert isinstance(exchange.step(NOW), Send)
    exchange.receive(status, {"Content-Type": "application/json"}, body)
    step = exchange.step(NOW)
    assert isinstance(step, Done), step
    return step.value


TOKEN: Token = answered(CLIENT.begin_token("client_credentials"), ISSUED)


def test_a_revoked_token_is_over(client: MakeClient) -> None:
    buildpass = client("buildpass")
    token, other = (buildpass.token("client_credentials", scope="read:builders") for _ in range(2))
    buildpass.revoke(token)
    with pytest.raises(Expired, match="no refresh token and no grant"):
        buildpass.call(token, "GET", "/v1/builders")
    assert buildpass.call(other, "GET", "/v1/builders").status == 200
    # RFC 7009 §2.2: what the server does not know is revoked already.
    buildpass.revoke(token)


def test_with_the_refresh_token_goes_all_that_came_of_the_login(client: MakeClient, sandbox: Sandbox) -> None:
    app = client("buildpass")
    login = app.authorize("https://app.example/callback", scope="read:builders")
    token = app.callback(login, sandbox.ask("POST", "/login", {"url": login.url})["location"])
    app.revoke(token)
    with pytest.raises(Refused, match="invalid_grant"):
        app.call(token, "GET", "/v1/builders")
    with pytest.raises(Refused, match="invalid_grant"):
        app.refresh(token)


def test_a_wrong_secret_revokes_nothing(client: MakeClient) -> None:
    token = client("buildpass").token("client_credentials", scope="read:builders")
    with pytest.raises(Refused, match="invalid_client") as refused:
        client("buildpass", secret="wrong").revoke(token)
    assert token.access_token not in str(refused.value)
    assert client("buildpass").call(token, "GET", "/v1/builders").status == 200


def test_a_revocation_in_an_event_loop_is_run_over_any_transport(client: MakeClient, sandbox: Sandbox) -> None:
    buildpass = client("buildpass")
    token = buildpass.token("client_credentials", scope="read:builders")

    async def main() -> Document:
        async def carry(request: Request) -> tuple[int, list[tuple[str, str]], bytes]:
            answer = await http.request(request.method, request.url, headers=request.headers, content=request.body)
            return answer.status_code, list(answer.headers.items()), answer.content

        async with httpx.AsyncClient(verify=ssl.create_default_context(cafile=sandbox.ca)) as http:
            return await run_async(buildpass.begin_revoke(token), carry)

    assert asyncio.run(main()).value() == {}
    with pytest.raises(Expired):
        buildpass.call(token, "GET", "/v1/builders")


def test_the_kind_of_a_token_is_told_as_a_hint() -> None:
    client = [("client_id", "id"), ("client_secret", "secret")]
    request = sent(CLIENT.begin_revoke(TOKEN))
    assert (request.method, request.url) == ("POST", "https://login.example/revoke")
    assert sorted(form(CLIENT.begin_revoke(TOKEN))) == sorted([*client, ("token", "2YotnFZ"), ("token_type_hint", "access_token")])
    renewable: Token = answered(CLIENT.begin_token("client_credentials"), ISSUED[:-1] + b',"refresh_token":"tGzv3JO"}')
    assert sorted(form(CLIENT.begin_revoke(renewable))) == sorted([*client, ("token", "tGzv3JO"), ("token_type_hint", "refresh_token")])
    assert ("token", "2YotnFZ") in form(CLIENT.begin_introspect(renewable))


def test_an_introspection_is_a_document() -> None:
    said = b'{"active":true,"scope":"read","aud":["a","b"],"exp":1419356238,"huge":123456789012345678901234567890}'
    document = answered(CLIENT.begin_introspect(TOKEN), said)
    assert isinstance(document, Document)
    assert document.field("/active") is True
    assert document.field("/aud/1") == "b"
    assert document.field("/missing") is None
    assert document.value()["huge"] == 123456789012345678901234567890
    assert document.answer == said
    assert repr(document) == 'Document(["active", "aud", "exp", "huge", "scope"])'


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b"{}", b'{"active":"true"}', b'{"active":true'])
def test_an_introspection_that_does_not_say_whether_the_token_is_active_is_garbled(body: bytes) -> None:
    with pytest.raises(Garbled) as raised:
        answered(CLIENT.begin_introspect(TOKEN), body)
    assert raised.value.body == body


def test_what_cannot_be_asked_is_told_before_anything_is_sent() -> None:
    buildpass = Client("buildpass", "id", secret="secret")
    with pytest.raises(Usage, match="introspection: buildpass names no such endpoint"):
        buildpass.introspect(Token.restore(TOKEN.saved().replace('"mine"', '"buildpass"')))
    with pytest.raises(Usage, match="issued by mine"):
        buildpass.revoke(TOKEN)


def test_a_grant_of_another_rfc_is_named_by_its_uri() -> None:
    fields = form(
        CLIENT.begin_token(
            EXCHANGE, subject_token="abc", subject_token_type="access_token", resource=["https://a.example/", "https://b.example/"]
        )
    )
    assert ("grant_type", EXCHANGE) in fields
    assert ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token") in fields
    assert [value for name, value in fields if name == "resource"] == ["https://a.example/", "https://b.example/"]
    with pytest.raises(Usage, match="needs the parameter subject_token"):
        CLIENT.token(EXCHANGE)
    with pytest.raises(Usage, match="nor the URI of another"):
        CLIENT.token("token-exchange")
    assert ("grant_type", "https://own.example/grant") in form(CLIENT.begin_token(Grant("https://own.example/grant", a="b")))


@pytest.mark.parametrize(
    "parameters",
    [{"resource": ("https://a.example", "https://b.example")}, [("resource", "https://a.example"), ("resource", ["https://b.example"])]],
)
def test_what_a_token_is_for_may_be_said_more_than_once(parameters: Any) -> None:
    resources = [value for name, value in form(CLIENT.begin_token(Grant("client_credentials", parameters))) if name == "resource"]
    assert resources == ["https://a.example", "https://b.example"]


BACK = "https://app.example/callback"
DETAILS = [{"type": "payment", "actions": ["initiate"], "amount": {"currency": "EUR", "value": "1.00"}}]
CLAIMS = {"id_token": {"acr": {"essential": True}, "email": None}}


@pytest.mark.parametrize("written", [False, True])
def test_details_and_claims_are_json_or_what_json_is_made_of(written: bool) -> None:
    made = json.dumps if written else lambda value: value
    both: dict[str, Any] = {"authorization_details": made(DETAILS), "claims": made(CLAIMS)}
    logins = [CLIENT.authorize(BACK, both), CLIENT.authorize(BACK, list(both.items())), CLIENT.authorize(BACK, **both)]
    sent = [dict(parse_qsl(urlsplit(login.url).query)) for login in logins] + [dict(form(CLIENT.begin_token("client_credentials", **both)))]
    sent.append(dict(form(CLIENT.begin_token(Grant("client_credentials", both)))))
    for parameters in sent:
        assert json.loads(parameters["authorization_details"]) == DETAILS
        assert json.loads(parameters["claims"]) == CLAIMS


@pytest.mark.parametrize("details", [{"type": "payment"}, [{"actions": []}], [], "[", [5]])
def test_details_that_cannot_be_are_told(details: Any) -> None:
    if details == []:
        assert "authorization_details=%5B%5D" in CLIENT.authorize(BACK, authorization_details=details).url
        return
    with pytest.raises(Usage, match="authorization_details"):
        CLIENT.authorize(BACK, authorization_details=details)


def test_any_other_parameter_may_not() -> None:
    with pytest.raises(Usage, match='"scope" is given twice'):
        CLIENT.token("client_credentials", scope=["a", "b"])
    with pytest.raises(TypeError, match='"resource" must be str, not int'):
        CLIENT.token("client_credentials", resource=["https://a.example", 5])  # type: ignore[arg-type]
    # None of them is none at all.
    assert "scope" not in dict(form(CLIENT.begin_token("client_credentials", scope=[])))
