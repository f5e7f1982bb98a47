"""Do the examples of the flows run as they stand, against servers that others wrote?"""

from __future__ import annotations

import builtins
import http.server
import json
import os
import runpy
import ssl
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from active_oauth import Challenge, Client, Key
from counterpart import Counterpart

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Runs an example as a client of that server, and gives what it defined."""

    def started(name: str, server: Counterpart, client: str, **environment: str) -> dict[str, Any]:
        known = server.told["clients"][client]
        (tmp_path / "ca.pem").write_text(server.ca + environment.pop("more_roots", ""))
        given = {"ISSUER": server.issuer, "CLIENT_ID": known["id"], "ROOTS": str(tmp_path / "ca.pem"), **environment}
        given |= {"CLIENT_SECRET": known["secret"]} if "secret" in known else {}
        for variable, value in given.items():
            monkeypatch.setenv(variable, value)
        return runpy.run_path(str(EXAMPLES / f"{name}.py"))

    return started


@pytest.fixture
def run(started: Callable[..., dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs an example as a client of that server, and gives what it printed."""

    def run(*which: Any, **environment: str) -> str:
        started(*which, **environment)
        return capsys.readouterr().out

    return run


def test_a_device_shows_a_code_and_waits(server: Counterpart, run: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    show = print

    def shown(*words: Any, **options: Any) -> None:
        show(*words, **options)
        if str(words[0]).startswith("Open "):
            _, uri, _, _, code = str(words[0]).split()
            server.wish("approve_device", url=f"{uri}?user_code={code}", user="alice")

    monkeypatch.setattr(builtins, "print", shown)
    assert run("device", server, "public").endswith("Hello alice\n")


def test_a_key_proves_who_the_client_is(server: Counterpart, run: Callable[..., str], tmp_path: Path) -> None:
    key = server.told["clients"]["key-es256"]["key"]
    (tmp_path / "key.pem").write_text(key["pem"])
    printed = run("private_key_jwt", server, "key-es256", KEY_FILE=str(tmp_path / "key.pem"), KEY_ID=key["kid"])
    assert printed == "https://api.example/opaque\n"


def test_a_program_on_a_desktop_logs_in_by_a_port_of_its_own(
    server: Counterpart, run: Callable[..., str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # The "browser" that the machine starts tells us the URL.
    browser, seen = tmp_path / "xdg-open", tmp_path / "seen"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {seen}.new && mv {seen}.new {seen}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    def user() -> None:
        deadline = time.monotonic() + 20
        while not seen.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert "request_uri=" in seen.read_text()
        assert "return to Example" in httpx.get(server.sign_in(seen.read_text())).text

    with ThreadPoolExecutor(1) as threads:
        came_back = threads.submit(user)
        assert run("par_loopback", server, "public") == "Hello alice\n"
        came_back.result()


def test_tokens_are_bound_to_a_key_that_outlives_the_program(server: Counterpart, run: Callable[..., str], tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    for _ in range(2):
        assert run("dpop", server, "dpop", KEY_FILE=str(file)) == "DPoP True\n"
        assert file.stat().st_mode & 0o777 == 0o600


def test_a_token_is_exchanged(authlib: Counterpart, run: Callable[..., str]) -> None:
    known = authlib.told["clients"]["plain"]
    record = {"version": 1, "name": "authlib", "base": authlib.issuer, "token": {"url": "/token"}}
    client = Client(record, known["id"], secret=known["secret"], agent=authlib.agent)
    user, password = next(iter(authlib.told["users"].items()))
    subject = client.token("password", username=user, password=password, scope="read").access_token
    printed = run("token_exchange", authlib, "plain", SUBJECT_TOKEN=subject)
    assert printed == "urn:ietf:params:oauth:token-type:access_token\n"


def test_an_api_lets_in_who_has_a_token_for_it_and_wants_a_fresh_login_for_what_matters(
    server: Counterpart, started: Callable[..., dict[str, Any]]
) -> None:
    resource = "https://api.example/jwt"
    app = started("api", server, "basic", RESOURCE=resource)["app"]

    def called(path: str, authorization: str | None) -> tuple[str, dict[str, str], bytes]:
        said: list[Any] = []
        body = app({"PATH_INFO": path, "HTTP_AUTHORIZATION": authorization or ""}, lambda *answer: said.extend(answer))
        return said[0], dict(said[1]), b"".join(body)

    for nobody in (None, "Bearer none", "Basic eA=="):
        assert called("/", nobody)[:2] == ("401 Unauthorized", {"WWW-Authenticate": 'Bearer error="invalid_token"'})
    machine = server.client("basic").token("client_credentials", resource=resource, scope="read")
    assert called("/", machine.authorization)[2] == b'{"hello": "basic", "scope": "read"}'
    bound = server.client("dpop", dpop=Key.generate()).token("client_credentials", resource=resource, scope="read")
    assert called("/", bound.authorization)[0] == "401 Unauthorized"
    status, headers, _ = called("/transfer", machine.authorization)
    demand = Challenge.step_up(headers["WWW-Authenticate"])
    assert status == "401 Unauthorized"
    client = server.client("id-token-es256")
    login = client.authorize("https://client.example/callback", scope="openid read", resource=resource, step_up=demand)
    user = client.callback(login, server.sign_in(login.url))
    assert called("/transfer", user.authorization)[::2] == ("200 OK", b'{"hello": "alice", "scope": "read"}')


class Api:
    """An API on loopback that wants tokens and says who issues them."""

    def __init__(self, folder: Path, issuer: str) -> None:
        files = ["-keyout", str(folder / "api.key"), "-out", str(folder / "api.pem")]
        kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost"]
        more = ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"]
        subprocess.run(["openssl", "req", "-x509", *kind, *more, *files], check=True, capture_output=True)
        self.ca = (folder / "api.pem").read_text()
        api = self

        class Answers(http.server.BaseHTTPRequestHandler):
            """What it says."""

            def do_GET(self) -> None:
                """To everybody what it is, to the others what they came for."""
                allowed = self.headers.get("authorization", "").startswith("Bearer ")
                told = {"resource": api.url, "authorization_servers": [issuer], "scopes_supported": ["read"]}
                known = self.path == "/meta"
                self.send_response(200 if known or allowed else 401)
                self.send_header("WWW-Authenticate", f'Bearer resource_metadata="{api.origin}/meta", scope="read"')
                body = json.dumps(told if known else {}).encode()
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Says nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(folder / "api.pem", folder / "api.key")
        self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.origin = f"https://localhost:{self.server.server_port}"
        self.url = f"{self.origin}/mcp"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def test_from_a_401_to_a_call_that_succeeds(
    server: Counterpart, run: Callable[..., str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    api = Api(tmp_path, server.issuer)
    (tmp_path / "api_ca.pem").write_text(api.ca)

    def user(prompt: str) -> str:
        return server.sign_in(prompt.split()[3])

    monkeypatch.setattr(builtins, "input", user)
    printed = run("from_a_401", server, "public", API=api.url, more_roots=api.ca, SSL_CERT_FILE=str(tmp_path / "api_ca.pem"))
    api.server.shutdown()
    assert printed.splitlines()[-1] == "200"
