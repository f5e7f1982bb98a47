"""Does a session give one good token to everyone, and keep it across a restart?"""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from active_oauth import (
    Agent,
    Done,
    Error,
    Expired,
    Grant,
    NoAnswer,
    Refused,
    Send,
    Session,
    Store,
    StoreError,
    Token,
    Usage,
    Wait,
)
from test_providers import browser

if TYPE_CHECKING:
    from active_oauth import Client
    from conftest import MakeClient
    from sandbox import Sandbox

BUILDERS = Grant("client_credentials", {"scope": "read:builders"})


def file_store(folder: Path) -> str:
    """The name of a file store in there, encrypted with a key beside it."""
    key = folder / "key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text("ab" * 32)
    return f"file:{folder / 'tokens'}?key_file={key}"


def signed_in(app: Client, sandbox: Sandbox) -> Token:
    """A token of a login in the browser, with a refresh token that rotates."""
    login = app.authorize("https://app.example/callback", scope="read:builders")
    return app.callback(login, browser(sandbox, login.url))


def lifetime(sandbox: Sandbox, seconds: int) -> None:
    """How long BuildPass's tokens live from now on."""
    sandbox.ask("POST", "/reading", {"provider": "buildpass", "lifetime_s": seconds})


def kill(sandbox: Sandbox) -> None:
    """Its access tokens die behind the session's back."""
    sandbox.ask("POST", "/revoke", {"provider": "buildpass", "all": True})


def asked(sandbox: Sandbox) -> int:
    """How many token requests reached the provider."""
    count: int = sandbox.counters("buildpass")["token_requests"]
    return count


def at_once(threads: int, act: object) -> list[object]:
    """What that many threads get that begin at the same moment."""
    barrier = threading.Barrier(threads)

    def begin(_: int) -> object:
        barrier.wait()
        return act()  # type: ignore[operator]

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(begin, range(threads)))


@pytest.mark.parametrize("place", ["memory", "file"])
def test_of_32_threads_at_each_expiry_one_asks(client: MakeClient, sandbox: Sandbox, tmp_path: Path, place: str) -> None:
    lifetime(sandbox, 2)
    session = Session(client("buildpass"), BUILDERS, store="memory:" if place == "memory" else file_store(tmp_path))
    for expiry in range(3):
        tokens = at_once(32, session.token)
        assert len({token.access_token for token in tokens if isinstance(token, Token)}) == 1
        assert asked(sandbox) == expiry + 1
        time.sleep(2.1)


def test_32_calls_that_find_the_token_dead_renew_it_once(client: MakeClient, sandbox: Sandbox) -> None:
    session = Session(client("buildpass"), "client_credentials", scope="read:builders")
    for death in range(3):
        assert at_once(32, lambda: session.call("GET", "/v1/builders").status) == [200] * 32
        assert asked(sandbox) == death + 1
        kill(sandbox)


def test_a_good_token_at_hand_needs_no_exchange(client: MakeClient, sandbox: Sandbox) -> None:
    session = Session(client("buildpass"), BUILDERS)
    assert (session.current(), session.authorization()) == (None, None), "there is something to do"
    token = session.token()
    assert session.authorization() == token.authorization
    assert (at_hand := session.current()) is not None
    assert at_hand.access_token == token.access_token == session.token().access_token
    match session.begin_token().step():
        case Done(same):
            assert same.access_token == token.access_token
        case other:
            raise AssertionError(other)
    session.logout()
    assert (session.current(), session.authorization()) == (None, None)
    assert asked(sandbox) == 1


def test_a_rotated_refresh_token_is_stored_before_it_is_used(client: MakeClient, sandbox: Sandbox, tmp_path: Path) -> None:
    lifetime(sandbox, 1)
    app, store = client("buildpass"), file_store(tmp_path)
    session = Session(app, user="jo", store=store)
    first = signed_in(app, sandbox)
    session.login(first)
    time.sleep(1.1)
    exchange = session.begin_token()
    written, heard = 0, False
    while not isinstance(step := exchange.step(), Done):
        match step:
            case Store(run):
                run()
                written += heard
            case Send(request):
                exchange.receive(app.agent.carry(request))
                heard = True
                assert session.current() is None, "nobody has the new one before it is stored"
            case Wait(seconds):
                time.sleep(seconds)
    assert written, "the answer was stored before it was given out"
    second = step.value
    assert second.refresh_token != first.refresh_token
    again = Session(app, user="jo", store=store).token()
    assert again.refresh_token == second.refresh_token
    time.sleep(1.1)
    assert session.token().refresh_token != second.refresh_token
    assert asked(sandbox) == 3, "the code's, and one for each expiry"


