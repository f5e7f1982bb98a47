"""How do the tests talk to an authorization server that others wrote?"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from active_oauth import Agent, Client, Key, Provider

Object = dict[str, Any]


class Counterpart:
    """A real server on loopback, and the user in front of it: the program `counterparts`, ended by closing its stdin."""

    def __init__(self, kind: str) -> None:
        self.process = subprocess.Popen([program(), kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.told: Object = self.line()
        self.issuer: str = self.told["issuer"]
        self.ca: str = self.told["ca_pem"]
        self.agent = Agent(roots=self.ca.encode())

    def line(self) -> Object:
        """The next line of what it says."""
        assert self.process.stdout is not None
        text = self.process.stdout.readline()
        assert text, "counterparts ended: tests/setup build/venv python brings the servers"
        answer: Object = json.loads(text)
        return answer

    def wish(self, do: str, **more: str) -> Any:
        """What the user or the test wants done; the one member of what came of it."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **more}) + "\n")
        self.process.stdin.flush()
        answer = self.line()
        assert "error" not in answer, answer
        return next(iter(answer.values()), None)

    def showing(self, name: str) -> Agent:
        """An agent that shows this client certificate."""
        shown = self.told["certificates"][name]
        return Agent(roots=self.ca.encode(), certificate=shown["certificate"], key=shown["key"])

    def sign_in(self, url: str, user: str = "alice") -> str:
        """Where the browser ends when that user agrees."""
        return str(self.wish("sign_in", url=url, user=user))

    def provider(self, issuer: str | None = None) -> Provider:
        """As the server describes itself."""
        return Provider.discover(issuer or self.issuer, agent=self.agent)

    def key(self, name: str) -> Key:
        """The key of that client."""
        known = self.told["clients"][name]["key"]
        return Key.from_pem(known["alg"], known["pem"], id=known["kid"])

    def client(self, name: str, **options: Any) -> Client:
        """The client of that name in the server's own list, proving itself as it is known there."""
        known = self.told["clients"][name]
        auth = {"client_secret_basic": "basic", "client_secret_post": "post"}.get(known["method"], known["method"])
        given: Object = {"secret": known.get("secret"), "auth": auth, "agent": self.agent, "base": self.issuer}
        if auth == "private_key_jwt":
            given["key"] = self.key(name)
        provider = options.pop("provider", None) or self.provider()
        return Client(provider, known["id"], **{**given, **options})

    def close(self) -> None:
        """Ends the program, and sees it end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)


def program() -> str:
    """The program: ACTIVE_COUNTERPARTS, or where cargo builds it."""
    root = Path(__file__).resolve().parents[3]
    target = Path(os.environ.get("CARGO_TARGET_DIR", root / "target"))
    for candidate in (os.environ.get("ACTIVE_COUNTERPARTS"), *(str(target / profile / "counterparts") for profile in ("release", "debug"))):
        if candidate and Path(candidate).is_file():
            return candidate
    raise FileNotFoundError("counterparts: build it with `cargo build -p counterparts`, or name it in ACTIVE_COUNTERPARTS")
