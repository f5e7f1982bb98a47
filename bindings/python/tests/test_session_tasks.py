"""Does a session serve the tasks of event loops, requests and httpx, and outlive the tasks that are cancelled?"""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import active_oauth.requests
import httpx
import pytest
import requests
import trio
from active_oauth import Grant, NoAnswer, Refused, Request, Session, StoreError, Token, Usage, run_async
from active_oauth.httpx import Auth
from test_session import asked, file_store, kill, lifetime, signed_in

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from conftest import MakeClient
    from sandbox import Sandbox

BUILDERS = Grant("client_credentials", {"scope": "read:builders"})


@pytest.fixture
def verify(sandbox: Sandbox) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=sandbox.ca)


def carrying(verify: ssl.SSLContext) -> Callable[[Request], Coroutine[None, None, tuple[int, list[tuple[str, str]], bytes]]]:
    """A transport of one's own, as a program would write it."""

    async def carry(request: Request) -> tuple[int, list[tuple[str, str]], bytes]:
        async with httpx.AsyncClient(verify=verify) as http:
            answer = await http.request(request.method, request.url, headers=request.headers, content=request.body)
            return answer.status_code, answer.headers.multi_items(), answer.content

    return carry


@pytest.mark.parametrize("place", ["memory", "file"])
@pytest.mark.parametrize("own_transport", [False, True])
def test_of_200_tasks_at_each_expiry_one_asks(
    client: MakeClient, sandbox: Sandbox, verify: ssl.SSLContext, tmp_path: Path, place: str, own_transport: bool
) -> None:
    lifetime(sandbox, 2)
    session = Session(client("buildpass"), BUILDERS, store="memory:" if place == "memory" else file_store(tmp_path))
    carry = carrying(verify)

    def ask() -> Coroutine[None, None, Token]:
        return run_async(session.begin_token(), carry) if own_transport else session.atoken()

    async def main() -> None:
        for expiry in range(2):
            tokens = await asyncio.gather(*(ask() for _ in range(200)))
            assert len({token.access_token for token in tokens}) == 1
            assert asked(sandbox) == expiry + 1
            await asyncio.sleep(2.1)

    asyncio.run(main())


