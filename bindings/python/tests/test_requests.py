"""Does `requests` get good tokens from our auth object, over real HTTPS?"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import requests
from active_oauth import Client, Expired, Grant, Refused, Token, Unsaved, Usage
from active_oauth.requests import Auth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import MakeClient
    from sandbox import Sandbox

BUILDERS = Grant("client_credentials", {"scope": "read:builders"})


@pytest.fixture
def http(sandbox: Sandbox) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.verify = sandbox.ca
        # Else REQUESTS_CA_BUNDLE would come first.
        session.trust_env = False
        yield session


def kill(sandbox: Sandbox, provider: str) -> None:
    """Its access tokens die behind the client's back."""
    sandbox.ask("POST", "/revoke", {"provider": provider, "all": True})


def test_a_grant_gets_its_token_once(http: requests.Session, client: MakeClient, sandbox: Sandbox) -> None:
    saved: list[Token] = []
    http.auth = Auth(client("buildpass"), BUILDERS, save=saved.append)
    for _ in range(3):
        assert http.get(sandbox.providers["buildpass"] + "/v1/builders").status_code == 200
    assert sandbox.counters("buildpass")["token_requests"] == 1
    assert [token.access_token for token in saved] == [http.auth.token and http.auth.token.access_token]


def test_a_dead_token_is_renewed_once_and_the_call_repeated(http: requests.Session, client: MakeClient, sandbox: Sandbox) -> None:
    buildpass = client("buildpass")
    saved: list[Token] = []
    auth = Auth(buildpass, buildpass.token(BUILDERS), renew_by=BUILDERS, save=saved.append)
    sandbox.fault("buildpass", "status", {"status": 401}, path="/v1/builders")
    answer = http.post(sandbox.providers["buildpass"] + "/v1/builders?a=1", json={"name": "x"}, auth=auth)
    assert answer.url.endswith("/v1/builders?a=1")
    posts = [entry for entry in sandbox.log() if entry["path"] == "/v1/builders"]
    assert [entry["body"] for entry in posts] == ['{"name": "x"}'] * 2
    assert len(saved) == 1
    assert [earlier.status_code for earlier in answer.history] == [401]


