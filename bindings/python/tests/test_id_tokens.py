"""Who logged in, by the server's signature?"""

from __future__ import annotations

import base64
import itertools
import json
import os
import threading
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from active_oauth import Client, Exchange, Key, Login, NoAnswer, Now, Provider, Token, Untrusted, Usage, thumbprint, verify_jws
from test_discovery import METADATA, NOW, answered, done, sent

KEY = Key.generate("ES256", id="one")
JWKS = {"keys": [KEY.public_jwk()]}
CALLBACK = "https://app.example/cb"
ISSUERS = (f"https://login{number}.example" for number in itertools.count())


def provider(**other: object) -> Provider:
    """A server of its own each time."""
    issuer = next(ISSUERS)
    metadata = {name: value.replace(METADATA["issuer"], issuer) if isinstance(value, str) else value for name, value in METADATA.items()}
    metadata |= {"jwks_uri": f"{issuer}/jwks", "token_endpoint_auth_methods_supported": ["none"]}
    exchange = Provider.begin_discover(issuer)
    answered(exchange, {**metadata, **other})
    found = done(exchange)
    assert isinstance(found, Provider)
    return found


def issuer(client: Client) -> str:
    """Whose client it is."""
    return str(client.provider.metadata("/issuer"))


def claims(client: Client, **other: object) -> dict[str, Any]:
    """What its ID token should say; what is None is left out."""
    issued = NOW.wall // 1000
    told = {"iss": issuer(client), "sub": "jo", "aud": client.id, "exp": issued + 300, "iat": issued, **other}
    return {name: value for name, value in told.items() if value is not None}


def begun(client: Client) -> tuple[Exchange[Token], str]:
    """A login whose code is about to be exchanged, and the nonce it was sent with."""
    login = client.authorize(CALLBACK, scope="openid", now=NOW)
    asked = parse_qs(urlsplit(login.url).query)
    back = f"{CALLBACK}?code=c&state={asked['state'][0]}&iss={issuer(client)}"
    return client.begin_callback(Login.restore(login.saved()), back), asked["nonce"][0]


def answer(exchange: Exchange[Token], id_token: str | None) -> None:
    """The token endpoint's answer, with that ID token."""
    answered(exchange, {"access_token": "at", "token_type": "Bearer", **({"id_token": id_token} if id_token is not None else {})})


def logged_in(client: Client) -> Token:
    """The token of a user who logged in."""
    exchange, nonce = begun(client)
    answer(exchange, KEY.sign_jwt(claims(client, nonce=nonce)))
    answered(exchange, JWKS)
    token = done(exchange)
    assert isinstance(token, Token)
    return token


def test_an_id_token_is_checked_without_being_asked_and_each_client_reads_its_servers_keys_for_itself() -> None:
    client = Client(provider(), "id")
    exchange, nonce = begun(client)
    answer(exchange, KEY.sign_jwt(claims(client, nonce=nonce)))
    assert answered(exchange, JWKS).url == f"{issuer(client)}/jwks"
    token = done(exchange)
    told = client.begin_id_token(token, nonce=nonce)
    assert done(told).value() == claims(client, nonce=nonce)
    assert done(client.replace(policy="oauth_2_1").begin_id_token(token)).field("/sub") == "jo", "a copy of the client knows them, too"
    # Another client's requests may be carried by somebody else, whom this one need not believe.
    other = Client(client.provider, "id").begin_id_token(token)
    assert answered(other, {"keys": [Key.generate("ES256", id="one").public_jwk()]}).url == f"{issuer(client)}/jwks"
    with pytest.raises(Untrusted):
        other.step(NOW)
    assert done(client.begin_id_token(token)).field("/sub") == "jo"


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": ["id", "another"]},
        {"azp": "another"},
        {"exp": NOW.wall // 1000 - 600},
        {"exp": None},
        {"exp": "9999999999"},
        {"sub": None},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
)
def test_an_id_token_that_is_wrong_in_anything_is_untrusted_and_its_token_goes_nowhere(wrong: dict[str, object]) -> None:
    client = Client(provider(), "id")
    exchange, nonce = begun(client)
    answer(exchange, KEY.sign_jwt(claims(client, **{"nonce": nonce, **wrong})))
    answered(exchange, JWKS)
    with pytest.raises(Untrusted, match="ID token"):
        exchange.step(NOW)


def finished(exchange: Exchange[Token]) -> None:
    """The server's keys are there whenever they are asked for."""
    for _ in range(3):
        answered(exchange, JWKS)


def unsigned(told: dict[str, Any]) -> str:
    """An ID token that nobody signed."""
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, told))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."


