"""The native half of active_oauth; import that package, not this module."""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import datetime
from os import PathLike
from types import GenericAlias
from typing import Any, ClassVar, Generic, Literal, NoReturn, Protocol, TypeVar, final, overload

from .errors import Error

__all__ = [
    "Access",
    "Admission",
    "Agent",
    "Backchannel",
    "Cancel",
    "Challenge",
    "Client",
    "Device",
    "Document",
    "Done",
    "Exchange",
    "Grant",
    "Jws",
    "Key",
    "Login",
    "Loopback",
    "Now",
    "Outcome",
    "Provider",
    "Registration",
    "Reply",
    "Request",
    "Resource",
    "Save",
    "Send",
    "Session",
    "StepUp",
    "Store",
    "Token",
    "User",
    "Wait",
    "__version__",
    "client_document",
    "open_browser",
    "thumbprint",
    "verify_jws",
]

__version__: str

_T = TypeVar("_T")
_Values = str | list[str] | tuple[str, ...]
_Pairs = Mapping[str, _Values] | Iterable[tuple[str, _Values]]
_Parameter = _Values | dict[str, Any] | list[dict[str, Any]]
_Parameters = Mapping[str, _Parameter] | Iterable[tuple[str, _Parameter]]
_Grant = Literal["client_credentials", "password", "authorization_code", "refresh_token"] | str
_Cause = Literal["name", "connect", "tls", "certificate", "timeout", "cut", "too_large", "protocol", "proxy", "cancelled", "other"]

_Json = str | dict[str, Any]
_Texts = str | list[str] | tuple[str, ...]
_Algorithm = Literal["ES256", "RS256", "PS256", "EdDSA"]

class _Signer(Protocol):
    @property
    def algorithm(self) -> str: ...
    def sign(self, message: bytes, /) -> bytes: ...

@final
class Provider:
    """A provider's endpoints and quirks, as data: a built-in one by its name, any other from a JSON record."""
    @staticmethod
    def named(name: str) -> Provider:
        """The built-in provider of that name: activebuilding, mybuilding, buildpass or honeywell. Raises Usage for any other."""
    @staticmethod
    def from_json(record: str) -> Provider:
        """The provider of this JSON record. Raises Usage, which names the field or the line and column."""
    @property
    def name(self) -> str:
        """The record's name."""
    def to_json(self) -> str:
        """The whole record as JSON, for `from_json`: keep that of a discovered provider, it saves requests at every start."""
    def metadata(self, pointer: str, /) -> Any:
        """What the server said of itself where it was discovered, by JSON pointer ("/scopes_supported"); None where it said nothing, or the record was
        written by hand.
        """
    @property
    def publishes_keys(self) -> bool:
        """Whether its record names an issuer and where that publishes its keys: then its clients check ID tokens, and what else it signs."""
    @staticmethod
    def discover(issuer: str, /, *, agent: Agent | None = None) -> Provider:
        """The provider that an authorization server describes (RFC 8414, OpenID Connect Discovery): `issuer` is its identifier, an https URL. Blocks;
        raises Error, Untrusted where the description is another issuer's.
        """
    @staticmethod
    def begin_discover(issuer: str, /) -> Exchange[Provider]:
        """The same as an exchange to be stepped."""
    def register(self, metadata: _Json, /, *, initial_access_token: str | None = None, agent: Agent | None = None) -> Registration:
        """Registers a client (RFC 7591): `provider.register({"redirect_uris": […], "client_name": …})`. `initial_access_token` is what the server demands
        where not everybody may register. Every call makes another client. Blocks; raises Error.
        """
    def begin_register(self, metadata: _Json, /, *, initial_access_token: str | None = None) -> Exchange[Registration]:
        """The same as an exchange to be stepped."""

@final
class Registration:
    """A client that was registered (RFC 7591), and how to manage what the server knows of it (RFC 7592): `provider.register({…})`. Keep `saved()`."""
    @staticmethod
    def restore(provider: str | Provider | dict[str, Any], saved: str, /, *, agent: Agent | None = None) -> Registration:
        """The registration that `saved()` wrote, in any language, at that provider. Raises Usage where the text is none."""
    @property
    def client_id(self) -> str:
        """The client's id."""
    @property
    def client_secret(self) -> str | None:
        """The client's secret, or None. A secret."""
    @property
    def client_secret_expires_at(self) -> int | None:
        """When the secret expires, in milliseconds since the Unix epoch; None where it never does or the server did not say."""
    @property
    def document(self) -> Document:
        """All that the server said, which may differ from what was asked for. It holds secrets."""
    def saved(self) -> str:
        """The registration as a text to keep. A secret."""
    def client(self, *, key: Key | _Signer | None = None, dpop: Key | None = None) -> Client:
        """The client that was registered. `key` and `dpop` are those of `Client`."""
    def read_again(self) -> Registration:
        """What the server knows of the client now. It takes the place of this one: keep it, secret and tokens may be new. Blocks; raises Error."""
    def begin_read_again(self) -> Exchange[Registration]:
        """The same as an exchange to be stepped."""
    def update(self, metadata: _Json, /) -> Registration:
        """Replaces what the server knows of the client; what `metadata` leaves out is deleted. The result takes the place of this one: keep it. Blocks;
        raises Error.
        """
    def begin_update(self, metadata: _Json, /) -> Exchange[Registration]:
        """The same as an exchange to be stepped."""
    def delete(self) -> None:
        """Deletes the client at the server. Blocks; raises Error."""
    def begin_delete(self) -> Exchange[Document]:
        """The same as an exchange to be stepped. It ends with an empty Document."""
    def __reduce__(self) -> NoReturn: ...

@final
class Resource:
    """What a protected resource says of itself (RFC 9728)."""
    @staticmethod
    def discover(url: str, /, *, www_authenticate: _Texts | None = None, agent: Agent | None = None) -> Resource:
        """Asks a resource what it is: `url` is its identifier, which is the URL that was called. `www_authenticate` is that header of its refusal, or a
        list of several: it may say where the document is. Blocks; raises Error, Untrusted where the document is another resource's.
        """
    @staticmethod
    def begin_discover(url: str, /, *, www_authenticate: _Texts | None = None) -> Exchange[Resource]:
        """The same as an exchange to be stepped."""
    @property
    def resource(self) -> str:
        """Its identifier: what `resource` must say in the requests for its tokens."""
    @property
    def authorization_servers(self) -> tuple[str, ...]:
        """The issuers that it takes tokens from, in its order; `Provider.discover` reads each."""
    @property
    def scopes_supported(self) -> tuple[str, ...]:
        """The scopes that are used there; empty where it names none."""
    @property
    def document(self) -> Document:
        """All that it says."""