def test_a_second_process_goes_on_with_what_is_stored(client: MakeClient, sandbox: Sandbox, tmp_path: Path) -> None:
    known, store = sandbox.credentials["buildpass"], file_store(tmp_path)
    session = Session(client("buildpass"), BUILDERS, store=store)
    token = session.token()
    script = """
import sys, active_oauth
base, ca, id, secret, store = sys.argv[1:]
client = active_oauth.Client("buildpass", id, secret=secret, base=base, agent=active_oauth.Agent(roots=ca))
session = active_oauth.Session(client, "client_credentials", scope="read:builders", store=store)
print(session.token().access_token, session.key, session.call("GET", "/v1/builders").status)
"""
    arguments = [sandbox.providers["buildpass"], sandbox.ca, known["client_id"], known["client_secret"], store]
    run = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True, timeout=30)
    assert run.stdout.split() == [token.access_token, session.key, "200"]
    assert asked(sandbox) == 1
    stored = b"".join(path.read_bytes() for path in (tmp_path / "tokens").rglob("*") if path.is_file())
    assert stored
    assert token.access_token.encode() not in stored, "it is encrypted"


def test_without_a_way_to_go_on_it_says_log_in(client: MakeClient, sandbox: Sandbox) -> None:
    app = client("buildpass")
    session = Session(app)
    with pytest.raises(Expired, match="log in"):
        session.token()
    session.login(signed_in(app, sandbox))
    assert session.call("GET", "/v1/builders").status == 200
    sandbox.ask("POST", "/revoke", {"provider": "buildpass", "all": True, "refresh": True})
    for _ in range(2):
        with pytest.raises(Expired, match="log in again"):
            session.call("GET", "/v1/builders")
    assert asked(sandbox) == 2, "the refresh token that was refused is not sent again"
    session.login(signed_in(app, sandbox))
    assert session.call("GET", "/v1/builders").status == 200


def test_a_refusal_is_remembered_until_it_is_forgotten(client: MakeClient, sandbox: Sandbox) -> None:
    session = Session(client("buildpass", secret="wrong"), BUILDERS)
    for _ in range(5):
        with pytest.raises(Refused) as refused:
            session.token()
        assert refused.value.standard_code == "invalid_client"
    assert asked(sandbox) == 1
    session.forget_refusals()
    with pytest.raises(Refused):
        session.token()
    assert asked(sandbox) == 2


def test_the_hooks_hear_of_each_change_and_each_failure(client: MakeClient, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    changes: list[Token] = []
    failures: list[Error] = []
    session = Session(client("buildpass"), BUILDERS, on_change=changes.append, on_error=failures.append)
    sandbox.fault("buildpass", "status", {"status": 503, "headers": {"Retry-After": "0"}}, path="/oauth/token")
    with pytest.raises(Refused) as refused:
        session.token()
    assert (failures[0].status, failures[0].transient) == (503, refused.value.transient) == (503, True)
    session.forget_refusals()
    assert session.token().access_token == changes[0].access_token
    assert (len(changes), len(failures)) == (1, 1)

    unraisable: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda what: unraisable.append(what.exc_value))

    def broken(_: Token) -> None:
        raise ZeroDivisionError

    assert Session(client("buildpass"), BUILDERS, on_change=broken).token().access_token
    assert [type(error) for error in unraisable] == [ZeroDivisionError], "the renewal went on"


def test_a_hook_may_use_the_session_but_not_the_exchange_that_it_stands_in(client: MakeClient, sandbox: Sandbox) -> None:
    heard: list[object] = []

    def hook(token: Token) -> None:
        heard.append(session.token().access_token == token.access_token)
        try:
            exchange.step()
        except Usage as error:
            heard.append(str(error))

    session = Session(client("buildpass"), BUILDERS, on_change=hook)
    exchange = session.begin_token()
    match exchange.step():
        case Send(request):
            exchange.receive(client("buildpass").agent.carry(request))
    assert isinstance(exchange.step(), Done)
    assert heard == [True, "exchange: another thread, or a hook, is in it"]
    assert asked(sandbox) == 1


