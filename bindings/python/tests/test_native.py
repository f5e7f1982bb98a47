"""How does a login in the user's browser come back to a program on the user's machine (RFC 8252)?"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from active_oauth import Cancel, Client, Expired, Loopback, NoAnswer, Usage, open_browser

if TYPE_CHECKING:
    from pathlib import Path


def later(act: object, *arguments: object) -> threading.Thread:
    """Does it in a thread, a moment from now."""

    def after() -> None:
        time.sleep(0.1)
        act(*arguments)  # type: ignore[operator]

    thread = threading.Thread(target=after)
    thread.start()
    return thread


def test_the_browser_comes_back_and_sees_a_page_that_names_the_program() -> None:
    loopback = Loopback(path="/back", app="Example <b>")
    assert loopback.redirect_uri.startswith("http://127.0.0.1:")
    assert loopback.redirect_uri.endswith("/back")
    assert repr(loopback) == f'Loopback("{loopback.redirect_uri}")'
    came: list[httpx.Response] = []

    def browser() -> None:
        came.append(httpx.get(str(urlsplit(loopback.redirect_uri)._replace(path="/favicon.ico").geturl())))
        came.append(httpx.get(loopback.redirect_uri + "?code=c&state=s"))

    user = later(browser)
    assert loopback.callback(10) == loopback.redirect_uri + "?code=c&state=s"
    user.join()
    assert [answer.status_code for answer in came] == [404, 200]
    assert "return to Example &lt;b&gt;." in came[1].text
    assert "code" not in came[1].text
    with pytest.raises(Usage, match="make another"):
        loopback.callback()
    with pytest.raises(httpx.ConnectError):
        httpx.get(loopback.redirect_uri)


def test_another_state_does_not_end_the_wait() -> None:
    loopback = Loopback()
    login = Client("buildpass", "id", secret="s").authorize(loopback.redirect_uri)
    loopback.only_for(login)
    state = parse_qs(urlsplit(login.url).query)["state"][0]
    came: list[int] = []

    def browser() -> None:
        came.extend(httpx.get(f"{loopback.redirect_uri}?code=c&state={said}").status_code for said in ("guessed", state))

    user = later(browser)
    assert loopback.callback(10) == f"{loopback.redirect_uri}?code=c&state={state}"
    user.join()
    assert came == [404, 200]


def test_nobody_who_comes_back_is_told_as_the_users_move() -> None:
    begun = time.monotonic()
    with pytest.raises(Expired, match=r"nobody came back from the browser within 0\.2 s; begin another login"):
        Loopback().callback(0.2)
    assert time.monotonic() - begun < 10
    for wrong in (0, -1, float("nan"), float("inf")):
        with pytest.raises(Usage, match="timeout"):
            Loopback().callback(wrong)


def test_another_thread_can_end_the_wait() -> None:
    cancel = Cancel()
    canceller = later(cancel.cancel)
    with pytest.raises(NoAnswer, match="stopped waiting") as raised:
        Loopback().callback(30, cancel=cancel)
    assert (raised.value.code, raised.value.sent, raised.value.ambiguous) == ("cancelled", "no", False)
    canceller.join()


def test_ctrl_c_ends_the_wait() -> None:
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        Loopback().callback(30)
    assert time.monotonic() - begun < 10


def test_a_task_waits_without_holding_the_loop_and_its_cancellation_ends_the_wait() -> None:
    async def main() -> None:
        loopback = Loopback()
        waiting = asyncio.create_task(loopback.acallback(10))
        async with httpx.AsyncClient() as user:
            assert (await user.get(loopback.redirect_uri + "?code=c")).status_code == 200
        assert await waiting == loopback.redirect_uri + "?code=c"
        cancelled = asyncio.create_task(Loopback().acallback(30))
        await asyncio.sleep(0.1)
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        with pytest.raises(Expired):
            await Loopback().acallback(0.1)

    begun = time.monotonic()
    asyncio.run(main())
    # The loop's end waits for its threads.
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("path", ["back", "/b ack", "/a?b", "/" + "a" * 300, "", "/\0"])
def test_a_path_that_no_redirect_uri_can_have_is_told(path: str) -> None:
    with pytest.raises(Usage, match="path"):
        Loopback(path=path)


@pytest.mark.parametrize(
    "url",
    ["", "file:///etc/passwd", "http://login.example/a", "https://user:S3NTINEL@login.example/", "https://login.example/ S3NTINEL"],
)
def test_cve_2025_6514_only_web_addresses_reach_the_browser(url: str) -> None:
    with pytest.raises(Usage, match="was not opened") as raised:
        open_browser(url)
    assert "S3NTINEL" not in str(raised.value)


@pytest.mark.skipif(sys.platform != "linux", reason="another system's browser is not found by PATH")
def test_where_no_browser_can_be_started_the_program_is_told(tmp_path: Path) -> None:
    # In a process of its own: what PATH says counts for all threads.
    script = "import active_oauth; print(active_oauth.open_browser('https://login.example/authorize?state=s'))"
    ended = subprocess.run([sys.executable, "-c", script], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=True)
    assert (ended.stdout, ended.stderr) == ("False\n", "")
    browser = tmp_path / "xdg-open"
    browser.write_text(f"#!/bin/sh\nprintf '[%s]' \"$@\" > {tmp_path}/new && /bin/mv {tmp_path}/new {tmp_path}/seen\n")
    browser.chmod(0o755)
    ended = subprocess.run([sys.executable, "-c", script], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=True)
    assert ended.stdout == "True\n"
    deadline = time.monotonic() + 10
    while not (tmp_path / "seen").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert (tmp_path / "seen").read_text() == "[https://login.example/authorize?state=s]"