@final
class Challenge:
    """Why an API refused, from its `WWW-Authenticate` (RFC 9110 §11.6.1): `Challenge.parse(response.headers["WWW-Authenticate"])`."""
    @staticmethod
    def parse(www_authenticate: _Texts, /) -> list[Challenge]:
        """Every well-formed challenge of this header, or of a list of several, in order."""
    @staticmethod
    def step_up(www_authenticate: _Texts, /) -> Challenge | None:
        """What an API wants of another login: the challenge of this header, or of a list of several, whose error is insufficient_user_authentication
        (RFC 9470) or insufficient_scope (RFC 6750), for `client.authorize(…, step_up=challenge)`. None where it wants none. After that login call the API
        once more, and not again and again: the server may not be able to give what the API wants.
        """
    @property
    def scheme(self) -> str:
        """The scheme as it was written: "Bearer", "DPoP". Its case means nothing."""
    @property
    def parameters(self) -> dict[str, str]:
        """The parameters, names in lower case: `realm`, `error`, `scope`, `acr_values`, `max_age`, `resource_metadata`, …"""
    @property
    def token68(self) -> str | None:
        """The bare token of `Negotiate YWJj==` and its like, or None."""

@final
class StepUp:
    """For APIs: how users must have logged in for a call (RFC 9470), in one of some ways and not too long ago. `acr_values`: the ways, a text or a list, the
    preferred one first. `max_age`: how many seconds ago at most, and 30 more, since clocks differ. Without either any login will do.
    """
    def __new__(cls, *, acr_values: _Texts | None = None, max_age: int | None = None) -> StepUp: ...
    def is_met_by(self, claims: Document, /, *, now: Now | None = None) -> bool:
        """Whether a login was so, by the `acr` and `auth_time` of what `client.access_token_claims` or `client.introspect` gave. What is not said there was
        not so. `now` is the time; without one it is the machine's.
        """
    def challenge(self, scheme: Literal["Bearer", "DPoP"] | str | None = None, /) -> str:
        """The value of `WWW-Authenticate` for the 401; `scheme` is that of the token that was presented, "Bearer" or "DPoP"."""

@final
class Access:
    """What a program knows of itself before it asks an API it never heard of, as the Model Context Protocol has it: `Access(url, register={…}).after(…)`.

    `url`: what was called, which is the API's identifier. `client_document`: the URL of the program's own document (see `client_document`), taken
    where the server reads those. `register`: what to register with otherwise; `initial_access_token`: what the server may demand for it.
    """
    def __new__(
        cls, url: str, /, *, client_document: str | None = None, register: _Json | None = None, initial_access_token: str | None = None
    ) -> Access: ...
    def after(self, www_authenticate: _Texts | None = None, /, *, agent: Agent | None = None) -> Admission:
        """From the API's refusal to a client: what the API is, who issues its tokens, and how this program becomes known there. `www_authenticate` is
        that header of the 401, or a list of several. Blocks; raises Error.
        """
    def begin_after(self, www_authenticate: _Texts | None = None, /) -> Exchange[Admission]:
        """The same as an exchange to be stepped."""
    def __reduce__(self) -> NoReturn: ...

@final
class Admission:
    """A client that may ask for tokens for one API: `admission.client.authorize(redirect_uri, admission.parameters)` begins the login."""
    @property
    def client(self) -> Client:
        """A client at the API's first authorization server. Its calls go to the API's origin and nowhere else."""
    @property
    def resource(self) -> Resource:
        """The API, as it describes itself."""
    @property
    def registration(self) -> Registration | None:
        """The registration that was made on the way, or None. Keep it, or there will be another one each time."""
    @property
    def scope(self) -> str | None:
        """The scopes to ask for: what the refusal named, else what the API knows; None where nobody named any."""
    @property
    def parameters(self) -> dict[str, str]:
        """What to ask for, for `client.authorize` and `client.push`: this API as `resource`, and the `scope` where there is one."""
    def __reduce__(self) -> NoReturn: ...

def client_document(client_id: str, metadata: _Json, /) -> str:
    """The document to publish at `client_id`, an https URL, so that servers can read who a client is without registration: `metadata` with the id put in,
    checked. Raises Usage, also where it holds a secret.
    """

@final
class Grant:
    """A grant type and its parameters: `Grant("password", username="jo@building.com", password="…")`. The grants of other RFCs have their URIs for
    names: `Grant("urn:ietf:params:oauth:grant-type:token-exchange", subject_token="…", subject_token_type="access_token")`.

    A list as `resource`, or as a token exchange's `audience`, is sent as so many. `parameters` takes names that are no Python identifiers; giving one twice raises Usage with the first request.
    """
    def __new__(cls, grant_type: _Grant, parameters: _Parameters | None = None, /, **keywords: _Parameter) -> Grant: ...
    def __reduce__(self) -> NoReturn: ...

@final
class Key:
    """A private key and the one algorithm it signs by ("ES256", "RS256", "PS256", "EdDSA"): `Client(…, auth="private_key_jwt", key=key)` proves with it
    who the client is, `Client(…, dpop=key)` binds tokens to it. Share it between threads and clients; DPoP's key should be one of its own.

    Two objects of the same key, in this process or another, prove the same; only the servers' nonces for DPoP are kept per object.
    """
    @staticmethod
    def from_pem(algorithm: _Algorithm, pem: str | bytes, /, *, id: str | None = None) -> Key:  # noqa: A002
        """The private key in PEM (PKCS #8, PKCS #1 or SEC 1, not encrypted). `id` is the `kid` by which the server finds its public half. Raises Usage
        where there is none, or it is none of that algorithm's.
        """
    @staticmethod
    def from_jwk(algorithm: _Algorithm, jwk: str | dict[str, Any], /, *, id: str | None = None) -> Key:  # noqa: A002
        """The private key as a JWK, a dict or its JSON text; `id` where it has no `kid`, or is to have another one. Raises Usage as `from_pem` does."""
    @staticmethod
    def generate(algorithm: Literal["ES256", "EdDSA"] | None = None, /, *, id: str | None = None) -> Key:  # noqa: A002
        """A new key for "ES256" or "EdDSA", which ends with the process: for DPoP with tokens that nobody keeps."""
    @staticmethod
    def generate_pem(algorithm: Literal["ES256", "EdDSA"] | None = None, /) -> str:
        """A new private key for "ES256" or "EdDSA" in PEM, to be kept where only this program reads it: a token that is bound to a key is worthless
        without it. A secret. Raises Usage for the others: `openssl genpkey` makes keys of RSA.
        """
    @staticmethod
    def from_signer(
        algorithm: str,
        public_jwk: _Json,
        sign: Callable[[bytes], bytes],
        /,
        *,
        id: str | None = None,  # noqa: A002
    ) -> Key:
        """A key that lives elsewhere, in hardware or with a key service: `sign(message: bytes) -> bytes` gives the raw JWS signature by that algorithm (for
        ECDSA r and s behind each other, not DER), from whichever thread needs one, and may block. `public_jwk` is its public half, a dict or its JSON
        text; private members of it go no further. What `sign` raises becomes Usage, which names the exception's class alone. Raises Usage where the JWK
        is no public key.
        """
    @property
    def algorithm(self) -> str:
        """The algorithm."""
    @property
    def id(self) -> str | None:
        """The `kid`, or None."""
    @property
    def thumbprint(self) -> str | None:
        """The public key's thumbprint (RFC 7638), which is what a server binds tokens to (`cnf.jkt`)."""
    def public_jwk(self) -> dict[str, str]:
        """The public key as a JWK with `kid`, `alg` and `use`, for the server to know: `{"keys": [key.public_jwk()]}`."""
    def sign_jwt(self, claims: str | dict[str, Any], /, *, typ: str | None = None) -> str:
        """These claims as a signed JWT, as for a grant by assertion: `Grant("urn:ietf:params:oauth:grant-type:jwt-bearer", assertion=key.sign_jwt({…}))`.
        `typ` is the header's. A secret.
        """
    def __reduce__(self) -> NoReturn: ...

