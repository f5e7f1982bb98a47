"""Does `httpx` get good tokens from our auth object, blocking and async, over real HTTPS?"""

from __future__ import annotations

import asyncio
import logging
import ssl
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest
from active_oauth import Expired, Grant, Refused, Token, Unsaved, Untrusted, Usage
from active_oauth.httpx import Auth

if TYPE_CHECKING:
    from conftest import MakeClient
    from sandbox import Sandbox

BUILDERS = Grant("client_credentials", {"scope": "read:builders"})


@pytest.fixture
def verify(sandbox: Sandbox) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=sandbox.ca)


def kill(sandbox: Sandbox, provider: str) -> None:
    """Its access tokens die behind the client's back."""
    sandbox.ask("POST", "/revoke", {"provider": provider, "all": True})


def test_a_grant_gets_its_token_once_through_httpx(verify: ssl.SSLContext, client: MakeClient, sandbox: Sandbox) -> None:
    saved: list[Token] = []
    auth = Auth(client("buildpass"), BUILDERS, save=saved.append)
    with httpx.Client(auth=auth, verify=verify, base_url=sandbox.providers["buildpass"]) as http:
        assert [http.get("/v1/builders").status_code for _ in range(3)] == [200] * 3
    counters = sandbox.counters("buildpass")
    assert (counters["token_requests"], counters["connections"]) == (1, 1), "over httpx's own connection"
    assert [token.access_token for token in saved] == [auth.token and auth.token.access_token]


def test_a_dead_token_is_renewed_once_and_the_call_repeated(verify: ssl.SSLContext, client: MakeClient, sandbox: Sandbox) -> None:
    auth = Auth(client("buildpass"), BUILDERS)
    with httpx.Client(auth=auth, verify=verify, base_url=sandbox.providers["buildpass"]) as http:
        http.get("/v1/builders")
        sandbox.fault("buildpass", "status", {"status": 401}, path="/v1/builders")
        http.post("/v1/builders", params={"a": "1"}, json={"name": "x"})
    posts = [entry for entry in sandbox.log() if entry["method"] == "POST" and entry["path"] == "/v1/builders"]
    assert [(entry["query"], entry["body"]) for entry in posts] == [("a=1", '{"name":"x"}')] * 2
    assert sandbox.counters("buildpass")["token_requests"] == 2


