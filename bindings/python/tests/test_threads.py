"""Does it share a process well: with threads, signals, forks and other threads' wishes to stop?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from active_oauth import Agent, Cancel, Client, NoAnswer

if TYPE_CHECKING:
    from conftest import MakeClient
    from sandbox import Sandbox


def test_eight_threads_share_a_client_and_its_connections(client: MakeClient, sandbox: Sandbox) -> None:
    buildpass = client("buildpass")

    def work(_: int) -> int:
        token = buildpass.token("client_credentials", scope="read:builders")
        return buildpass.call(token, "GET", "/v1/builders").status

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(80))) == [200] * 80
    counters = sandbox.counters("buildpass")
    assert (counters["token_requests"], counters["api_requests"]) == (80, 80)
    assert counters["connections"] <= 16, "they are reused"


def test_other_threads_run_while_one_waits(client: MakeClient, sandbox: Sandbox) -> None:
    waiting = client("buildpass", agent=Agent(roots=sandbox.ca, deadline=1))
    sandbox.fault("buildpass", "half_open")
    counted = 0

    def wait() -> None:
        with pytest.raises(NoAnswer):
            waiting.token("client_credentials", scope="read:builders")

    thread = threading.Thread(target=wait)
    thread.start()
    while thread.is_alive():
        counted += 1
        time.sleep(0.001)
    assert counted > 20, "the interpreter was let go"


def test_another_thread_can_cancel(client: MakeClient, sandbox: Sandbox) -> None:
    cancel = Cancel()
    waiting = client("buildpass", agent=Agent(roots=sandbox.ca).with_cancel(cancel))
    sandbox.fault("buildpass", "half_open")
    threading.Timer(0.3, cancel.cancel).start()
    begun = time.monotonic()
    with pytest.raises(NoAnswer) as raised:
        waiting.token("client_credentials", scope="read:builders")
    assert time.monotonic() - begun < 8
    assert cancel.is_cancelled
    assert (raised.value.code, raised.value.transient) == ("cancelled", False)


SCRIPT = """
    import sys, time, active_oauth
    base, ca, id, secret = sys.argv[1:5]
    client = active_oauth.Client("buildpass", id, secret=secret, base=base, agent=active_oauth.Agent(roots=ca))
"""


def start(sandbox: Sandbox, script: str) -> subprocess.Popen[str]:
    """A Python of its own that does this with a client."""
    known = sandbox.credentials["buildpass"]
    arguments = [sandbox.providers["buildpass"], sandbox.ca, known["client_id"], known["client_secret"]]
    command = [sys.executable, "-c", textwrap.dedent(SCRIPT) + textwrap.dedent(script), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("kind", ["hang", "half_open"])
def test_ctrl_c_gets_through_while_a_server_hangs(sandbox: Sandbox, kind: str) -> None:
    sandbox.fault("buildpass", kind)
    process = start(
        sandbox,
        """
        print("ready", flush=True)
        try:
            client.token("client_credentials", scope="read:builders")
        except KeyboardInterrupt:
            print("interrupted", flush=True)
        """,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    time.sleep(0.5)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline().strip() == "interrupted"
    assert time.monotonic() - begun < 8, "about 100 ms on a machine that is not busy"
    process.communicate(timeout=10)
    assert process.returncode == 0


def test_a_forked_worker_opens_its_own_connections(sandbox: Sandbox) -> None:
    process = start(
        sandbox,
        """
        import os
        def ask(): return client.token("client_credentials", scope="read:builders")
        ask()
        children = []
        for _ in range(3):
            child = os.fork()
            if child == 0:
                for _ in range(5): ask()
                os._exit(0)
            children.append(child)
        for _ in range(5): ask()
        print([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children])
        ask()
        """,
    )
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out.strip() == "[0, 0, 0]", err
    counters = sandbox.counters("buildpass")
    assert counters["token_requests"] == 22
    assert counters["connections"] == 4, "one for the parent, one for each child"


def test_a_signal_handler_that_does_not_raise_does_not_disturb(client: MakeClient, sandbox: Sandbox) -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, _frame: heard.append(number))
    try:
        sandbox.fault("buildpass", "delay", {"ms": 600})
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGUSR1)).start()
        assert client("buildpass").token("client_credentials", scope="read:builders").access_token
        assert heard == [signal.SIGUSR1]
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_a_daemon_thread_that_waits_does_not_keep_python_from_ending(sandbox: Sandbox) -> None:
    sandbox.fault("buildpass", "half_open")
    process = start(
        sandbox,
        """
        import threading
        ask = lambda: client.token("client_credentials", scope="read:builders")
        threading.Thread(target=ask, daemon=True).start()
        time.sleep(0.5)
        """,
    )
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")


def test_importing_it_is_cheap() -> None:
    script = "import sys, time; t = time.perf_counter(); import active_oauth; print(time.perf_counter() - t, 'typing' in sys.modules)"
    runs = [
        subprocess.run([sys.executable, "-S", "-c", script], capture_output=True, text=True, check=True, env=pythonpath()) for _ in range(5)
    ]
    seconds = min(float(run.stdout.split()[0]) for run in runs)
    assert seconds < 0.05, "a few ms, most of them the linker's"
    assert all(run.stdout.split()[1] == "False" for run in runs)


def pythonpath() -> dict[str, str]:
    """Where this process finds the package, also without site-packages."""
    import active_oauth

    return {**os.environ, "PYTHONPATH": str(Path(active_oauth.__file__).parents[1])}


def test_a_client_is_the_same_from_each_thread() -> None:
    made = Client("buildpass", "id")
    with ThreadPoolExecutor(2) as pool:
        assert pool.submit(lambda: made.id).result() == "id"