@final
class Jws:
    """A signed text whose signature `verify_jws` has checked. Its claims were not: issuer, audience and times are the program's to check."""
    @property
    def algorithm(self) -> str:
        """The algorithm it was signed by."""
    @property
    def key_id(self) -> str | None:
        """The `kid` in its header, or None."""
    @property
    def payload(self) -> bytes:
        """What was signed."""
    def claims(self) -> dict[str, Any]:
        """What was signed, as a JWT's claims (RFC 7519 §4). Raises Untrusted where it is no JSON object."""
    def __reduce__(self) -> NoReturn: ...

def verify_jws(jws: str, jwks: _Json, /, *, algorithms: _Texts, typ: str | None = None) -> Jws:
    """Checks the signature of a JWS in compact form (RFC 7515), up to 64 KiB, with the one key of the set that fits: `jwks` is a dict with `keys`, or its
    JSON text. `algorithms` are those that are taken, decided before it is looked at ("ES256", "RS256", "PS256", "EdDSA"), a list or separated by blanks; `typ` what its header must
    say, any where it is left out. Raises Untrusted where it is not to be believed, Usage where `jwks` is no set of keys.

    A client checks ID tokens by itself; this is for what else is signed, as a request object or a logout token.
    """

def thumbprint(jwk: _Json, /) -> str:
    """The thumbprint of a public key (RFC 7638), a JWK as a dict or its JSON text: what a token that is bound to it names as `cnf.jkt`. Raises Usage where
    it is no JWK of an asymmetric key.
    """

@final
class Loopback:
    """Waits on this machine for the browser to come back from one login (RFC 8252 §7.3): begin the login with its `redirect_uri`, open the browser, then
    `client.callback(login, loopback.callback())`.

    It listens on 127.0.0.1, or where there is no IPv4 on [::1], at a port that is free. `path`: that of the redirect URI that is registered (servers
    leave the port open and nothing else). `app`: the program's name, to which the page in the browser sends the user back; "the app" unless given.
    Raises Usage for a path that no redirect URI can have, NoAnswer where this machine allows no listening.
    """
    def __new__(cls, *, path: str | None = None, app: str | None = None) -> Loopback: ...
    @property
    def redirect_uri(self) -> str:
        """The redirect URI of this login, with the port: "http://127.0.0.1:49152/callback". Register it without the port."""
    def only_for(self, login: Login, /) -> None:
        """Waits for that login alone: who comes by a callback with another state is sent away, and the wait goes on. Without it a page that guesses the port
        can use the loopback up by sending the browser there; no token comes of that, and neither does a login. To be called before `callback`."""
    def callback(self, timeout: float = 300.0, /, *, cancel: Cancel | None = None) -> str:
        """Waits until the browser comes back, shows it a page that sends the user to the program, stops listening, and gives the URL it came by, for
        `client.callback`. It holds the code: do not log it. Whatever else calls meanwhile is sent away.

        `timeout`: how many seconds the user may take, a day at most. Blocks with the interpreter let go; Ctrl-C gets through, and `cancel.cancel()` ends
        it from another thread with NoAnswer and the code "cancelled". Raises Expired where nobody came back, Usage where it was waited on before.
        """
    def acallback(self, timeout: float = 300.0, /) -> Coroutine[Any, Any, str]:
        """The same for an event loop of asyncio: a thread waits, and stops soon where the task is cancelled."""
    def __reduce__(self) -> NoReturn: ...

def open_browser(url: str, /) -> bool:
    """Opens a login's URL in the user's own browser; True where one was started, False where this machine has none that a program may start (a server, a
    container): then show the URL, which the user opens. Raises Usage for a URL that no browser should be given: it must be https, or http to loopback.
    """

@final
class User:
    """The user that ActiveBuilding and MyBuilding tell about beside the token."""
    @property
    def user_id(self) -> str:
        """The user's id, a text."""
    @property
    def user_type(self) -> str | None:
        '''"STAFF" or "RESIDENT"'''
    @property
    def email(self) -> str | None:
        """The user's e-mail address."""
    @property
    def fullname(self) -> str | None:
        """The user's full name."""
    @property
    def profile_picture(self) -> str | None:
        """A URL."""

@final
class Now:
    """The time of one step, in milliseconds: `wall` since the Unix epoch, `mono` since any fixed point, never running backwards."""

    __match_args__: ClassVar[tuple[str, str]]
    def __new__(cls, wall: int, mono: int) -> Now: ...
    @property
    def wall(self) -> int:
        """Milliseconds since the Unix epoch, as the wall clock has it."""
    @property
    def mono(self) -> int:
        """Milliseconds since any fixed point, never running backwards."""

