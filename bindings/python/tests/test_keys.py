"""How does a client prove who it is by a key, and how are tokens bound to one?"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from active_oauth import Client, Done, Expired, Garbled, Grant, Key, NoAnswer, Now, Save, Send, Session, Token, Usage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from active_oauth import Exchange, Request

NOW = Now(1_700_000_000_000, 0)
RECORD = {
    "version": 1,
    "name": "mine",
    "issuer": "https://login.example",
    "base": "https://login.example",
    "token": {"url": "/token", "auth": "private_key_jwt"},
    "api": {"base": "https://api.example", "expired": [{"status": [401]}]},
    "authorize": {"url": "/authorize"},
}
BOUND = {"access_token": "2YotnFZ", "token_type": "DPoP", "expires_in": 3600}
PEM = Key.generate_pem()


def sent(exchange: Exchange[Any], now: Now = NOW) -> Request:
    """The request that it sends."""
    step = exchange.step(now)
    assert isinstance(step, Send), step
    return step.request


def form(request: Request) -> dict[str, str]:
    """Its form."""
    return {name: value for name, (value,) in parse_qs(request.body.decode()).items()}


def opened(jwt: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A JWT's header and claims, not checked."""
    header, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in jwt.split(".")[:2])
    return header, claims


def hear(exchange: Exchange[Any], body: dict[str, Any], status: int = 200, **headers: str) -> None:
    """Hands in that answer."""
    exchange.receive(status, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(body).encode())


def done(exchange: Exchange[Any]) -> Any:
    """What it ends with."""
    step = exchange.step(NOW)
    assert isinstance(step, Done), step
    return step.value


def by_openssl(folder: Path, *arguments: str) -> bytes:
    """What openssl says."""
    return subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True).stdout


