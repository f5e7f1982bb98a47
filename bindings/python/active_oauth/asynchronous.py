"""How is an exchange run in an event loop?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeAlias, TypeVar

from ._active import Agent, Cancel, Exchange, Loopback, Outcome, Request, Save, Send, Session, Store, Token, Wait
from .errors import NoAnswer, _unsaved

T = TypeVar("T")
Headers: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]
InThread: TypeAlias = Callable[[Callable[[], None]], Awaitable[object]]
Carry: TypeAlias = Callable[[Request], Awaitable[tuple[int, Headers, bytes]]]


async def run_async(
    exchange: Exchange[T],
    carry: Carry | Agent,
    *,
    save: Callable[[Token], Awaitable[object]] | None = None,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    in_thread: InThread = asyncio.to_thread,
) -> T:
    """Steps an exchange to its end in an event loop: `token = await run_async(client.begin_token(...), client.agent)`.

    An Agent carries the requests in threads, and stops soon where the caller is cancelled. A `carry` of your own takes one request and
    gives status, headers and body after decompression. It must follow no redirect, verify TLS and have a timeout. It raises NoAnswer,
    with `code` a word of `Exchange.no_answer` and `sent` "no" or "maybe", where none came; whatever else it raises passes through and
    ends the exchange.

    `save` is awaited with a renewed token before it is used; where it raises, Unsaved carries the token. `sleep` and `in_thread`, where a
    session's store and an Agent do their work, are asyncio's unless given.

    A session's exchange has a task of its own: where the caller is cancelled it goes on, since others may wait for what it brings. Only the
    end of the loop ends it; `Session.atoken` outlives even that. In another loop than asyncio's, shield it yourself.
    """
    steps = _run(exchange, _threaded(carry, in_thread) if isinstance(carry, Agent) else _asked(carry), save, sleep, in_thread)
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
    carry: Callable[[Request], Awaitable[Outcome | NoAnswer]],
    save: Callable[[Token], Awaitable[object]] | None,
    sleep: Callable[[float], Awaitable[object]],
    in_thread: InThread,
) -> T:
    while True:
        step = exchange.step()
        match step:
            case Send(request):
                came = await carry(request)
                if isinstance(came, NoAnswer):
                    exchange.no_answer(sent="no" if came.sent == "no" else "maybe", cause=came.code, detail=str(came))
                else:
                    exchange.receive(came)
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


def _asked(carry: Carry) -> Callable[[Request], Awaitable[Outcome | NoAnswer]]:
    """By a function of the program's own."""

    async def carried(request: Request) -> Outcome | NoAnswer:
        try:
            status, headers, body = await carry(request)
        except NoAnswer as lost:
            return lost
        return Outcome(status, headers, body)

    return carried


def _threaded(agent: Agent, in_thread: InThread) -> Callable[[Request], Awaitable[Outcome | NoAnswer]]:
    """By an agent, which gives up where nobody waits any more: a thread cannot be cancelled from outside."""

    async def carried(request: Request) -> Outcome | NoAnswer:
        cancel, came = Cancel(), []
        try:
            await in_thread(lambda: came.append(agent.with_cancel(cancel).carry(request)))
        except BaseException:
            cancel.cancel()
            raise
        return came[0]

    return carried


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


async def _callback(loopback: Loopback, timeout: float) -> str:
    """`Loopback.acallback`: a thread waits, and stops soon where the task is cancelled."""
    cancel = Cancel()
    try:
        return await asyncio.to_thread(loopback.callback, timeout, cancel=cancel)
    except asyncio.CancelledError:
        cancel.cancel()
        raise