@final
class Token:
    """An access token and everything the server said with it. It prints no secret.

    Keep it between two requests as the text `saved()` gives; `Token.restore` reads it in any of the four languages.
    """
    @property
    def access_token(self) -> str:
        """The access token, opaque. A secret."""
    @property
    def authorization(self) -> str | None:
        """The value for an Authorization header, or None where the token's type must not be used as Bearer. A secret."""
    @property
    def token_type(self) -> str | None:
        """The type in the server's own words, or None where it named none."""
    @property
    def expires_at(self) -> int | None:
        """When it expires, in milliseconds since the Unix epoch; None where the server did not say."""
    @property
    def expires(self) -> datetime | None:
        """When it expires, as an aware datetime in UTC; None where the server did not say or the year is none that datetime knows."""
    def is_expired(self, now: Now | None = None) -> bool:
        """Whether the lifetime the server told is over, now or at the given time. Without a known one, never."""
    @property
    def received_at(self) -> int:
        """When it was received, in milliseconds since the Unix epoch."""
    @property
    def refresh_token(self) -> str | None:
        """The refresh token, or None. A secret."""
    @property
    def scope(self) -> str | None:
        """The scope granted: as the server said, or as requested where it said nothing."""
    @property
    def requested_scope(self) -> str | None:
        """The scope asked for."""
    @property
    def is_scope_narrower(self) -> bool:
        """Whether something that was asked for was not granted."""
    @property
    def provider(self) -> str:
        """The name of the provider that issued it."""
    @property
    def deviations(self) -> tuple[str, ...]:
        """How the answer departed from RFC 6749, in words such as "token_type missing"."""
    @property
    def user(self) -> User | None:
        """The user that ActiveBuilding and MyBuilding tell about, or None."""
    def field(self, pointer: str) -> Any:
        """Any member of the server's answer, by JSON pointer ("/organization_name"; "/" is the member with the empty name); None where there is none."""
    @property
    def answer(self) -> bytes:
        """The whole answer, byte for byte. A secret."""
    def saved(self) -> str:
        """The token as a versioned text, for a session or a database. A secret."""
    @staticmethod
    def restore(saved: str) -> Token:
        """The token that `saved()` wrote, in any language. Raises Usage where the text is damaged or of a newer version."""
    def __reduce__(self) -> NoReturn: ...
    def __copy__(self) -> Token: ...
    def __deepcopy__(self, _memo: object) -> Token: ...

@final
class Login:
    """A login that waits for its callback. Send the user to `url`, keep `saved()` in the user's own session; it works once."""
    @property
    def url(self) -> str:
        """The URL to send the browser to; empty for a restored login. It holds the state: redirect to it, do not log it."""
    @property
    def url_expires_at(self) -> int | None:
        """Until when the server knows the URL of a pushed request, in milliseconds since the Unix epoch; often a minute. None for any other."""
    @property
    def is_taken(self) -> bool:
        """Whether a callback was accepted already, so that the stored text can be deleted."""
    def saved(self) -> str:
        """The login as a versioned text, for the user's session. A secret. Raises Expired where it was taken already."""
    @staticmethod
    def restore(saved: str) -> Login:
        """The login that `saved()` wrote, in any language. Raises Usage where the text is damaged or of a newer version."""
    def __reduce__(self) -> NoReturn: ...

@final
class Device:
    """A device login that waits for its user (RFC 8628): show `user_code` and `verification_uri`, then `client.poll(device)`."""
    @property
    def user_code(self) -> str:
        """What the user enters; show it as it is. For the user's eyes only: whoever has it can bind this device to an account of theirs."""
    @property
    def verification_uri(self) -> str:
        """Where the user enters it: show it, or open it with webbrowser.open()."""
    @property
    def verification_uri_complete(self) -> str | None:
        """The same with the code in it, for a QR code, or None. Show the code beside it all the same."""
    @property
    def expires_at(self) -> int:
        """When the login is over, in milliseconds since the Unix epoch."""
    @property
    def interval(self) -> float:
        """How many seconds lie between two polls at least; more after the server asked for it."""
    @property
    def deviations(self) -> tuple[str, ...]:
        """How the answer departed from the RFC, in words such as "verification_url"."""
    def saved(self) -> str:
        """The login as a versioned text, so that another process can go on; saved anew after polling it holds the server's pace. A secret."""
    @staticmethod
    def restore(saved: str) -> Device:
        """The login that `saved()` wrote, in any language. Raises Usage where the text is damaged or of a newer version."""
    def __reduce__(self) -> NoReturn: ...

@final
class Backchannel:
    """A login that the server has a user approve on a device of their own (OpenID CIBA, poll mode), for `client.poll`."""
    @property
    def expires_at(self) -> int:
        """When the login is over, in milliseconds since the Unix epoch."""
    @property
    def interval(self) -> float:
        """How many seconds lie between two polls at least; more after the server asked for it."""
    def saved(self) -> str:
        """The login as a versioned text, so that another process can go on; saved anew after polling it holds the server's pace. A secret."""
    @staticmethod
    def restore(saved: str) -> Backchannel:
        """The login that `saved()` wrote, in any language. Raises Usage where the text is damaged or of a newer version."""
    def __reduce__(self) -> NoReturn: ...

@final
class Reply:
    """An API's answer, whatever its status, and the token it was renewed with on the way, if it was."""
    @property
    def status(self) -> int:
        """The HTTP status."""
    @property
    def headers(self) -> list[tuple[str, str]]:
        """All header fields as they came: names and values, in order."""
    def header(self, name: str) -> str | None:
        """The first header of that name, in any case, or None."""
    @property
    def body(self) -> bytes:
        """The body, after decompression."""
    @property
    def text(self) -> str:
        """The body as text; what is not UTF-8 in it is replaced."""
    def json(self) -> Any:
        """The body as JSON. Raises Garbled with line and column where it is none."""
    def step_up(self) -> Challenge | None:
        """What the API wants of another login (RFC 9470, RFC 6750 §3.1), for `client.authorize(…, step_up=challenge)`; None where it wants none."""
    @property
    def challenges(self) -> list[Challenge]:
        """Every challenge of its WWW-Authenticate, in order: why the API refused."""
    @property
    def renewed(self) -> Token | None:
        """The new token, where it had to be renewed on the way: the old one is worthless. None otherwise."""
    def __reduce__(self) -> NoReturn: ...

@final
class Document:
    """A JSON object that a server answered with, as for an introspection. It may hold secrets, so it prints the names of its members only."""
    def field(self, pointer: str) -> Any:
        """Any member, by JSON pointer ("/active", "/aud/0"); None where there is none."""
    def value(self) -> dict[str, Any]:
        """The whole object as a dict. It may hold secrets."""
    @property
    def answer(self) -> bytes:
        """The whole answer, byte for byte. It may hold secrets."""
    def __reduce__(self) -> NoReturn: ...

@final
class Request:
    """A request to carry: a transport adds only Host, Content-Length and User-Agent, and follows no redirect."""
    @property
    def method(self) -> str:
        """The HTTP method."""
    @property
    def url(self) -> str:
        """The absolute URL. It may carry a token in its query: print the request itself, never this."""
    @property
    def headers(self) -> list[tuple[str, str]]:
        """Names (in lower case) and values, in the order to send them. Some are secrets."""
    @property
    def body(self) -> bytes:
        """The body; empty where there is none."""
    def __reduce__(self) -> NoReturn: ...

