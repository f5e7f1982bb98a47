"""Whose move is it?

One class per answer to that: the programmer's, the server's rules, the server's makers, nobody's (stop), the user's, the network's, the
store's keeper's.
No exception shows a secret, and none is pickled with one.
"""

from __future__ import annotations

# As typing's own constant, which costs more to import than this whole package.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar

    from ._active import Token

__all__ = ["Error", "Expired", "Garbled", "NoAnswer", "Refused", "StoreError", "Unsaved", "Untrusted", "Usage"]


class Error(Exception):
    """Why an exchange could not give what was asked of it. Catch this one for all of them."""

    # In a slot, so that neither vars() nor a debugger's list of attributes shows what may hold a secret.
    __slots__ = ("_secret",)

    kind: ClassVar[str] = "error"
    """The class as a word, the same in every language: usage, refused, garbled, untrusted, expired, no_answer, store, unsaved."""

    code: str | None
    """The error code in the server's own words; for NoAnswer the cause: name, connect, tls, timeout, cut, too_large, cancelled, …; for
    StoreError the problem: away, busy, denied, full, damaged, newer, wrong_key or other."""
    standard_code: str | None
    """The standard meaning of the server's code (invalid_client, …): branch on this one, it is the same for all providers."""
    description: str | None
    """The server's description, made printable."""
    error_uri: str | None
    """The server's error_uri. It comes from the server: show it, do not open it."""
    status: int | None
    """The HTTP status of the answer it speaks of."""
    retry_after: float | None
    """How many seconds the server asked to wait before the next try, a day at most."""
    transient: bool
    """Whether the same request can succeed later without anybody changing anything."""
    sent: str | None
    """For NoAnswer: "no" where nothing left this machine, "maybe" where the server may have seen the request."""
    ambiguous: bool
    """Whether a code or refresh token may have been used up by a request whose answer was lost: do not send it again."""

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        standard_code: str | None = None,
        description: str | None = None,
        error_uri: str | None = None,
        status: int | None = None,
        retry_after: float | None = None,
        transient: bool = False,
        sent: str | None = None,
        ambiguous: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.standard_code = standard_code
        self.description = description
        self.error_uri = error_uri
        self.status = status
        self.retry_after = retry_after
        self.transient = transient
        self.sent = sent
        self.ambiguous = ambiguous
        self._secret: Any = None

    @property
    def body(self) -> bytes | None:
        """The whole body of the answer it speaks of. It may hold secrets, which is why nothing prints it and no pickle keeps it."""
        return self._secret if isinstance(self._secret, bytes) else None

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restored, (type(self), self.args, vars(self)))


class Usage(Error, ValueError):
    """The program's move: something was asked for that cannot be right (a missing parameter, a plain http URL, a step out of turn)."""

    kind = "usage"


class Refused(Error):
    """The server understood and said no: see `standard_code`, `description` and `transient`."""

    kind = "refused"


class Garbled(Error):
    """The server's makers' move: the answer is not what the protocol, or the provider's record, allows."""

    kind = "garbled"


class Untrusted(Error):
    """Stop: what came may be from someone else (state, iss or certificate did not match). Nothing was sent on."""

    kind = "untrusted"


class Expired(Error):
    """The user's move: the login or token is over and cannot be renewed from here."""

    kind = "expired"


class NoAnswer(Error):
    """The network's move: there was no answer. `sent` says whether the request may have had its effect, `code` why."""

    kind = "no_answer"


class StoreError(Error):
    """The move of whoever keeps the token store: it could not be read or written. Nothing that was in it is lost. `code` says why."""

    kind = "store"


class Unsaved(Error):
    """Your `save` raised (that is the `__cause__`). The old token may be worthless already: store `token` elsewhere, or try again."""

    kind = "unsaved"

    @property
    def token(self) -> Token | None:
        """The renewed token that nobody stored; None only after a pickle, which keeps no secret."""
        token: Token | None = self._secret
        return token


_CLASSES: dict[str, type[Error]] = {cls.kind: cls for cls in (Usage, Refused, Garbled, Untrusted, Expired, NoAnswer, StoreError)}


def _of(kind: str, message: str, *, retry_after_ms: int | None, body: bytes | None, **fields: Any) -> Error:
    """The exception for an error of the core; called by the native module."""
    retry_after = None if retry_after_ms is None else retry_after_ms / 1000
    error = _CLASSES.get(kind, Error)(message, retry_after=retry_after, **fields)
    error._secret = body
    return error


def _unsaved(token: Token) -> Unsaved:
    error = Unsaved("the renewed token could not be saved; it is in this exception's .token")
    error._secret = token
    return error


def _restored(cls: type[Error], args: tuple[Any, ...], fields: dict[str, Any]) -> Error:
    """What a pickle gives back."""
    error = cls(*args)
    vars(error).update(fields)
    return error
