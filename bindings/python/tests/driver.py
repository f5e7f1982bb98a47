"""What does a dialogue look like through Python's own API?

One JSON command per line on stdin, one JSON answer per line on stdout: the protocol is in tests/README.md. Nothing is matched here; the
referee does that, the same way for every language.
"""

from __future__ import annotations

import base64
import json
import logging
import sys
from typing import TYPE_CHECKING

from active_oauth import (
    Access,
    Admission,
    Backchannel,
    Challenge,
    Client,
    Device,
    Document,
    Done,
    Error,
    Exchange,
    Grant,
    Login,
    Provider,
    Registration,
    Reply,
    Resource,
    Save,
    Send,
    Session,
    Store,
    Token,
    Wait,
)
from driver_cast import (
    Object,
    key_of,
    moment,
    pairs,
    printed,
    told_admission,
    told_approval,
    told_device,
    told_error,
    told_reply,
    told_token,
)

if TYPE_CHECKING:
    from collections.abc import Callable

AnyExchange = (
    Exchange[Token]
    | Exchange[Reply]
    | Exchange[Device]
    | Exchange[Backchannel]
    | Exchange[Login]
    | Exchange[Document]
    | Exchange[Provider]
    | Exchange[Resource]
    | Exchange[Registration]
    | Exchange[Admission]
)
OK: Object = {"ok": True}