@final
class Send:
    """Carry this request, then tell the exchange what came of it with `receive` or `no_answer`."""

    __match_args__: ClassVar[tuple[str]]
    @property
    def request(self) -> Request:
        """What to carry."""

@final
class Save:
    """Store this token before the next step: an older one is worthless from now on."""

    __match_args__: ClassVar[tuple[str]]
    @property
    def token(self) -> Token:
        """What to store."""

@final
class Wait:
    """Do nothing for this long. Stepping early gives the rest."""

    __match_args__: ClassVar[tuple[str]]
    @property
    def seconds(self) -> float:
        """How long, in seconds, as time.sleep() takes them."""

@final
class Store:
    """A session's store is to be read or written before the next step: call `run()` where blocking is allowed, once."""

    __match_args__: ClassVar[tuple[str]]
    def run(self) -> None:
        """Does it. Blocks for as long as the store does, with the interpreter let go; what goes wrong is told by the exchange's next step."""
    def __reduce__(self) -> NoReturn: ...

@final
class Done(Generic[_T]):
    """The result: a Token, a Document, or for an API call a Reply (None where an attempt found the token dead)."""
    def __class_getitem__(cls, key: object) -> GenericAlias: ...
    __match_args__: ClassVar[tuple[str]]
    @property
    def value(self) -> _T:
        """The result."""

@final
class Exchange(Generic[_T]):
    """An OAuth conversation that is stepped: a token request, a renewal, a revocation, or an API call with a token that may have died.

        while True:
            match exchange.step():
                case Send(request): exchange.receive(*carry(request))
                case Save(token): store(token)
                case Wait(seconds): time.sleep(seconds)
                case Store(run): run()
                case Done(value): return value

    `Agent.run` is this loop. One thread at a time steps it.
    """
    def __class_getitem__(cls, key: object) -> GenericAlias: ...
    @property
    def is_shared(self) -> bool:
        """Whether others may be waiting for what it does, as for a session's: then it is better run to its end, whatever becomes of the caller."""
    def step(self, now: Now | None = None) -> Send | Save | Wait | Store | Done[_T]:
        """Says what to do next: Send, Save, Wait, Store or Done. Raises an Error, which ends the exchange.

        `now` is the time; without one it is the machine's. It never blocks.
        """
    @overload
    def receive(self, status: Outcome, headers: None = None, body: None = None, /) -> None: ...
    @overload
    def receive(self, status: int, headers: _Pairs, body: bytes, /) -> None:
        """Hands in what came of the request that the last step gave out: its status, its headers (a mapping or pairs of names and values) and
        its body after decompression; or the Outcome that `Agent.carry` gave.
        """
    def no_answer(self, *, sent: Literal["no", "maybe"], cause: _Cause | str | None = None, detail: str | None = None) -> None:
        """Hands in the news that no answer came. `sent` says whether any byte of the request may have left ("no" or "maybe"); `cause` is one of
        name, connect, tls, certificate, timeout, cut, too_large, protocol, proxy, cancelled and other; `detail` is for people and must hold
        no secret.
        """

@final
class Outcome:
    """What came of a request: an answer with its status, headers and body, or why there is none. Hand it to `Exchange.receive`. It shows no body."""
    def __new__(cls, status: int, headers: _Pairs, body: bytes, /) -> Outcome: ...
    def __reduce__(self) -> NoReturn: ...

@final
class Cancel:
    """Ends what an agent is doing, from any thread, within about 100 ms. Once cancelled it stays so."""
    def __new__(cls) -> Cancel: ...
    def cancel(self) -> None:
        """Ends what the agents with this handle are doing, and all they would begin."""
    @property
    def is_cancelled(self) -> bool:
        """Whether cancel() was called."""

@final
class Agent:
    """Carries requests over HTTPS: one pool of connections, shared by all threads, opened anew in a forked child.

    `roots`: whom to trust: "bundled" (Mozilla's list), "system", the path of a PEM file, or PEM itself.
    `certificate`: what to show to servers that ask who the client is (RFC 8705), with its intermediates behind it, and `key`: its private key,
    not encrypted; each the path of a PEM file, or PEM. Leave `key` out where the same file holds it. Every server that asks sees the certificate:
    use the agent for the clients of that certificate alone.
    `proxy`: a URL, or "environment" for what HTTPS_PROXY, ALL_PROXY and NO_PROXY say; none unless given.
    `deadline` (30 unless given) and `connect_timeout` (10): seconds for one request, from the name look-up to the answer's last byte,
    and for the part of it before the request can be sent. `max_body`: bytes of an answer after decompression (1 MiB unless given). `idle`: how
    many seconds a connection may rest before another takes its place (15 unless given).
    Raises Usage where one of them cannot be right.
    """
    def __new__(
        cls,
        *,
        roots: Literal["bundled", "system"] | str | PathLike[str] | bytes | None = None,
        certificate: str | PathLike[str] | bytes | None = None,
        key: str | PathLike[str] | bytes | None = None,
        proxy: str | None = None,
        deadline: float | None = None,
        connect_timeout: float | None = None,
        max_body: int | None = None,
        idle: float | None = None,
        user_agent: str | None = None,
    ) -> Agent: ...
    def with_cancel(self, cancel: Cancel) -> Agent:
        """The same agent, whose work ends soon after `cancel.cancel()`, with NoAnswer and the code "cancelled"."""
    def carry(self, request: Request, /) -> Outcome:
        """Carries one request, for programs that step an exchange themselves: `exchange.receive(agent.carry(request))`. Blocks; what goes wrong
        is part of the outcome.
        """
    def run(self, exchange: Exchange[_T], /, *, save: Callable[[Token], object] | None = None) -> _T:
        """Steps an exchange to its end and gives its value. `save` is called with a renewed token *before* it is used; where it raises,
        Unsaved carries the token.
        """

