"""How does a program find its way to a server it never heard of?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from active_oauth import (
    Access,
    Admission,
    Challenge,
    Client,
    Document,
    Done,
    Garbled,
    Key,
    Login,
    NoAnswer,
    Now,
    Provider,
    Refused,
    Registration,
    Resource,
    Send,
    Token,
    Untrusted,
    Usage,
    client_document,
)

if TYPE_CHECKING:
    from active_oauth import Exchange, Request

NOW = Now(1_700_000_000_000, 0)
ISSUER = "https://login.example/tenant"
METADATA: dict[str, Any] = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "userinfo_endpoint": f"{ISSUER}/me",
    "registration_endpoint": f"{ISSUER}/register",
    "end_session_endpoint": f"{ISSUER}/logout",
    "pushed_authorization_request_endpoint": f"{ISSUER}/par",
    "scopes_supported": ["openid", "files:read"],
    "code_challenge_methods_supported": ["S256"],
    "token_endpoint_auth_methods_supported": ["client_secret_post", "none"],
}
API = "https://tools.example/mcp"
REGISTERED = {
    "client_id": "s6BhdRkqt3",
    "client_secret": "cf136dc3c1fc93f31185e5885805d",
    "client_secret_expires_at": 1_800_000_000,
    "token_endpoint_auth_method": "client_secret_post",
    "registration_access_token": "reg-23410913-abewfq.123483",
    "registration_client_uri": f"{ISSUER}/register/s6BhdRkqt3",
}


def sent(exchange: Exchange[Any]) -> Request:
    """The request that it sends."""
    step = exchange.step(NOW)
    assert isinstance(step, Send), step
    return step.request


def answered(exchange: Exchange[Any], body: object, status: int = 200) -> Request:
    """The request that it sends, which gets this answer."""
    request = sent(exchange)
    exchange.receive(status, {"Content-Type": "application/json"}, json.dumps(body).encode() if body is not None else b"")
    return request


def done(exchange: Exchange[Any]) -> Any:
    """What it ends with."""
    step = exchange.step(NOW)
    assert isinstance(step, Done), step
    return step.value


def discovered(**other: object) -> Provider:
    """The provider that the issuer describes."""
    exchange = Provider.begin_discover(ISSUER)
    answered(exchange, {**METADATA, **other})
    provider = done(exchange)
    assert isinstance(provider, Provider)
    return provider


def registered(provider: Provider) -> Registration:
    """A client registered there."""
    exchange = provider.begin_register({"redirect_uris": ["https://app.example/cb"]}, initial_access_token="initial")
    answered(exchange, REGISTERED, 201)
    registration = done(exchange)
    assert isinstance(registration, Registration)
    return registration


def test_an_issuer_says_where_its_endpoints_are() -> None:
    exchange = Provider.begin_discover(ISSUER)
    assert answered(exchange, {}, 404).url == "https://login.example/.well-known/oauth-authorization-server/tenant"
    assert answered(exchange, METADATA).url == "https://login.example/.well-known/openid-configuration/tenant"
    provider = done(exchange)
    assert provider.metadata("/scopes_supported/1") == "files:read"
    assert provider.metadata("/nothing") is None
    again = Provider.from_json(provider.to_json())
    assert again.name == provider.name
    request = sent(Client(again, "id", secret="secret").begin_token("client_credentials"))
    assert request.url == f"{ISSUER}/token"
    assert b"client_secret=secret" in request.body


@pytest.mark.parametrize(
    "wrong", [{"issuer": "https://evil.example"}, {"issuer": ISSUER + "/"}, {"token_endpoint": "http://login.example/t"}]
)
def test_another_issuers_document_is_untrusted(wrong: dict[str, str]) -> None:
    with pytest.raises(Untrusted):
        discovered(**wrong)


def test_what_is_no_issuer_is_told_at_once() -> None:
    for wrong in ("login.example", "http://login.example", "https://login.example?x=1", "https://login.example#x"):
        with pytest.raises(Usage, match="issuer"):
            Provider.discover(wrong)
    with pytest.raises(NoAnswer):
        Provider.discover("https://127.0.0.1:1")
    assert Provider.named("buildpass").metadata("/issuer") is None


def test_a_request_is_pushed_and_the_browser_carries_its_name_alone() -> None:
    client = Client(discovered(), "id", secret="secret")
    exchange = client.begin_push("https://app.example/cb", {"x-own": "1"}, scope="openid", lifetime=60, now=NOW)
    request = answered(exchange, {"request_uri": "urn:example:bwc4JK-ESC0w8acc191e-Y1LTC2", "expires_in": 60}, 201)
    assert request.url == f"{ISSUER}/par"
    pushed = {name: value for name, (value,) in parse_qs(request.body.decode()).items()}
    assert {"client_secret": "secret", "scope": "openid", "x-own": "1", "response_type": "code"}.items() <= pushed.items()
    login = done(exchange)
    assert isinstance(login, Login)
    assert parse_qs(urlsplit(login.url).query) == {"client_id": ["id"], "request_uri": ["urn:example:bwc4JK-ESC0w8acc191e-Y1LTC2"]}
    assert login.url_expires_at == NOW.wall + 60_000
    back = client.begin_callback(Login.restore(login.saved()), f"https://app.example/cb?code=abc&state={pushed['state']}")
    assert "code=abc" in sent(back).body.decode()
    assert client.authorize("https://app.example/cb", now=NOW).url_expires_at is None


def test_a_server_that_wants_its_requests_pushed_gets_no_other() -> None:
    client = Client(discovered(require_pushed_authorization_requests=True), "id", secret="secret")
    with pytest.raises(Usage, match="push"):
        client.authorize("https://app.example/cb", now=NOW)
    with pytest.raises(Usage, match="pushed_authorization_request: buildpass names no such endpoint"):
        Client("buildpass", "id", secret="s").push("https://app.example/cb")


def test_a_token_in_the_fragment_is_read_where_it_was_asked_for() -> None:
    client = Client(discovered(), "id", secret="secret")
    login = client.authorize("https://app.example/cb", response_type="token", now=NOW)
    asked = parse_qs(urlsplit(login.url).query)
    assert asked["response_type"] == ["token"]
    fragment = f"#access_token=2YotnFZ&token_type=Bearer&state={asked['state'][0]}"
    token = done(client.begin_callback(Login.restore(login.saved()), "https://app.example/cb" + fragment))
    assert token.access_token == "2YotnFZ"
    with pytest.raises(Usage, match="response_type"):
        client.authorize("https://app.example/cb", {"response_type": "token"}, now=NOW)


def test_userinfo_says_who_logged_in() -> None:
    client = Client(discovered(), "id", secret="secret")
    token = any_token(client)
    exchange = client.begin_userinfo(token)
    request = answered(exchange, {"sub": "248289761001", "email": "jo@building.com"})
    assert (request.method, request.url, dict(request.headers)["authorization"]) == ("GET", f"{ISSUER}/me", "Bearer 2YotnFZ")
    document = done(exchange)
    assert isinstance(document, Document)
    assert document.field("/sub") == "248289761001"
    nobody = client.begin_userinfo(token)
    answered(nobody, {"email": "jo@building.com"})
    with pytest.raises(Garbled, match="sub"):
        nobody.step(NOW)


def any_token(client: Client) -> Token:
    """A token of that client."""
    exchange = client.begin_token("client_credentials")
    answered(exchange, {"access_token": "2YotnFZ", "token_type": "Bearer"})
    token = done(exchange)
    assert isinstance(token, Token)
    return token


def test_the_end_of_a_session_is_a_url_for_the_browser() -> None:
    client = Client(discovered(), "id", secret="secret")
    url = client.end_session_url(id_token_hint="a.b.c", post_logout_redirect_uri="https://app.example/bye", state="s")
    assert url.startswith(f"{ISSUER}/logout?")
    assert parse_qs(urlsplit(url).query) == {
        "id_token_hint": ["a.b.c"],
        "client_id": ["id"],
        "post_logout_redirect_uri": ["https://app.example/bye"],
        "state": ["s"],
    }
    with pytest.raises(Usage, match="state"):
        client.end_session_url(state="s")


def test_a_client_registers_itself() -> None:
    provider = discovered()
    exchange = provider.begin_register({"redirect_uris": ["https://app.example/cb"]}, initial_access_token="initial")
    request = answered(exchange, REGISTERED, 201)
    assert (request.url, dict(request.headers)["authorization"]) == (f"{ISSUER}/register", "Bearer initial")
    assert json.loads(request.body) == {"redirect_uris": ["https://app.example/cb"]}
    first = done(exchange)
    registration = Registration.restore(provider, first.saved())
    assert (registration.client_id, registration.client_secret) == ("s6BhdRkqt3", REGISTERED["client_secret"])
    assert registration.client_secret_expires_at == 1_800_000_000_000
    assert registration.document.field("/token_endpoint_auth_method") == "client_secret_post"
    assert b"client_secret=cf136" in sent(registration.client().begin_token("client_credentials")).body
    assert "cf136" not in repr(registration)
    bound = registration.client(dpop=Key.generate())
    assert "dpop" in dict(sent(bound.begin_token("client_credentials")).headers)


def test_a_registration_is_read_changed_and_deleted() -> None:
    registration = registered(discovered())
    read = registration.begin_read_again()
    request = answered(read, {**REGISTERED, "client_secret": "new"})
    assert (request.method, request.url) == ("GET", REGISTERED["registration_client_uri"])
    assert dict(request.headers)["authorization"] == f"Bearer {REGISTERED['registration_access_token']}"
    assert done(read).client_secret == "new"
    update = registration.begin_update({"redirect_uris": ["https://app.example/other"]})
    request = answered(update, REGISTERED)
    assert json.loads(request.body) == {"client_id": "s6BhdRkqt3", "redirect_uris": ["https://app.example/other"]}
    assert isinstance(done(update), Registration)
    delete = registration.begin_delete()
    assert answered(delete, None, 204).method == "DELETE"
    assert done(delete).value() == {}


def test_a_registration_that_is_refused_is_told() -> None:
    exchange = discovered().begin_register({"redirect_uris": []})
    answered(exchange, {"error": "invalid_redirect_uri", "error_description": "one is needed"}, 400)
    with pytest.raises(Refused, match="invalid_redirect_uri"):
        exchange.step(NOW)
    with pytest.raises(Usage, match="buildpass names no such endpoint"):
        Provider.named("buildpass").register({})
    with pytest.raises(Usage, match="not JSON"):
        discovered().register("{S3NTINEL")
    with pytest.raises(Usage, match="saved registration"):
        Registration.restore("buildpass", "{}")


def test_a_resource_says_who_issues_its_tokens() -> None:
    exchange = Resource.begin_discover(API, www_authenticate='Bearer resource_metadata="https://tools.example/what"')
    assert answered(exchange, {"resource": API, "authorization_servers": [ISSUER], "scopes_supported": ["files:read"]}).url == (
        "https://tools.example/what"
    )
    resource = done(exchange)
    assert isinstance(resource, Resource)
    assert (resource.resource, resource.authorization_servers, resource.scopes_supported) == (API, (ISSUER,), ("files:read",))
    assert resource.document.field("/resource") == API
    other = Resource.begin_discover(API)
    assert answered(other, {"resource": "https://evil.example"}).url == "https://tools.example/.well-known/oauth-protected-resource/mcp"
    with pytest.raises(Untrusted):
        other.step(NOW)
    with pytest.raises(Usage):
        Resource.discover("tools.example")


def test_a_challenge_is_read_by_its_whole_grammar() -> None:
    header = 'Basic realm="a \\"b\\"", DPoP algs="ES256 EdDSA", error=invalid_token, Negotiate YWJj=='
    basic, dpop, negotiate = Challenge.parse(header)
    assert (basic.scheme, basic.parameters) == ("Basic", {"realm": 'a "b"'})
    assert dpop.parameters == {"algs": "ES256 EdDSA", "error": "invalid_token"}
    assert (negotiate.scheme, negotiate.token68, negotiate.parameters) == ("Negotiate", "YWJj==", {})
    assert [challenge.scheme for challenge in Challenge.parse(["Bearer", "DPoP"])] == ["Bearer", "DPoP"]
    assert Challenge.parse("=,;") == []
    assert repr(dpop) == 'Challenge("DPoP", error="invalid_token")'


def admitted(access: Access, *answers: tuple[int, object]) -> tuple[Admission, list[Request]]:
    """From a refusal to a client."""
    exchange = access.begin_after('Bearer scope="files:read"')
    requests = [answered(exchange, body, status) for status, body in answers]
    admission = done(exchange)
    assert isinstance(admission, Admission)
    return admission, requests


def test_from_a_refusal_to_a_login_by_registration() -> None:
    resource = {"resource": API, "authorization_servers": [ISSUER]}
    access = Access(API, register={"redirect_uris": ["http://127.0.0.1/cb"]})
    admission, requests = admitted(access, (200, resource), (200, METADATA), (201, {"client_id": "abc"}))
    assert [request.url for request in requests] == [
        "https://tools.example/.well-known/oauth-protected-resource/mcp",
        "https://login.example/.well-known/oauth-authorization-server/tenant",
        f"{ISSUER}/register",
    ]
    assert admission.parameters == {"resource": API, "scope": "files:read"}
    assert admission.registration is not None
    assert (admission.registration.client_id, admission.client.id, admission.scope) == ("abc", "abc", "files:read")
    assert admission.resource.resource == API
    asked = parse_qs(urlsplit(admission.client.authorize("http://127.0.0.1:8080/cb", admission.parameters, now=NOW).url).query)
    assert (asked["resource"], asked["scope"], asked["code_challenge_method"]) == ([API], ["files:read"], ["S256"])


def test_from_a_refusal_to_a_login_by_a_document_of_the_programs_own() -> None:
    resource = {"resource": API, "authorization_servers": [ISSUER]}
    access = Access(API, client_document="https://app.example/client.json")
    admission, _ = admitted(access, (200, resource), (200, {**METADATA, "client_id_metadata_document_supported": True}))
    assert (admission.client.id, admission.registration) == ("https://app.example/client.json", None)


def test_a_server_that_does_not_check_pkce_gets_no_login() -> None:
    exchange = Access(API, register={}).begin_after()
    answered(exchange, {"resource": API, "authorization_servers": [ISSUER]})
    answered(exchange, {**METADATA, "code_challenge_methods_supported": ["plain"]})
    with pytest.raises(Untrusted, match="PKCE"):
        exchange.step(NOW)


def test_the_documents_of_clients_are_checked() -> None:
    document = json.loads(client_document("https://app.example/client.json", {"redirect_uris": ["https://app.example/cb"]}))
    assert document["client_id"] == "https://app.example/client.json"
    for client_id, metadata in (
        ("https://app.example/", {"redirect_uris": ["https://app.example/cb"]}),
        ("https://app.example/client.json", {"redirect_uris": ["https://app.example/cb"], "client_secret": "S3NTINEL"}),
        ("https://app.example/client.json", {}),
    ):
        with pytest.raises(Usage) as raised:
            client_document(client_id, metadata)
        assert "S3NTINEL" not in str(raised.value)