class Driver:
    """The objects of the dialogue that runs now."""

    def __init__(self) -> None:
        self.client: Client | None = None
        self.signed_requests = False
        self.login: Login | None = None
        self.device: Device | None = None
        self.backchannel: Backchannel | None = None
        self.token: Token | None = None
        self.document: Document | None = None
        self.registration: Registration | None = None
        self.session: Session | None = None
        self.exchange: AnyExchange | None = None
        self.pending: Error | None = None
        """What a call raised that other languages report at the first step."""
        self.error: Error | None = None
        self.reply: Reply | None = None
        self.last: object = None

    def answer(self, command: Object) -> Object:
        """Does one command."""
        act: Callable[[Object], Object] | None = getattr(self, f"do_{command.get('do')}", None)
        if act is None:
            return {"driver_error": f"unknown command {command.get('do')!r}"}
        try:
            return act(command)
        except Error as error:
            self.error = error
            return {"error": told_error(error)}

    def do_client(self, command: Object) -> Object:
        """Drops everything before, and makes a client."""
        self.__init__()  # type: ignore[misc]
        words = ("secret", "auth", "body", "base", "variables", "assertion_audience", "policy", "dpop_required", "certificate_bound")
        options: Object = {name: command[name] for name in words if name in command}
        if command.get("plain_http"):
            options["danger_allow_plain_http_to_loopback"] = True
        self.signed_requests = command.get("signed_requests", False)
        try:
            options.update((name, key_of(command[name])) for name in ("key", "dpop") if name in command)
            provider = Provider.from_json(command["record"]) if "record" in command else command["provider"]
            self.client = Client(provider, command["id"], **options)
        except Error as error:
            self.pending = error
        return OK

    def begin(self, open_exchange: Callable[[Client], AnyExchange]) -> Object:
        """Opens an exchange; what that raises is the first step's answer, as in the other languages."""
        self.exchange = None
        client = self.client
        return OK if client is None else self.begin_alone(lambda: open_exchange(client))

    def begin_alone(self, open_exchange: Callable[[], AnyExchange]) -> Object:
        """The same for an exchange that needs no client."""
        self.exchange = self.pending = None
        try:
            self.exchange = open_exchange()
        except Error as error:
            self.pending = error
        return OK

    def do_token(self, command: Object) -> Object:
        """Opens a token exchange."""
        return self.begin(lambda client: client.begin_token(Grant(command["grant"], pairs(command, "parameters"))))

    def do_refresh(self, _command: Object) -> Object:
        """Opens a renewal of the current token."""
        return self.begin(lambda client: client.begin_refresh(self.current_token()))

    def do_call(self, command: Object) -> Object:
        """Opens an API call with the current token."""
        options: Object = {name: pairs(command, name) for name in ("query", "headers", "form") if name in command}

        def open_call(client: Client) -> Exchange[Reply]:
            if body := command.get("body"):
                options.update(body=base64.b64decode(body["base64"]), content_type=body["content_type"])
            if again := command.get("renew_by"):
                options["renew_by"] = Grant(again["grant"], pairs(again, "parameters"))
            return client.begin_call(self.current_token(), command["method"], command["target"], **options)

        return self.begin(open_call)

    def do_session(self, command: Object) -> Object:
        """Opens a session."""
        self.session = None

        def open_session(client: Client) -> Session:
            grant = Grant(command["grant"], pairs(command, "parameters")) if "grant" in command else None
            return Session(client, grant, user=command.get("user"))

        if self.client is not None:
            self.pending = None
            try:
                self.session = open_session(self.client)
            except Error as error:
                self.pending = error
        return OK

    def begin_of_session(self, open_exchange: Callable[[Session], AnyExchange]) -> Object:
        """Opens an exchange of the session; if there is none, why not is the first step's answer."""
        self.exchange = None
        if self.session is not None:
            try:
                self.exchange = open_exchange(self.session)
            except Error as error:
                self.pending = error
        return OK

    def do_session_token(self, _command: Object) -> Object:
        """Opens the session's way to a token."""
        return self.begin_of_session(lambda session: session.begin_token())

    def do_session_call(self, command: Object) -> Object:
        """Opens an API call of the session."""
        options: Object = {name: pairs(command, name) for name in ("query", "headers", "form") if name in command}
        if body := command.get("body"):
            options.update(body=base64.b64decode(body["base64"]), content_type=body["content_type"])
        return self.begin_of_session(lambda session: session.begin_call(command["method"], command["target"], **options))

    def do_session_login(self, command: Object) -> Object:
        """Puts the current token into the session."""
        assert self.session is not None, "no session"
        self.session.login(self.current_token(), now=moment(command))
        return OK

    def do_session_logout(self, _command: Object) -> Object:
        """Takes it out again."""
        assert self.session is not None, "no session"
        self.session.logout()
        return OK

    def do_authorize(self, command: Object) -> Object:
        """Begins a login."""
        if self.client is None:
            raise self.pending or AssertionError("no client")
        self.login = self.client.authorize(command["redirect_uri"], pairs(command, "parameters"), **self.login_options(command))
        return {"url": self.login.url}

    def login_options(self, command: Object) -> Object:
        """What a login is begun with beside its parameters."""
        lifetime = {"lifetime": command["lifetime_ms"] / 1000} if "lifetime_ms" in command else {}
        step_up = Challenge.step_up(command.get("step_up", []))
        return {
            "now": moment(command),
            "signed": self.signed_requests,
            "step_up": step_up,
            "response_type": command.get("response_type"),
            **lifetime,
        }

    def do_end_session(self, command: Object) -> Object:
        """Where the browser goes to end the user's session."""
        if self.client is None:
            raise self.pending or AssertionError("no client")
        names = ("id_token_hint", "post_logout_redirect_uri", "state")
        return {"url": self.client.end_session_url(**{name: command[name] for name in names if name in command})}

    def do_push(self, command: Object) -> Object:
        """Opens the exchange that begins a login by a pushed request."""
        uri, parameters, options = command["redirect_uri"], pairs(command, "parameters"), self.login_options(command)
        return self.begin(lambda client: client.begin_push(uri, parameters, **options))

    def do_revoke(self, _command: Object) -> Object:
        """Opens the revocation of the current token."""
        return self.begin(lambda client: client.begin_revoke(self.current_token()))

    def do_introspect(self, _command: Object) -> Object:
        """Opens the introspection of the current token."""
        return self.begin(lambda client: client.begin_introspect(self.current_token()))

    def do_introspect_signed(self, _command: Object) -> Object:
        """Opens its introspection, whose answer is signed."""
        return self.begin(lambda client: client.begin_introspect_signed(self.current_token()))

    def do_presented(self, command: Object) -> Object:
        """A caller's token becomes the current one, and its check is opened."""
        self.token = None

        def open_check(client: Client) -> AnyExchange:
            self.token = client.presented(command["authorization"], now=moment(command))
            return client.begin_access_token_claims(self.token, command["resource"])

        return self.begin(open_check)

    def do_proof(self, command: Object) -> Object:
        """Checks the proof of the caller whose token was checked last."""
        if self.client is None or self.document is None:
            raise self.pending or AssertionError("no client, or no claims")
        given = (command["dpop"], command["method"], command["url"])
        proven = self.client.proof_claims(self.current_token(), self.document, *given, now=moment(command))
        return {"document": proven.answer.decode()}

    def do_userinfo(self, _command: Object) -> Object:
        """Opens the question who logged in."""
        return self.begin(lambda client: client.begin_userinfo(self.current_token()))

    def do_discover(self, command: Object) -> Object:
        """Opens the discovery of an authorization server."""
        return self.begin_alone(lambda: Provider.begin_discover(command["issuer"]))

    def do_resource(self, command: Object) -> Object:
        """Opens the discovery of an API."""
        return self.begin_alone(lambda: Resource.begin_discover(command["url"]))

    def do_register(self, command: Object) -> Object:
        """Opens the registration of a client."""
        token = command.get("initial_access_token")

        def open_registration() -> AnyExchange:
            return Provider.from_json(command["record"]).begin_register(command["metadata"], initial_access_token=token)

        return self.begin_alone(open_registration)

    def do_registered(self, _command: Object) -> Object:
        """The registered client becomes the current one."""
        self.client = self.current_registration().client()
        return OK

    def do_read_registration(self, _command: Object) -> Object:
        """Opens the reading of the current registration."""
        return self.begin_alone(lambda: self.current_registration().begin_read_again())

    def do_update_registration(self, command: Object) -> Object:
        """Opens its change."""
        return self.begin_alone(lambda: self.current_registration().begin_update(command["metadata"]))

    def do_delete_registration(self, _command: Object) -> Object:
        """Opens its deletion."""
        return self.begin_alone(lambda: self.current_registration().begin_delete())

    def do_access(self, command: Object) -> Object:
        """Opens the way from an API's refusal to a client."""
        names = ("client_document", "register", "initial_access_token")
        options: Object = {name: command[name] for name in names if name in command}
        return self.begin_alone(lambda: Access(command["url"], **options).begin_after(command["www_authenticate"]))

    def do_restore_login(self, _command: Object) -> Object:
        """Saves and restores the current login."""
        self.login = Login.restore(self.current_login().saved())
        return OK

    def do_saved_login(self, _command: Object) -> Object:
        """The current login as its text."""
        return {"saved": self.current_login().saved()}

    def do_load_login(self, command: Object) -> Object:
        """A login of that text becomes the current one."""
        self.login = Login.restore(command["saved"])
        return OK

    def do_callback(self, command: Object) -> Object:
        """Opens the exchange of a callback's code."""
        return self.begin(lambda client: client.begin_callback(self.current_login(), command["url"]))

    def do_device(self, command: Object) -> Object:
        """Opens the exchange that begins a device login."""
        return self.begin(lambda client: client.begin_device(pairs(command, "parameters")))

    def do_backchannel(self, command: Object) -> Object:
        """Opens the exchange that begins a backchannel login."""
        return self.begin(lambda client: client.begin_backchannel(pairs(command, "parameters")))

    def do_poll(self, command: Object) -> Object:
        """Opens the exchange of that login's token."""
        return self.begin(lambda client: client.begin_poll(self.current_approval(command["what"])))

    def do_saved_device(self, _command: Object) -> Object:
        """The current device login as its text."""
        return {"saved": self.current_approval("device").saved()}

    def do_saved_backchannel(self, _command: Object) -> Object:
        """The current backchannel login as its text."""
        return {"saved": self.current_approval("backchannel").saved()}

    def do_load_device(self, command: Object) -> Object:
        """A device login of that text becomes the current one."""
        self.device = Device.restore(command["saved"])
        return OK

    def do_load_backchannel(self, command: Object) -> Object:
        """A backchannel login of that text becomes the current one."""
        self.backchannel = Backchannel.restore(command["saved"])
        return OK

    def do_restore_device(self, command: Object) -> Object:
        """Saves and restores the current device login."""
        return self.do_load_device({**command, **self.do_saved_device(command)})

    def do_restore_backchannel(self, command: Object) -> Object:
        """Saves and restores the current backchannel login."""
        return self.do_load_backchannel({**command, **self.do_saved_backchannel(command)})

    def do_restore_token(self, _command: Object) -> Object:
        """Saves and restores the current token."""
        self.token = Token.restore(self.current_token().saved())
        return OK

    def do_saved_token(self, _command: Object) -> Object:
        """The current token as its text."""
        return {"saved": self.current_token().saved()}

    def do_load_token(self, command: Object) -> Object:
        """A token of that text becomes the current one."""
        self.token = Token.restore(command["saved"])
        return OK

    def do_step(self, command: Object) -> Object:
        """Steps the exchange and tells what it says."""
        if self.exchange is None:
            raise self.pending or AssertionError("no exchange")
        self.last = step = self.exchange.step(moment(command))
        match step:
            case Send(request):
                return {
                    "send": {
                        "method": request.method,
                        "url": request.url,
                        "headers": request.headers,
                        "body_base64": base64.b64encode(request.body).decode(),
                    }
                }
            case Save(token):
                self.token = token
                return {"save": told_token(token)}
            case Wait(seconds):
                return {"wait": round(seconds * 1000)}
            case Store():
                return {"driver_error": "a store in memory has no errands"}
            case Done(Token() as token):
                self.token = token
                return {"done": {"token": told_token(token)}}
            case Done(Device() as device):
                self.device = device
                return {"done": {"device": told_device(device)}}
            case Done(Backchannel() as backchannel):
                self.backchannel = backchannel
                return {"done": {"backchannel": told_approval(backchannel)}}
            case Done(Login() as login):
                self.login = login
                return {"done": {"login": {"url": login.url}}}
            case Done(Provider() as provider):
                return {"done": {"provider": provider.to_json()}}
            case Done(Document() as document):
                self.document = document
                return {"done": {"document": document.answer.decode()}}
            case Done(Resource() as resource):
                return {"done": {"document": resource.document.answer.decode()}}
            case Done(Registration() as registration):
                self.registration = registration
                return {"done": {"document": registration.document.answer.decode()}}
            case Done(Admission() as admission):
                self.client, self.registration = admission.client, admission.registration
                return {"done": {"admission": told_admission(admission)}}
            case Done(reply):
                self.reply = reply
                self.token = reply.renewed or self.token
                return {"done": told_reply(reply)}

    def do_receive(self, command: Object) -> Object:
        """Hands in an answer."""
        if self.exchange is not None:
            self.exchange.receive(command["status"], pairs(command, "headers"), base64.b64decode(command["body_base64"]))
        return OK

    def do_no_answer(self, command: Object) -> Object:
        """Hands in that there is none."""
        if self.exchange is not None:
            self.exchange.no_answer(sent=command["sent"], cause=command["cause"], detail=command["detail"])
        return OK

    def do_field(self, command: Object) -> Object:
        """A member of the token answer, by JSON pointer."""
        return {"value": self.current_token().field(command["pointer"])}

    def do_show(self, _command: Object) -> Object:
        """Every printable form of every live object."""
        live = (
            self.client,
            self.client and self.client.provider,
            self.client and self.client.agent,
            self.session,
            self.registration,
            self.login,
            self.device,
            self.backchannel,
            self.token,
            self.exchange,
        )
        last = (self.last, getattr(self.last, "request", None), getattr(self.last, "value", None))
        more = (self.reply, self.token and self.token.user, self.error, self.pending)
        return {"shown": [text for shown in (*live, *last, *more) if shown is not None for text in printed(shown)]}

    def current_token(self) -> Token:
        """The token in hand."""
        assert self.token is not None, "no token"
        return self.token

    def current_registration(self) -> Registration:
        """The registration in hand."""
        assert self.registration is not None, "no registration"
        return self.registration

    def current_login(self) -> Login:
        """The login in hand."""
        assert self.login is not None, "no login"
        return self.login

    def current_approval(self, what: str) -> Device | Backchannel:
        """The device or backchannel login in hand."""
        approval = self.device if what == "device" else self.backchannel
        assert approval is not None, f"no {what}"
        return approval


def main() -> None:
    """Answers until stdin ends. The host logs everything it can, to stderr."""
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    driver = Driver()
    for line in sys.stdin:
        try:
            answer = driver.answer(json.loads(line))
        except Exception as error:
            answer = {"driver_error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
