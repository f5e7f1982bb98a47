"""How does requests put our tokens on its requests?

    requests.get(url, auth=active_oauth.requests.Auth(session))

Requires the extra `active-oauth[requests]`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, overload

import requests
from requests.auth import AuthBase
from requests.cookies import extract_cookies_to_jar
from requests.utils import rewind_body

from ._active import Client, Grant, Outcome, Session, Token
from ._auth import FORM, Ask, Call, Conversation, Heard, Keep, Turn, Want, holder
from ._quiet import keep_quiet
from .errors import _unsaved

__all__ = ["Auth"]


class Auth(AuthBase):
    """Puts a good token on each request, where the provider's record says, and renews it once when the API says that it died.

    `Auth(session)` shares the session's token with everybody else who uses it. `Auth(client, source)` keeps one of its own: `source` is a
    Token, or a Grant to get one by; `renew_by` the grant to repeat where a token has no refresh token; `save` is called with each new token
    before it is used.

    The client's own agent carries the token requests; requests carries the call, and repeats it once through the same connection pool. The
    answer is read before it is given out, also with stream=True, since a provider may say in the body of a 200 that the token died.

    Where a provider wants its token in the URL (ActiveBuilding), requests' own exceptions about the network show that URL: there, prefer
    `client.call`, which doesn't.

    One object may serve many threads: one of them renews, the others wait.
    """

    @overload
    def __init__(self, owner: Session, source: None = None, /) -> None: ...
    @overload
    def __init__(
        self, owner: Client, source: Token | Grant, /, *, renew_by: Grant | None = None, save: Callable[[Token], object] | None = None
    ) -> None: ...
    def __init__(
        self,
        owner: Client | Session,
        source: Token | Grant | None = None,
        /,
        *,
        renew_by: Grant | None = None,
        save: Callable[[Token], object] | None = None,
    ) -> None:
        self._holder = holder(owner, source, renew_by, save)
        self._save = save
        self._turn = threading.Lock()
        keep_quiet(self._holder)

    @property
    def token(self) -> Token | None:
        """The token that is good now, as far as anyone knows; None before the first request of a grant or session."""
        return self._holder.token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """requests' own protocol: prepares the request, and is told of the answer."""
        request.register_hook("response", _Call(self, request).answered)  # type: ignore[no-untyped-call]
        return request

    def __repr__(self) -> str:
        return f"Auth({self._holder.client!r}, {self.token!r})"


class _Call:
    """One request on its way: what it was without its token, and how far its conversation has come."""

    def __init__(self, auth: Auth, request: requests.PreparedRequest) -> None:
        self.auth = auth
        self.plain = (request.url, request.body, request.headers.get("Content-Length"))
        self.held = False
        self.ended = False
        content_type = request.headers.get("Content-Type")
        self.conversation: Conversation = auth._holder.conversation(
            request.method or "GET", request.url or "", None if content_type is None else str(content_type), lambda: _bytes(request.body)
        )
        call = self._until_call(None)
        assert call is not None, "a conversation has a call"
        _apply(call, request)

    def answered(self, response: requests.Response, **how: Any) -> requests.Response:
        """The hook: the answer to the call, or after a renewal the answer to its repetition."""
        if self.ended:
            # A redirect's answer, or the same prepared request sent again: requests hands its hooks on.
            return response
        first = response.request
        try:
            call = self._until_call(_heard(response))
            if call is not None:
                response = _again(call, response, self.plain, how)
                call = self._until_call(_heard(response))
            assert call is None, "a call is repeated once"
        finally:
            self.ended = True
            # What requests makes of it from here, a redirect or an error text, is without the token in URL and body.
            for request in (first, response.request):
                _restore(request, self.plain)
            response.url = self.plain[0] or ""
        return response

    def _until_call(self, heard: Heard) -> Call | None:
        """Goes on until there is a call for requests to carry, or nothing more to do."""
        try:
            while True:
                turn = self.conversation.send(heard)
                heard = None
                match turn:
                    case Call():
                        return turn
                    case Ask():
                        heard = self.auth._holder.client.agent.carry(turn.request)
                    case Want():
                        heard = turn.session.token()
                    case Keep():
                        self._keep(turn.token)
                    case Turn.TAKE:
                        self.held = self.auth._turn.acquire()
                    case Turn.LEAVE:
                        self._leave()
        except StopIteration:
            return None
        finally:
            self._leave()

    def _leave(self) -> None:
        if self.held:
            self.held = False
            self.auth._turn.release()

    def _keep(self, token: Token) -> None:
        try:
            if self.auth._save is not None:
                self.auth._save(token)
        except Exception as why:
            raise _unsaved(token) from why


def _apply(call: Call, request: requests.PreparedRequest) -> None:
    request.url = call.request.url
    for name, value in call.headers():
        request.headers[name] = value
    if not call.in_header and call.request.body:
        request.body = call.request.body
        request.headers["Content-Type"] = FORM
        request.headers["Content-Length"] = str(len(call.request.body))


def _restore(request: requests.PreparedRequest, plain: tuple[str | None, Any, Any]) -> None:
    request.url, request.body, length = plain
    if length is not None:
        request.headers["Content-Length"] = length


def _again(call: Call, response: requests.Response, plain: tuple[str | None, Any, Any], how: dict[str, Any]) -> requests.Response:
    # The connection goes back to the pool once its answer is read and closed, as in requests' own digest auth.
    response.close()
    request = response.request.copy()
    extract_cookies_to_jar(request._cookies, response.request, response.raw)  # type: ignore[attr-defined, no-untyped-call]
    request.prepare_cookies(request._cookies)  # type: ignore[attr-defined]
    request.body = plain[1]
    if getattr(request, "_body_position", None) is not None:
        rewind_body(request)
    _apply(call, request)
    again: requests.Response = response.connection.send(request, **how)
    again.history.append(response)
    again.request = request
    return again


def _heard(response: requests.Response) -> Heard:
    return Outcome(response.status_code, list(response.headers.items()), response.content)


def _bytes(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body or b"")