@pytest.mark.parametrize("case", ["none", "another key", "missing", "no JWT", "another algorithm"])
def test_an_id_token_that_the_server_did_not_sign_is_untrusted(case: str) -> None:
    client = Client(provider(), "id")
    exchange, nonce = begun(client)
    told = claims(client, nonce=nonce)
    made = {
        "none": unsigned(told),
        "another key": Key.generate("ES256", id="one").sign_jwt(told),
        "missing": None,
        "no JWT": "S3NTINEL",
        "another algorithm": Key.generate("EdDSA", id="one").sign_jwt(told),
    }
    answer(exchange, made[case])
    with pytest.raises(Untrusted) as raised:
        finished(exchange)
    assert "S3NTINEL" not in str(raised.value)


def test_the_algorithms_of_a_server_can_be_agreed_beforehand() -> None:
    at = provider()
    for algorithms, trusted in ((["ES256", "EdDSA"], True), ("EdDSA ES256", True), ("EdDSA", False)):
        client = Client(at, "id", server_algorithms=algorithms)
        if trusted:
            assert done(client.begin_id_token(logged_in(client))).field("/sub") == "jo"
        else:
            with pytest.raises(Untrusted):
                logged_in(client)
    for none in ("HS256", "none", ["ES256", "RS1"]):
        with pytest.raises(Usage, match="ES256, RS256, PS256 or EdDSA"):
            Client(at, "id", server_algorithms=none)
    nothing: list[str | list[str]] = [[], "", " "]
    for empty in nothing:
        with pytest.raises(Usage, match="at least one"):
            Client(at, "id", server_algorithms=empty)


def test_a_renewal_is_about_the_same_user() -> None:
    client = Client(provider(), "id")
    exchange, nonce = begun(client)
    told = claims(client, nonce=nonce)
    answered(exchange, {"access_token": "at", "token_type": "Bearer", "refresh_token": "rt", "id_token": KEY.sign_jwt(told)})
    answered(exchange, JWKS)
    token = done(exchange)
    for subject in ("jo", "eve"):
        renewal = client.begin_refresh(token)
        answer(renewal, KEY.sign_jwt({**told, "sub": subject}))
        if subject == "eve":
            with pytest.raises(Untrusted, match="another user"):
                renewal.step(NOW)
        else:
            renewal.step(NOW)
            assert done(renewal).access_token == "at"


def test_a_server_that_publishes_no_keys_is_asked_for_no_nonce_and_an_id_token_cannot_be_checked() -> None:
    client = Client(provider(jwks_uri=None), "id")
    assert "nonce" not in client.authorize(CALLBACK, scope="openid", now=NOW).url
    exchange = client.begin_token("client_credentials")
    answer(exchange, unsigned(claims(client)))
    token = done(exchange)
    with pytest.raises(Usage, match=r"what .* signs cannot be checked, its record needs issuer and endpoints.jwks"):
        client.begin_id_token(token).step(NOW)
    at = Client(provider(), "id")
    exchange = at.begin_token("client_credentials")
    answer(exchange, None)
    unidentified = at.begin_id_token(done(exchange))
    with pytest.raises(Untrusted, match="without an ID token"):
        unidentified.step(NOW)


def test_keys_that_cannot_be_read_are_told_and_the_code_is_not_sent_again() -> None:
    client = Client(provider(), "id")
    exchange, nonce = begun(client)
    answer(exchange, KEY.sign_jwt(claims(client, nonce=nonce)))
    sent(exchange)
    exchange.no_answer(sent="no", cause="connect")
    with pytest.raises(NoAnswer):
        exchange.step(NOW)


def test_a_signed_request_says_everything_in_one_parameter() -> None:
    key = Key.generate("ES256", id="mine")
    client = Client(provider(), "id", key=key)
    login = client.authorize(CALLBACK, scope="openid", resource=["https://a.example", "https://b.example"], signed=True, now=NOW)
    asked = parse_qs(urlsplit(login.url).query)
    assert asked.keys() == {"client_id", "request"}
    told = verify_jws(asked["request"][0], {"keys": [key.public_jwk()]}, algorithms="ES256", typ="oauth-authz-req+jwt")
    assert (told.algorithm, told.key_id) == ("ES256", "mine")
    said = told.claims()
    assert said["iss"] == said["client_id"] == "id"
    assert (said["aud"], said["resource"]) == (issuer(client), ["https://a.example", "https://b.example"])
    assert {"redirect_uri", "state", "nonce", "code_challenge"} <= said.keys()
    pushed = parse_qs(sent(client.begin_push(CALLBACK, scope="openid", signed=True, now=NOW)).body.decode())
    assert "request" in pushed
    assert "scope" not in pushed
    with pytest.raises(Usage, match="needs the client's key"):
        Client(client.provider, "id").authorize(CALLBACK, signed=True)


