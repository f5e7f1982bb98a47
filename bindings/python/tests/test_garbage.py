"""Is what holds itself through a callable collected, and nothing that may still call it?"""

from __future__ import annotations

import gc
import json
import weakref
from typing import TYPE_CHECKING, Any

import pytest
from active_oauth import Client, Done, Exchange, Key, Now, Send, Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from active_oauth import Token

NOW = Now(1_700_000_000_000, 0)
RECORD = {"version": 1, "name": "mine", "issuer": "https://login.example", "base": "https://login.example", "token": {"url": "/token"}}
TOKEN = b'{"access_token": "2YotnFZ", "token_type": "Bearer", "expires_in": 3600}'
PUBLIC = Key.generate().public_jwk()


class Hardware:
    """A key that knows who signs with it."""

    algorithm = "ES256"
    key_id = "k1"
    owner: Any = None

    def __init__(self) -> None:
        self.asked = 0

    def sign(self, message: bytes) -> bytes:
        """Signs nothing, so much is enough for who does not check."""
        assert message
        self.asked += 1
        return bytes(64)


def private_key_jwt(hardware: Hardware) -> Client:
    """A client that proves itself by it."""
    return Client(RECORD, "id", auth="private_key_jwt", key=hardware)


def bound(hardware: Hardware) -> Client:
    """A client whose tokens are bound to it."""
    return Client(RECORD, "id", auth="none", dpop=Key.from_signer("ES256", PUBLIC, hardware.sign))


def known(hardware: Hardware) -> Client:
    """One that comes of another."""
    return Client(RECORD, "id").replace(auth="private_key_jwt", key=hardware).replace(base="https://other.example")


def begun(hardware: Hardware) -> Exchange[Token]:
    """What a client has begun."""
    return private_key_jwt(hardware).begin_token("client_credentials")


def shared(hardware: Hardware) -> Session:
    """A session of such a client."""
    return Session(private_key_jwt(hardware), "client_credentials")


def hooked(hardware: Hardware) -> Session:
    """A session whose hooks hold it."""
    return Session(
        Client(RECORD, "id", secret="s"), "client_credentials", on_change=lambda _: hardware.asked, on_error=lambda _: hardware.asked
    )


@pytest.mark.parametrize("owner", [private_key_jwt, bound, known, begun, shared, hooked])
def test_what_holds_itself_through_a_callable_is_collected(owner: Callable[[Hardware], Any]) -> None:
    hardware = Hardware()
    hardware.owner = owner(hardware)
    gone = weakref.ref(hardware)
    gc.collect()
    assert gone() is hardware
    del hardware
    assert gone(), "the cycle keeps it until it is collected"
    gc.collect()
    assert gone() is None


def signs(exchange: Exchange[Any]) -> bool:
    """Whether it gets its signature."""
    step = exchange.step(NOW)
    return isinstance(step, Send) and (b"client_assertion=" in step.request.body or "dpop" in dict(step.request.headers))


@pytest.mark.parametrize("client", [private_key_jwt, bound])
def test_nothing_that_may_still_be_called_is_collected(client: Callable[[Hardware], Client]) -> None:
    hardware = Hardware()
    hardware.owner = client(hardware)
    there = weakref.ref(hardware)
    copy = hardware.owner.replace(base="https://other.example")
    exchange = hardware.owner.begin_token("client_credentials")
    del hardware
    gc.collect()
    assert signs(copy.begin_token("client_credentials")), "a copy of its client"
    del copy
    gc.collect()
    assert signs(exchange), "what it has begun"
    assert there() is not None
    del exchange
    gc.collect()
    assert there() is None


def test_a_session_goes_on_with_what_its_client_alone_is_held_by() -> None:
    session = shared(Hardware())
    gc.collect()
    exchange = session.begin_token()
    del session
    gc.collect()
    while not isinstance(step := exchange.step(), Send):
        getattr(step, "run", lambda: None)()
    assert b"client_assertion=" in step.request.body


def test_hooks_are_told_as_long_as_the_session_or_what_it_began_is_there() -> None:
    told: list[str] = []
    session = Session(Client(RECORD, "id", secret="s"), "client_credentials", on_change=lambda token: told.append(token.access_token))
    exchange = session.begin_token()
    del session
    gc.collect()
    while not isinstance(step := exchange.step(), Done):
        if isinstance(step, Send):
            exchange.receive(200, {}, TOKEN)
        else:
            getattr(step, "run", lambda: None)()
    assert told == [json.loads(TOKEN)["access_token"]]
