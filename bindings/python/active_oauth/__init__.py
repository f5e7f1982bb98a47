"""An OAuth 2.0 client: tokens and API calls at any provider, over HTTPS.

    import active_oauth

    client = active_oauth.Client("buildpass", "id", secret="secret")
    token = client.token("client_credentials", scope="read:builders")

Every call that talks to a server blocks with the interpreter let go, ends by its deadline, and raises an `Error` whose class says whose
move it is. Under each stands an exchange that is stepped (`client.begin_token(...)`), for transports of your own.
A `Session` keeps one good token for many threads, tasks, processes and machines; `active_oauth.requests.Auth` and `active_oauth.httpx.Auth`
put it on the requests of those libraries.
"""

from __future__ import annotations

from ._active import (
    Access,
    Admission,
    Agent,
    Backchannel,
    Cancel,
    Challenge,
    Client,
    Device,
    Document,
    Done,
    Exchange,
    Grant,
    Jws,
    Key,
    Login,
    Loopback,
    Now,
    Outcome,
    Provider,
    Registration,
    Reply,
    Request,
    Resource,
    Save,
    Send,
    Session,
    StepUp,
    Store,
    Token,
    User,
    Wait,
    __version__,
    client_document,
    open_browser,
    thumbprint,
    verify_jws,
)
from .errors import Error, Expired, Garbled, NoAnswer, Refused, StoreError, Unsaved, Untrusted, Usage

# As typing's own constant, which would cost more to import than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from . import httpx as httpx
    from . import requests as requests
    from .asynchronous import run_async as run_async

__all__ = [
    "Access",
    "Admission",
    "Agent",
    "Backchannel",
    "Cancel",
    "Challenge",
    "Client",
    "Device",
    "Document",
    "Done",
    "Error",
    "Exchange",
    "Expired",
    "Garbled",
    "Grant",
    "Jws",
    "Key",
    "Login",
    "Loopback",
    "NoAnswer",
    "Now",
    "Outcome",
    "Provider",
    "Refused",
    "Registration",
    "Reply",
    "Request",
    "Resource",
    "Save",
    "Send",
    "Session",
    "StepUp",
    "Store",
    "StoreError",
    "Token",
    "Unsaved",
    "Untrusted",
    "Usage",
    "User",
    "Wait",
    "__version__",
    "client_document",
    "open_browser",
    "run_async",
    "thumbprint",
    "verify_jws",
]


def __getattr__(name: str) -> Any:
    """What not every program uses is imported when it is first used; neither requests nor httpx is needed before."""
    if name in ("httpx", "requests", "run_async"):
        from importlib import import_module

        try:
            module = import_module("active_oauth.asynchronous" if name == "run_async" else f"active_oauth.{name}")
        except ModuleNotFoundError as missing:
            raise ModuleNotFoundError(
                f"active_oauth.{name} needs {name}: pip install 'active-oauth[{name}]'", name=missing.name
            ) from missing
        return module.run_async if name == "run_async" else module
    raise AttributeError(f"module 'active_oauth' has no attribute {name!r}")