def test_activebuilding_wants_it_in_the_query_or_the_form(
    http: requests.Session, client: MakeClient, sandbox: Sandbox, staff: Grant, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    building = client("activebuilding")
    auth = Auth(building, staff)
    base = sandbox.providers["activebuilding"]
    for reading in ("body_200", "meta_string_401"):
        sandbox.ask("POST", "/reading", {"provider": "activebuilding", "expired": reading})
        answer = http.get(base + "/packages?communityId=10", auth=auth)
        assert answer.json()["status"] == "success"
        assert answer.url == base + "/packages?communityId=10", "without the token"
        kill(sandbox, "activebuilding")
        answer = http.post(base + "/packages", data={"communityId": "10", "userId": "2201", "description": "a & b"}, auth=auth)
        assert answer.json()["status"] == "success"
        assert auth.token is not None
        assert answer.request.body == "communityId=10&userId=2201&description=a+%26+b", "without the token"
        kill(sandbox, "activebuilding")
    assert "urllib3" in {record.name.split(".")[0] for record in caplog.records}
    for token in {value for entry in sandbox.log() for value in entry["query"].split("access_token=")[1:]}:
        assert token not in caplog.text


def test_a_token_that_stays_dead_is_refused_and_no_loop(http: requests.Session, client: MakeClient, sandbox: Sandbox) -> None:
    auth = Auth(client("buildpass"), BUILDERS)
    url = sandbox.providers["buildpass"] + "/v1/builders"
    assert http.get(url, auth=auth).status_code == 200
    sandbox.fault("buildpass", "status", {"status": 401}, times=2, path="/v1/builders")
    with pytest.raises(Refused, match="new token"):
        http.get(url, auth=auth)
    assert http.get(url, auth=auth).status_code == 200


def test_without_a_way_to_renew_it_is_expired(http: requests.Session, client: MakeClient, sandbox: Sandbox) -> None:
    buildpass = client("buildpass")
    auth = Auth(buildpass, buildpass.token(BUILDERS))
    kill(sandbox, "buildpass")
    with pytest.raises(Expired):
        http.get(sandbox.providers["buildpass"] + "/v1/builders", auth=auth)


def test_what_cannot_be_saved_is_not_lost(http: requests.Session, client: MakeClient, sandbox: Sandbox) -> None:
    def full(_token: Token) -> None:
        raise OSError("full")

    auth = Auth(client("buildpass"), BUILDERS, save=full)
    url = sandbox.providers["buildpass"] + "/v1/builders"
    with pytest.raises(Unsaved) as unsaved:
        http.get(url, auth=auth)
    assert unsaved.value.token is auth.token
    assert http.get(url, auth=auth).status_code == 200, "the next one goes on with it, and the lock is free"


def test_a_renewed_token_that_cannot_be_saved_is_used_by_the_next(http: requests.Session, client: MakeClient, sandbox: Sandbox) -> None:
    def full(_token: Token) -> None:
        raise OSError("full")

    buildpass = client("buildpass")
    auth = Auth(buildpass, buildpass.token(BUILDERS), renew_by=BUILDERS, save=full)
    url = sandbox.providers["buildpass"] + "/v1/builders"
    kill(sandbox, "buildpass")
    with pytest.raises(Unsaved):
        http.get(url, auth=auth)
    assert http.get(url, auth=auth).status_code == 200
    assert sandbox.counters("buildpass")["token_requests"] == 2


def test_after_a_token_request_that_failed_the_next_one_is_free_to_ask(
    http: requests.Session, client: MakeClient, sandbox: Sandbox
) -> None:
    auth = Auth(client("buildpass"), BUILDERS)
    url = sandbox.providers["buildpass"] + "/v1/builders"
    sandbox.fault("buildpass", "status", {"status": 500}, path="/oauth/token")
    with pytest.raises(Refused):
        http.get(url, auth=auth)
    assert http.get(url, auth=auth).status_code == 200


def test_a_redirect_within_the_api_is_requests_own(http: requests.Session, client: MakeClient, sandbox: Sandbox) -> None:
    auth = Auth(client("buildpass"), BUILDERS)
    base = sandbox.providers["buildpass"]
    sandbox.fault("buildpass", "status", {"status": 302, "headers": {"Location": "/v1/builders"}}, path="/v1/old")
    answer = http.get(base + "/v1/old", auth=auth)
    assert (answer.status_code, answer.url) == (200, base + "/v1/builders")


def test_the_token_goes_to_no_other_origin(http: requests.Session, client: MakeClient, sandbox: Sandbox, staff: Grant) -> None:
    building, other = sandbox.providers["activebuilding"], sandbox.providers["honeywell"]
    auth = Auth(client("activebuilding"), staff)
    with pytest.raises(Usage, match="belongs to"):
        http.get(other + "/v2/locations", auth=auth)
    sandbox.fault("activebuilding", "status", {"status": 307, "headers": {"Location": other + "/x"}}, path="/packages")
    http.post(building + "/packages", data={"communityId": "10"}, auth=auth)
    (moved,) = [entry for entry in sandbox.log() if entry["provider"] == "honeywell"]
    assert moved["body"] == "communityId=10"
    assert "access_token" not in str(moved)


def test_many_threads_renew_once(client: MakeClient, sandbox: Sandbox) -> None:
    auth = Auth(client("buildpass"), BUILDERS)
    url = sandbox.providers["buildpass"] + "/v1/builders"

    def get(_: int) -> int:
        return requests.get(url, auth=auth, verify=sandbox.ca, timeout=10).status_code  # verify= comes before the environment

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(get, range(16))) == {200}
        kill(sandbox, "buildpass")
        assert set(pool.map(get, range(16))) == {200}
    assert sandbox.counters("buildpass")["token_requests"] == 2


def test_what_it_is_made_of_is_checked(client: MakeClient) -> None:
    buildpass = client("buildpass")
    with pytest.raises(TypeError, match="a Token or a Grant, not str"):
        Auth(buildpass, "2YotnFZ")  # type: ignore[call-overload]
    with pytest.raises(Usage, match="renewed by itself"):
        Auth(buildpass, BUILDERS, renew_by=BUILDERS)


def test_a_lazy_import_finds_it() -> None:
    import active_oauth

    make: Callable[[Client, Grant], Auth] = active_oauth.requests.Auth
    assert make is Auth


def test_a_form_that_finds_another_thread_renewing_has_one_token(client: MakeClient, sandbox: Sandbox, staff: Grant) -> None:
    auth, url = Auth(client("activebuilding"), staff), sandbox.providers["activebuilding"] + "/packages"
    data = {"communityId": "10", "userId": "2201", "description": "d"}

    def post(_: int) -> str:
        status: str = requests.post(url, data=data, auth=auth, verify=sandbox.ca, timeout=10).json()["status"]
        return status

    for _ in range(3):
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(post, range(8))) == ["success"] * 8
        sandbox.ask("POST", "/revoke", {"provider": "activebuilding", "all": True})
    assert sandbox.counters("activebuilding")["token_requests"] == 3