@final
class Client:
    """A client at one provider: `Client("buildpass", "id", secret="…")`. Make one and share it between threads.

    `provider`: a built-in name, a Provider, or a provider record as a dict or as JSON.
    `secret`: the client's secret; leave it out for a public client.
    `auth`: "basic", "basic_raw", "post", "none", "client_secret_jwt", "private_key_jwt", or "tls_client_auth" or "self_signed_tls_client_auth" with an
    agent that shows a certificate, and `body`: "form" or "json", where the provider's record is to be overruled; the same with
    `assertion_audience`, "issuer" or "token_endpoint": for whom the JWTs of client authentication are.
    `key`: the Key for private_key_jwt and for signed requests, or an object of your own with `algorithm` (such as "ES256"), `sign(message: bytes) -> bytes` and perhaps
    `key_id`, for a key that is in hardware.
    `dpop`: a Key that this client's tokens are bound to (RFC 9449); keep it as long as they live. A server that binds nothing gives a Bearer token
    all the same, which tells so in its `deviations`; with `dpop_required` that is Garbled.
    `certificate_bound`: the agent shows a certificate although the client authenticates otherwise, or not at all, and the server binds tokens to it
    (RFC 8705).
    `server_algorithms`: by which the server signs ID tokens and what else it states ("ES256", "RS256", "PS256", "EdDSA"), best the one that was
    registered; any of them unless given. A client reads its server's keys for itself; its copies share them, unless they are given
    this again: do so where a copy's agent trusts others.
    `policy`: "oauth_2_1" or "fapi_2_0", a profile that this client keeps to: what that forbids raises Usage before anything is sent, and says which rule
    it is, where it stands and what helps.
    `base`: another host than the record's ("https://localhost:8443"), for MyBuilding and for tests.
    `variables`: fills {name} in the record's endpoints.
    `agent`: carries the requests; one shared by all clients unless given.
    `danger_allow_plain_http_to_loopback`: for a test server without TLS; never to any other host.

    Raises Usage for an unknown provider or word at once, and for whatever else is wrong with the first request.
    """
    def __new__(
        cls,
        provider: Literal["activebuilding", "mybuilding", "buildpass", "honeywell"] | str | Provider | dict[str, Any],
        id: str,  # noqa: A002
        /,
        *,
        secret: str | None = None,
        auth: Literal[
            "basic",
            "basic_raw",
            "post",
            "none",
            "client_secret_jwt",
            "private_key_jwt",
            "tls_client_auth",
            "self_signed_tls_client_auth",
        ]
        | None = None,
        body: Literal["form", "json"] | None = None,
        assertion_audience: Literal["issuer", "token_endpoint"] | None = None,
        key: Key | _Signer | None = None,
        dpop: Key | None = None,
        dpop_required: bool = False,
        certificate_bound: bool = False,
        server_algorithms: _Texts | None = None,
        policy: Literal["oauth_2_1", "fapi_2_0"] | None = None,
        base: str | None = None,
        variables: Mapping[str, str] | Iterable[tuple[str, str]] | None = None,
        agent: Agent | None = None,
        danger_allow_plain_http_to_loopback: bool = False,
    ) -> Client: ...
    def replace(
        self,
        *,
        secret: str | None = None,
        auth: Literal["basic", "basic_raw", "post", "none", "client_secret_jwt", "private_key_jwt"] | None = None,
        body: Literal["form", "json"] | None = None,
        assertion_audience: Literal["issuer", "token_endpoint"] | None = None,
        key: Key | _Signer | None = None,
        dpop: Key | None = None,
        dpop_required: bool = False,
        certificate_bound: bool = False,
        server_algorithms: _Texts | None = None,
        policy: Literal["oauth_2_1", "fapi_2_0"] | None = None,
        base: str | None = None,
        variables: Mapping[str, str] | Iterable[tuple[str, str]] | None = None,
        agent: Agent | None = None,
        danger_allow_plain_http_to_loopback: bool = False,
    ) -> Client:
        """The same client with these keywords of `Client` on top of those it has: `admission.client.replace(dpop=key)`. Raises Usage for an unknown word."""
    @property
    def id(self) -> str:
        """The client's id."""
    @property
    def provider(self) -> Provider:
        """The provider it is a client of."""
    @property
    def agent(self) -> Agent:
        """The agent that carries its requests."""
    def token(self, grant: _Grant | Grant, /, **parameters: _Parameter) -> Token:
        """Asks for a token: `client.token("client_credentials", scope="read:builders")`, or with a Grant. Blocks; raises Error."""
    def begin_token(self, grant: _Grant | Grant, /, **parameters: _Parameter) -> Exchange[Token]:
        """The same as an exchange to be stepped."""
    def refresh(self, token: Token, /, *, renew_by: Grant | None = None, save: Callable[[Token], object] | None = None) -> Token:
        """Renews a token by its refresh token, and where it has none by the grant `renew_by`. `save` is called with the new one before it is given back.
        An ID token in the answer must be about the same user (OpenID Connect Core §12.2). Blocks; raises Error.
        """
    def begin_refresh(self, token: Token, /, *, renew_by: Grant | None = None) -> Exchange[Token]:
        """The same as an exchange to be stepped."""
    def revoke(self, token: Token, /) -> None:
        """Revokes a token at the provider: its refresh token, and with it all that came of the same login, or where it has none the access token.
        A token that the server does not know is revoked already. Blocks; raises Error.
        """
    def begin_revoke(self, token: Token, /) -> Exchange[Document]:
        """The same as an exchange to be stepped. It ends with an empty Document: the server has nothing to say."""
    def introspect(self, token: Token, /) -> Document:
        """Asks the provider what it knows of an access token: `client.introspect(token).field("/active")`. Blocks; raises Error."""
    def begin_introspect(self, token: Token, /) -> Exchange[Document]:
        """The same as an exchange to be stepped."""
    def introspect_signed(self, token: Token, /) -> Document:
        """Asks the provider the same, and wants the answer signed (RFC 9701): checked by the server's published keys, so that nobody on the way can have
        said it. The server gives such answers to clients that are registered for them. Blocks; raises Error, Untrusted where anything of it is wrong or it
        is not signed.
        """
    def begin_introspect_signed(self, token: Token, /) -> Exchange[Document]:
        """The same as an exchange to be stepped."""
    def presented(self, authorization: str, /, *, now: Now | None = None) -> Token:
        """For APIs: what a caller presented, the value of its `Authorization` header ("Bearer …", "DPoP …"). Nothing of it is known to be true yet: check it by
        `access_token_claims`, or ask by `introspect`. Raises Untrusted where it is something else: answer 401.
        """
    def access_token_claims(self, token: Token, resource: str, /) -> Document:
        """For APIs: checks an access token that is a JWT (RFC 9068) by the server's published keys, and gives its claims. `resource` is this API's own
        identifier, which must be in its `aud`. Nothing is sent but the request for the keys, so an API that is no client of the server makes one of any id:
        `Client(provider, "api", auth="none")`. What the claims allow ("scope") is for the API to decide; where there is "/cnf/jkt" the token is bound to a
        key, so let nobody in without `proof_claims`. Blocks; raises Error, Untrusted where anything of it is wrong: answer 401.
        """
    def begin_access_token_claims(self, token: Token, resource: str, /) -> Exchange[Document]:
        """The same as an exchange to be stepped."""
    def proof_claims(self, token: Token, claims: Document, proof: str, method: str, url: str, /, *, now: Now | None = None) -> Document:
        """For APIs: checks that the caller has the key that its token is bound to (DPoP, RFC 9449 §4.3), and gives the proof's claims. Ask it of every token
        whose claims hold "/cnf/jkt", whatever scheme it came by. `claims` are those of `access_token_claims` or of an introspection; `proof` is the value of
        the request's one `DPoP` header ("" where there is none), `method` and `url` are those of the request, as callers know them; query and fragment do
        not count. It was made within the last minute. Take each "/jti" once where a proof must not work twice, and compare "/nonce" where you hand out
        nonces. Nothing is sent. Raises Untrusted where anything of it is wrong: answer 401 with `error="invalid_dpop_proof"`.
        """
    def userinfo(self, token: Token, /) -> Document:
        """Asks who logged in (OpenID Connect): the document's "sub" is always there. Blocks; raises Error."""
    def begin_userinfo(self, token: Token, /) -> Exchange[Document]:
        """The same as an exchange to be stepped."""
    def id_token(self, token: Token, /, *, nonce: str | None = None) -> Document:
        """Checks the ID token that came with a token (OpenID Connect Core §3.1.3.7) by the server's published keys, and gives its claims:
        `client.id_token(token).field("/email")`. `nonce` is the one that was sent; `callback` has compared it already, so a token from there needs none.
        Blocks; raises Error, Untrusted where anything of it is wrong or there is none, Usage where the provider's record names no issuer or keys.
        """
    def begin_id_token(self, token: Token, /, *, nonce: str | None = None) -> Exchange[Document]:
        """The same as an exchange to be stepped."""
    def end_session_url(
        self, *, id_token_hint: str | None = None, post_logout_redirect_uri: str | None = None, state: str | None = None
    ) -> str:
        """The URL that ends the user's session at the provider (OpenID Connect RP-Initiated Logout): send the browser there, do not log it. `id_token_hint`
        is the ID token of the login; the browser comes back to `post_logout_redirect_uri`, with `state`. Raises Usage.
        """
    def call(
        self,
        token: Token,
        method: str,
        target: str,
        /,
        *,
        query: _Pairs | None = None,
        headers: _Pairs | None = None,
        form: _Pairs | None = None,
        json: Any = None,
        body: bytes | None = None,
        content_type: str | None = None,
        renew_by: Grant | None = None,
        save: Callable[[Token], object] | None = None,
    ) -> Reply:
        """Calls the provider's API with a token that may have died: it is renewed once and the call repeated once. Blocks; raises Error.

        `target` is a path below the API ("/communities") or a whole URL of the same origin. `query`, `headers` and `form` are mappings or
        pairs, a list of values repeats its name; `json` any value that json.dumps takes; `body` bytes of the media type `content_type`. `renew_by`: the grant to repeat where
        there is no refresh token. `save` is called with a renewed token before it is used.
        """
    def begin_call(
        self,
        token: Token,
        method: str,
        target: str,
        /,
        *,
        query: _Pairs | None = None,
        headers: _Pairs | None = None,
        form: _Pairs | None = None,
        json: Any = None,
        body: bytes | None = None,
        content_type: str | None = None,
        renew_by: Grant | None = None,
    ) -> Exchange[Reply]:
        """The same as an exchange to be stepped."""
    def authorize(
        self,
        redirect_uri: str,
        parameters: _Parameters | None = None,
        /,
        *,
        response_type: str | None = None,
        response_mode: Literal["jwt", "query.jwt", "fragment.jwt", "form_post.jwt"] | str | None = None,
        signed: bool = False,
        step_up: Challenge | None = None,
        lifetime: float = 600.0,
        now: Now | None = None,
        **keywords: _Parameter,
    ) -> Login:
        """Begins a login in the browser: send the user to its `url`, keep it until the callback comes. Raises Usage.

        Keywords are parameters of the authorization request (`scope`, `prompt`, …); `parameters` takes names that are no identifiers.
        `claims` (OpenID Connect Core §5.5) is a dict and `authorization_details` (RFC 9396) a list of them, or their JSON texts.
        `lifetime`: how many seconds the user may take (600 unless given, a day at most). `now`: the time, for tests. `response_type`: a legacy, for
        servers that give no code: "token", or "code id_token" and its like; then `callback` takes the URL's fragment, which a page has
        to hand over, and checks an ID token that came with a code before it sends the code.
        `signed`: the request is signed by the client's `key` (JAR, RFC 9101), so that nobody on the way can change it. Where `scope` holds openid and the
        server publishes its keys, a `nonce` goes along, and the ID token that comes back is checked before `callback` gives the token. `step_up`: an API's
        demand for another login (RFC 9470), as `reply.step_up()` gives it: its `acr_values`, `max_age` and `scope` go along beside yours.
        `response_mode`: "jwt" (or "query.jwt", "fragment.jwt", "form_post.jwt") has the server sign its answer (JARM), and `callback` believes no other;
        for "form_post.jwt" it takes the body of the POST.
        """
    def push(
        self,
        redirect_uri: str,
        parameters: _Parameters | None = None,
        /,
        *,
        response_type: str | None = None,
        response_mode: Literal["jwt", "query.jwt", "fragment.jwt", "form_post.jwt"] | str | None = None,
        signed: bool = False,
        step_up: Challenge | None = None,
        lifetime: float = 600.0,
        now: Now | None = None,
        **keywords: _Parameter,
    ) -> Login:
        """The same, with the request pushed to the server beforehand (RFC 9126): the URL holds nothing but its name, and works once and until
        `login.url_expires_at`. Blocks; raises Error.
        """
    def begin_push(
        self,
        redirect_uri: str,
        parameters: _Parameters | None = None,
        /,
        *,
        response_type: str | None = None,
        response_mode: Literal["jwt", "query.jwt", "fragment.jwt", "form_post.jwt"] | str | None = None,
        signed: bool = False,
        step_up: Challenge | None = None,
        lifetime: float = 600.0,
        now: Now | None = None,
        **keywords: _Parameter,
    ) -> Exchange[Login]:
        """The same as an exchange to be stepped."""
    def callback(self, login: Login, url: str, /) -> Token:
        """Ends a login: checks the callback's state and iss, takes the login (it works once) and exchanges the code. Blocks; raises Error.

        `url` is the URL the browser was sent to, or its query alone; its fragment where another `response_type` was asked for. A login whose answer must
        be signed (`response_mode`) is taken once the signature was checked.
        """
    def begin_callback(self, login: Login, url: str, /) -> Exchange[Token]:
        """The same as an exchange to be stepped."""
    def device(self, parameters: _Parameters | None = None, /, **keywords: _Parameter) -> Device:
        """Begins a login on a device without a browser (RFC 8628): show the Device's `user_code` and `verification_uri`, then `poll` it. Keywords are
        parameters of the request (`scope`, `resource`, …); `parameters` takes names that are no identifiers. Blocks; raises Error.
        """
    def begin_device(self, parameters: _Parameters | None = None, /, **keywords: _Parameter) -> Exchange[Device]:
        """The same as an exchange to be stepped."""
    def backchannel(self, parameters: _Parameters | None = None, /, **keywords: _Parameter) -> Backchannel:
        """Has the server ask a user on a device of their own (OpenID CIBA), then `poll` it. Keywords are parameters of the request: `scope`, one of
        `login_hint`, `id_token_hint` and `login_hint_token`, perhaps `binding_message`. Blocks; raises Error.
        """
    def begin_backchannel(self, parameters: _Parameters | None = None, /, **keywords: _Parameter) -> Exchange[Backchannel]:
        """The same as an exchange to be stepped."""
    def poll(self, approval: Device | Backchannel, /) -> Token:
        """Asks for the token of a Device or Backchannel, at the server's pace, until the user has agreed. Blocks for that long; raises Refused where
        the user said no, Expired where the time is over.
        """
    def begin_poll(self, approval: Device | Backchannel, /) -> Exchange[Token]:
        """The same as an exchange to be stepped. It may be dropped at any Wait, and another one begun later, also in another process."""

