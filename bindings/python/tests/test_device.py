"""How does a user log in who approves on another device?"""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from active_oauth import Backchannel, Client, Device, Done, Expired, Garbled, Grant, Now, Refused, Send, Token, Usage, Wait, run_async

if TYPE_CHECKING:
    from active_oauth import Exchange, Request

RECORD = {
    "version": 1,
    "name": "mine",
    "base": "https://login.example",
    "token": {"url": "/token", "auth": "none"},
    "endpoints": {"device_authorization": "/device_authorization", "backchannel_authentication": "/bc-authorize"},
}
TV = Client(RECORD, "tv")
# The example of RFC 8628 §3.2.
BEGUN = {
    "device_code": "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS",
    "user_code": "WDJB-MJHT",
    "verification_uri": "https://example.com/device",
    "verification_uri_complete": "https://example.com/device?user_code=WDJB-MJHT",
    "expires_in": 1800,
    "interval": 5,
}
ISSUED = {"access_token": "2YotnFZ", "token_type": "Bearer"}
PENDING = {"error": "authorization_pending"}
SLOW_DOWN = {"error": "slow_down"}


def at(seconds: float) -> Now:
    """The time so long after the dialogue began."""
    return Now(1_700_000_000_000 + round(seconds * 1000), round(seconds * 1000))


def form(exchange: Exchange[Any], now: Now) -> dict[str, str]:
    """The form that it sends."""
    step = exchange.step(now)
    assert isinstance(step, Send), step
    return {name: value for name, (value,) in parse_qs(step.request.body.decode()).items()}


def hear(exchange: Exchange[Any], body: dict[str, Any], status: int = 200) -> None:
    """Hands in that answer."""
    exchange.receive(status, {"Content-Type": "application/json"}, json.dumps(body).encode())


def done(exchange: Exchange[Any], now: Now) -> Any:
    """What it ends with."""
    step = exchange.step(now)
    assert isinstance(step, Done), step
    return step.value


def waits(exchange: Exchange[Any], now: Now) -> float:
    """For how many seconds it wants to be left alone."""
    step = exchange.step(now)
    assert isinstance(step, Wait), step
    return step.seconds


def begun(**other: object) -> Device:
    """A device login that began at 0."""
    exchange = TV.begin_device(scope="watch")
    form(exchange, at(0))
    hear(exchange, {**BEGUN, **other})
    device = done(exchange, at(0))
    assert isinstance(device, Device)
    return device


def test_a_device_login_says_what_to_show() -> None:
    exchange = TV.begin_device({"x-own": "1"}, scope="watch")
    assert form(exchange, at(0)) == {"client_id": "tv", "scope": "watch", "x-own": "1"}
    device = begun()
    assert (device.user_code, device.verification_uri) == ("WDJB-MJHT", "https://example.com/device")
    assert device.verification_uri_complete == "https://example.com/device?user_code=WDJB-MJHT"
    assert (device.expires_at, device.interval, device.deviations) == (at(1800).wall, 5.0, ())
    shown = repr(device)
    assert "https://example.com/device" in shown
    assert "WDJB" not in shown


def test_it_is_polled_at_the_servers_pace_until_the_user_agrees() -> None:
    device = begun()
    poll = TV.begin_poll(device)
    assert waits(poll, at(0)) == 5
    assert waits(poll, at(2)) == 3
    assert form(poll, at(5)) == {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": BEGUN["device_code"],
        "client_id": "tv",
    }
    hear(poll, PENDING, 400)
    assert waits(poll, at(5)) == 5
    form(poll, at(10))
    hear(poll, SLOW_DOWN, 400)
    # RFC 8628 §3.5: "the interval MUST be increased by 5 seconds for this and all subsequent requests"
    assert waits(poll, at(10)) == 10
    assert device.interval == 10
    form(poll, at(20))
    hear(poll, ISSUED)
    token = done(poll, at(20))
    assert isinstance(token, Token)
    assert (token.access_token, token.scope) == ("2YotnFZ", "watch")


def test_a_silent_server_is_asked_less_and_less_often() -> None:
    poll = TV.begin_poll(begun())
    now = 5.0
    form(poll, at(now))
    poll.no_answer(sent="maybe", cause="timeout")
    first = waits(poll, at(now))
    form(poll, at(now + first))
    poll.no_answer(sent="maybe", cause="timeout")
    assert waits(poll, at(now + first)) == 2 * first


def test_another_process_goes_on() -> None:
    first = begun()
    second = Device.restore(first.saved())
    assert (second.user_code, second.expires_at, second.interval) == (first.user_code, first.expires_at, first.interval)
    poll = TV.begin_poll(second)
    assert waits(poll, Now(at(3).wall, 77)) == 2
    form(poll, Now(at(5).wall, 2077))
    hear(poll, ISSUED)
    done(poll, at(5))
    with pytest.raises(Usage, match="saved device: damaged"):
        Device.restore(first.saved()[:-3])
    with pytest.raises(Usage):
        Backchannel.restore(first.saved())
    with pytest.raises(Usage, match="newer"):
        Device.restore('{"active_device": 99}')


