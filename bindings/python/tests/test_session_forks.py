"""Does one session serve forked workers, at whatever moment they are forked, and let Ctrl-C through?"""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_session import asked, file_store, lifetime
from test_threads import start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox import Sandbox

SESSION = """
import os, random, threading, time, multiprocessing, warnings
# Python 3.12 warns of every fork beside threads, which is what is tried here.
warnings.simplefilter("ignore", DeprecationWarning)
from active_oauth import Session, Error
session = Session(client, "client_credentials", scope="read:builders", store={store!r})

def waited(children):
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]

def forked(work):
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException as error:
            print(type(error).__name__, error, file=sys.stderr, flush=True)
            os._exit(1)
    return child
"""


def run(sandbox: Sandbox, store: str, script: str, seconds: float = 60) -> str:
    """What that program prints, with a session of that store."""
    process = start(sandbox, SESSION.format(store=store) + script)
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    assert (process.returncode, err) == (0, ""), err
    return out.strip()


@pytest.fixture(params=["file", "redis"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The name of a store that processes share."""
    if request.param == "file":
        yield file_store(tmp_path)
        return
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        pytest.skip("no redis-server here")
    socket = tmp_path / "redis.sock"
    command = [program, "--port", "0", "--unixsocket", str(socket), "--dir", str(tmp_path), "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while not socket.exists():
        time.sleep(0.02)
    yield f"unix:{socket}"
    server.terminate()
    server.wait(timeout=10)


def test_of_eight_workers_that_were_forked_one_asks_at_each_expiry(sandbox: Sandbox, store: str) -> None:
    lifetime(sandbox, 2)
    out = run(
        sandbox,
        store,
        """
session.token()  # before the fork, as a preloaded application does
context = multiprocessing.get_context("fork")
barrier = context.Barrier(9)

def worker():
    for _ in range(3):
        barrier.wait()
        with __import__("concurrent.futures").futures.ThreadPoolExecutor(4) as pool:
            tokens = {token.access_token for token in pool.map(lambda _: session.token(), range(4))}
        assert len(tokens) == 1
        assert session.call("GET", "/v1/builders").status == 200

workers = [context.Process(target=worker) for _ in range(8)]
for each in workers: each.start()
for _ in range(3):
    time.sleep(2.2)
    barrier.wait()
    session.token()
for each in workers: each.join()
print([each.exitcode for each in workers])
""",
    )
    assert out == str([0] * 8)
    assert asked(sandbox) == 4, "one before the fork, one at each expiry"


def test_a_fork_in_the_middle_of_a_renewal_waits_for_it_and_asks_no_second_time(sandbox: Sandbox, store: str) -> None:
    sandbox.fault("buildpass", "delay", {"ms": 700}, path="/oauth/token")
    out = run(
        sandbox,
        store,
        """
renewing = threading.Thread(target=session.token)
renewing.start()
time.sleep(0.3)
children = [forked(session.token) for _ in range(4)]
print(session.token().is_expired(), waited(children))
""",
        seconds=20,
    )
    assert out == "False [0, 0, 0, 0]"
    assert asked(sandbox) == 1


def test_a_fork_of_a_session_in_memory_asks_for_its_own(sandbox: Sandbox) -> None:
    sandbox.fault("buildpass", "delay", {"ms": 700}, path="/oauth/token")
    out = run(
        sandbox,
        "memory:",
        """
renewing = threading.Thread(target=session.token)
renewing.start()
time.sleep(0.3)
children = [forked(session.token) for _ in range(4)]
print(session.token().is_expired(), waited(children))
# What was got before the fork is everybody's.
print(waited([forked(lambda: session.authorization() or 1 / 0) for _ in range(4)]))
""",
        seconds=20,
    )
    assert out == "False [0, 0, 0, 0]\n[0, 0, 0, 0]"
    assert asked(sandbox) == 5, "the parent's, and each child's"


def test_no_moment_of_a_fork_leaves_a_child_or_its_parent_waiting(sandbox: Sandbox, tmp_path: Path) -> None:
    out = run(
        sandbox,
        file_store(tmp_path),
        """
ending = threading.Event()

def renew():
    while not ending.is_set():
        session.logout()
        session.token()

threads = [threading.Thread(target=renew) for _ in range(2)]
for thread in threads: thread.start()
exits = []
for _ in range(60):
    time.sleep(random.random() / 50)
    begun = time.monotonic()
    exits += waited([forked(lambda: (session.token(), session.logout(), session.call("GET", "/v1/builders")))])
    assert time.monotonic() - begun < 10
ending.set()
for thread in threads: thread.join()
print(set(exits))
""",
    )
    assert out == "{0}"


def test_ctrl_c_gets_through_while_another_thread_renews(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.fault("buildpass", "half_open", path="/oauth/token")
    process = start(
        sandbox,
        SESSION.format(store=file_store(tmp_path))
        + """
threading.Thread(target=session.token, daemon=True).start()
time.sleep(0.5)
print("waiting", flush=True)
try:
    session.token()
except KeyboardInterrupt:
    print("interrupted", flush=True)
""",
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "waiting"
    time.sleep(0.3)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline().strip() == "interrupted"
    assert time.monotonic() - begun < 8
    process.communicate(timeout=10)
    assert process.returncode == 0
    assert asked(sandbox) == 1, "it was waiting, not asking"


def test_where_the_one_who_asks_is_interrupted_another_takes_over(sandbox: Sandbox) -> None:
    sandbox.fault("buildpass", "half_open", path="/oauth/token")
    process = start(
        sandbox,
        SESSION.format(store="memory:")
        + """
def follow():
    time.sleep(0.3)
    print("waiting", flush=True)
    print(session.token().is_expired(), flush=True)

follower = threading.Thread(target=follow)
follower.start()
try:
    session.token()
except KeyboardInterrupt:
    follower.join()
    print("interrupted", flush=True)
""",
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "waiting"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (out.split(), err) == (["False", "interrupted"], "")
    assert asked(sandbox) == 2