def test_each_trouble_of_a_store_has_its_word(client: MakeClient, sandbox: Sandbox, tmp_path: Path) -> None:
    app, store = client("buildpass"), file_store(tmp_path)
    Session(app, BUILDERS, store=store).token()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "key").touch(mode=0o600)
    (tmp_path / "other" / "key").write_text("cd" * 32)
    wrong = store.replace(str(tmp_path / "key"), str(tmp_path / "other" / "key"))
    with pytest.raises(StoreError) as raised:
        Session(app, BUILDERS, store=wrong).token()
    assert (raised.value.kind, raised.value.code, raised.value.transient) == ("store", "wrong_key", False)
    (entry,) = (path for path in (tmp_path / "tokens").rglob("*") if path.is_file() and path.stat().st_size)
    entry.write_bytes(entry.read_bytes()[:20])
    with pytest.raises(StoreError) as raised:
        Session(app, BUILDERS, store=store).token()
    assert raised.value.code == "damaged"
    with pytest.raises(StoreError) as raised:
        Session(app, BUILDERS, store="redis://127.0.0.1:1").token()
    assert (raised.value.code, raised.value.transient) == ("away", True)
    assert asked(sandbox) == 1, "a store in trouble costs no token request"
    assert Session(app, BUILDERS, store="redis://127.0.0.1:1", when_away="alone").token().access_token
    assert asked(sandbox) == 2


def test_what_cannot_be_right_is_told_at_once(client: MakeClient) -> None:
    app = client("buildpass")
    for wrong, says in (
        ({"grant": "authorization_code", "code": "c"}, "works once"),
        ({"scope": "read:builders"}, "go with a grant"),
        ({"store": "floppy:"}, "known are memory:"),
        ({"when_away": "perhaps"}, '"fail" or "alone"'),
        ({"margin": -1.0}, "margin"),
        ({"deadline": float("inf")}, "deadline"),
    ):
        with pytest.raises(Usage, match=says):
            Session(app, **wrong)
    other = client("honeywell").token("client_credentials")
    with pytest.raises(Usage, match="issued by"):
        Session(app).login(other)
    with pytest.raises(TypeError, match="same store"):
        pickle.dumps(Session(app))


def test_a_store_step_runs_once(client: MakeClient, tmp_path: Path) -> None:
    exchange = Session(client("buildpass"), BUILDERS, store=file_store(tmp_path)).begin_token()
    step = exchange.step()
    assert isinstance(step, Store)
    step.run()
    with pytest.raises(Usage, match="was run already"):
        step.run()
    assert exchange.is_shared
    assert not client("buildpass").begin_token(BUILDERS).is_shared


def test_an_attempt_that_finds_the_token_dead_ends_with_none(client: MakeClient, sandbox: Sandbox) -> None:
    app = client("buildpass")
    session = Session(app, BUILDERS)
    token = session.token()
    kill(sandbox)
    assert app.agent.run(session.begin_attempt(token, "GET", "/v1/builders")) is None
    assert session.current() is None, "the session knows"
    with pytest.raises(Refused):
        app.agent.run(session.begin_attempt(token, "GET", "/v1/builders", last=True))
    reply = app.agent.run(session.begin_attempt(session.token(), "GET", "/v1/builders", last=True))
    assert reply is not None
    assert reply.status == 200


def test_a_provider_that_hangs_costs_a_deadline_and_the_next_flight_goes_on(client: MakeClient, sandbox: Sandbox) -> None:
    session = Session(client("buildpass", agent=Agent(roots=sandbox.ca, deadline=0.5)), BUILDERS)
    sandbox.fault("buildpass", "half_open", path="/oauth/token")

    def ask() -> object:
        try:
            return session.token()
        except NoAnswer as error:
            return error.code

    assert at_once(8, ask) == ["timeout"] * 8, "they share its failure"
    assert asked(sandbox) == 1
    session.forget_refusals()
    assert session.token().access_token
