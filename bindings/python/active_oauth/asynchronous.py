"""How is an exchange run in an event loop, with a transport of your own?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TypeAlias, TypeVar

from ._active import Exchange, Request, Save, Send, Token, Wait
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
) -> T:
    """Steps an exchange to its end in an event loop: `token = await run_async(client.begin_token(...), carry)`.

    `carry` takes one request and gives status, headers and body after decompression. It must follow no redirect, verify TLS and have a
    timeout. It raises NoAnswer, with `code` a word of `Exchange.no_answer` and `sent` "no" or "maybe", where none came; whatever else it
    raises passes through and ends the exchange. `save` is awaited with a renewed token before it is used; where it raises, Unsaved carries
    the token. `sleep` is asyncio's unless given.
    """
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
            case _:
                return step.value
