"""Does anything show a secret?

Every public object is printed in every way that Python knows, with all logging on; then all of it is searched for each secret: plain, in
base64, percent-encoded and as decimal bytes.
"""

from __future__ import annotations

import asyncio
import base64
import copy
import itertools
import json
import logging
import pickle
import pprint
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

import active_oauth
import httpx
import pytest
from active_oauth import (
    Access,
    Agent,
    Backchannel,
    Cancel,
    Challenge,
    Client,
    Device,
    Done,
    Error,
    Grant,
    Key,
    Login,
    Loopback,
    Now,
    Provider,
    Refused,
    Registration,
    Resource,
    Save,
    Send,
    Session,
    Store,
    Token,
    Unsaved,
    Wait,
    open_browser,
    verify_jws,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

SECRETS = {
    "client secret": "S3NTINEL+client/secret ü",
    "password": "S3NTINEL+pass%word&",
    "access token": "S3NTINEL.access-token~0001",
    "renewed token": "S3NTINEL.renewed-token~0002",
    "refresh token": "S3NTINEL.refresh-token~0003",
    "code": "S3NTINEL/code+0004",
    "registered secret": "S3NTINEL.registered~0008",
    "user code": "S3NTINEL-USER-0007",
    # RFC 8037 appendix A.1
    "private key": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "proxy password": "S3NTINELproxy0005",
    "store password": "S3NTINELstore0006",
    "store key": "53e27171" * 8,
}
NOW = Now(1_700_000_000_000, 0)
ISSUED = f'{{"access_token":"{SECRETS["access token"]}","token_type":"Bearer","refresh_token":"{SECRETS["refresh token"]}"}}'
RENEWED = ISSUED.replace(SECRETS["access token"], SECRETS["renewed token"])
REFUSED = f'{{"error":"invalid_grant","by":"{SECRETS["access token"]}"}}'
RECORD = {
    "version": 1,
    "name": "query",
    "base": "https://login.example",
    "token": {"url": "/token", "auth": "post"},
    "authorize": {"url": "/authorize"},
    "endpoints": {
        "revocation": "/revoke",
        "introspection": "/introspect",
        "device_authorization": "/device",
        "backchannel_authentication": "/backchannel",
    },
    "api": {"token": {"in": "parameter"}},
}


def wordings(secret: str) -> Iterable[str]:
    """The forms in which a secret may hide."""
    raw = secret.encode()
    yield secret
    yield quote(secret, safe="")
    yield quote_plus(secret)
    # base64 of a text around it depends on where it stands: the middle is the same for each of three offsets.
    for offset in range(3):
        yield base64.b64encode(b"." * offset + raw).decode()[4:-4]
    yield ", ".join(str(byte) for byte in raw[:8])
    yield repr(raw)[2:-1]


def prints(shown: object) -> Iterable[str]:
    """Every way in which Python prints an object."""
    yield from (repr(shown), str(shown), format(shown), f"{shown}", pprint.pformat(shown), f"{shown!a}")
    yield repr(getattr(shown, "__dict__", None))
    yield ascii([shown])
    if isinstance(shown, BaseException):
        yield repr(shown.args)
        yield "".join(traceback.format_exception(shown))
        yield from our_locals(shown)
    for act in (pickle.dumps, copy.copy, copy.deepcopy):
        try:
            yield repr(act(shown))
        except TypeError as refused:
            yield repr(refused)
    try:
        pickle.loads(pickle.dumps(shown))
    except (TypeError, pickle.PicklingError, AttributeError) as refused:
        yield repr(refused)
    logging.getLogger("anybody").debug("%s %r", shown, shown)


def our_locals(raised: BaseException) -> Iterable[str]:
    """What a debugger or an error collector shows of our own frames: their local variables."""
    package = str(Path(active_oauth.__file__).parent)
    for frame in traceback.TracebackException.from_exception(raised, capture_locals=True).stack:
        if frame.filename.startswith(package):
            yield str(frame.locals)


def stepped(exchange: active_oauth.Exchange[Any], *bodies: tuple[int, str]) -> list[object]:
    """The exchange and all it gives, also its error."""
    shown: list[object] = [exchange]
    answers = itertools.chain(bodies, itertools.repeat((500, ISSUED)))
    now = NOW
    try:
        while True:
            step = exchange.step(now)
            shown.append(step)
            match step:
                case Send(request):
                    shown.append(request)
                    status, body = next(answers)
                    exchange.receive(status, [("X-Echo", SECRETS["client secret"])], body.encode())
                case Save(token):
                    shown.append(token)
                case Store(run):
                    run()
                case Wait(seconds):
                    now = Now(now.wall + round(seconds * 1000), now.mono + round(seconds * 1000))
                case Done(value):
                    return [*shown, value]
    except Error as error:
        return [*shown, error]


def sessions(client: Client, grant: Grant, token: Token, folder: Path) -> Iterable[object]:
    """Sessions of each kind of store, their steps, and every error that the store's name can give."""
    known = f"file:{folder}?key={SECRETS['store key']}"
    # Redis is not there: no session with it gets beyond its first step.
    names = ["memory:", known, f"redis://user:{SECRETS['store password']}@127.0.0.1:1/0"]
    names += [
        f"{known}&more=1",
        f"{known}x",
        f"floppy:{SECRETS['store password']}",
        SECRETS["store password"],
        f"redis://{SECRETS['store key']}@:x",
    ]
    for name in names:
        try:
            session = Session(client, grant, store=name)
            yield session
            for exchange in (session.begin_token(), session.begin_call("GET", "/me")):
                yield from stepped(exchange, (200, ISSUED), (200, ISSUED))
            yield active_oauth.httpx.Auth(session)
            yield active_oauth.requests.Auth(session)
            yield from stepped(session.begin_attempt(token, "GET", "/me", last=True), (401, ISSUED))
            session.login(token)
            yield session
            session.logout()
        except Error as error:
            yield error


def logins_elsewhere(client: Client) -> Iterable[object]:
    """What a user approves on another device, from its beginning to its token."""
    code = f'"device_code":"{SECRETS["code"]}","auth_req_id":"{SECRETS["code"]}"'
    user_code = f'"user_code":"{SECRETS["user code"]}","verification_uri":"https://login.example/d?{SECRETS["user code"]}"'
    complete = f'"verification_uri_complete":"https://login.example/d?user_code={SECRETS["user code"]}"'
    begun = f'{{{code},{user_code},{complete},"expires_in":600}}'
    for exchange in (client.begin_device(extra=SECRETS["password"]), client.begin_backchannel(login_hint=SECRETS["password"])):
        yield from (first := stepped(exchange, (200, begun)))
        if isinstance(approval := first[-1], (Device, Backchannel)):
            yield from stepped(client.begin_poll(approval))
    for body in (begun + ",", begun.replace("expires_in", "other"), begun.replace("https://login", "http://login"), REFUSED):
        yield from stepped(client.begin_device(), (200, body))
        yield from stepped(client.begin_device(), (400, body))


def keys(agent: Agent) -> Iterable[object]:
    """Keys, the clients that have one, and what cannot be read as one."""
    jwk = {"kty": "OKP", "crv": "Ed25519", "d": SECRETS["private key"], "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    key = Key.from_jwk("EdDSA", jwk, id="mine")
    client = Client({**RECORD, "issuer": "https://login.example"}, "id", auth="private_key_jwt", key=key, dpop=key, agent=agent)
    yield from (key, key.public_jwk(), client)
    yield from (issued := stepped(client.begin_token("client_credentials"), (200, ISSUED.replace("Bearer", "DPoP"))))
    token = issued[-1]
    assert isinstance(token, Token)
    yield from stepped(client.begin_call(token, "GET", "/me"), (401, ISSUED))
    yield from stepped(client.begin_token("client_credentials"), (200, ISSUED + ","))
    elsewhere = Key.from_signer("EdDSA", jwk, lambda _: SECRETS["private key"].encode(), id="slot-3")
    yield from (
        elsewhere,
        elsewhere.public_jwk(),
        bound := Client(RECORD, "id", dpop=elsewhere, secret=SECRETS["client secret"], agent=agent),
    )
    yield from stepped(bound.begin_token("client_credentials"), (200, ISSUED.replace("Bearer", "DPoP")))
    broken = [
        {**jwk, "kty": "EC"},
        {**jwk, "x": SECRETS["private key"]},
        {**jwk, "d": SECRETS["private key"] + "!"},
        SECRETS["private key"],
    ]
    for wrong in broken:
        for read in (Key.from_jwk, Key.from_pem):
            try:
                yield read("EdDSA", wrong)  # type: ignore[arg-type]
            except (Error, TypeError) as error:
                yield error


def statements(agent: Agent) -> Iterable[object]:
    """What a server signed, believed or not, and the way back from the browser."""
    key = Key.generate("ES256", id="one")
    jwks = {"keys": [key.public_jwk()]}
    record = {**RECORD, "issuer": "https://login.example", "endpoints": {"jwks": f"/{id(key)}"}}
    client = Client(record, "id", auth="none", agent=agent, server_algorithms=["ES256"])
    told = {"iss": "https://login.example", "aud": "id", "sub": "jo", "exp": 1_700_000_300, "iat": 1_700_000_000}
    for more in ({}, {"aud": SECRETS["access token"]}, {"exp": 1}, {"nonce": SECRETS["password"], "sub": SECRETS["refresh token"] * 20}):
        claims = {**told, "own": SECRETS["access token"], **more}
        id_token = key.sign_jwt(claims)
        for text in (id_token, id_token[:-9] + "AAAAAAAAA", SECRETS["code"]):
            (*_, token) = stepped(client.begin_token("client_credentials"), (200, f'{ISSUED[:-1]},"id_token":"{text}"}}'))
            yield token
            if isinstance(token, Token):
                yield from stepped(client.begin_id_token(token, nonce=SECRETS["password"]), (200, json.dumps(jwks)))
                yield from stepped(client.begin_id_token(token), (200, json.dumps(jwks)))
                yield from stepped(client.begin_id_token(token), (200, ISSUED))
            try:
                yield verify_jws(text, jwks, algorithms="ES256")
            except Error as error:
                yield error
        for typ in ("at+jwt", "JWT"):
            presented = client.presented("Bearer " + key.sign_jwt({**claims, "client_id": "c", "jti": "j"}, typ=typ), now=NOW)
            yield presented
            yield from stepped(client.begin_access_token_claims(presented, "id"), (200, json.dumps(jwks)))
    for header in (f"Basic {SECRETS['access token']}", f"Bearer {SECRETS['client secret']}"):
        try:
            yield client.presented(header)
        except Error as error:
            yield error
    for more in ({}, {"aud": "another"}, {"state": SECRETS["code"]}, {"error": "access_denied"}):
        login = client.authorize("https://app.example/cb", response_mode="jwt", now=NOW)
        state = login.url.partition("state=")[2].partition("&")[0]
        response = key.sign_jwt({**told, "exp": 1_700_000_060, "code": SECRETS["code"], "state": state, **more})
        for text in (response, response[:-9] + "AAAAAAAAA", f"{response}.{SECRETS['code']}"):
            back = client.begin_callback(login, f"https://app.example/cb?response={text}")
            # The keys are known by now: what is believed goes straight on to its code.
            yield from (login, *stepped(back, (200, ISSUED)))
    signing = client.replace(key=key)
    login = signing.authorize("https://app.example/cb", login_hint=SECRETS["password"], scope="openid", signed=True, now=NOW)
    yield from (signing, login, Loopback(path="/back", app=SECRETS["password"]))
    for url in (f"https://user:{SECRETS['proxy password']}@login.example/", f"http://login.example/?{SECRETS['proxy password']}"):
        try:
            yield open_browser(url)
        except Error as error:
            yield error


def introductions(agent: Agent) -> Iterable[object]:
    """What servers say of themselves, and what becomes of a client that makes itself known."""
    issuer = "https://login.example"
    names = ("authorization", "token", "registration", "userinfo", "end_session", "pushed_authorization_request")
    endpoints = ",".join(f'"{name}_endpoint":"{issuer}/{name}"' for name in names)
    metadata = f'{{"issuer":"{issuer}",{endpoints},"code_challenge_methods_supported":["S256"]}}'
    yield from (found := stepped(Provider.begin_discover(issuer), (200, metadata)))
    provider = found[-1]
    assert isinstance(provider, Provider)
    secret, token = SECRETS["registered secret"], SECRETS["access token"]
    management = f'"registration_access_token":"{token}","registration_client_uri":"{issuer}/registration/1"'
    registered = f'{{"client_id":"id","client_secret":"{secret}",{management}}}'
    asked = {"redirect_uris": ["https://app.example/cb"], "client_name": SECRETS["password"]}
    for body in (registered, registered + ",", REFUSED, registered.replace('"id"', "null"), registered.replace("https:", "http:")):
        for status in (201, 400):
            begun = provider.begin_register(asked, initial_access_token=SECRETS["refresh token"])
            yield from (all_of_it := stepped(begun, (status, body)))
            if isinstance(registration := all_of_it[-1], Registration):
                yield from (registration.document, registration.client())
                for exchange in (registration.begin_read_again(), registration.begin_update(asked), registration.begin_delete()):
                    yield from stepped(exchange, (200, registered))
                yield from stepped(registration.begin_read_again(), (401, registered))
    client = Client(provider, "id", secret=SECRETS["client secret"], agent=agent)
    for body in (f'{{"request_uri":"urn:{SECRETS["code"]}","expires_in":60}}', REFUSED):
        pushed = client.begin_push("https://app.example/cb", login_hint=SECRETS["password"], now=NOW)
        yield from stepped(pushed, (201, body))
        yield from stepped(client.begin_push("https://app.example/cb", login_hint=SECRETS["password"], now=NOW), (400, body))
    api = "https://api.example/mcp"
    resource = f'{{"resource":"{api}","authorization_servers":["{issuer}"],"own":"{token}"}}'
    challenge = f'Bearer error="invalid_token", own="{token}"'
    yield from Challenge.parse(challenge)
    yield from stepped(Resource.begin_discover(api, www_authenticate=challenge), (200, resource))
    yield (access := Access(api, register=asked, initial_access_token=SECRETS["refresh token"]))
    yield from stepped(access.begin_after(challenge), (200, resource), (200, metadata), (201, registered))


def everything(folder: Path) -> list[object]:
    """One of each public object, made of secrets."""
    agent = Agent(proxy=f"http://user:{SECRETS['proxy password']}@127.0.0.1:9")
    shown: list[object] = [*keys(agent), *statements(agent), *introductions(agent), agent, Cancel(), Provider.named("buildpass"), NOW]
    for provider in ("buildpass", "honeywell", RECORD):
        for auth in ("post", "basic"):
            client = Client(provider, "id", secret=SECRETS["client secret"], auth=auth, agent=agent)
            password = Grant("password", username="jo", password=SECRETS["password"])
            credentials = Grant("client_credentials", {"scope": "read:builders", "extra": SECRETS["password"]})
            shown += [client, password, credentials]
            first = stepped(client.begin_token(credentials), (200, ISSUED))
            token = first[-1]
            assert isinstance(token, Token)
            shown += first
            shown += stepped(client.begin_refresh(token), (200, RENEWED))
            for answers in ([(200, ISSUED)], [(503, REFUSED)], [(400, REFUSED)]):
                shown += stepped(client.begin_revoke(token), *answers)
            for body in (f'{{"active":true,"token":{ISSUED}}}', ISSUED, ISSUED + ",", REFUSED):
                shown += stepped(client.begin_introspect(token), (200, body))
            shown += logins_elsewhere(client)
            shown += stepped(client.begin_call(token, "GET", "/me"), (401, "no"), (200, RENEWED), (200, ISSUED))
            shown += stepped(client.begin_call(token, "GET", f"/me?code={quote(SECRETS['code'])}"), (401, ISSUED), (400, ISSUED))
            for body in (ISSUED + ",", f"<html>{ISSUED}", f"[{ISSUED}]", REFUSED):
                shown += stepped(client.begin_token(credentials), (200, body))
                shown += stepped(client.begin_token(password), (400, body))
            echo = f'{{"error":"invalid_client","error_description":"{SECRETS["client secret"]} {SECRETS["password"]}"}}'
            shown += stepped(client.begin_token(credentials), (401, echo))
            login = client.authorize("https://app.example/cb", scope="user", now=NOW)
            back = f"https://app.example/cb?code={quote(SECRETS['code'], safe='')}&state="
            shown += [login, *stepped(client.begin_callback(login, back + "forged"))]
            state = login.url.partition("state=")[2].partition("&")[0]
            shown += stepped(client.begin_callback(login, back + state), (200, ISSUED))
            shown += [active_oauth.requests.Auth(client, token), active_oauth.httpx.Auth(client, password)]
            try:
                # Nobody listens there: the transport's own failure, with everything in the request.
                client.call(token, "POST", "/me", form={"code": SECRETS["code"]})
            except Error as error:
                shown.append(error)
            for saved in (token.saved()[:-2], token.saved().replace("access_token", "other"), ISSUED):
                for restore in (Token.restore, Login.restore):
                    try:
                        restore(saved)
                    except Error as error:
                        shown.append(error)
            shown.append(active_oauth.errors._unsaved(token))
            shown += sessions(client, credentials, token, folder)
    return shown


def test_nothing_that_is_printed_shows_a_secret(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    caplog.set_level(0)
    shown = everything(tmp_path)
    kinds = {type(each).__name__ for each in shown}
    public = {name for name in active_oauth.__all__ if isinstance(getattr(active_oauth, name), type)}
    never = {"Error", "Usage", "Expired", "NoAnswer", "Garbled", "StepUp", "Wait", "Outcome", "User", "Reply"}
    assert public - kinds <= never, public - kinds
    assert {"Refused", "Garbled", "Untrusted", "Unsaved", "Reply", "StoreError"} <= kinds, kinds
    printed = "\n".join(text for each in shown for text in prints(each)) + caplog.text
    for name, secret in SECRETS.items():
        for wording in wordings(secret):
            assert wording not in printed, f"{name}: …{printed[max(printed.find(wording) - 200, 0) : printed.find(wording) + 80]}…"


def test_the_search_finds_what_is_there() -> None:
    for secret in SECRETS.values():
        for leak in (secret, quote(secret, safe=""), base64.b64encode(f"id:{secret}".encode()).decode(), str(list(secret.encode()))):
            assert any(wording in leak for wording in wordings(secret)), leak


def test_what_httpx_prints_does_not_show_one(caplog: pytest.LogCaptureFixture) -> None:
    """With tokens in the URL, the worst case, and a server that is httpx's own mock."""
    caplog.set_level(0)
    client = Client(RECORD, "id", secret=SECRETS["client secret"])
    grant = Grant("client_credentials")

    def serve(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, text=ISSUED)
        assert SECRETS["access token"] in (request.url.query + request.read()).decode()
        return httpx.Response({"/me": 404, "/dead": 401}[request.url.path], text=ISSUED)

    shown: list[object] = []
    auth = active_oauth.httpx.Auth(client, grant)
    with httpx.Client(auth=auth, transport=httpx.MockTransport(serve)) as http:
        answer = http.get("https://login.example/me")
        with pytest.raises(httpx.HTTPStatusError) as raised:
            answer.raise_for_status()
        with pytest.raises(Refused) as refused:
            http.post("https://login.example/dead", data={"a": "b"})
        shown += [answer, answer.request, answer.url, raised.value, auth, refused.value, *our_locals(refused.value)]

    async def main() -> None:
        async with httpx.AsyncClient(auth=active_oauth.httpx.Auth(client, grant), transport=httpx.MockTransport(serve)) as http:
            shown.append(await http.get("https://login.example/me"))
            with pytest.raises(Refused) as refused:
                await http.post("https://login.example/dead", data={"a": "b"})
            shown.extend([refused.value, *our_locals(refused.value)])

    asyncio.run(main())
    assert any("conversation" in str(each) for each in shown), "our frames were searched"
    printed = "\n".join(f"{each} {each!r}" for each in shown) + caplog.text
    for secret in SECRETS.values():
        for wording in wordings(secret):
            assert wording not in printed, printed[max(printed.find(wording) - 300, 0) : printed.find(wording) + 80]


def test_what_the_auth_objects_of_a_session_print_does_not_show_one(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody listens at the proxy, so the renewal fails in our own frames, with the session and its token in them."""
    caplog.set_level(0)
    client = Client(
        RECORD, "id", secret=SECRETS["client secret"], agent=Agent(proxy=f"http://user:{SECRETS['proxy password']}@127.0.0.1:9")
    )
    (*_, token) = stepped(client.begin_token(Grant("client_credentials")), (200, ISSUED))
    assert isinstance(token, Token)
    shown: list[object] = []
    for asynchronous in (False, True):
        session = Session(client)
        session.login(token)
        auth = active_oauth.httpx.Auth(session)
        serve = httpx.MockTransport(lambda _: httpx.Response(401, text=ISSUED))

        async def ask(auth: active_oauth.httpx.Auth = auth, serve: httpx.MockTransport = serve) -> None:
            async with httpx.AsyncClient(auth=auth, transport=serve) as http:
                await http.get("https://login.example/me")

        with pytest.raises(Error) as raised:  # noqa: PT012
            if asynchronous:
                asyncio.run(ask())
            else:
                httpx.Client(auth=auth, transport=serve).get("https://login.example/me")
        shown += [session, auth, auth.token, raised.value, *our_locals(raised.value)]
    printed = "\n".join(f"{each} {each!r}" for each in shown) + caplog.text
    assert "Session(Client(" in printed, "our frames were searched"
    for secret in SECRETS.values():
        for wording in wordings(secret):
            assert wording not in printed, printed[max(printed.find(wording) - 300, 0) : printed.find(wording) + 80]


def test_an_error_survives_a_pickle_without_its_secrets() -> None:
    (*_, error) = stepped(Client("buildpass", "id", secret="s").begin_token(Grant("client_credentials", {"scope": "a"})), (400, REFUSED))
    assert isinstance(error, Error)
    assert error.body == REFUSED.encode()
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), again.status, again.kind, again.body) == (str(error), 400, error.kind, None)
    assert vars(again) == vars(error)


def test_what_holds_secrets_refuses_a_pickle_and_names_what_to_do() -> None:
    client = Client("buildpass", "id", secret="s")
    (*_, token) = stepped(client.begin_token(Grant("client_credentials", {"scope": "a"})), (200, ISSUED))
    assert isinstance(token, Token)
    with pytest.raises(TypeError, match=r"saved\(\) and Token\.restore\(\)"):
        pickle.dumps(token)
    assert copy.deepcopy({"token": token})["token"] is token
    again = pickle.loads(pickle.dumps(active_oauth.errors._unsaved(token)))
    assert isinstance(again, Unsaved)
    assert again.token is None
    assert Token.restore(token.saved()).saved() == token.saved()
