"""Does the README's snippet run as it stands?"""

from __future__ import annotations

import functools
import runpy
from pathlib import Path
from typing import TYPE_CHECKING

import active_oauth

if TYPE_CHECKING:
    import pytest
    from sandbox import Sandbox

PYTHON = Path(__file__).parents[1]


def test_the_four_lines_run(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    sandbox.ask("POST", "/client", {"provider": "buildpass", "client_id": "id", "client_secret": "secret"})
    here = functools.partial(active_oauth.Client, base=sandbox.providers["buildpass"], agent=active_oauth.Agent(roots=sandbox.ca))
    monkeypatch.setattr(active_oauth, "Client", here)
    runpy.run_path(str(PYTHON / "examples" / "four_lines.py"))
    assert "Riverside Constructions" in capsys.readouterr().out


def test_the_readme_shows_the_same_four_lines() -> None:
    lines = (PYTHON / "examples" / "four_lines.py").read_text().partition("import active_oauth")
    assert lines[1] + lines[2] in (PYTHON / "README.md").read_text()
