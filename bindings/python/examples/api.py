"""An API that lets in who has a token for it (RFC 9068), and to what matters only who logged in a moment ago (RFC 9470). A WSGI program."""

import json
import os
from collections.abc import Callable, Iterable
from typing import Any

import active_oauth

agent = active_oauth.Agent(roots=os.environ.get("ROOTS", "bundled"))
provider = active_oauth.Provider.discover(os.environ["ISSUER"], agent=agent)
client = active_oauth.Client(provider, "api", auth="none", agent=agent)  # it is no client of the server: it only reads the server's keys
recent = active_oauth.StepUp(max_age=300)


def app(request: dict[str, Any], start: Callable[[str, list[tuple[str, str]]], object]) -> Iterable[bytes]:
    """Answers one request; `flask` and its like would say the same in words of their own."""
    try:
        token = client.presented(request.get("HTTP_AUTHORIZATION", ""))
        claims = client.access_token_claims(token, os.environ["RESOURCE"])
    except active_oauth.Untrusted:
        start("401 Unauthorized", [("WWW-Authenticate", 'Bearer error="invalid_token"')])
        return []
    if claims.field("/cnf") is not None:
        # Bound to a key or a certificate: who cannot check the proof of it lets nobody in.
        start("401 Unauthorized", [("WWW-Authenticate", 'Bearer error="invalid_token"')])
        return []
    if request["PATH_INFO"] == "/transfer" and not recent.is_met_by(claims):
        start("401 Unauthorized", [("WWW-Authenticate", recent.challenge(token.token_type))])
        return []
    start("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"hello": claims.field("/sub"), "scope": claims.field("/scope")}).encode()]
