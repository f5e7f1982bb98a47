"""Is the stepped exchange the same as the blocking call, with a transport of one's own?"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from active_oauth import (
    Agent,
    Client,
    Done,
    Error,
    Expired,
    Grant,
    NoAnswer,
    Now,
    Request,
    Save,
    Send,
    Token,
    Unsaved,
    Usage,
    run_async,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from active_oauth import Exchange

NOW = Now(1_700_000_000_000, 5_000)
CLIENT = Client("buildpass", "id", secret="secret")
GRANT = Grant("client_credentials", {"scope": "read:builders"})


def answered(exchange: Exchange[Token], body: bytes, status: int = 200) -> Token:
    """The token of an exchange whose request gets this answer."""
    assert isinstance(exchange.step(NOW), Send)
    exchange.receive(status, {"Content-Type": "application/json"}, body)
    step = exchange.step(NOW)
    assert isinstance(step, Done), step
    return step.value


def some_token(more: bytes = b"") -> Token:
    """A token as BuildPass would issue it."""
    return answered(CLIENT.begin_token(GRANT), b'{"access_token":"2YotnFZ","token_type":"Bearer","expires_in":3600' + more + b"}")


def test_a_step_says_what_to_send() -> None:
    exchange = CLIENT.begin_token(GRANT)
    match exchange.step(NOW):
        case Send(request):
            assert (request.method, request.url) == ("POST", "https://api.buildpass.global/oauth/token")
            assert ("content-type", "application/json") in request.headers
            assert b'"client_secret":"secret"' in request.body
        case other:
            raise AssertionError(other)
    match exchange.step(NOW):
        case Send(again):
            assert again.body == request.body, "a step before the answer gives the request again"


def test_the_time_is_an_argument() -> None:
    token = some_token()
    assert token.expires_at == 1_700_003_600_000
    assert str(token.expires) == "2023-11-14 23:13:20+00:00"
    assert token.is_expired()
    assert token.is_expired(Now(1_700_003_600_000, 0))
    assert not token.is_expired(Now(1_700_003_599_999, 0))
    match NOW:
        case Now(wall, mono):
            assert (wall, mono) == (1_700_000_000_000, 5_000)


def test_out_of_turn_is_a_usage_error_and_never_ignored() -> None:
    exchange = CLIENT.begin_token(GRANT)
    exchange.receive(200, [], b"{}")
    with pytest.raises(Usage, match="no request is waiting"):
        exchange.step(NOW)
    with pytest.raises(Usage, match="has ended"):
        exchange.step(NOW)
    wrong = CLIENT.begin_token(GRANT)
    wrong.step(NOW)
    for status in (99, 70_000, -1, 2**80):
        with pytest.raises(Usage, match="HTTP status"):
            wrong.receive(status, [], b"")
    with pytest.raises(Usage, match="give an outcome"):
        wrong.receive(200)  # type: ignore[call-overload]
    with pytest.raises(Usage, match='"no" or "maybe"'):
        wrong.no_answer(sent="perhaps")  # type: ignore[arg-type]


def test_a_renewal_is_saved_before_it_is_the_result() -> None:
    old = some_token(b',"refresh_token":"old"')
    exchange = CLIENT.begin_refresh(old)
    assert isinstance(exchange.step(NOW), Send)
    exchange.receive(200, [], b'{"access_token":"n","token_type":"Bearer","refresh_token":"new"}')
    match exchange.step(NOW):
        case Save(token):
            assert token.refresh_token == "new"
        case other:
            raise AssertionError(other)
    match exchange.step(NOW):
        case Done(token):
            assert token.refresh_token == "new"
        case other:
            raise AssertionError(other)


def test_a_lost_renewal_is_ambiguous() -> None:
    exchange = CLIENT.begin_refresh(some_token(b',"refresh_token":"old"'))
    exchange.step(NOW)
    exchange.no_answer(sent="maybe", cause="timeout", detail="10 s were over")
    with pytest.raises(NoAnswer, match="10 s were over") as lost:
        exchange.step(NOW)
    assert (lost.value.code, lost.value.sent, lost.value.ambiguous, lost.value.transient) == ("timeout", "maybe", True, False)


def test_a_token_that_cannot_be_renewed_is_expired() -> None:
    with pytest.raises(Expired):
        CLIENT.begin_refresh(some_token()).step(NOW)


def test_a_date_that_datetime_does_not_know_is_none() -> None:
    far = answered(CLIENT.begin_token(GRANT), b'{"access_token":"a","token_type":"Bearer","expires_in":99999999999}')
    assert far.expires is None or far.expires.year <= 9999


def test_an_agent_runs_an_exchange_once() -> None:
    exchange = CLIENT.begin_token(Grant("client_credentials"))
    with pytest.raises(Usage, match="needs the parameter scope"):
        Agent().run(exchange)
    with pytest.raises(Usage, match="begin a new one"):
        exchange.step(NOW)


class Scripted:
    """A transport that gives these outcomes one after the other."""

    def __init__(self, *outcomes: tuple[int, bytes] | Exception) -> None:
        self.outcomes: Iterator[tuple[int, bytes] | Exception] = iter(outcomes)
        self.sent: list[Request] = []

    async def carry(self, request: Request) -> tuple[int, list[tuple[str, str]], bytes]:
        """Carries nothing anywhere."""
        await asyncio.sleep(0)
        self.sent.append(request)
        outcome = next(self.outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome[0], [], outcome[1]


RENEWED = (200, b'{"access_token":"n","token_type":"Bearer","refresh_token":"new"}')


def test_an_exchange_runs_in_an_event_loop() -> None:
    transport = Scripted((401, b""), RENEWED, (200, b"[]"))
    saved: list[Token] = []

    async def save(token: Token) -> None:
        assert len(transport.sent) == 2, "before it is used"
        saved.append(token)

    call = CLIENT.begin_call(some_token(b',"refresh_token":"old"'), "GET", "/v1/builders")
    reply = asyncio.run(run_async(call, transport.carry, save=save))
    assert (reply.status, reply.json()) == (200, [])
    assert [token.refresh_token for token in saved] == ["new"]
    assert dict(transport.sent[2].headers)["authorization"] == "Bearer n"


def test_what_an_event_loops_transport_or_store_raises() -> None:
    lost = Scripted(NoAnswer("the pool is closed", code="connect", sent="no"))
    with pytest.raises(NoAnswer, match="the pool is closed") as raised:
        asyncio.run(run_async(CLIENT.begin_token(GRANT), lost.carry))
    assert (raised.value.code, raised.value.sent) == ("connect", "no")

    async def full(_token: Token) -> None:
        raise OSError("full")

    with pytest.raises(Unsaved) as unsaved:
        asyncio.run(run_async(CLIENT.begin_refresh(some_token(b',"refresh_token":"old"')), Scripted(RENEWED).carry, save=full))
    assert unsaved.value.token is not None
    assert unsaved.value.token.refresh_token == "new"
    with pytest.raises(ZeroDivisionError):
        asyncio.run(run_async(CLIENT.begin_token(GRANT), Scripted(ZeroDivisionError()).carry))


def test_every_error_is_an_error() -> None:
    assert {cls.kind for cls in Error.__subclasses__()} == {
        "usage",
        "refused",
        "garbled",
        "untrusted",
        "expired",
        "no_answer",
        "store",
        "unsaved",
    }


def test_pairs_come_as_a_mapping_as_tuples_or_as_lists() -> None:
    forms = [{"scope": "a"}, [("scope", "a")], [["scope", "a"]], iter([("scope", "a")]), {"scope": "a"}.items()]
    for form in forms:
        assert repr(Grant("client_credentials", form)) == 'Grant(client_credentials, ["scope"])'  # type: ignore[arg-type]
    for wrong in (["ab"], [("scope",)], [1], [("a", "b", "c")]):
        with pytest.raises(TypeError, match="pairs of a name and a value"):
            Grant("client_credentials", wrong)  # type: ignore[arg-type]