@final
class Session:
    """One good token for everyone who needs it: threads, the tasks of event loops, forked workers, and with a shared store other processes and
    machines. Of all that find it over one asks for the next, which is saved before anybody uses it.

    `grant`: how to get a token where there is none to refresh: a name with its parameters as keywords, or a Grant; repeated with all of
    them. Without one the session lives on what `login` put into its store, and raises Expired at its end.
    `user`: whose token it is, where the grant does not say: any text that tells this user from the others in the store.
    `store`: where the token is kept: "memory:", "file:/var/lib/app?key_file=/etc/app.key", "keyring:", "redis://host/0" or "rediss://…".
    `when_away`: what to do while the store cannot be reached: "fail" with StoreError, or repeat the grant "alone". A valid token is used in
    either case.
    `margin`: how many seconds before its end a token is renewed; never more than half of its lifetime.
    `deadline`: the longest that one request may take, in seconds; the agent's own unless given. A store's lock is taken for twice as long, at most 30 s more.
    `on_change` is called with each new Token after it was saved, `on_error` with each Error of a renewal, also where a token that is
    still valid hid it. Both run on whatever thread it happened, and must not block; what they raise goes to sys.unraisablehook.

    Raises Usage for whatever is wrong with client, grant or store.
    """
    def __new__(
        cls,
        client: Client,
        /,
        grant: _Grant | Grant | None = None,
        *,
        user: str | None = None,
        store: str | None = None,
        when_away: Literal["fail", "alone"] | None = None,
        margin: float = 60.0,
        deadline: float | None = None,
        on_change: Callable[[Token], object] | None = None,
        on_error: Callable[[Error], object] | None = None,
        **parameters: _Parameter,
    ) -> Session: ...
    @property
    def client(self) -> Client:
        """The client whose token it is."""
    @property
    def key(self) -> str:
        """Under which name the store keeps the token: 64 hexadecimal digits, the same in every process and language."""
    def authorization(self) -> str | None:
        """The Authorization header's value where a good token is at hand; else None, and `token()` has something to do. It never blocks.

        headers["Authorization"] = session.authorization() or session.token().authorization
        """
    def current(self) -> Token | None:
        """The token at hand where it is good; else None, and `token()` has something to do. It never blocks."""
    def token(self) -> Token:
        """A good token: the one at hand, another process's from the store, or a new one. Blocks; raises Error."""
    def atoken(self) -> Coroutine[Any, Any, Token]:
        """The same for the tasks of an event loop, over the client's agent. The work is done in a thread, once for all tasks; a task that is
        cancelled does not end it.
        """
    def begin_token(self) -> Exchange[Token]:
        """The same as an exchange to be stepped. Its Store steps are to be run where blocking is allowed."""
    def call(
        self,
        method: str,
        target: str,
        /,
        *,
        query: _Pairs | None = None,
        headers: _Pairs | None = None,
        form: _Pairs | None = None,
        json: Any = None,
        body: bytes | None = None,
        content_type: str | None = None,
    ) -> Reply:
        """Calls the provider's API with a good token. Where the API says that it is dead it is renewed once and the call repeated once. Blocks;
        raises Error. The arguments are those of `Client.call`.
        """
    def begin_call(
        self,
        method: str,
        target: str,
        /,
        *,
        query: _Pairs | None = None,
        headers: _Pairs | None = None,
        form: _Pairs | None = None,
        json: Any = None,
        body: bytes | None = None,
        content_type: str | None = None,
    ) -> Exchange[Reply]:
        """The same as an exchange to be stepped."""
    def begin_attempt(
        self,
        token: Token,
        method: str,
        target: str,
        /,
        *,
        query: _Pairs | None = None,
        headers: _Pairs | None = None,
        form: _Pairs | None = None,
        json: Any = None,
        body: bytes | None = None,
        content_type: str | None = None,
        last: bool = False,
    ) -> Exchange[Reply | None]:
        """One try of an API call that another library carries, with a token that this session gave. It ends with the Reply, or with None where the
        API says that the token is dead: then `token()` gives the next one, to try once more, as the `last`.
        """
    def login(self, token: Token, /, *, now: Now | None = None) -> None:
        """Puts a token into the store, in place of whatever is there: the end of a login in the browser,
        `session.login(client.callback(login, url))`. Blocks for as long as the store does; raises StoreError, or Usage for another provider's
        token. `now` is the time; without one it is the machine's.
        """
    def alogin(self, token: Token, /) -> Coroutine[Any, Any, None]:
        """The same for an event loop: the store's work is done in a thread."""
    def logout(self) -> None:
        """Takes the token out of the store and forgets it. It is not revoked at the provider. Blocks for as long as the store does; raises
        StoreError where it is still there.
        """
    def alogout(self) -> Coroutine[Any, Any, None]:
        """The same for an event loop: the store's work is done in a thread."""
    def forget_refusals(self) -> None:
        """Forgets that the provider refused, so that the next call asks again: after somebody repaired it there. It never blocks."""
    def __reduce__(self) -> NoReturn: ...
