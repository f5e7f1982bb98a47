"""How does httpx put our tokens on its requests?

    client = httpx.Client(auth=active_oauth.httpx.Auth(session))

The same object serves `httpx.AsyncClient`. Requires the extra `active-oauth[httpx]`.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Iterator, Mapping
from typing import Any, cast, overload

import anyio
import anyio.to_thread
import httpx

from ._active import Client, Grant, Outcome, Session, Token
from ._auth import FORM, Ask, Call, Conversation, Heard, Keep, Turn, Want, holder
from .asynchronous import is_asyncio
from .errors import Untrusted, _unsaved

__all__ = ["Auth"]


class Auth(httpx.Auth):
    """Puts a good token on each request, where the provider's record says, and renews it once when the API says that it died.

    `Auth(session)` shares the session's token with everybody else who uses it. `Auth(client, source)` keeps one of its own: `source` is a
    Token, or a Grant to get one by; `renew_by` the grant to repeat where a token has no refresh token; `save` is called with each new token
    before it is used; with an AsyncClient it may be an async function.

    httpx carries the token requests of a client too, over its own TLS, proxies and timeouts, and raises its own exceptions for the network;
    those of a session, for which others may be waiting, are carried by its client's agent. No redirect of a token request is followed. The
    answer is read before it is given out, since a provider may say in the body of a 200 that the token died: for large downloads, take
    `auth.token` and set the header yourself.

    One object may serve many threads, or many tasks of one event loop: one of them renews, the others wait.
    """

    @overload
    def __init__(self, owner: Session, source: None = None, /) -> None: ...
    @overload
    def __init__(
        self,
        owner: Client,
        source: Token | Grant,
        /,
        *,
        renew_by: Grant | None = None,
        save: Callable[[Token], object] | Callable[[Token], Awaitable[object]] | None = None,
    ) -> None: ...
    def __init__(
        self,
        owner: Client | Session,
        source: Token | Grant | None = None,
        /,
        *,
        renew_by: Grant | None = None,
        save: Callable[[Token], object] | Callable[[Token], Awaitable[object]] | None = None,
    ) -> None:
        self._holder = holder(owner, source, renew_by, save)
        self._save = save
        self._turn = threading.Lock()
        self._async_turn = anyio.Lock()

    @property
    def token(self) -> Token | None:
        """The token that is good now, as far as anyone knows; None before the first request of a grant or session."""
        return self._holder.token

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """httpx's own protocol: yields what to send, and is sent the answers."""
        request.read()
        conversation = self._conversation(request)
        held = False
        heard: Heard = None
        try:
            while True:
                turn = conversation.send(heard)
                heard = None
                match turn:
                    case Call():
                        response = yield (sent := _with_token(request, turn))
                        response.read()
                        heard = _heard(response, sent, request)
                    case Ask():
                        response = yield (sent := _token_request(turn, request))
                        response.read()
                        heard = _unmoved(response, sent)
                    case Want():
                        heard = turn.session.token()
                    case Keep():
                        self._kept(turn.token)
                    case Turn.TAKE:
                        held = self._turn.acquire()
                    case Turn.LEAVE:
                        self._turn.release()
                        held = False
        except StopIteration:
            return
        finally:
            if held:
                self._turn.release()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """The same for an AsyncClient."""
        await request.aread()
        conversation = self._conversation(request)
        held = False
        heard: Heard = None
        try:
            while True:
                turn = conversation.send(heard)
                heard = None
                match turn:
                    case Call():
                        response = yield (sent := _with_token(request, turn))
                        await response.aread()
                        heard = _heard(response, sent, request)
                    case Ask():
                        response = yield (sent := _token_request(turn, request))
                        await response.aread()
                        heard = _unmoved(response, sent)
                    case Want():
                        heard = await _wanted(turn.session)
                    case Keep():
                        await self._async_kept(turn.token)
                    case Turn.TAKE:
                        await self._async_turn.acquire()
                        held = True
                    case Turn.LEAVE:
                        self._async_turn.release()
                        held = False
        except StopIteration:
            return
        finally:
            if held:
                self._async_turn.release()

    def _conversation(self, request: httpx.Request) -> Conversation:
        return self._holder.conversation(request.method, str(request.url), request.headers.get("content-type"), lambda: request.content)

    def _kept(self, token: Token) -> None:
        if self._save is None:
            return
        try:
            kept = self._save(token)
        except Exception as why:
            raise _unsaved(token) from why
        if inspect.isawaitable(kept):
            cast("Any", kept).close()
            raise _unsaved(token) from TypeError("save is an async function, and this is no AsyncClient")

    async def _async_kept(self, token: Token) -> None:
        if self._save is None:
            return
        try:
            kept = self._save(token)
            if inspect.isawaitable(kept):
                await kept
        except Exception as why:
            raise _unsaved(token) from why

    def __repr__(self) -> str:
        return f"Auth({self._holder.client!r}, {self.token!r})"