def test_a_client_proves_itself_by_its_key_alone() -> None:
    key = Key.from_pem("ES256", PEM, id="2026-11")
    client = Client(RECORD, "id", key=key)
    fields = form(sent(client.begin_token("client_credentials")))
    assert fields["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    assert "client_secret" not in fields
    header, claims = opened(fields["client_assertion"])
    assert header == {"alg": "ES256", "kid": "2026-11", "typ": "client-authentication+jwt"}
    jti = claims.pop("jti")
    assert claims == {"iss": "id", "sub": "id", "aud": "https://login.example", "iat": 1_700_000_000, "exp": 1_700_000_060}
    _, again = opened(form(sent(client.begin_token("client_credentials")))["client_assertion"])
    assert again["jti"] != jti


def test_the_audience_may_be_the_token_endpoint_for_servers_that_insist() -> None:
    client = Client(RECORD, "id", key=Key.from_pem("ES256", PEM), assertion_audience="token_endpoint")
    _, claims = opened(form(sent(client.begin_token("client_credentials")))["client_assertion"])
    assert claims["aud"] == "https://login.example/token"


def test_a_secret_signs_too() -> None:
    secret = "c5a7f0e1d2b34c6f8e9a0b1c2d3e4f50"
    client = Client(RECORD, "id", secret=secret, auth="client_secret_jwt")
    assertion = form(sent(client.begin_token("client_credentials")))["client_assertion"]
    message, _, signature = assertion.rpartition(".")
    expected = hmac.new(secret.encode(), message.encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64decode(signature + "==") == expected
    with pytest.raises(Usage, match="shorter than 32 bytes"):
        Client(RECORD, "id", secret="short", auth="client_secret_jwt").token("client_credentials")


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
def test_what_openssl_made_signs_and_openssl_believes_it(tmp_path: Path, algorithm: Any) -> None:
    kind = {"ES256": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "EdDSA": ["ED25519"]}.get(algorithm, ["RSA"])
    by_openssl(tmp_path, "genpkey", "-algorithm", *kind, "-out", "key.pem")
    by_openssl(tmp_path, "pkey", "-in", "key.pem", "-pubout", "-out", "public.pem")
    key = Key.from_pem(algorithm, (tmp_path / "key.pem").read_bytes(), id="k")
    assert key.algorithm == algorithm
    assert {"alg": algorithm, "kid": "k", "use": "sig"}.items() <= key.public_jwk().items()
    assert not {"d", "p", "q"} & key.public_jwk().keys()
    message, _, signature = key.sign_jwt({"sub": "jo"}, typ="own+jwt").rpartition(".")
    assert opened(message + ".") == ({"alg": algorithm, "typ": "own+jwt", "kid": "k"}, {"sub": "jo"})
    raw = base64.urlsafe_b64decode(signature + "==")
    (tmp_path / "message").write_bytes(message.encode())
    (tmp_path / "signature").write_bytes(der(raw) if algorithm == "ES256" else raw)
    check = ["pkeyutl", "-verify", "-pubin", "-inkey", "public.pem", "-in", "message", "-sigfile", "signature", "-rawin"]
    check += [] if algorithm == "EdDSA" else ["-digest", "sha256"]
    check += ["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:32"] if algorithm == "PS256" else []
    assert b"Verified" in by_openssl(tmp_path, *check)


def der(raw: bytes) -> bytes:
    """An ECDSA signature as openssl wants it."""

    def integer(number: bytes) -> bytes:
        number = number.lstrip(b"\0") or b"\0"
        number = b"\0" * (number[0] >> 7) + number
        return b"\x02" + bytes([len(number)]) + number

    inside = integer(raw[:32]) + integer(raw[32:])
    return b"\x30" + bytes([len(inside)]) + inside


def test_a_key_is_read_as_a_jwk_too() -> None:
    # RFC 8037 appendix A.1, and its thumbprint of appendix A.3.
    jwk = {
        "kty": "OKP",
        "crv": "Ed25519",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "kid": "mine",
    }
    key = Key.from_jwk("EdDSA", jwk)
    assert (key.id, key.thumbprint) == ("mine", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    assert Key.from_jwk("EdDSA", json.dumps(jwk), id="other").id == "other"
    assert repr(key) == 'Key(EdDSA, id="mine")'


def test_a_new_key_is_another_one_each_time() -> None:
    first, second = Key.generate("EdDSA", id="one"), Key.generate("EdDSA")
    assert (first.algorithm, first.id, second.id) == ("EdDSA", "one", None)
    assert first.thumbprint != second.thumbprint
    pem = Key.generate_pem("EdDSA")
    assert Key.from_pem("EdDSA", pem).thumbprint == Key.from_pem("EdDSA", pem.encode()).thumbprint
    assert Key.generate().algorithm == "ES256"


@pytest.mark.parametrize(
    "read",
    [
        lambda: Key.from_pem("ES256", "-----BEGIN PRIVATE KEY-----\nS3NTINEL\n-----END PRIVATE KEY-----\n"),
        lambda: Key.from_pem("RS256", PEM),
        lambda: Key.from_pem("ES256", b"\xff\xfe"),
        lambda: Key.from_jwk("ES256", '{"kty":"EC","d":"S3NTINEL"'),
        lambda: Key.from_pem("HS256", PEM),  # type: ignore[arg-type]
        lambda: Key.generate("RS256"),  # type: ignore[arg-type]
        lambda: Key.generate_pem("none"),  # type: ignore[arg-type]
        lambda: Key.generate().sign_jwt("S3NTINEL"),
    ],
)
def test_what_is_no_key_is_told_and_not_shown(read: Callable[[], object]) -> None:
    with pytest.raises(Usage) as raised:
        read()
    assert "S3NTINEL" not in str(raised.value)


def test_a_client_without_its_key_is_told_before_anything_is_sent() -> None:
    with pytest.raises(Usage, match="give the client its key"):
        Client(RECORD, "id").token("client_credentials")
    with pytest.raises(Usage, match="given no key for it"):
        Client(RECORD, "id", key=Key.generate(), dpop_required=True).token("client_credentials")
    with pytest.raises(TypeError, match="a Key is needed, or an object with algorithm and sign"):
        Client(RECORD, "id", key=PEM)  # type: ignore[arg-type]
    with pytest.raises(Usage, match="assertion_audience: must be"):
        Client(RECORD, "id", assertion_audience="all")  # type: ignore[arg-type]


class Hardware:
    """A key that is somewhere else."""

    algorithm = "ES256"
    key_id = "slot-3"

    def __init__(self, signature: object = b"\x01" * 64) -> None:
        self.signature = signature
        self.asked: list[bytes] = []

    def sign(self, message: bytes, /) -> bytes:
        """Remembers what it was asked to sign."""
        self.asked.append(message)
        if isinstance(self.signature, Exception):
            raise self.signature
        return self.signature  # type: ignore[return-value]


def test_a_key_in_hardware_signs_by_an_object_of_the_programs_own() -> None:
    hardware = Hardware()
    assertion = form(sent(Client(RECORD, "id", key=hardware).begin_token("client_credentials")))["client_assertion"]
    message, _, signature = assertion.rpartition(".")
    assert hardware.asked == [message.encode()]
    assert base64.urlsafe_b64decode(signature + "==") == b"\x01" * 64
    assert opened(assertion)[0] == {"alg": "ES256", "kid": "slot-3", "typ": "client-authentication+jwt"}


def test_a_key_in_hardware_binds_tokens_and_signs_whatever_a_key_of_ours_does() -> None:
    ours = Key.from_pem("ES256", PEM)
    asked: list[bytes] = []

    def sign(message: bytes) -> bytes:
        asked.append(message)
        return b"\x01" * 64

    hardware = Key.from_signer("ES256", {**ours.public_jwk(), "d": "S3NTINEL"}, sign, id="slot-3")
    assert (hardware.algorithm, hardware.id, hardware.thumbprint) == ("ES256", "slot-3", ours.thumbprint)
    assert hardware.public_jwk() == {**ours.public_jwk(), "kid": "slot-3"}
    assert repr(hardware) == 'Key(ES256, id="slot-3")'
    client = Client(RECORD, "id", key=hardware, dpop=hardware)
    request = sent(client.begin_token("client_credentials"))
    proof, assertion = dict(request.headers)["dpop"], form(request)["client_assertion"]
    assert opened(proof)[0]["jwk"].keys() == {"kty", "crv", "x", "y"}
    assert [message.decode() for message in asked] == [assertion.rpartition(".")[0], proof.rpartition(".")[0]]
    jwt = hardware.sign_jwt({"sub": "jo"}, typ="own+jwt")
    assert opened(jwt) == ({"alg": "ES256", "kid": "slot-3", "typ": "own+jwt"}, {"sub": "jo"})
    assert f"dpop_jkt={ours.thumbprint}" in client.authorize("https://app.example/cb", signed=False, now=NOW).url


def test_a_key_elsewhere_needs_its_public_half_and_a_callable() -> None:
    public = Key.generate().public_jwk()
    for wrong in ({"kty": "oct", "k": "S3NTINEL"}, "S3NTINEL", {**public, "x": 1}):
        with pytest.raises(Usage, match="jwk") as raised:
            Key.from_signer("ES256", wrong, bytes)
        assert "S3NTINEL" not in str(raised.value)
    with pytest.raises(TypeError, match="sign must be callable"):
        Key.from_signer("ES256", public, "S3NTINEL")  # type: ignore[arg-type]
    with pytest.raises(Usage, match="no asymmetric signature"):
        Client(RECORD, "id", dpop=Key.from_signer("HS256", public, bytes)).token("client_credentials")

    def broken(_: bytes) -> bytes:
        raise OSError("the PIN S3NTINEL is wrong")

    client = Client(RECORD, "id", auth="none", dpop=Key.from_signer("ES256", public, broken))
    with pytest.raises(Usage, match="the signer raised OSError") as raised:
        client.token("client_credentials")
    assert "S3NTINEL" not in str(raised.value)


def test_a_client_can_be_given_more_after_it_was_made() -> None:
    first = Client(RECORD, "id", auth="none")
    key = Key.generate()
    second = first.replace(dpop=key, base="https://other.example")
    assert "dpop" not in dict(sent(first.begin_token("client_credentials")).headers)
    request = sent(second.begin_token("client_credentials"))
    assert request.url == "https://other.example/token"
    assert "dpop" in dict(request.headers)
    with pytest.raises(Usage, match="auth"):
        first.replace(auth="floppy")  # type: ignore[arg-type]


def test_a_token_without_a_refresh_token_is_renewed_by_its_grant() -> None:
    client = Client(RECORD, "id", auth="none")
    exchange = client.begin_token("client_credentials", scope="a")
    sent(exchange)
    hear(exchange, {**BOUND, "token_type": "Bearer"})
    token = done(exchange)
    with pytest.raises(Expired, match="no grant to repeat, so log in again"):
        client.begin_refresh(token).step(NOW)
    renewal = client.begin_refresh(token, renew_by=Grant("client_credentials", scope="a"))
    assert form(sent(renewal)) == {"grant_type": "client_credentials", "scope": "a", "client_id": "id"}
    hear(renewal, {**BOUND, "access_token": "new", "token_type": "Bearer"})
    assert isinstance(renewal.step(NOW), Save)
    assert done(renewal).access_token == "new"


@pytest.mark.parametrize("answer", [ValueError("the PIN S3NTINEL is wrong"), "text", None])
def test_hardware_that_cannot_sign_is_told_without_its_words(answer: object) -> None:
    with pytest.raises(Usage, match="the signer raised") as raised:
        Client(RECORD, "id", key=Hardware(answer)).token("client_credentials")
    assert "S3NTINEL" not in str(raised.value)


def test_threads_of_a_session_wait_for_one_signature_and_for_nothing_else() -> None:
    class Slow(Hardware):
        """Lets the interpreter go in the middle."""

        def sign(self, message: bytes, /) -> bytes:
            time.sleep(0.2)
            return super().sign(message)

    hardware = Slow()
    nowhere = {**RECORD, "base": "https://127.0.0.1:1"}
    session = Session(Client(nowhere, "id", key=hardware), "client_credentials")

    def ask() -> str:
        with pytest.raises(NoAnswer) as raised:
            session.token()
        return str(raised.value.sent)

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(lambda _: ask(), range(16))) == ["no"] * 16
    assert len(hardware.asked) == 1


def bound(client: Client) -> Token:
    """A token that is bound to its client's key."""
    exchange = client.begin_token("client_credentials")
    sent(exchange)
    hear(exchange, BOUND)
    token = done(exchange)
    assert isinstance(token, Token)
    return token


def test_every_request_carries_a_proof_of_its_own() -> None:
    key = Key.from_pem("ES256", PEM)
    client = Client(RECORD, "id", auth="none", dpop=key)
    header, claims = opened(dict(sent(client.begin_token("client_credentials")).headers)["dpop"])
    assert header["typ"] == "dpop+jwt"
    assert header["jwk"] == {name: value for name, value in key.public_jwk().items() if name in ("kty", "crv", "x", "y")}
    assert (claims["htm"], claims["htu"], claims["iat"]) == ("POST", "https://login.example/token", 1_700_000_000)
    token = bound(client)
    assert token.authorization == "DPoP 2YotnFZ"
    request = sent(client.begin_call(token, "GET", "/things", query={"a": "b"}))
    headers = dict(request.headers)
    assert headers["authorization"] == "DPoP 2YotnFZ"
    _, claims = opened(headers["dpop"])
    assert (claims["htm"], claims["htu"]) == ("GET", "https://api.example/things")
    assert claims["ath"] == base64.urlsafe_b64encode(hashlib.sha256(b"2YotnFZ").digest()).decode().rstrip("=")
    assert f"dpop_jkt={key.thumbprint}" in client.authorize("https://app.example/cb", now=NOW).url


def test_a_servers_nonce_is_taken_up_once_and_kept() -> None:
    client = Client(RECORD, "id", auth="none", dpop=Key.generate())
    exchange = client.begin_token("client_credentials")
    sent(exchange)
    hear(exchange, {"error": "use_dpop_nonce"}, 400, DPoP_Nonce="eyJ7S_zG")
    assert opened(dict(sent(exchange).headers)["dpop"])[1]["nonce"] == "eyJ7S_zG"
    hear(exchange, BOUND)
    done(exchange)
    assert opened(dict(sent(client.begin_token("client_credentials")).headers)["dpop"])[1]["nonce"] == "eyJ7S_zG"


def test_a_token_that_is_not_bound_tells_so_or_is_refused() -> None:
    for required in (False, True):
        exchange = Client(RECORD, "id", auth="none", dpop=Key.generate(), dpop_required=required).begin_token("client_credentials")
        sent(exchange)
        hear(exchange, {**BOUND, "token_type": "Bearer"})
        if required:
            with pytest.raises(Garbled):
                exchange.step(NOW)
        else:
            assert len(done(exchange).deviations) == 1


def test_a_session_keeps_a_bound_token_too() -> None:
    client = Client(RECORD, "id", auth="none", dpop=Key.generate())
    session = Session(client)
    token = bound(client)
    session.login(token, now=NOW)
    request = sent(session.begin_call("GET", "/things"))
    assert {"authorization", "dpop"} <= dict(request.headers).keys()


def test_an_assertion_of_the_programs_own_is_a_grant() -> None:
    assertion = Key.from_pem("ES256", PEM).sign_jwt({"iss": "me", "sub": "jo", "aud": "https://login.example"})
    grant = Grant("urn:ietf:params:oauth:grant-type:jwt-bearer", assertion=assertion)
    fields = form(sent(Client(RECORD, "id", auth="none").begin_token(grant)))
    assert fields["assertion"] == assertion
    assert assertion not in repr(grant)
