"""How does the driver protocol write what Python's API takes and gives?"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from active_oauth import Key, Now

if TYPE_CHECKING:
    from active_oauth import Admission, Backchannel, Device, Error, Reply, Token

Object = dict[str, Any]


def pairs(command: Object, name: str) -> list[tuple[str, str]]:
    """Pairs as the API takes them."""
    return [(pair[0], pair[1]) for pair in command.get(name) or []]


def moment(command: Object) -> Now | None:
    """The command's time."""
    now = command.get("now")
    return Now(now["wall"], now["mono"]) if now else None


def key_of(given: Object) -> Key:
    """A private key as the API takes it."""
    read, text = (Key.from_pem, given["pem"]) if "pem" in given else (Key.from_jwk, given["jwk"])
    return read(given["algorithm"], text, id=given.get("id"))


def printed(shown: object) -> list[str]:
    """Every way in which Python prints an object, a pickle's refusal too."""
    import pickle

    forms = [repr(shown), str(shown), format(shown), f"{getattr(shown, '__dict__', None)!r}"]
    if isinstance(shown, BaseException):
        import traceback

        forms += [repr(shown.args), "".join(traceback.format_exception(shown))]
    try:
        forms.append(pickle.dumps(shown).decode("latin-1"))
    except TypeError as refused:
        forms.append(str(refused))
    return forms


def told_token(token: Token) -> Object:
    """A token in the protocol's form."""
    user = token.user
    return {
        "access_token": token.access_token,
        "token_type": token.token_type,
        "authorization": token.authorization,
        "expires_at": token.expires_at,
        "received_at": token.received_at,
        "refresh_token": token.refresh_token,
        "scope": token.scope,
        "requested_scope": token.requested_scope,
        "scope_narrower": token.is_scope_narrower,
        "provider": token.provider,
        "deviations": token.deviations,
        "user": user and {name: getattr(user, name) for name in ("user_id", "user_type", "email", "fullname", "profile_picture")},
        "saved": token.saved(),
    }


def told_admission(admission: Admission) -> Object:
    """A client that an API's refusal led to, in the protocol's form."""
    registration = admission.registration
    return {
        "client_id": admission.client.id,
        "scope": admission.scope,
        "record": admission.client.provider.to_json(),
        "resource": admission.resource.document.answer.decode(),
        "registration": registration and registration.document.answer.decode(),
    }


def told_approval(approval: Device | Backchannel) -> Object:
    """What a user approves elsewhere, in the protocol's form."""
    return {"expires_at": approval.expires_at, "interval_ms": round(approval.interval * 1000), "saved": approval.saved()}


def told_device(device: Device) -> Object:
    """A device login in the protocol's form."""
    shown = {name: getattr(device, name) for name in ("user_code", "verification_uri", "verification_uri_complete", "deviations")}
    return {**shown, **told_approval(device)}


def told_reply(reply: Reply) -> Object:
    """An API's answer in the protocol's form."""
    answer = {"status": reply.status, "headers": reply.headers, "body_base64": base64.b64encode(reply.body).decode()}
    return {"answer": answer, "renewed": reply.renewed and told_token(reply.renewed)}


def told_error(error: Error) -> Object:
    """An exception in the protocol's form."""
    return {
        "kind": error.kind,
        "code": error.code,
        "standard_code": error.standard_code,
        "message": str(error),
        "description": error.description,
        "error_uri": error.error_uri,
        "status": error.status,
        "retry_after_ms": None if error.retry_after is None else round(error.retry_after * 1000),
        "transient": error.transient,
        "sent": error.sent,
        "ambiguous": error.ambiguous,
        "body_base64": None if error.body is None else base64.b64encode(error.body).decode(),
    }
