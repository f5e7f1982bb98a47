"""Do servers that others wrote believe us?"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ssl
import subprocess
import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import active_oauth
import httpx
import pytest
from active_oauth import Client, Device, Key, Login, Provider, Refused, Registration, Session, Token, Untrusted, Usage
from counterpart import Counterpart

if TYPE_CHECKING:
    from pathlib import Path

SCOPE = {"scope": "openid offline_access", "prompt": "consent"}
CALLBACK = "https://client.example/callback"


class Hardware:
    """A key that only openssl has: no object of ours ever sees it."""

    def __init__(self, folder: Path) -> None:
        self.pem = folder / "hardware.pem"
        pem = ["-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        subprocess.run(["openssl", "genpkey", *pem, "-out", str(self.pem)], check=True, capture_output=True)
        public = ["openssl", "pkey", "-in", str(self.pem), "-pubout", "-outform", "DER"]
        # SubjectPublicKeyInfo ends with the point: 04, x, y (RFC 5480 §2.2).
        point = subprocess.run(public, check=True, capture_output=True).stdout[-64:]
        self.signed = 0
        self.key = Key.from_signer("ES256", {"kty": "EC", "crv": "P-256", "x": text(point[:32]), "y": text(point[32:])}, self.sign)

    def sign(self, message: bytes) -> bytes:
        """By the program openssl; r and s behind each other, as JWS has it (RFC 7518 §3.4)."""
        self.signed += 1
        command = ["openssl", "dgst", "-sha256", "-sign", str(self.pem)]
        der = subprocess.run(command, input=message, check=True, capture_output=True).stdout
        r_end = 4 + der[3]
        r, s = der[4:r_end], der[r_end + 2 :]
        return b"".join(int.from_bytes(number, "big").to_bytes(32, "big") for number in (r, s))


def text(number: bytes) -> str:
    """As a JWK writes it."""
    return base64.urlsafe_b64encode(number).decode().rstrip("=")


def logged_in(server: Counterpart, client: Client) -> Token:
    """The token of a user who logged in."""
    login = client.authorize(CALLBACK, SCOPE)
    return client.callback(Login.restore(login.saved()), server.sign_in(login.url))


def test_a_server_describes_itself(server: Counterpart) -> None:
    provider = server.provider()
    assert "S256" in provider.metadata("/code_challenge_methods_supported")
    assert Provider.from_json(provider.to_json()).name == provider.name
    with pytest.raises(Untrusted):
        server.provider(server.issuer + "/")
    assert server.provider(server.told["issuers"]["path"]).metadata("/issuer") == server.told["issuers"]["path"]


def test_a_login_is_refreshed_asked_about_and_revoked(server: Counterpart) -> None:
    client = server.client("basic")
    token = logged_in(server, client)
    assert client.introspect(token).field("/active") is True
    assert client.userinfo(token).field("/sub") == "alice"
    saved: list[Token] = []
    renewed = client.refresh(token, save=saved.append)
    assert saved[0].access_token == renewed.access_token != token.access_token
    client.revoke(renewed)
    assert client.introspect(renewed).value() == {"active": False}
    with pytest.raises(Refused, match="invalid_grant"):
        client.refresh(renewed)


@pytest.mark.parametrize("name", ["post", "secret-jwt", "key-es256", "key-rs256", "key-ps256", "key-eddsa"])
def test_a_client_proves_itself_in_each_way(server: Counterpart, name: str) -> None:
    assert server.client(name).token("client_credentials").authorization
    wrong = {"secret": "w" * 43} if name in ("post", "secret-jwt") else {"key": Key.generate()}
    if name != "key-eddsa":
        with pytest.raises(Refused, match="invalid_client"):
            server.client(name, **wrong).token("client_credentials")


@pytest.mark.parametrize("algorithm", ["es256", "rs256", "ps256", "eddsa"])
def test_an_id_token_is_the_one_of_this_login_and_of_no_other(server: Counterpart, algorithm: str) -> None:
    agreed = {"eddsa": "EdDSA"}.get(algorithm, algorithm.upper())
    client = server.client(f"id-token-{algorithm}", server_algorithms=[agreed])
    login = client.authorize(CALLBACK, SCOPE, nonce="n-0S6_WzA2Mj")
    token = client.callback(login, server.sign_in(login.url))
    claims = client.id_token(token, nonce="n-0S6_WzA2Mj").value()
    assert (claims["sub"], claims["iss"], claims["aud"], claims["nonce"]) == ("alice", server.issuer, client.id, "n-0S6_WzA2Mj")
    with pytest.raises(Untrusted, match="nonce"):
        client.id_token(token, nonce="another")
    with pytest.raises(Untrusted, match="ID token"):
        server.client("basic").id_token(token)
    renewed = client.refresh(token)
    assert client.id_token(renewed).field("/sub") == "alice"
    other = "ES256" if agreed != "ES256" else "RS256"
    with pytest.raises(Untrusted):
        logged_in(server, client.replace(server_algorithms=other))


def test_the_servers_keys_are_read_once_by_a_client_and_its_copies(server: Counterpart) -> None:
    client = server.client("id-token-es256")
    first = logged_in(server, client)
    before = server.wish("count", method="GET", path="/jwks")
    logged_in(server, client.replace(policy="oauth_2_1"))
    client.id_token(first)
    assert server.wish("count", method="GET", path="/jwks") == before > 0
    server.client("id-token-es256").id_token(first)
    assert server.wish("count", method="GET", path="/jwks") == before + 1


JWT, OPAQUE = "https://api.example/jwt", "https://api.example/opaque"


def test_rfc_9068_4_an_api_checks_a_token_by_the_servers_keys_alone(server: Counterpart) -> None:
    api = Client(server.provider(), "api", auth="none", agent=server.agent)
    key = Key.generate()
    client = server.client("dpop", dpop=key)
    token = api.presented(client.token("client_credentials", resource=JWT, scope="read").authorization or "")
    claims = api.access_token_claims(token, JWT).value()
    assert (claims["client_id"], claims["scope"], claims["cnf"]["jkt"]) == (client.id, "read", key.thumbprint)
    for resource, checking in ((OPAQUE, api), (JWT, api.replace(server_algorithms="PS256"))):
        with pytest.raises(Untrusted):
            checking.access_token_claims(token, resource)
    opaque = api.presented(client.token("client_credentials", resource=OPAQUE, scope="read").authorization or "")
    with pytest.raises(Untrusted, match="introspection"):
        api.access_token_claims(opaque, OPAQUE)


def test_rfc_9701_5_what_the_server_knows_of_a_token_comes_signed(server: Counterpart) -> None:
    client = server.client("jwt-answers")
    token = client.token("client_credentials", resource=OPAQUE, scope="read")
    assert client.introspect_signed(token).value() == client.introspect(token).value()
    client.revoke(token)
    assert client.introspect_signed(token).value() == {"active": False}


def test_a_request_is_signed_in_the_url_and_pushed(server: Counterpart) -> None:
    client = server.client("jar")
    with pytest.raises(Refused, match="invalid_request"):
        client.push(CALLBACK, scope="openid")
    for begin in (client.authorize, client.push):
        login = begin(CALLBACK, scope="openid", max_age="600", signed=True)
        assert client.id_token(client.callback(login, server.sign_in(login.url))).field("/sub") == "alice"


def test_a_key_that_lives_elsewhere_signs_in_and_binds(server: Counterpart, tmp_path: Path) -> None:
    key = Hardware(tmp_path)
    client = server.client("dpop", dpop=key.key, dpop_required=True)
    token = logged_in(server, client)
    assert client.introspect(token).field("/cnf/jkt") == key.key.thumbprint
    assert client.call(token, "GET", "/me").json()["sub"] == "alice"
    assert key.signed >= 4


def test_a_device_login_is_polled_until_its_user_allows_it(authlib: Counterpart) -> None:
    issuer = authlib.issuer
    record = {
        "version": 1,
        "name": "authlib",
        "base": issuer,
        "token": {"url": "/token", "auth": "none"},
        "endpoints": {"device_authorization": "/device_authorization"},
    }
    client = Client(record, authlib.told["clients"]["public"]["id"], agent=authlib.agent)
    device = client.device(scope="read")
    assert device.verification_uri.startswith(issuer)
    assert device.verification_uri_complete is not None
    authlib.wish("approve_device", url=device.verification_uri_complete, user="alice")
    token = client.poll(Device.restore(device.saved()))
    assert token.requested_scope == "read"
    other = client.device(scope="read")
    authlib.wish("deny_device", url=str(other.verification_uri_complete))
    with pytest.raises(Refused, match="access_denied"):
        client.poll(other)


def test_a_backchannel_login_is_polled_in_an_event_loop(server: Counterpart) -> None:
    client = server.client("basic")

    async def threaded() -> Token:
        begun = await active_oauth.run_async(client.begin_backchannel(scope="openid", login_hint="alice"), server.agent)
        return await active_oauth.run_async(client.begin_poll(begun), server.agent)

    async def main() -> Token:
        async with httpx.AsyncClient(verify=ssl.create_default_context(cadata=server.ca)) as http:

            async def carry(request: active_oauth.Request) -> tuple[int, list[tuple[str, str]], bytes]:
                answer = await http.request(request.method, request.url, headers=request.headers, content=request.body)
                return answer.status_code, answer.headers.multi_items(), answer.content

            begun = await active_oauth.run_async(client.begin_backchannel(scope="openid", login_hint="alice"), carry)
            return await active_oauth.run_async(client.begin_poll(begun), carry)

    for way in (main, threaded):
        assert asyncio.run(way()).authorization


@pytest.mark.parametrize("name", ["dpop", "dpop-nonce"])
def test_a_token_is_bound_to_a_key_and_worthless_without_it(server: Counterpart, name: str) -> None:
    key = Key.generate()
    client = server.client(name, dpop=key, dpop_required=True)
    token = logged_in(server, client)
    assert token.token_type == "DPoP"
    assert client.introspect(token).field("/cnf/jkt") == key.thumbprint
    assert client.call(token, "GET", "/me").json()["sub"] == "alice"
    headers = {"Authorization": token.authorization or ""}
    stolen = httpx.get(f"{server.issuer}/me", headers=headers, verify=ssl.create_default_context(cadata=server.ca))
    # RFC 9449 §7.1 has 401 for it; oidc-provider says 400.
    assert stolen.status_code in (400, 401)
    renewed = client.refresh(token)
    assert client.userinfo(renewed).field("/sub") == "alice"


def thumbprint(certificate: str) -> str:
    """RFC 8705 §3.1: what a server binds tokens to."""
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


@pytest.mark.parametrize(("name", "own", "other"), [("tls", "client", "self_signed"), ("tls-self-signed", "self_signed", "client")])
def test_a_client_is_its_certificate_and_its_token_is_bound_to_it(server: Counterpart, name: str, own: str, other: str) -> None:
    client = server.client(name, agent=server.showing(own))
    token = client.token("client_credentials")
    assert client.introspect(token).field("/cnf/x5t#S256") == thumbprint(server.told["certificates"][own]["certificate"])
    for agent in (server.showing(other), server.agent):
        with pytest.raises(Refused, match="invalid_client"):
            server.client(name, agent=agent).token("client_credentials")


def test_a_public_clients_tokens_are_good_with_its_certificate_alone(server: Counterpart) -> None:
    client = server.client("tls-public", agent=server.showing("client"), certificate_bound=True)
    token = logged_in(server, client)
    assert client.userinfo(token).field("/sub") == "alice"
    thief = server.client("tls-public", agent=server.showing("self_signed"), certificate_bound=True)
    with pytest.raises(Refused, match="invalid_token"):
        thief.userinfo(token)
    with pytest.raises(Refused, match="invalid_grant"):
        thief.refresh(token)
    assert client.refresh(token).authorization


def test_a_session_and_httpx_use_a_bound_token(server: Counterpart) -> None:
    client = server.client("dpop", dpop=Key.generate())
    session = Session(client)
    session.login(logged_in(server, client))
    assert session.call("GET", "/me").json()["sub"] == "alice"
    verify = ssl.create_default_context(cadata=server.ca)
    with httpx.Client(auth=active_oauth.httpx.Auth(session), verify=verify, base_url=server.issuer) as http:
        assert http.get("/me").json()["sub"] == "alice"


def test_a_request_is_pushed(server: Counterpart) -> None:
    client = server.client("par")
    login = client.push(CALLBACK, SCOPE)
    assert parse_qs(urlsplit(login.url).query).keys() == {"client_id", "request_uri"}
    assert login.url_expires_at is not None
    token = client.callback(login, server.sign_in(login.url))
    assert client.userinfo(token).field("/sub") == "alice"


def test_what_a_payment_may_be_goes_as_python_has_it(server: Counterpart) -> None:
    """RFC 9396 §5: details that the server knows are granted, others refused. OpenID Connect Core §5.5: claims are asked for one by one."""
    metadata = {"redirect_uris": [CALLBACK], "scope": "openid email", "authorization_details_types": ["payment"]}
    client = server.provider().register(metadata, agent=server.agent).client()
    with pytest.raises(Refused) as raised:
        client.push(CALLBACK, scope="openid", authorization_details=[{"type": "unheard_of"}])
    assert raised.value.code == "invalid_authorization_details"
    details = [{"type": "payment", "amount": "1.00"}]
    claims = {"id_token": {"email": {"essential": True}}}
    login = client.push(CALLBACK, {"claims": claims}, scope="openid", resource="https://api.example/opaque", authorization_details=details)
    token = client.callback(login, server.sign_in(login.url))
    assert token.field("/authorization_details") == details
    assert client.id_token(token).field("/email") is not None


@pytest.mark.parametrize("name", ["fapi-es256", "fapi-ps256", "fapi-eddsa"])
def test_a_login_that_keeps_to_fapi_2_0_ends_with_a_bound_token(server: Counterpart, name: str) -> None:
    fapi = server.told["issuers"]["fapi"]
    client = server.client(name, provider=server.provider(fapi), base=None, dpop=Key.generate(), policy="fapi_2_0")
    with pytest.raises(Usage, match="FAPI 2"):
        client.authorize(CALLBACK, scope="openid")
    login = client.push(CALLBACK, scope="openid email")
    token = client.callback(login, server.sign_in(login.url))
    assert token.token_type == "DPoP"
    assert client.userinfo(token).field("/sub") == client.id_token(token).field("/sub") == "alice"
    assert client.refresh(token).token_type == "DPoP"


def test_rfc_9470_5_a_fresh_login_is_what_an_api_gets_when_it_wants_one(server: Counterpart) -> None:
    client = server.client("id-token-es256")
    demand = active_oauth.Challenge.step_up('Bearer error="insufficient_user_authentication", max_age="300"')
    login = client.authorize(CALLBACK, scope="openid", step_up=demand)
    token = client.callback(login, server.sign_in(login.url))
    assert abs(client.id_token(token).field("/auth_time") - time.time()) < 300


@pytest.mark.parametrize("mode", ["jwt", "query.jwt", "fragment.jwt", "form_post.jwt"])
def test_jarm_2_3_a_signed_answer_is_believed_and_no_other(server: Counterpart, mode: str) -> None:
    client = server.client("jarm")
    login = client.authorize(CALLBACK, scope="openid", response_mode=mode)
    right = server.sign_in(login.url)
    assert "response=" in right
    assert "code=" not in right
    before, _, signature = right.rpartition(".")
    login = Login.restore(login.saved())
    for wrong in (f"{before}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}", before + ".", f"{CALLBACK}?code=c&state=s"):
        with pytest.raises(Untrusted):
            client.callback(login, wrong)
        assert not login.is_taken
    assert client.id_token(client.callback(login, right)).field("/sub") == "alice"
    assert login.is_taken


def test_jarm_2_1_a_users_no_is_signed_too(server: Counterpart) -> None:
    client = server.client("jarm")
    server.wish("new_browser")
    refused = client.authorize(CALLBACK, scope="openid", response_mode="jwt")
    with pytest.raises(Refused, match="access_denied"):
        client.callback(refused, server.wish("refuse", url=refused.url))


def test_fapi_2_0_message_signing_request_and_answer_are_signed(server: Counterpart) -> None:
    provider = server.provider(server.told["issuers"]["fapi"])
    client = server.client("fapi-signing-es256", provider=provider, base=None, dpop=Key.generate(), policy="fapi_2_0")
    login = client.push(CALLBACK, scope="openid", signed=True, response_mode="jwt")
    token = client.callback(login, server.sign_in(login.url))
    assert (token.token_type, client.userinfo(token).field("/sub")) == ("DPoP", "alice")


def test_nobody_says_yes_for_the_user(server: Counterpart) -> None:
    client = server.client("basic")
    login = client.authorize(CALLBACK, SCOPE)
    with pytest.raises(Refused, match="access_denied"):
        client.callback(login, server.wish("refuse", url=login.url))


def test_a_client_registers_itself_and_goes(server: Counterpart) -> None:
    provider = server.provider()
    registration = provider.register({"redirect_uris": [CALLBACK], "client_name": "App"}, agent=server.agent)
    again = Registration.restore(provider, registration.saved(), agent=server.agent)
    changed = again.update({"redirect_uris": [CALLBACK], "client_name": "Other"})
    assert changed.read_again().document.field("/client_name") == "Other"
    login = changed.client().authorize(CALLBACK, scope="openid")
    assert changed.client().callback(login, server.sign_in(login.url)).access_token
    changed.delete()
    with pytest.raises(Refused):
        changed.read_again()


def test_a_token_is_for_the_api_it_was_asked_for(server: Counterpart) -> None:
    client = server.client("basic")
    token = client.token("client_credentials", resource="https://api.example/opaque", scope="read")
    assert client.introspect(token).field("/aud") == "https://api.example/opaque"
    with pytest.raises(Refused, match="invalid_target"):
        client.token("client_credentials", resource=["https://nobody.example"])


def test_a_token_is_exchanged_for_another(authlib: Counterpart) -> None:
    record = {"version": 1, "name": "authlib", "base": authlib.issuer, "token": {"url": "/token"}}
    known = authlib.told["clients"]["plain"]
    client = Client(record, known["id"], secret=known["secret"], agent=authlib.agent)
    user, password = next(iter(authlib.told["users"].items()))
    first = client.token("password", username=user, password=password, scope="read")
    grant = "urn:ietf:params:oauth:grant-type:token-exchange"
    second = client.token(grant, subject_token=first.access_token, subject_token_type="access_token", scope="read")
    assert second.access_token != first.access_token
    assert second.field("/issued_token_type") == "urn:ietf:params:oauth:token-type:access_token"
