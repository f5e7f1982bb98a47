"""Do the README's snippets and the examples run as they stand?"""

from __future__ import annotations

import functools
import re
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import active_oauth
import httpx
import pytest
import requests
from test_providers import browser
from test_session import asked, file_store

if TYPE_CHECKING:
    from sandbox import Sandbox

PYTHON = Path(__file__).parents[1]


@pytest.fixture
def here(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox is the world: it knows the client, and every client and httpx trust it."""
    sandbox.ask(
        "POST",
        "/client",
        {"provider": "buildpass", "client_id": "id", "client_secret": "secret", "redirect_uris": ["https://app.example/callback"]},
    )
    made = functools.partial(active_oauth.Client, base=sandbox.providers["buildpass"], agent=active_oauth.Agent(roots=sandbox.ca))
    monkeypatch.setattr(active_oauth, "Client", made)
    monkeypatch.setenv("BUILDPASS", sandbox.providers["buildpass"])
    monkeypatch.setenv("SSL_CERT_FILE", sandbox.ca)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", sandbox.ca)


@pytest.mark.usefixtures("here")
def test_the_four_lines_run(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(PYTHON / "examples" / "four_lines.py"))
    assert "Riverside Constructions" in capsys.readouterr().out


def test_the_readme_shows_the_same_four_lines() -> None:
    lines = (PYTHON / "examples" / "four_lines.py").read_text().partition("import active_oauth")
    assert lines[1] + lines[2] in (PYTHON / "README.md").read_text()


@pytest.mark.usefixtures("here")
def test_the_session_example_runs_and_its_second_start_asks_for_nothing(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOKEN_STORE", file_store(tmp_path))
    for _ in range(2):
        runpy.run_path(str(PYTHON / "examples" / "session.py"))
        assert capsys.readouterr().out.count("Riverside Constructions") == 11
    assert asked(sandbox) == 1


@pytest.mark.usefixtures("here")
def test_the_readmes_snippets_of_sessions_run(sandbox: Sandbox, tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (PYTHON / "README.md").read_text(), re.DOTALL)
    shared, login = (block for block in blocks if "active_oauth.Session(" in block)
    app = active_oauth.Client("buildpass", "id", secret="secret")
    known: dict[str, Any] = {"active_oauth": active_oauth, "httpx": httpx, "requests": requests, "client": app}
    known["url"] = sandbox.providers["buildpass"] + "/v1/builders"
    exec(re.sub(r'"file:[^"]*"', repr(file_store(tmp_path)), shared), known)
    assert asked(sandbox) == 1
    known["login"] = app.authorize("https://app.example/callback", scope="read:builders")
    known["url"] = browser(sandbox, known["login"].url)
    exec(re.sub(r'"redis:[^"]*"', '"memory:"', login), known)
    assert known["session"].call("GET", "/v1/builders").status == 200
