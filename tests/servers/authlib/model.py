"""Whom does the server know, and what does it remember? All in memory, for one test run."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin
from joserfc.jwk import ECKey

REDIRECT = "https://client.example/callback"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
# What a form, a percent and a raw decoder of Basic each read otherwise (RFC 6749 section 2.3.1): this server's is a percent one.
AWKWARD = "a+b%41 c/=&:?~\"\\"
USERS = {"alice": "correct horse", "zoë": 'pässwörd & "more"'}


@dataclass
class Client(ClientMixin):
    """A client, and what it may do."""

    id: str
    secret: str = ""
    method: str = "client_secret_basic"
    grants: tuple[str, ...] = ("client_credentials", "password", "authorization_code", "refresh_token", DEVICE, EXCHANGE)
    responses: tuple[str, ...] = ("code",)
    redirects: tuple[str, ...] = (REDIRECT,)
    key: ECKey | None = None
    # Seconds that its access tokens last.
    lifetime: int = 3600

    def get_client_id(self) -> str:
        return self.id

    def get_default_redirect_uri(self) -> str:
        return self.redirects[0]

    def get_allowed_scope(self, scope: str | None) -> str:
        return " ".join(one for one in (scope or "read").split() if one in {"read", "write"})

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirects

    def check_client_secret(self, client_secret: str) -> bool:
        return bool(self.secret) and secrets.compare_digest(self.secret.encode(), client_secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == self.method or {method, self.method} == {"client_secret_basic", "client_secret_post"}

    def check_response_type(self, response_type: str) -> bool:
        return response_type in self.responses

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in self.grants

    def told(self) -> dict[str, Any]:
        """What a test may know of it."""
        key = None
        if self.key:
            key = {"alg": "ES256", "kid": self.key.kid, "pem": self.key.as_pem().decode(), "jwk": self.key.as_dict(private=True)}
        return {"id": self.id, "secret": self.secret or None, "method": self.method, "redirect_uri": self.redirects[0], "key": key}


@dataclass
class Token(TokenMixin):
    """A token that was issued."""

    client: Client
    user: str | None
    answer: dict[str, Any]
    issued_at: float = field(default_factory=time.time)
    dead: bool = False

    def check_client(self, client: Client) -> bool:
        return self.client.id == client.id

    def get_scope(self) -> str:
        return self.answer.get("scope", "")

    def get_expires_in(self) -> int:
        return self.answer["expires_in"]

    def is_expired(self) -> bool:
        return time.time() >= self.issued_at + self.get_expires_in()

    def is_revoked(self) -> bool:
        return self.dead

    def get_user(self) -> str | None:
        return self.user

    def get_client(self) -> Client:
        return self.client


class Memory:
    """Everything that a server forgets when it ends."""

    def __init__(self) -> None:
        known = [
            Client("plain", secrets.token_urlsafe(32)),
            Client("awkward id+%41", AWKWARD),
            Client("public", method="none", grants=("authorization_code", "refresh_token", DEVICE)),
            Client("narrow", secrets.token_urlsafe(32), grants=("client_credentials",)),
            Client("hasty", secrets.token_urlsafe(32), lifetime=2),
            Client("implicit", method="none", grants=("implicit",), responses=("token",)),
            Client("assertion", secrets.token_urlsafe(32), grants=(ASSERTION,), key=ECKey.generate_key("P-256", auto_kid=True)),
        ]
        self.clients = {client.id: client for client in known}
        self.codes: dict[str, Any] = {}
        self.devices: dict[str, Any] = {}
        # What a user said to a device: user_code -> (user, whether it may).
        self.words: dict[str, tuple[str, bool]] = {}
        self.access: dict[str, Token] = {}
        self.refresh: dict[str, Token] = {}

    def keep(self, answer: dict[str, Any], request: Any) -> None:
        """Remembers a token that is about to be answered."""
        token = Token(request.client, request.user, answer)
        self.access[answer["access_token"]] = token
        if "refresh_token" in answer:
            self.refresh[answer["refresh_token"]] = token

    def find(self, text: str) -> Token | None:
        """A token by its text; a hint of its kind is only a hint (RFC 7009 section 2.1)."""
        return self.access.get(text) or self.refresh.get(text)
