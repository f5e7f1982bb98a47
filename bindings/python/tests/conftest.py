"""What do all tests share?"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from active_oauth import Agent, Client, Grant
from counterpart import Counterpart
from sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    MakeClient = Callable[..., Client]

# A shell ignores Ctrl-C for what it runs in the background, and so would the programs that the tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def running() -> Iterator[Sandbox]:
    """One sandbox for all tests."""
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    """The sandbox as it was at its start."""
    running.ask("POST", "/reset", {})
    return running


@pytest.fixture
def agent(sandbox: Sandbox) -> Agent:
    """An agent that trusts the sandbox's authority."""
    return Agent(roots=sandbox.ca)


@pytest.fixture
def client(sandbox: Sandbox, agent: Agent) -> MakeClient:
    """Makes a client of a provider of the sandbox, with its known credentials unless given others."""

    def make(provider: str, **options: object) -> Client:
        known = sandbox.credentials[provider]
        given = {"secret": known["client_secret"], "base": sandbox.providers[provider], "agent": agent, **options}
        return Client(provider, str(given.pop("id", known["client_id"])), **given)

    return make


@pytest.fixture
def staff(sandbox: Sandbox) -> Grant:
    """The password grant of ActiveBuilding's staff user."""
    user = sandbox.credentials["activebuilding"]["users"]["staff"]
    return Grant("password", username=user["username"], password=user["password"])


@pytest.fixture(scope="module")
def server() -> Iterator[Counterpart]:
    """OpenID-certified oidc-provider."""
    counterpart = Counterpart("oidc-provider")
    yield counterpart
    counterpart.close()


@pytest.fixture(scope="module")
def authlib() -> Iterator[Counterpart]:
    """Authlib's server, in Flask."""
    counterpart = Counterpart("authlib")
    yield counterpart
    counterpart.close()