# RFC 8037 appendix A.4
EDDSA = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
SIGNED = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
SIGNATURE = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"


def test_rfc_8037_a_4_what_a_known_key_signed_is_believed_and_nothing_else() -> None:
    jws = verify_jws(SIGNED + SIGNATURE, {"keys": [EDDSA]}, algorithms=["ES256", "EdDSA"])
    assert (jws.payload, jws.algorithm, jws.key_id) == (b"Example of Ed25519 signing", "EdDSA", None)
    assert "Example" not in repr(jws)
    with pytest.raises(Untrusted):
        jws.claims()
    for wrong, algorithms, typ in (
        (SIGNED + SIGNATURE[:-2] + "AA", "EdDSA", None),
        (SIGNED + SIGNATURE, "ES256", None),
        (SIGNED + SIGNATURE, "EdDSA", "logout+jwt"),
        (SIGNED, "EdDSA", None),
        ("S3NTINEL", "EdDSA", None),
    ):
        with pytest.raises(Untrusted) as raised:
            verify_jws(wrong, json.dumps({"keys": [EDDSA]}), algorithms=algorithms, typ=typ)
        assert "S3NTINEL" not in str(raised.value)
    for useless in ([], [{"kty": "oct", "k": "AAAA"}]):
        with pytest.raises(Untrusted, match="no key"):
            verify_jws(SIGNED + SIGNATURE, {"keys": useless}, algorithms="EdDSA")
    no_sets: list[str | dict[str, Any]] = [{}, "[", '{"keys": 1}']
    for none in no_sets:
        with pytest.raises(Usage):
            verify_jws(SIGNED + SIGNATURE, none, algorithms="EdDSA")


def test_rfc_8037_a_3_the_thumbprint_of_a_public_key_is_what_a_bound_token_names() -> None:
    assert thumbprint(EDDSA) == thumbprint(json.dumps({**EDDSA, "kid": "any"})) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    key = Key.generate()
    assert thumbprint(key.public_jwk()) == key.thumbprint
    with pytest.raises(Usage, match="jwk"):
        thumbprint({"kty": "oct", "k": "AAAA"})


def answered_login(client: Client, **other: object) -> tuple[Login, str]:
    """A login whose answer must be signed, and such an answer."""
    login = client.authorize(CALLBACK, scope="a", response_mode="jwt", now=NOW)
    state = parse_qs(urlsplit(login.url).query)["state"][0]
    told = claims(client, sub=None, iat=None, code="c", state=state)
    return login, f"{CALLBACK}?response={KEY.sign_jwt({**told, **other})}"


def test_jarm_2_4_a_signed_answer_is_believed_before_its_code_is_sent() -> None:
    client = Client(provider(), "id")
    login, right = answered_login(client)
    forged = right[:-6] + "AAAAAA"
    for wrong, keys in ((forged, True), (answered_login(client, iss="https://evil.example")[1], False), (right + ".x.y", False)):
        exchange = client.begin_callback(login, wrong)
        with pytest.raises(Untrusted):
            (finished if keys else sent)(exchange)
        assert not login.is_taken
    exchange = client.begin_callback(login, right)
    assert b"code=c" in answered(exchange, {"access_token": "at", "token_type": "Bearer"}).body
    assert done(exchange).access_token == "at"
    assert login.is_taken


@pytest.mark.parametrize("other", [{"iss": "https://evil.example"}, {"aud": "another"}, {"exp": 1}, {"exp": None}])
def test_jarm_2_4_an_answer_for_somebody_else_is_untrusted(other: dict[str, object]) -> None:
    client = Client(provider(), "id")
    logged_in(client)
    login, wrong = answered_login(client, **other)
    with pytest.raises(Untrusted):
        client.begin_callback(login, wrong).step(NOW)
    assert not login.is_taken


def test_a_signed_answer_that_nobody_could_check_is_told_before_the_login_begins() -> None:
    with pytest.raises(Usage, match=r"needs issuer and endpoints\.jwks"):
        Client(provider(jwks_uri=None), "id").authorize(CALLBACK, response_mode="jwt")
    with pytest.raises(Usage, match=r"a signed one is jwt, query\.jwt"):
        Client(provider(), "id").authorize(CALLBACK, response_mode="post.jwt")
    assert "response_mode=query" in Client(provider(jwks_uri=None), "id").authorize(CALLBACK, scope="openid", response_mode="query").url
    for wrong in (
        {"step_up": "S3NTINEL"},
        {"now": 5},
        {"lifetime": "S3NTINEL"},
        {"signed": "S3NTINEL"},
        {"response_mode": 5},
        {"prompt": None},
    ):
        with pytest.raises(TypeError, match=next(iter(wrong))) as raised:
            Client(provider(), "id").authorize(CALLBACK, **wrong)
        assert "S3NTINEL" not in str(raised.value)


