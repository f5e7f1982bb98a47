"""Does everything that goes wrong say whose move it is, within its bounds of time and memory?"""

from __future__ import annotations

import resource
import sys
import time
from typing import TYPE_CHECKING

import active_oauth
import pytest
from active_oauth import Agent, Client, Error, Garbled, Grant, NoAnswer, Refused, Token, Untrusted, Usage

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import MakeClient
    from sandbox import Sandbox

SCOPE = {"scope": "read:builders"}
JSON = {"Content-Type": "application/json"}


def ask(client: Client) -> Error:
    """The error of a BuildPass token request that cannot succeed."""
    with pytest.raises(Error) as raised:
        client.token("client_credentials", **SCOPE)
    return raised.value


@pytest.mark.parametrize(
    ("base", "says"),
    [
        ("http://localhost:1", "https"),
        ("not a url", "not a URL|absolute"),
        ("https://", "not a URL|absolute"),
        ("https://user:pass@localhost", "user"),
        ("ftp://localhost", "https"),
        ("https://localhost:99999", "URL|port"),
        ("https://localhost/\r\nx: y", "URL|character"),
    ],
)
def test_a_wrong_url_is_a_usage_error_before_anything_is_sent(client: MakeClient, base: str, says: str) -> None:
    error = ask(client("buildpass", base=base))
    assert isinstance(error, Usage), error
    assert isinstance(error, ValueError)
    assert error.kind == "usage"
    assert any(word in str(error) for word in says.split("|")), error


def test_plain_http_needs_its_ugly_name_and_loopback(client: MakeClient) -> None:
    error = ask(client("buildpass", base="http://127.0.0.1:1", danger_allow_plain_http_to_loopback=True))
    assert (error.kind, error.code, error.sent) == ("no_answer", "connect", "no")
    assert isinstance(ask(client("buildpass", base="http://example.com", danger_allow_plain_http_to_loopback=True)), Usage)


def test_unknown_words_are_usage_errors_at_once() -> None:
    with pytest.raises(Usage, match='no built-in "nobody", only activebuilding, mybuilding, buildpass, honeywell'):
        Client("nobody", "id")
    with pytest.raises(Usage, match="auth: must be"):
        Client("buildpass", "id", auth="digest")  # type: ignore[arg-type]
    with pytest.raises(Usage, match="body: must be"):
        Client("buildpass", "id", body="xml")  # type: ignore[arg-type]
    with pytest.raises(Usage, match="none of client_credentials"):
        Grant("implicit")
    for lifetime in (0, -1, float("nan"), float("inf")):
        with pytest.raises(Usage, match="lifetime: must be a number of seconds above zero"):
            Client("buildpass", "id").authorize("https://app.example/cb", lifetime=lifetime)
    with pytest.raises(Usage, match="roots: /no/such/file cannot be read: No such file or directory"):
        Agent(roots="/no/such/file")
    with pytest.raises(Usage, match="the PEM holds no certificate"):
        Agent(roots=LOCKED)
    with pytest.raises(Usage, match="provider record: missing field `token`"):
        Client(' {"version": 1, "name": "mine"}', "id")
    with pytest.raises(Usage, match="saved token: damaged"):
        Token.restore("{")
    with pytest.raises(Usage, match="newer than this library"):
        Token.restore('{"active_token": 99}')


@pytest.mark.parametrize("library", ["httpx", "requests"])
def test_a_library_that_is_not_installed_is_named_with_what_installs_it(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, f"active_oauth.{library}", raising=False)
    monkeypatch.delitem(vars(active_oauth), library, raising=False)
    with pytest.raises(ModuleNotFoundError, match=rf"needs {library}: pip install 'active-oauth\[{library}\]'"):
        getattr(active_oauth, library)


CERTIFICATE = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
LOCKED = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            {"certificate": "/no/such/file", "key": CERTIFICATE},
            "certificate: its file, or that of its key, cannot be read: No such file or directory",
        ),
        (
            {"certificate": CERTIFICATE, "key": "the-key-itself"},
            "certificate: its file, or that of its key, cannot be read: No such file or directory",
        ),
        ({"certificate": b"", "key": b""}, "client certificate: its PEM holds no certificate"),
        ({"certificate": CERTIFICATE}, "client certificate: the PEM of its key holds none"),
        ({"certificate": CERTIFICATE, "key": LOCKED}, "client certificate: the key is locked with a passphrase"),
        ({"key": LOCKED}, "key: it is a certificate's, and none is given"),
    ],
)
def test_a_certificate_without_its_key_is_a_usage_error_that_shows_nothing_of_it(given: dict[str, str | bytes], says: str) -> None:
    with pytest.raises(Usage) as raised:
        Agent(**given)  # type: ignore[arg-type]
    assert str(raised.value).startswith(says)
    assert "the-key-itself" not in str(raised.value)


