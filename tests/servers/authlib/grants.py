"""Which grants and endpoints does the server have? Authlib's, told where things are kept; token exchange, which it has not, is made here."""

from __future__ import annotations

import time
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, BaseGrant, TokenEndpointMixin, grants
from authlib.oauth2.rfc6749.errors import InvalidGrantError, InvalidRequestError, UnauthorizedClientError
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7523 import JWTBearerGrant
from authlib.oauth2.rfc7591 import ClientRegistrationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant, DeviceCredentialDict
from authlib.oauth2.rfc9207 import IssuerParameter
from model import EXCHANGE, USERS, Client, Memory, Token

EVERY_WAY = ["client_secret_basic", "client_secret_post", "none"]
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"


class Code(dict, AuthorizationCodeMixin):
    """An authorization code, with the challenge of its login (RFC 7636)."""

    code_challenge = property(lambda self: self["challenge"])
    code_challenge_method = property(lambda self: self["method"])

    def get_redirect_uri(self) -> str:
        return self["redirect_uri"]

    def get_scope(self) -> str:
        return self["scope"]


def equip(server: Any, memory: Memory, origin: str) -> None:
    """Gives the server all that it can do."""

    class AuthorizationCode(grants.AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = EVERY_WAY

        def save_authorization_code(self, code: str, request: Any) -> None:
            asked = request.payload.data
            memory.codes[code] = Code(
                code=code,
                client=request.client.id,
                user=request.user,
                redirect_uri=request.payload.redirect_uri,
                scope=request.scope,
                challenge=asked.get("code_challenge"),
                method=asked.get("code_challenge_method"),
            )

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            found = memory.codes.get(code)
            return found if found and found["client"] == client.id else None

        def delete_authorization_code(self, authorization_code: Code) -> None:
            memory.codes.pop(authorization_code["code"], None)

        def authenticate_user(self, authorization_code: Code) -> str:
            return authorization_code["user"]

    class Password(grants.ResourceOwnerPasswordCredentialsGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = EVERY_WAY[:2]

        def authenticate_user(self, username: str, password: str) -> str | None:
            return username if USERS.get(username) == password else None

    class ClientCredentials(grants.ClientCredentialsGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = EVERY_WAY[:2]

    class Refresh(grants.RefreshTokenGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = EVERY_WAY
        INCLUDE_NEW_REFRESH_TOKEN = True

        def authenticate_refresh_token(self, refresh_token: str) -> Token | None:
            return memory.refresh.get(refresh_token)

        def authenticate_user(self, refresh_token: Token) -> str | None:
            return refresh_token.user

        def revoke_old_credential(self, refresh_token: Token) -> None:
            refresh_token.dead = True
            memory.refresh.pop(refresh_token.answer["refresh_token"], None)

    class Device(DeviceCodeGrant):
        def query_device_credential(self, device_code: str) -> DeviceCredentialDict | None:
            return memory.devices.get(device_code)

        def query_user_grant(self, user_code: str) -> tuple[str, bool] | None:
            return memory.words.get(user_code)

        def should_slow_down(self, credential: DeviceCredentialDict) -> bool:
            now, last = time.monotonic(), credential.get("asked_at")
            credential["asked_at"] = now
            hasty = last is not None and now - last < credential["interval"]
            # RFC 8628 section 3.5: by five seconds, for this and all later requests.
            credential["interval"] += 5 if hasty else 0
            return hasty

    class DeviceAuthorization(DeviceAuthorizationEndpoint):
        INTERVAL = 1

        def get_verification_uri(self) -> str:
            return f"{origin}/device"

        def save_device_credential(self, client_id: str, scope: str | None, data: dict[str, Any]) -> None:
            if client_id == "hasty":
                # The answer is made of the same dictionary.
                data["expires_in"] = 2
            expires_at = time.time() + data["expires_in"]
            memory.devices[data["device_code"]] = DeviceCredentialDict(client_id=client_id, scope=scope, expires_at=expires_at, **data)

    class Assertion(JWTBearerGrant):
        def resolve_issuer_client(self, issuer: str) -> Client | None:
            return memory.clients.get(issuer)

        def resolve_client_public_key(self, client: Client) -> Any:
            return client.key

        def authenticate_user(self, subject: str) -> str | None:
            return subject if subject in USERS else None

        def get_audiences(self) -> list[str]:
            return [origin, f"{origin}/token"]

        def has_granted_permission(self, client: Client, user: str) -> bool:
            return True

    class Exchange(BaseGrant, TokenEndpointMixin):
        """RFC 8693, for access tokens of this server's own."""

        GRANT_TYPE = EXCHANGE
        TOKEN_ENDPOINT_AUTH_METHODS = EVERY_WAY[:2]

        def validate_token_request(self) -> None:
            client = self.authenticate_token_endpoint_client()
            if not client.check_grant_type(EXCHANGE):
                raise UnauthorizedClientError
            form = self.request.form
            if not form.get("subject_token") or form.get("subject_token_type") != ACCESS_TOKEN:
                raise InvalidRequestError("subject_token and its type are needed")
            # Section 2.1: the type is there if and only if the token is.
            if bool(form.get("actor_token")) != bool(form.get("actor_token_type")):
                raise InvalidRequestError("actor_token and actor_token_type belong together")
            subject = memory.access.get(form["subject_token"])
            if not subject or subject.is_expired() or subject.is_revoked():
                raise InvalidGrantError("the subject_token is not a living one")
            self.request.client, self.request.user = client, subject.user

        def create_token_response(self) -> tuple[int, dict[str, Any], Any]:
            token = self.generate_token(user=self.request.user, scope=self.request.form.get("scope"), include_refresh_token=False)
            self.save_token(token)
            return 200, {**token, "issued_token_type": ACCESS_TOKEN}, self.TOKEN_RESPONSE_HEADER

    class Revocation(RevocationEndpoint):
        CLIENT_AUTH_METHODS = EVERY_WAY

        def query_token(self, token_string: str, token_type_hint: str | None) -> Token | None:
            return memory.find(token_string)

        def revoke_token(self, token: Token, request: Any) -> None:
            token.dead = True
            memory.refresh.pop(token.answer.get("refresh_token"), None)

    class Introspection(IntrospectionEndpoint):
        CLIENT_AUTH_METHODS = EVERY_WAY[:2]

        def check_permission(self, token: Token, client: Client, request: Any) -> bool:
            return token.check_client(client)

        def query_token(self, token_string: str, token_type_hint: str | None) -> Token | None:
            return memory.find(token_string)

        def introspect_token(self, token: Token) -> dict[str, Any]:
            ends = int(token.issued_at) + token.get_expires_in()
            return {"active": True, "client_id": token.client.id, "username": token.user, "scope": token.get_scope(), "exp": ends}

    class Registration(ClientRegistrationEndpoint):
        def authenticate_token(self, request: Any) -> str:
            return "anybody"

        def get_server_metadata(self) -> dict[str, Any]:
            return {}

        def save_client(self, client_info: dict[str, Any], client_metadata: dict[str, Any], request: Any) -> Client:
            client = Client(
                client_info["client_id"],
                client_info["client_secret"],
                client_metadata.get("token_endpoint_auth_method", "client_secret_basic"),
                tuple(client_metadata.get("grant_types", ["authorization_code"])),
                tuple(client_metadata.get("response_types", ["code"])),
                tuple(client_metadata.get("redirect_uris", [])),
            )
            memory.clients[client.id] = client
            return client

    class Issuer(IssuerParameter):
        def __init__(self, server: Any) -> None:
            super().__call__(server)

        def get_issuer(self) -> str:
            return origin

    server.register_grant(AuthorizationCode, [CodeChallenge(required=True)])
    for grant in (grants.ImplicitGrant, Password, ClientCredentials, Refresh, Device, Assertion, Exchange):
        server.register_grant(grant)
    for endpoint in (DeviceAuthorization, Revocation, Introspection, Registration):
        server.register_endpoint(endpoint)
    server.register_extension(Issuer)


def validator(memory: Memory) -> BearerTokenValidator:
    """How the API tells a living token from others."""

    class Validator(BearerTokenValidator):
        def authenticate_token(self, token_string: str) -> Token | None:
            return memory.access.get(token_string)

    return Validator()