API = "https://api.example/"


def told_of(client: Client, **other: object) -> dict[str, Any]:
    """What an access token for that API says (RFC 9068 §2.2)."""
    return claims(client, **{"aud": API, "client_id": "c", "jti": "j", **other})


@pytest.mark.parametrize("wrong", [{}, {"aud": "id"}, {"iss": "https://evil.example"}, {"exp": 1}, {"jti": None}, {"client_id": None}])
def test_an_access_token_is_believed_only_where_everything_in_it_is_right(wrong: dict[str, object]) -> None:
    client = Client(provider(), "id")
    token = client.presented("Bearer " + KEY.sign_jwt(told_of(client, **wrong), typ="at+jwt"), now=NOW)
    assert (token.token_type, token.received_at) == ("Bearer", NOW.wall)
    exchange = client.begin_access_token_claims(token, API)
    answered(exchange, JWKS)
    if wrong:
        with pytest.raises(Untrusted, match="access token"):
            exchange.step(NOW)
        return
    assert done(exchange).field("/sub") == "jo"
    id_token = client.presented("bearer " + KEY.sign_jwt(told_of(client)))
    with pytest.raises(Untrusted, match="typ"):
        client.begin_access_token_claims(id_token, API).step(NOW)


def test_a_header_that_holds_no_token_is_told_and_not_shown() -> None:
    for wrong in ("", "Bearer", "Bearer ", "Basic S3NTINEL", "Bearer S3NTINEL S3NTINEL", "Bearer S3NTINEL\n", "DPoP " + "S3NTINEL" * 3000):
        with pytest.raises(Untrusted) as raised:
            Client(provider(), "id").presented(wrong)
        assert "S3NTINEL" not in str(raised.value)


def test_an_introspection_that_is_not_signed_is_not_believed_where_a_signed_one_was_asked_for() -> None:
    client = Client(provider(introspection_endpoint="https://login.example/introspect"), "id", secret="s", auth="post")
    token = client.presented("Bearer at", now=NOW)
    said = {"iss": issuer(client), "aud": "id", "iat": NOW.wall // 1000, "token_introspection": {"active": True, "sub": "jo"}}
    for typ in ("token-introspection+jwt", "JWT", None):
        exchange = client.begin_introspect_signed(token)
        request = sent(exchange)
        assert "application/token-introspection+jwt" in dict(request.headers)["accept"]
        if typ is None:
            exchange.receive(200, {"Content-Type": "application/json"}, b'{"active":true}')
        else:
            exchange.receive(200, {"Content-Type": "application/token-introspection+jwt"}, KEY.sign_jwt(said, typ=typ).encode())
        if typ == "token-introspection+jwt":
            answered(exchange, JWKS)
            assert done(exchange).value() == {"active": True, "sub": "jo"}
        else:
            with pytest.raises(Untrusted, match="introspection"):
                exchange.step(NOW)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_worker_that_was_forked_while_threads_check_signatures_checks_them_too() -> None:
    client = Client(provider(), "id")
    token = logged_in(client)
    stop = threading.Event()

    def check() -> None:
        while not stop.is_set():
            assert done(client.begin_id_token(token)).field("/sub") == "jo"

    threads = [threading.Thread(target=check) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(30):
            check_in_a_child(client, token)
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def check_in_a_child(client: Client, token: Token) -> None:
    """Forks, and has the child check the token; it must end, and well."""
    child = os.fork()
    if child == 0:
        try:
            ok = done(client.begin_id_token(token)).field("/sub") == "jo"
            other = Client(provider(), "id")
            ok = ok and done(other.begin_id_token(logged_in(other))).field("/sub") == "jo"
        except BaseException:
            ok = False
        os._exit(0 if ok else 1)
    deadline = time.monotonic() + 20
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):
        assert time.monotonic() < deadline, "the child hangs"
        time.sleep(0.005)
    assert ended[1] == 0


def test_keys_are_read_again_when_they_are_old() -> None:
    client = Client(provider(), "id")
    token = logged_in(client)
    later = Now(NOW.wall + 200_000, NOW.mono + 11 * 60_000)
    exchange = client.begin_id_token(token)
    step = exchange.step(later)
    assert step.request.url.endswith("/jwks")  # type: ignore[union-attr]