def test_a_missing_parameter_is_named(client: MakeClient) -> None:
    with pytest.raises(Usage, match="buildpass needs the parameter scope"):
        client("buildpass").token("client_credentials")
    with pytest.raises(Usage, match="needs the parameter password"):
        client("activebuilding").token("password", username="jo")
    with pytest.raises(Usage, match="client_id: missing"):
        client("buildpass", id="").token("client_credentials", **SCOPE)


def test_none_and_other_types_are_type_errors_without_the_value(client: MakeClient) -> None:
    wrong: list[object] = [None, b"hunter2", 5]
    for value in wrong:
        with pytest.raises(TypeError, match="must be str") as raised:
            Grant("password", username="jo", password=value)  # type: ignore[arg-type]
        assert "hunter2" not in repr(raised.value)
    with pytest.raises(TypeError):
        Client(None, "id")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        client("buildpass").call(None, "GET", "/")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Token()


def test_a_lone_surrogate_is_a_usage_error_without_the_text(client: MakeClient) -> None:
    with pytest.raises(Usage, match="lone surrogate") as raised:
        client("buildpass", secret="hunter2\ud800")
    assert "hunter2" not in repr(raised.value.__context__) + repr(raised.value.args) + repr(raised.value.__cause__)


@pytest.mark.parametrize("setting", ["certificate", "key", "roots"])
def test_a_lone_surrogate_in_a_path_that_may_be_a_key_is_a_usage_error_without_it(setting: str) -> None:
    given = {"certificate": b"", setting: "-----BEGIN hunter2\ud800"}
    with pytest.raises(Usage, match="lone surrogate") as raised:
        Agent(**given)  # type: ignore[arg-type]
    assert "hunter2" not in repr(raised.value.__context__) + repr(raised.value.args) + repr(raised.value.__cause__)


def test_what_copying_leaves_around_a_secret_is_named(client: MakeClient) -> None:
    for secret in ("hunter2\n", " hunter2", "hun\x00ter2", ""):
        error = ask(client("buildpass", secret=secret))
        assert isinstance(error, Usage)
        assert "client_secret" in str(error)
        assert "hunter2" not in str(error)


