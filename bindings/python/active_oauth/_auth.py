"""How does an auth object of another library use the client?

A `Holder` keeps the token that is good now, for any number of threads or tasks; a `Shared` leaves that to its session. The
`conversation` of either is a generator without I/O: it yields what to do next and is sent what came of it, so that requests, httpx and
async httpx differ only in how they carry.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from enum import Enum
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from ._active import Client, Done, Exchange, Grant, Outcome, Reply, Request, Save, Send, Session, Token
from .errors import Expired, Usage

Heard: TypeAlias = Outcome | Token | None

FORM = "application/x-www-form-urlencoded"


class Call:
    """Carry the API call with this request's URL and headers, and its body where the token stands in that."""

    __slots__ = ("in_header", "request")

    def __init__(self, request: Request) -> None:
        self.request = request
        self.in_header = any(name == "authorization" for name, _ in request.headers)

    def headers(self) -> list[tuple[str, str]]:
        """The headers to set; the body's own kind changes with the body only."""
        return [(name, value) for name, value in self.request.headers if name != "content-type"]


class Ask:
    """Carry this token request as it is, without following a redirect."""

    __slots__ = ("request",)

    def __init__(self, request: Request) -> None:
        self.request = request


class Keep:
    """Save this token; where that fails, raise Unsaved."""

    __slots__ = ("token",)

    def __init__(self, token: Token) -> None:
        self.token = token


class Want:
    """Have this session give a good token: it may take a request, and a store."""

    __slots__ = ("session",)

    def __init__(self, session: Session) -> None:
        self.session = session


class Turn(Enum):
    """What to do with the lock that lets one at a time ask for a token."""

    TAKE = 1
    LEAVE = 2


Conversation: TypeAlias = Generator[Call | Ask | Keep | Want | Turn, Heard, None]


class Holder:
    """One good token, and how to get the next: by its refresh token, else by the grant."""

    def __init__(self, client: Client, source: Token | Grant | None, renew_by: Grant | None) -> None:
        if isinstance(source, Grant):
            if renew_by is not None:
                raise Usage("auth: a grant is renewed by itself; renew_by goes with a token")
            renew_by = source
        elif not isinstance(source, Token):
            raise TypeError(f"auth: give a Token or a Grant, not {type(source).__name__}")
        self.client = client
        self.token = source if isinstance(source, Token) else None
        self.grant = renew_by

    def conversation(self, method: str, url: str, content_type: str | None, body: Callable[[], bytes]) -> Conversation:
        """An API call, and what it takes to make it with a good token.

        It yields Call and Ask, and is sent what came of them; Keep and Turn, and is sent nothing. The last Call's answer is the caller's.
        """
        if self.token is None:
            yield Turn.TAKE
            # Another may have asked while this one waited.
            if self.token is None:
                yield from self._first()
            yield Turn.LEAVE
        # Read now: once a call has its token, the program's request may hold that one.
        content = _content(content_type, body)
        # Another may renew the token while this call is on its way: then the newer one is tried, once.
        for _ in range(2):
            token = self.token
            assert token is not None, "it was just asked for"
            exchange = self.client.begin_call(token, method, url, renew_by=self.grant, **content)
            yield from _call(exchange)
            if isinstance(exchange.step(), Done):
                return
            yield Turn.TAKE
            if self.token is token:
                yield from self._renew(exchange)
                return
            yield Turn.LEAVE
        raise Expired("token: it died as soon as it was renewed, twice")

    def _first(self) -> Conversation:
        if self.grant is None:
            raise Expired("token: there is none, and no grant to get one by")
        exchange = self.client.begin_token(self.grant)
        match exchange.step():
            case Send(request):
                receive(exchange, (yield Ask(request)))
        match exchange.step():
            case Done(token):
                self.token = token
                yield Keep(token)

    def _renew(self, exchange: Exchange[Reply]) -> Conversation:
        """The rest of an exchange whose token is dead: ask for another, have it saved, call again."""
        # A step before an answer gives the request again: the token request.
        match exchange.step():
            case Send(request):
                receive(exchange, (yield Ask(request)))
        match exchange.step():
            case Save(token):
                # In memory first: the old one is dead, whether this one can be saved or not.
                self.token = token
                yield Keep(token)
        yield Turn.LEAVE
        yield from _call(exchange)
        # Raises Refused where the new token is refused as well.
        exchange.step()


class Shared:
    """A session's token; when to ask for the next is the session's own business."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.client = session.client
        self.token: Token | None = None

    def conversation(self, method: str, url: str, content_type: str | None, body: Callable[[], bytes]) -> Conversation:
        """An API call with a good token, tried once more with the next one where the API says that the first is dead.

        It yields Call and is sent what came of it; Want, and is sent the token.
        """
        content = _content(content_type, body)
        for last in (False, True):
            token = self.session.current()
            if token is None:
                wanted = yield Want(self.session)
                assert isinstance(wanted, Token), "a token was wanted"
                token = wanted
            self.token = token
            exchange = self.session.begin_attempt(token, method, url, last=last, **content)
            yield from _call(exchange)
            # Of the last try it raises Refused where the token is dead.
            match exchange.step():
                case Done(None):
                    continue
                case _:
                    return


def holder(owner: Client | Session, source: Token | Grant | None, renew_by: Grant | None, save: object) -> Holder | Shared:
    """What stands behind an auth object that is given these."""
    if not isinstance(owner, Session):
        return Holder(owner, source, renew_by)
    if source is not None or renew_by is not None or save is not None:
        raise Usage("auth: a session renews and stores by itself, give it alone")
    return Shared(owner)


def _content(content_type: str | None, body: Callable[[], bytes]) -> dict[str, Any]:
    """What the core has to know of a request's body."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind == FORM:
        return {"form": parse_qsl(body().decode(), keep_blank_values=True)}
    # A body of another kind stays with the program: the core only has to know that there is one.
    return {"body": b""} if kind else {}


def _call(exchange: Exchange[Any]) -> Conversation:
    match exchange.step():
        case Send(request):
            receive(exchange, (yield Call(request)))


def receive(exchange: Exchange[Any], heard: Heard) -> None:
    """Hands in what came of a request."""
    assert isinstance(heard, Outcome), "what was sent has an outcome"
    exchange.receive(heard)
