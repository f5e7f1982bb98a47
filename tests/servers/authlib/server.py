"""What does the best-known server of the Python world say to our client? PyPI Authlib, below Flask.

It is given its certificates as one line of JSON on standard input, listens on a free port of 127.0.0.1 over HTTPS, prints one line of JSON
that says where it is and whom it knows, and ends when standard input does.
"""

from __future__ import annotations

import collections
import html
import json
import os
import ssl
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2 import OAuth2Error
from flask import Flask, Response, jsonify, request
from grants import equip, validator
from model import USERS, Memory
from werkzeug.serving import WSGIRequestHandler, make_server


class Handler(WSGIRequestHandler):
    """Keeps connections, and its peace."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Nothing: the tests ask for counts."""


def application(origin: str, memory: Memory) -> Flask:
    """The server, with its pages."""
    app = Flask(__name__)
    app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
    server = AuthorizationServer(app, query_client=memory.clients.get, save_token=memory.keep)
    bearer = server._token_generators["default"]
    bearer.expires_generator = lambda client, grant_type: client.lifetime
    equip(server, memory, origin)
    protect = ResourceProtector()
    protect.register_token_validator(validator(memory))
    counts: collections.Counter[str] = collections.Counter()

    @app.before_request
    def count() -> None:
        counts[f"{request.method} {request.path}"] += 1

    app.get("/-/counts")(lambda: jsonify(counts))
    app.post("/token")(server.create_token_response)
    for path, name in (
        ("/revoke", "revocation"),
        ("/introspect", "introspection"),
        ("/device_authorization", "device_authorization"),
        ("/register", "client_registration"),
    ):
        app.post(path, endpoint=name)(lambda name=name: server.create_endpoint_response(name))

    @app.route("/authorize", methods=["GET", "POST"])
    def authorize() -> Response | str:
        try:
            grant = server.get_consent_grant(end_user=None)
        except OAuth2Error as error:
            return server.handle_error_response(server.create_oauth2_request(None), error)
        if request.method == "GET":
            return page(request.full_path)
        user = None if request.form.get("abort") else request.form["login"]
        return server.create_authorization_response(grant_user=user, grant=grant)

    @app.route("/device", methods=["GET", "POST"])
    def device() -> str:
        if request.method == "GET":
            return page(request.full_path)
        memory.words[request.args["user_code"]] = (request.form["login"], not request.form.get("abort"))
        return "<p>You may go back to your device.</p>"

    @app.get("/api")
    @protect("read")
    def api() -> Response:
        return jsonify(user=current_token.user, scope=current_token.get_scope())

    @app.get("/.well-known/oauth-authorization-server")
    def metadata() -> Response:
        return jsonify(
            issuer=origin,
            authorization_endpoint=f"{origin}/authorize",
            token_endpoint=f"{origin}/token",
            revocation_endpoint=f"{origin}/revoke",
            introspection_endpoint=f"{origin}/introspect",
            device_authorization_endpoint=f"{origin}/device_authorization",
            registration_endpoint=f"{origin}/register",
            response_types_supported=["code", "token"],
            code_challenge_methods_supported=["S256"],
            authorization_response_iss_parameter_supported=True,
        )

    return app


def page(action: str) -> str:
    """Where a user logs in and says yes or no."""
    return f"""<form method="post" action="{html.escape(action)}">
        <input name="login"><input name="password" type="password"><button>Allow</button>
        <button name="abort" value="yes">Refuse</button></form>"""


def context(certificates: dict[str, str]) -> ssl.SSLContext:
    """Python reads certificates from files alone, so they are in one for as long as that takes."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        both = Path(folder) / "server.pem"
        both.write_text(certificates["certificate"] + certificates["key"])
        made.load_cert_chain(both)
    return made


def main() -> None:
    """Serves until standard input ends."""
    certificates = json.loads(sys.stdin.readline())
    memory = Memory()
    late: list[Any] = []
    shell = context(certificates)
    server = make_server("127.0.0.1", 0, lambda *request: late[0](*request), threaded=True, request_handler=Handler, ssl_context=shell)
    origin = f"https://localhost:{server.port}"
    late.append(application(origin, memory))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    clients = {client.id: client.told() for client in memory.clients.values()}
    print(json.dumps({"issuer": origin, "clients": clients, "users": USERS}), flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