def test_agents_settings_are_checked_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    for settings in (
        {"roots": tmp_path / "nowhere.pem"},
        {"roots": str(tmp_path / "empty.pem")},
        {"roots": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
        {"deadline": 0.0},
        {"deadline": -1.0},
        {"deadline": float("nan")},
        {"connect_timeout": float("inf")},
        {"proxy": "socks5://u:hunter2@p:1"},
        {"user_agent": "a\r\nb"},
    ):
        with pytest.raises(Usage) as raised:
            Agent(**settings)
        assert "hunter2" not in str(raised.value)
    assert "30s" in repr(Agent())
    Agent(roots="system")


def test_an_answer_that_is_html_is_garbled(client: MakeClient, sandbox: Sandbox) -> None:
    body = "<html><body>Bad gateway</body></html>"
    sandbox.fault("buildpass", "status", {"status": 200, "headers": {"Content-Type": "text/html"}, "body": body})
    error = ask(client("buildpass"))
    assert isinstance(error, Garbled)
    assert error.status == 200
    assert error.body == body.encode()


def test_a_busy_server_is_transient_and_says_when_to_come_back(client: MakeClient, sandbox: Sandbox) -> None:
    sandbox.fault("buildpass", "status", {"status": 503, "headers": {"Retry-After": "120"}, "body": "<h1>busy</h1>"})
    error = ask(client("buildpass"))
    assert isinstance(error, Refused), error
    assert (error.transient, error.retry_after, error.status) == (True, 120.0, 503)


def test_invalid_utf_8_and_line_breaks_in_a_token_are_garbled(client: MakeClient, sandbox: Sandbox) -> None:
    for body in (
        {"body_base64": "eyJhY2Nlc3NfdG9rZW4iOiL//iIsInRva2VuX3R5cGUiOiJCZWFyZXIifQ=="},
        {"body": '{"access_token":"a\\r\\nx: y","token_type":"Bearer"}'},
        {"body": '{"access_token":"a\\u0000","token_type":"Bearer"}'},
    ):
        sandbox.fault("buildpass", "status", {"status": 200, "headers": JSON, **body})
        assert isinstance(ask(client("buildpass")), Garbled)


def test_a_truncated_answer_was_maybe_sent(client: MakeClient, sandbox: Sandbox) -> None:
    sandbox.fault("buildpass", "cut", {"after": 10})
    error = ask(client("buildpass"))
    assert isinstance(error, NoAnswer)
    assert (error.code, error.sent, error.ambiguous) == ("cut", "maybe", False)


@pytest.mark.parametrize("gzip", [False, True])
def test_an_endless_answer_is_given_up_at_the_cap(client: MakeClient, sandbox: Sandbox, gzip: bool) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.monotonic()
    sandbox.fault("buildpass", "endless", {"gzip": gzip})
    error = ask(client("buildpass"))
    assert isinstance(error, NoAnswer)
    assert (error.code, error.sent) == ("too_large", "maybe")
    assert time.monotonic() - begun < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000, "KiB"


@pytest.mark.parametrize("status", [302, 307])
def test_no_redirect_is_followed(client: MakeClient, sandbox: Sandbox, status: int) -> None:
    buildpass = client("buildpass")
    other = {"Location": sandbox.providers["honeywell"] + "/oauth2/token"}
    sandbox.fault("buildpass", "status", {"status": status, "headers": other})
    error = ask(buildpass)
    assert error.kind in ("garbled", "refused"), error
    assert error.status == status
    token = buildpass.token("client_credentials", **SCOPE)
    sandbox.fault("buildpass", "status", {"status": status, "headers": other})
    assert buildpass.call(token, "GET", "/v1/builders").status == status, "an API's redirect is the caller's"
    assert sandbox.counters("honeywell")["requests"] == 0


@pytest.mark.parametrize(
    ("kind", "options", "sent"),
    [
        ("hang", {}, "no"),
        ("half_open", {}, "maybe"),
        ("drip", {"bytes": 1, "every_ms": 100}, "maybe"),
        ("slow_headers", {"bytes": 1, "every_ms": 100}, "maybe"),
    ],
)
def test_a_slow_server_ends_at_the_deadline(client: MakeClient, sandbox: Sandbox, kind: str, options: dict[str, int], sent: str) -> None:
    quick = client("buildpass", agent=Agent(roots=sandbox.ca, deadline=1.5))
    sandbox.fault("buildpass", kind, options)
    begun = time.monotonic()
    error = ask(quick)
    assert 1.4 < time.monotonic() - begun < 10
    assert isinstance(error, NoAnswer)
    assert (error.code, error.sent, error.transient) == ("timeout", sent, True)


@pytest.mark.parametrize(
    ("kind", "code", "sent"),
    [("reset", "cut", "maybe"), ("close", "cut", "maybe"), ("garbage_tls", "tls", "no"), ("raw", "protocol", "maybe")],
)
def test_a_broken_conversation_says_what_broke(client: MakeClient, sandbox: Sandbox, kind: str, code: str, sent: str) -> None:
    sandbox.fault("buildpass", kind, {"body": "220 smtp.example ESMTP\r\n"} if kind == "raw" else None)
    error = ask(client("buildpass"))
    assert (error.kind, error.code, error.sent) == ("no_answer", code, sent), error


@pytest.mark.parametrize(("which", "says"), [("expired", "expired"), ("wrong_host", "host|name"), ("untrusted", "issuer|authority|roots")])
def test_a_bad_certificate_is_untrusted_and_nothing_is_sent(client: MakeClient, sandbox: Sandbox, which: str, says: str) -> None:
    error = ask(client("buildpass", base=sandbox.bad[which]))
    assert isinstance(error, Untrusted)
    assert not error.transient
    assert any(word in str(error) for word in says.split("|")), error
    assert sandbox.counters(which)["requests"] == 0


def test_no_server_and_no_name_are_told_apart(client: MakeClient) -> None:
    nobody = ask(client("buildpass", base="https://127.0.0.1:9"))
    assert (nobody.kind, nobody.code, nobody.sent) == ("no_answer", "connect", "no")
    nowhere = ask(client("buildpass", base="https://nowhere.invalid"))
    assert (nowhere.kind, nowhere.code, nowhere.sent) == ("no_answer", "name", "no")


def test_an_api_answer_is_the_callers_whatever_it_is(client: MakeClient, sandbox: Sandbox) -> None:
    buildpass = client("buildpass")
    token = buildpass.token("client_credentials", **SCOPE)
    sandbox.fault("buildpass", "status", {"status": 502, "headers": {"X-Why": "a"}, "body": "<html>"})
    reply = buildpass.call(token, "GET", "/v1/builders")
    assert (reply.status, reply.text, reply.renewed) == (502, "<html>", None)
    assert [value for name, value in reply.headers if name.lower() == "x-why"] == ["a"]
    assert reply.header("X-WHY") == "a"
    assert reply.header("nothing") is None
    with pytest.raises(Garbled, match="line 1 column 1"):
        reply.json()
    with pytest.raises(Usage, match="belongs to"):
        buildpass.call(token, "GET", sandbox.providers["honeywell"] + "/v2/locations")
    with pytest.raises(Usage, match="header"):
        buildpass.call(token, "GET", "/v1/builders", headers={"X": "a\r\nb: c"})
    with pytest.raises(Usage, match="Authorization"):
        buildpass.call(token, "GET", "/v1/builders", headers={"Authorization": "Bearer x"})
    with pytest.raises(Usage, match="method"):
        buildpass.call(token, "G T", "/v1/builders")