def test_activebuilding_wants_it_in_the_query_or_the_form(
    verify: ssl.SSLContext, client: MakeClient, sandbox: Sandbox, staff: Grant, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    auth = Auth(client("activebuilding"), staff)
    base = sandbox.providers["activebuilding"]
    with httpx.Client(auth=auth, verify=verify, base_url=base) as http:
        for reading in ("body_200", "meta_object", "meta_string_401"):
            sandbox.ask("POST", "/reading", {"provider": "activebuilding", "expired": reading})
            answer = http.get("/packages", params={"communityId": "10"})
            assert answer.json()["status"] == "success"
            assert str(answer.url) == base + "/packages?communityId=10", "without the token"
            kill(sandbox, "activebuilding")
            answer = http.post("/packages", data={"communityId": "10", "userId": "2201", "description": "a & b"})
            assert answer.json()["status"] == "success"
            assert answer.request.content == b"communityId=10&userId=2201&description=a+%26+b"
            kill(sandbox, "activebuilding")
    assert "httpx" in {record.name for record in caplog.records}
    tokens = {value for entry in sandbox.log() for value in entry["query"].split("access_token=")[1:]}
    assert tokens
    for token in tokens:
        assert token not in caplog.text


def test_it_works_async_and_many_tasks_renew_once(verify: ssl.SSLContext, client: MakeClient, sandbox: Sandbox) -> None:
    saved: list[Token] = []

    async def save(token: Token) -> None:
        await asyncio.sleep(0.01)
        saved.append(token)

    async def main() -> None:
        auth = Auth(client("buildpass"), BUILDERS, save=save)
        async with httpx.AsyncClient(auth=auth, verify=verify, base_url=sandbox.providers["buildpass"]) as http:
            for _ in range(2):
                answers = await asyncio.gather(*(http.get("/v1/builders") for _ in range(12)))
                assert {answer.status_code for answer in answers} == {200}
                kill(sandbox, "buildpass")

    asyncio.run(main())
    assert sandbox.counters("buildpass")["token_requests"] == 2
    assert len(saved) == 2


def test_many_threads_renew_once(verify: ssl.SSLContext, client: MakeClient, sandbox: Sandbox) -> None:
    auth = Auth(client("buildpass"), BUILDERS)
    with httpx.Client(auth=auth, verify=verify, base_url=sandbox.providers["buildpass"]) as http, ThreadPoolExecutor(8) as pool:
        for _ in range(2):
            assert set(pool.map(lambda _: http.get("/v1/builders").status_code, range(16))) == {200}
            kill(sandbox, "buildpass")
    assert sandbox.counters("buildpass")["token_requests"] == 2


def test_a_token_that_stays_dead_is_refused_and_no_loop(verify: ssl.SSLContext, client: MakeClient, sandbox: Sandbox) -> None:
    auth = Auth(client("buildpass"), BUILDERS)
    with httpx.Client(auth=auth, verify=verify, base_url=sandbox.providers["buildpass"]) as http:
        http.get("/v1/builders")
        sandbox.fault("buildpass", "status", {"status": 401}, times=2, path="/v1/builders")
        with pytest.raises(Refused, match="new token"):
            http.get("/v1/builders")
        assert http.get("/v1/builders").status_code == 200, "the lock is free"


def test_httpx_has_its_own_exceptions_for_the_network_and_the_lock_is_free(
    verify: ssl.SSLContext, client: MakeClient, sandbox: Sandbox
) -> None:
    auth = Auth(client("buildpass"), BUILDERS)
    with httpx.Client(auth=auth, verify=verify, base_url=sandbox.providers["buildpass"], timeout=0.5) as http:
        sandbox.fault("buildpass", "half_open", path="/oauth/token")
        with pytest.raises(httpx.ReadTimeout):
            http.get("/v1/builders")
        assert http.get("/v1/builders").status_code == 200


def test_a_save_that_raises_and_one_of_the_wrong_kind(verify: ssl.SSLContext, client: MakeClient, sandbox: Sandbox) -> None:
    def full(_token: Token) -> None:
        raise OSError("full")

    async def save(_token: Token) -> None: ...

    for store in (full, save):
        auth = Auth(client("buildpass"), BUILDERS, save=store)
        with httpx.Client(auth=auth, verify=verify, base_url=sandbox.providers["buildpass"]) as http:
            with pytest.raises(Unsaved) as unsaved:
                http.get("/v1/builders")
            assert unsaved.value.token is auth.token
            assert http.get("/v1/builders").status_code == 200


def test_no_redirect_carries_a_credential(verify: ssl.SSLContext, client: MakeClient, sandbox: Sandbox, staff: Grant) -> None:
    other = sandbox.providers["honeywell"] + "/oauth2/token"
    auth = Auth(client("activebuilding"), staff)
    with httpx.Client(auth=auth, verify=verify, base_url=sandbox.providers["activebuilding"], follow_redirects=True) as http:
        for status in (302, 307):
            sandbox.fault("activebuilding", "status", {"status": status, "headers": {"Location": other}}, path="/oauth/access_token")
            with pytest.raises(Untrusted):
                http.get("/communities")
        assert http.get("/communities").status_code == 200
        sandbox.fault("activebuilding", "status", {"status": 307, "headers": {"Location": other}}, path="/packages")
        with pytest.raises(Untrusted, match="not sent on"):
            http.post("/packages", data={"communityId": "10"})
        with pytest.raises(Usage, match="belongs to"):
            http.get(sandbox.providers["honeywell"] + "/v2/locations")
    assert auth.token is not None
    for entry in sandbox.log():
        if entry["provider"] == "honeywell":
            assert auth.token.access_token not in str(entry)
            assert "mypassword" not in str(entry)


def test_without_a_way_to_renew_it_is_expired(verify: ssl.SSLContext, client: MakeClient, sandbox: Sandbox) -> None:
    buildpass = client("buildpass")
    auth = Auth(buildpass, buildpass.token(BUILDERS))
    kill(sandbox, "buildpass")
    with httpx.Client(auth=auth, verify=verify) as http, pytest.raises(Expired):
        http.get(sandbox.providers["buildpass"] + "/v1/builders")