async def _wanted(session: Session) -> Token:
    """A good token, whichever event loop this is. A task that is cancelled does not end what others wait for."""
    if is_asyncio():
        return await session.atoken()
    return await anyio.to_thread.run_sync(session.token, abandon_on_cancel=True)


class _Quiet(httpx.URL):
    """A URL that may carry a token: httpx writes the URL of each request into its log."""

    def __str__(self) -> str:
        return super().__str__().partition("?")[0]

    def __repr__(self) -> str:
        return f"URL({str(self)!r})"


class _Once(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body with credentials, for one host: httpx asks for it again when it follows a 307 to another."""

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body

    def _take(self) -> bytes:
        body, self._body = self._body, None
        if body is None:
            raise Untrusted("the server redirects a request whose body holds credentials; they were not sent on")
        return body

    def __iter__(self) -> Iterator[bytes]:
        yield self._take()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._take()


def _with_token(request: httpx.Request, call: Call) -> httpx.Request:
    """The program's request as the provider wants it. It is a copy: what httpx prints of the program's own shows no token."""
    headers, stream = request.headers.copy(), request.stream
    headers.update(call.headers())
    if not call.in_header and call.request.body:
        stream = _Once(call.request.body)
        headers.update({"content-length": str(len(call.request.body)), "content-type": FORM})
    return _request(request.method, call.request.url, headers, stream, request.extensions)


def _token_request(ask: Ask, request: httpx.Request) -> httpx.Request:
    """Ours alone: of the program's request it has only the timeouts and the name of the software."""
    body = ask.request.body
    headers = httpx.Headers(
        [*ask.request.headers, ("host", httpx.URL(ask.request.url).netloc.decode()), ("content-length", str(len(body)))]
    )
    headers["user-agent"] = request.headers.get("user-agent", "")
    extensions = {name: value for name, value in request.extensions.items() if name == "timeout"}
    return _request(ask.request.method, ask.request.url, headers, _Once(body), extensions)


def _request(
    method: str, url: str, headers: httpx.Headers, stream: httpx.SyncByteStream | httpx.AsyncByteStream, extensions: Mapping[str, Any]
) -> httpx.Request:
    request = httpx.Request(method, url, headers=headers, stream=stream, extensions=dict(extensions))
    request.url = _Quiet(request.url)
    return request


def _unmoved(response: httpx.Response, sent: httpx.Request) -> Heard:
    """RFC 9700 §4.12: what another address says is not the token endpoint's answer."""
    if response.request is not sent:
        raise Untrusted("the token endpoint redirects, and httpx was told to follow; what came from there was not used")
    return Outcome(response.status_code, response.headers.multi_items(), response.content)


def _heard(response: httpx.Response, sent: httpx.Request, request: httpx.Request) -> Heard:
    if response.request is sent:
        # httpx prints it in its own errors, where a token in the query would show.
        response.request = request
    return Outcome(response.status_code, response.headers.multi_items(), response.content)
