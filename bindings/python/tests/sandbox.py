"""How do the tests talk to the sandbox program?"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

Object = dict[str, Any]


class Sandbox:
    """The four providers on loopback, over real HTTPS: the program `active-sandbox`, ended by closing its stdin."""

    def __init__(self) -> None:
        self.process = subprocess.Popen([program()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line: Object = json.loads(self.process.stdout.readline())
        self.ca: str = line["ca"]
        self.control: str = line["control"]
        self.providers: dict[str, str] = line["providers"]
        self.bad: dict[str, str] = line["bad"]
        self.credentials: Object = line["credentials"]

    def ask(self, method: str, path: str, body: Object | None = None) -> Any:
        """Calls a route of the control address."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.control + path, data=data, method=method, headers={"content-type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                text = answer.read()
        except urllib.error.HTTPError as refused:
            raise ValueError(f"{method} {path}: {refused.read().decode()}") from None
        return json.loads(text) if text else None

    def fault(self, provider: str, kind: str, more: Mapping[str, object] | None = None, *, times: int = 1, path: str | None = None) -> None:
        """The next requests to that provider (to that path) go wrong in this way."""
        where = {} if path is None else {"path": path}
        self.ask("POST", "/fault", {"provider": provider, "fault": {"kind": kind, **(more or {})}, "times": times, **where})

    def log(self) -> list[Object]:
        """The requests as received."""
        answer = self.ask("GET", "/log")
        return cast("list[Object]", answer if isinstance(answer, list) else answer["requests"])

    def counters(self, provider: str) -> Object:
        """What clients did there."""
        return cast("Object", self.ask("GET", "/counters")[provider])

    def reset(self) -> None:
        """No faults and no log, as at the start."""
        self.ask("DELETE", "/fault")
        self.ask("DELETE", "/log")

    def close(self) -> None:
        """Ends the program, and sees it end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)


def program() -> str:
    """The program: ACTIVE_SANDBOX, on the PATH, or where cargo builds it."""
    root = Path(__file__).resolve().parents[3]
    target = Path(os.environ.get("CARGO_TARGET_DIR", root / "target"))
    candidates = [os.environ.get("ACTIVE_SANDBOX"), shutil.which("active-sandbox")]
    candidates += [str(target / profile / "active-sandbox") for profile in ("release", "debug")]
    for candidate in candidates:
        if candidate and Path(candidate).is_file():
            return candidate
    raise FileNotFoundError("active-sandbox: build it with `cargo build -p active-sandbox`, or name it in ACTIVE_SANDBOX")