def test_no_store_and_no_request_is_used_on_the_loop(client: MakeClient, sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.fault("buildpass", "delay", {"ms": 500}, path="/oauth/token")
    session = Session(client("buildpass"), BUILDERS, store=file_store(tmp_path))

    async def main() -> float:
        asking = asyncio.ensure_future(session.atoken())
        longest, before = 0.0, time.monotonic()
        while not asking.done():
            await asyncio.sleep(0.001)
            longest, before = max(longest, time.monotonic() - before), time.monotonic()
        assert (await asking).access_token
        return longest

    assert asyncio.run(main()) < 0.25, "the loop went on all the time"


def test_an_agent_carries_for_an_event_loop_and_stops_where_the_task_is_cancelled(client: MakeClient, sandbox: Sandbox) -> None:
    buildpass = client("buildpass")

    async def main() -> float:
        token = await run_async(buildpass.begin_token(BUILDERS), buildpass.agent)
        reply = await run_async(buildpass.begin_call(token, "GET", "/v1/builders"), buildpass.agent)
        assert reply.status == 200
        with pytest.raises(Refused, match="invalid_client"):
            await run_async(client("buildpass", secret="wrong").begin_token(BUILDERS), buildpass.agent)
        nowhere = client("buildpass", base="https://127.0.0.1:1")
        with pytest.raises(NoAnswer) as lost:
            await run_async(nowhere.begin_token(BUILDERS), buildpass.agent)
        assert (lost.value.sent, lost.value.code) == ("no", "connect")
        sandbox.fault("buildpass", "delay", {"ms": 20_000}, path="/oauth/token")
        asking = asyncio.ensure_future(run_async(buildpass.begin_token(BUILDERS), buildpass.agent))
        await asyncio.sleep(0.3)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        return time.monotonic()

    # The end of the loop waits for its threads.
    cancelled = asyncio.run(main())
    assert time.monotonic() - cancelled < 3


def test_all_tasks_of_a_loop_wait_for_one_thread(client: MakeClient, sandbox: Sandbox) -> None:
    session = Session(client("buildpass"), BUILDERS)

    class Counting(ThreadPoolExecutor):
        """Says how often it is asked to do anything."""

        count = 0

        def submit(self, *what: Any, **how: Any) -> Any:
            """As it is."""
            self.count += 1
            return super().submit(*what, **how)

    async def main() -> int:
        asyncio.get_running_loop().set_default_executor(counting := Counting(4))
        for _ in range(2):
            await asyncio.gather(*(session.atoken() for _ in range(50)))
            session.logout()
        return counting.count

    assert asyncio.run(main()) == 2 == asked(sandbox)


def test_requests_and_both_httpx_share_one_session(client: MakeClient, sandbox: Sandbox, verify: ssl.SSLContext) -> None:
    session = Session(client("buildpass"), BUILDERS)
    url = sandbox.providers["buildpass"] + "/v1/builders"

    async def tasks() -> list[int]:
        async with httpx.AsyncClient(auth=Auth(session), verify=verify) as http:
            return [answer.status_code for answer in await asyncio.gather(*(http.get(url) for _ in range(20)))]

    def blocking() -> list[int]:
        with httpx.Client(auth=Auth(session), verify=verify) as http:
            return [http.get(url).status_code for _ in range(3)]

    def with_requests() -> list[int]:
        auth = active_oauth.requests.Auth(session)
        return [requests.get(url, auth=auth, verify=sandbox.ca, timeout=10).status_code for _ in range(3)]

    works = [lambda: asyncio.run(tasks()), blocking, with_requests] * 3
    for death in range(3):
        with ThreadPoolExecutor(len(works)) as pool:
            assert {status for statuses in pool.map(lambda work: work(), works) for status in statuses} == {200}
        assert asked(sandbox) == death + 1
        kill(sandbox)


def test_a_body_is_sent_again_with_the_next_token(client: MakeClient, sandbox: Sandbox, verify: ssl.SSLContext, staff: Grant) -> None:
    session = Session(client("activebuilding"), staff)
    base = sandbox.providers["activebuilding"]
    for _ in range(2):
        with httpx.Client(auth=Auth(session), verify=verify, base_url=base) as http:
            answer = http.post("/packages", data={"communityId": "10", "userId": "2201", "description": "a & b"})
        assert answer.json()["status"] == "success"
        assert answer.request.content == b"communityId=10&userId=2201&description=a+%26+b"
        sandbox.ask("POST", "/revoke", {"provider": "activebuilding", "all": True})
    auth = active_oauth.requests.Auth(session)
    data = {"communityId": "10", "userId": "2201", "description": "c"}
    posted = requests.post(base + "/packages", data=data, auth=auth, verify=sandbox.ca, timeout=10)
    assert posted.json()["status"] == "success"
    assert posted.request.body == "communityId=10&userId=2201&description=c", "without the token"


def test_an_api_that_takes_no_token_is_refused_and_no_loop(client: MakeClient, sandbox: Sandbox, verify: ssl.SSLContext) -> None:
    session = Session(client("buildpass"), BUILDERS)
    url = sandbox.providers["buildpass"] + "/v1/builders"
    with httpx.Client(auth=Auth(session), verify=verify) as http:
        http.get(url)
        sandbox.fault("buildpass", "status", {"status": 401}, times=2, path="/v1/builders")
        with pytest.raises(Refused, match="invalid_token"):
            http.get(url)
        assert http.get(url).status_code == 200
        sandbox.fault("buildpass", "status", {"status": 401}, times=100, path="/v1/builders")
        for _ in range(10):
            with pytest.raises(Refused):
                http.get(url)
    for _ in range(10):
        with pytest.raises(Refused):
            requests.get(url, auth=active_oauth.requests.Auth(session), verify=sandbox.ca, timeout=10)
    assert asked(sandbox) <= 4, "each that was never taken makes the pause before the next longer"


@pytest.mark.parametrize("own_transport", [False, True])
def test_a_cancelled_task_does_not_end_what_the_others_wait_for(
    client: MakeClient, sandbox: Sandbox, verify: ssl.SSLContext, tmp_path: Path, own_transport: bool
) -> None:
    lifetime(sandbox, 1)
    app = client("buildpass")
    session = Session(app, store=file_store(tmp_path))
    session.login(signed_in(app, sandbox))
    time.sleep(1.1)
    lifetime(sandbox, 3600)
    sandbox.fault("buildpass", "delay", {"ms": 400}, path="/oauth/token")
    carry = carrying(verify)

    async def main() -> None:
        def ask() -> asyncio.Task[Token]:
            return asyncio.ensure_future(run_async(session.begin_token(), carry) if own_transport else session.atoken())

        leader, follower = ask(), ask()
        await asyncio.sleep(0.2)
        leader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leader
        assert (await follower).access_token

    asyncio.run(main())
    assert asked(sandbox) == 2, "the login's, and one refresh"
    assert session.call("GET", "/v1/builders").status == 200


def test_where_all_are_cancelled_the_renewal_is_stored_all_the_same(client: MakeClient, sandbox: Sandbox, tmp_path: Path) -> None:
    lifetime(sandbox, 1)
    app, store = client("buildpass"), file_store(tmp_path)
    session = Session(app, store=store)
    session.login(first := signed_in(app, sandbox))
    time.sleep(1.1)
    lifetime(sandbox, 3600)
    sandbox.fault("buildpass", "delay", {"ms": 400}, path="/oauth/token")

    async def main() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(session.atoken(), 0.1)

    # The loop ends while the renewal is under way.
    asyncio.run(main())
    stored = Session(app, store=store).token()
    assert stored.refresh_token != first.refresh_token
    assert asked(sandbox) == 2


def test_nobody_complains_where_what_failed_had_no_caller_left(
    client: MakeClient, sandbox: Sandbox, verify: ssl.SSLContext, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    complaints: list[object] = []
    sandbox.fault("buildpass", "delay", {"ms": 300}, times=2, path="/oauth/token")
    carry = carrying(verify)

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
        for ask in (lambda s: s.atoken(), lambda s: run_async(s.begin_token(), carry)):
            session = Session(client("buildpass", secret="wrong"), BUILDERS)
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(ask(session), 0.1)
            await asyncio.sleep(0.5)
            with pytest.raises(Refused):
                await ask(session)

    asyncio.run(main())
    assert asked(sandbox) == 2, "it went on, and its refusal is remembered"
    assert (complaints, caplog.records) == ([], [])


def test_a_call_over_a_transport_of_ones_own(client: MakeClient, sandbox: Sandbox, verify: ssl.SSLContext, tmp_path: Path) -> None:
    session = Session(client("buildpass"), BUILDERS, store=file_store(tmp_path))

    async def main() -> list[int]:
        calls = (run_async(session.begin_call("GET", "/v1/builders"), carrying(verify)) for _ in range(20))
        return [reply.status for reply in await asyncio.gather(*calls)]

    for death in range(2):
        assert asyncio.run(main()) == [200] * 20
        assert asked(sandbox) == death + 1
        kill(sandbox)


def test_login_and_logout_in_a_loop(client: MakeClient, sandbox: Sandbox, tmp_path: Path) -> None:
    app, store = client("buildpass"), file_store(tmp_path)
    session = Session(app, store=store)

    async def main() -> None:
        await session.alogin(signed_in(app, sandbox))
        assert (await session.atoken()).access_token
        await session.alogout()
        assert session.current() is None
        away = Session(app, store="redis://127.0.0.1:1")
        with pytest.raises(StoreError):
            await away.alogout()

    asyncio.run(main())


def test_trio_is_served_too(client: MakeClient, sandbox: Sandbox, verify: ssl.SSLContext, tmp_path: Path) -> None:
    session = Session(client("buildpass"), BUILDERS)
    statuses: list[int] = []

    async def main() -> None:
        async with httpx.AsyncClient(auth=Auth(session), verify=verify, base_url=sandbox.providers["buildpass"]) as http:

            async def get() -> None:
                statuses.append((await http.get("/v1/builders")).status_code)

            async with trio.open_nursery() as nursery:
                for _ in range(10):
                    nursery.start_soon(get)
        again = Session(client("buildpass"), BUILDERS, store=file_store(tmp_path))
        carry = carrying(verify)
        errands: list[Callable[[], None]] = []

        async def in_thread(run: Callable[[], None]) -> None:
            errands.append(run)
            await trio.to_thread.run_sync(run)

        token = await run_async(again.begin_token(), carry, sleep=trio.sleep, in_thread=in_thread)
        assert token.access_token
        assert errands, "what the store has to do is never done on the loop"

    trio.run(main)
    assert statuses == [200] * 10
    assert asked(sandbox) == 2


def test_a_session_is_given_alone(client: MakeClient) -> None:
    session = Session(client("buildpass"), BUILDERS)
    for auth in (Auth, active_oauth.requests.Auth):
        with pytest.raises(Usage, match="give it alone"):
            auth(session, BUILDERS)  # type: ignore[call-overload]
        with pytest.raises(Usage, match="give it alone"):
            auth(session, save=print)  # type: ignore[call-overload]
