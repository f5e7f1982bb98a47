"""What does a client promise to keep to, and what does an API want of another login?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from active_oauth import Challenge, Client, Document, Grant, Key, Now, Provider, Reply, StepUp, Usage
from test_discovery import NOW, answered, discovered, done, sent

if TYPE_CHECKING:
    from collections.abc import Callable

CALLBACK = "https://app.example/cb"
RECORD = {"version": 1, "name": "mine", "base": "https://login.example", "token": {"url": "/token"}}
DEMAND = 'Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age="5", scope="accounts"'


def test_a_client_without_a_policy_may_do_what_a_policy_forbids() -> None:
    assert sent(Client("activebuilding", "id", secret="s").begin_token("password", username="jo", password="p")).body


@pytest.mark.parametrize("policy", ["oauth_2_1", "fapi_2_0"])
def test_a_password_is_refused_before_anything_is_sent_by_a_rule_that_is_named(policy: Any) -> None:
    client = Client(discovered(), "id", secret="s", policy=policy)
    with pytest.raises(Usage, match=rf"policy {policy}: .* \((RFC|FAPI|OAuth).*§.*\); "):
        client.begin_token(Grant("password", username="jo", password="S3NTINEL")).step(NOW)


def fapi(**options: Any) -> Client:
    """A client that keeps to FAPI 2.0, at a server that can."""
    provider = discovered(authorization_response_iss_parameter_supported=True, jwks_uri="https://login.example/tenant/jwks")
    key = Key.generate("ES256", id="mine")
    return Client(provider, "id", **{"auth": "private_key_jwt", "key": key, "dpop": Key.generate(), "policy": "fapi_2_0", **options})


@pytest.mark.parametrize(
    ("act", "section"),
    [
        (lambda: fapi().authorize(CALLBACK, scope="openid"), "5.3.3.2"),
        (lambda: fapi(auth="post", secret="S3NTINEL").begin_token("client_credentials").step(NOW), "5.3.3.1"),
        (lambda: fapi(dpop=None).begin_token("client_credentials").step(NOW), "5.3.3.1"),
        (lambda: fapi(assertion_audience="token_endpoint").begin_token("client_credentials").step(NOW), "5.3.3.1"),
    ],
)
def test_fapi_2_0_says_which_rule_it_is_and_what_to_do_instead(act: Callable[[], object], section: str) -> None:
    with pytest.raises(Usage, match=f"policy fapi_2_0: .*FAPI 2.0 §{section}.*; .+") as raised:
        act()
    assert "S3NTINEL" not in str(raised.value)


def test_fapi_2_0_lets_through_what_keeps_to_it_and_a_policy_can_be_given_later() -> None:
    pushed = sent(fapi().begin_push(CALLBACK, scope="openid", now=NOW))
    assert {"client_assertion", "code_challenge", "nonce"} <= parse_qs(pushed.body.decode()).keys()
    free = fapi(policy=None)
    assert free.authorize(CALLBACK).url
    with pytest.raises(Usage, match="policy fapi_2_0"):
        free.replace(policy="fapi_2_0").authorize(CALLBACK)
    with pytest.raises(Usage, match="policy: must be oauth_2_1 or fapi_2_0"):
        free.replace(policy="fapi_1")  # type: ignore[arg-type]


def refused(**headers: Any) -> Reply:
    """What an API said to a call."""
    exchange = Client("buildpass", "id", secret="s").begin_token("client_credentials", scope="a")
    answered(exchange, {"access_token": "at", "token_type": "Bearer"})
    call = Client("buildpass", "id", secret="s").begin_call(done(exchange), "GET", "/v1/builders")
    sent(call)
    call.receive(403, [("WWW-Authenticate", value) for value in headers["www_authenticate"]], b"")
    reply = done(call)
    assert isinstance(reply, Reply)
    return reply


def test_rfc_9470_4_what_an_api_wants_of_another_login_goes_along() -> None:
    reply = refused(www_authenticate=["Basic realm=a", DEMAND])
    assert [challenge.scheme for challenge in reply.challenges] == ["Basic", "Bearer"]
    for demand in (reply.step_up(), Challenge.step_up(["Basic realm=a", DEMAND])):
        assert demand is not None
        assert demand.parameters["acr_values"] == "gold silver"
        client = Client(discovered(), "id", secret="s")
        login = client.authorize(CALLBACK, scope="openid", max_age="600", step_up=demand, now=NOW)
        asked = {name: value for name, (value,) in parse_qs(urlsplit(login.url).query).items()}
        assert {"acr_values": "gold silver", "max_age": "5", "scope": "openid accounts"}.items() <= asked.items()
        pushed = parse_qs(sent(client.begin_push(CALLBACK, step_up=demand, now=NOW)).body.decode())
        assert (pushed["scope"], pushed["max_age"]) == (["accounts"], ["5"])


def test_an_api_that_wants_no_other_login_is_asked_for_none() -> None:
    reply = refused(www_authenticate=['Bearer error="invalid_request"'])
    assert reply.step_up() is None
    assert Challenge.step_up("Bearer") is None
    narrow = Challenge.step_up('Bearer error="insufficient_scope", scope="write"')
    assert narrow is not None
    assert narrow.parameters["scope"] == "write"


def claims(**said: Any) -> Document:
    """What a server knows of a token."""
    client = Client({**RECORD, "endpoints": {"introspection": "/introspect"}}, "id", secret="s")
    exchange = client.begin_introspect(client.presented("Bearer at", now=NOW))
    answered(exchange, {"active": True, **said})
    document = done(exchange)
    assert isinstance(document, Document)
    return document


def test_rfc_9470_3_an_api_says_which_login_it_wants() -> None:
    seconds = NOW.wall // 1000
    wanted = StepUp(acr_values=["gold", "silver"], max_age=300)
    assert wanted.challenge() == 'Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age="300"'
    assert wanted.challenge("DPoP").startswith("DPoP error=")
    demand = Challenge.step_up(wanted.challenge())
    assert demand is not None
    assert demand.parameters["max_age"] == "300"
    assert wanted.is_met_by(claims(acr="silver", auth_time=seconds - 300), now=NOW)
    unmet: list[dict[str, Any]] = [
        {},
        {"acr": "silver"},
        {"auth_time": seconds},
        {"acr": "bronze", "auth_time": seconds},
        {"acr": ["gold"], "auth_time": seconds},
        {"acr": "gold", "auth_time": str(seconds)},
        {"acr": "gold", "auth_time": seconds - 331},
        {"acr": "gold", "auth_time": seconds + 3600},
    ]
    for said in unmet:
        assert not wanted.is_met_by(claims(**said), now=NOW), said
    assert StepUp().is_met_by(claims(), now=NOW)


def test_keywords_that_are_none_are_told_by_name() -> None:
    named: list[tuple[dict[str, Any], str]] = [
        ({"secret": 5}, "argument 'secret': a text must be str, not int"),
        ({"dpop": "S3NTINEL"}, "argument 'dpop': a Key is needed"),
        ({"dpop_required": 1}, "argument 'dpop_required'"),
        ({"variables": 5}, "argument 'variables'"),
        ({"agent": "S3NTINEL"}, "argument 'agent': an Agent is needed"),
        ({"server_algorithms": [5]}, "argument 'server_algorithms'"),
        ({"bogus": 5}, "unexpected keyword argument 'bogus'"),
    ]
    for options, why in named:
        with pytest.raises(TypeError, match=why) as raised:
            Client("buildpass", "id", **options)
        assert "S3NTINEL" not in str(raised.value)
    Client("buildpass", "id", secret=None, policy=None, dpop_required=False)


def test_the_record_of_a_provider_that_puts_tokens_into_the_query_is_refused() -> None:
    record = {**json.loads(Provider.named("buildpass").to_json()), "api": {"base": "https://a.example", "token": {"in": "parameter"}}}
    for policy in ("oauth_2_1", None):
        client = Client(record, "id", secret="s", policy=policy)
        if policy is None:
            client.begin_token("client_credentials", scope="a").step(Now(0, 0))
        else:
            with pytest.raises(Usage, match=r"RFC 9700 §4\.3\.2"):
                client.begin_token("client_credentials", scope="a").step(Now(0, 0))