def test_a_no_and_the_end_of_time_are_told_apart() -> None:
    refused = TV.begin_poll(begun())
    form(refused, at(5))
    hear(refused, {"error": "access_denied"}, 400)
    with pytest.raises(Refused, match="access_denied"):
        refused.step(at(5))
    late = TV.begin_poll(begun())
    with pytest.raises(Expired, match="not approved in time"):
        late.step(at(1800))
    over = TV.begin_poll(begun())
    form(over, at(5))
    hear(over, {"error": "expired_token"}, 400)
    with pytest.raises(Expired, match="begin it again"):
        over.step(at(5))


@pytest.mark.parametrize("missing", ["device_code", "user_code", "verification_uri", "expires_in"])
def test_an_answer_without_what_it_must_hold_is_garbled(missing: str) -> None:
    with pytest.raises(Garbled, match=missing):
        begun(**{missing: None})


@pytest.mark.parametrize("uri", ["javascript:alert(1)", "http://example.com/device", "file:///etc/passwd", "https://"])
def test_a_page_that_is_no_https_is_never_shown(uri: str) -> None:
    with pytest.raises(Garbled, match="verification_uri"):
        begun(verification_uri=uri)


def test_what_cannot_be_asked_is_told_before_anything_is_sent() -> None:
    with pytest.raises(Usage, match="device_authorization: buildpass names no such endpoint"):
        Client("buildpass", "id", secret="s").device(scope="a")
    with pytest.raises(Usage, match="login_hint"):
        TV.backchannel(scope="openid")
    with pytest.raises(TypeError, match="a Device or a Backchannel"):
        TV.poll("GmRhmhcx")  # type: ignore[arg-type]
    with pytest.raises(Usage):
        Client(RECORD, "another").poll(begun())


def test_a_backchannel_login_is_polled_alike() -> None:
    exchange = TV.begin_backchannel(scope="openid", login_hint="jo@building.com", binding_message="W4SCT")
    assert form(exchange, at(0))["binding_message"] == "W4SCT"
    hear(exchange, {"auth_req_id": "1c266114-a1be-4252-8ad1-04986c5b9ac1", "expires_in": 120, "interval": 2})
    backchannel = done(exchange, at(0))
    assert isinstance(backchannel, Backchannel)
    assert (backchannel.expires_at, backchannel.interval) == (at(120).wall, 2.0)
    assert "1c266114" not in repr(backchannel)
    poll = TV.begin_poll(Backchannel.restore(backchannel.saved()))
    assert waits(poll, at(0)) == 2
    assert form(poll, at(2))["auth_req_id"] == "1c266114-a1be-4252-8ad1-04986c5b9ac1"
    hear(poll, ISSUED)
    assert done(poll, at(2)).access_token == "2YotnFZ"


def test_an_event_loop_sleeps_between_the_polls() -> None:
    slept: list[float] = []
    answers = iter([(200, {**BEGUN, "interval": 1}), (400, PENDING), (200, ISSUED)])

    async def carry(_: Request) -> tuple[int, dict[str, str], bytes]:
        status, body = next(answers)
        return status, {}, json.dumps(body).encode()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(seconds)

    async def main() -> Token:
        device = await run_async(TV.begin_device(scope="watch"), carry)
        return await run_async(TV.begin_poll(device), carry, sleep=sleep)

    assert asyncio.run(main()).access_token == "2YotnFZ"
    assert sum(slept) == pytest.approx(2, abs=0.3)


def test_ctrl_c_gets_through_between_the_polls() -> None:
    program = """if True:
        import sys, time, active_oauth
        client = active_oauth.Client(active_oauth.Provider.from_json(sys.argv[1]), "tv")
        print("polling", flush=True)
        began = time.monotonic()
        try:
            client.poll(active_oauth.Device.restore(sys.argv[2]))
        except KeyboardInterrupt:
            print("interrupted", time.monotonic() - began < 10, flush=True)
        """
    exchange = TV.begin_device()
    exchange.step()
    hear(exchange, {**BEGUN, "interval": 30})
    step = exchange.step()
    assert isinstance(step, Done)
    command = [sys.executable, "-c", program, json.dumps(RECORD), step.value.saved()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "polling\n"
        time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        try:
            assert child.communicate(timeout=20)[0] == "interrupted True\n"
        finally:
            child.kill()


def test_a_grant_of_the_programs_own_is_no_poll() -> None:
    exchange = TV.begin_token(Grant("urn:ietf:params:oauth:grant-type:device_code", device_code="abc"))
    form(exchange, at(0))
    hear(exchange, PENDING, 400)
    with pytest.raises(Refused, match="authorization_pending"):
        exchange.step(at(0))
