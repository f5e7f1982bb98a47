"""How is an exchange run in an event loop?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeAlias, TypeVar

from ._active import Exchange, Request, Save, Send, Session, Store, Token, Wait
from .errors import NoAnswer, _unsaved

T = TypeVar("T")
Headers: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]
Carry: TypeAlias = Callable[[Request], Awaitable[tuple[int, Headers, bytes]]]


async def run_async(
    exchange: Exchange[T],
    carry: Carry,
    *,
    save: Callable[[Token], Awaitable[object]] | None = None,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    in_thread: Callable[[Callable[[], None]], Awaitable[object]] = asyncio.to_thread,
) -> T:
    """Steps an exchange to its end in an event loop: `token = await run_async(client.begin_token(...), carry)`.

    `carry` takes one request and gives status, headers and body after decompression. It must follow no redirect, verify TLS and have a
    timeout. It raises NoAnswer, with `code` a word of `Exchange.no_answer` and `sent` "no" or "maybe", where none came; whatever else it
    raises passes through and ends the exchange. `save` is awaited with a renewed token before it is used; where it raises, Unsaved carries
    the token. `sleep` and `in_thread`, which runs what a session's store has to do, are asyncio's unless given.

    A session's exchange has a task of its own: where the caller is cancelled it goes on, since others may wait for what it brings. Only the
    end of the loop ends it; `Session.atoken` outlives even that. In another loop than asyncio's, shield it yourself.
    """
    steps = _run(exchange, carry, save, sleep, in_thread)
    if not (exchange.is_shared and is_asyncio()):
        return await steps
    task = asyncio.ensure_future(steps)
    _UNDER_WAY.add(task)
    task.add_done_callback(_landed)
    # As shield(), and silent where the caller was cancelled and the task then failed.
    await asyncio.wait([task])
    return task.result()


async def _run(
    exchange: Exchange[T],
    carry: Carry,
    save: Callable[[Token], Awaitable[object]] | None,
    sleep: Callable[[float], Awaitable[object]],
    in_thread: Callable[[Callable[[], None]], Awaitable[object]],
) -> T:
    while True:
        step = exchange.step()
        match step:
            case Send(request):
                try:
                    status, headers, body = await carry(request)
                except NoAnswer as lost:
                    exchange.no_answer(sent="no" if lost.sent == "no" else "maybe", cause=lost.code, detail=str(lost))
                else:
                    exchange.receive(status, headers, body)
            case Save(token):
                try:
                    if save is not None:
                        await save(token)
                except Exception as why:
                    raise _unsaved(token) from why
            case Wait(seconds):
                await sleep(seconds)
            case Store(run):
                await in_thread(run)
            case _:
                return step.value


_UNDER_WAY: set[asyncio.Future[Any]] = set()
"""What was begun for all: an event loop itself remembers its tasks only weakly."""


def _landed(task: asyncio.Future[Any]) -> None:
    _UNDER_WAY.discard(task)
    # Looked at, so that asyncio does not complain where every caller has gone.
    if not task.cancelled():
        task.exception()


def is_asyncio() -> bool:
    """Whether this runs in a loop of asyncio's, and not in another library's."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


_RENEWALS: dict[tuple[asyncio.AbstractEventLoop, Session], asyncio.Future[Token]] = {}


async def _token(session: Session) -> Token:
    """`Session.atoken`: the renewal has a thread, which even the end of the loop lets finish, and all tasks wait for that one."""
    token = session.current()
    if token is not None:
        return token
    loop = asyncio.get_running_loop()
    whose = (loop, session)
    renewal = _RENEWALS.get(whose)
    if renewal is None or renewal.done():
        renewal = _RENEWALS[whose] = loop.run_in_executor(None, session.token)
        renewal.add_done_callback(_landed)
        renewal.add_done_callback(lambda renewal: _RENEWALS.get(whose) is renewal and _RENEWALS.pop(whose))
    await asyncio.wait([renewal])
    return renewal.result()
