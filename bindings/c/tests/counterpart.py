"""Do the examples of the flows run as they stand, against servers that others wrote?

ACTIVE_COUNTERPARTS names the program counterparts (crates/counterparts), which starts oidc-provider and Authlib's server and is the user at their pages.
"""

import base64
import http.server
import json
import os
import ssl
import subprocess
import threading
from contextlib import contextmanager
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request, urlopen


class Counterpart:
    """A real server on loopback, and its user."""

    def __init__(self, kind):
        self.process = subprocess.Popen([os.environ["ACTIVE_COUNTERPARTS"], kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.told = self.line()

    def line(self):
        text = self.process.stdout.readline()
        if not text:
            raise RuntimeError("counterparts ended: tests/setup brings the servers")
        return json.loads(text)

    def wish(self, do, **more):
        """What the user does, and what comes of it."""
        self.process.stdin.write(json.dumps({"do": do, **more}) + "\n")
        self.process.stdin.flush()
        answer = self.line()
        if "error" in answer:
            raise RuntimeError(f"{do}: {answer['error']}")
        return next(iter(answer.values()), None)

    def trust(self):
        return ssl.create_default_context(cadata=self.told["ca_pem"])

    def token_of_user(self, client, user):
        """Another service's token, by the plainest grant."""
        known = self.told["clients"][client]
        form = urlencode({"grant_type": "password", "username": user, "password": self.told["users"][user], "scope": "read"})
        basic = base64.b64encode(f"{known['id']}:{known['secret']}".encode()).decode()
        request = Request(self.told["issuer"] + "/token", form.encode(), {"Authorization": f"Basic {basic}"})
        with urlopen(request, timeout=20, context=self.trust()) as answer:
            return json.load(answer)["access_token"]


@contextmanager
def counterpart(kind):
    server = Counterpart(kind)
    try:
        yield server
    finally:
        server.process.stdin.close()
        server.process.wait(timeout=20)


@contextmanager
def api(issuer, folder):
    """An API that wants tokens and says who issues them (RFC 9728): its URL, and the file of its certificate."""
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"]
    key, certificate = folder / "api_key.pem", folder / "api.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", *names,
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)

    class Api(http.server.BaseHTTPRequestHandler):
        """Its answers."""

        def do_GET(self):
            """/mcp is for who has a token."""
            origin = f"https://localhost:{self.server.server_port}"
            allowed = self.headers.get("Authorization", "").startswith("Bearer ")
            said = {"resource": f"{origin}/mcp", "authorization_servers": [issuer], "scopes_supported": ["read"]} if self.path == "/meta" else {}
            self.send_response(200 if self.path == "/meta" or allowed else 401)
            self.send_header("WWW-Authenticate", f'Bearer resource_metadata="{origin}/meta", scope="read"')
            body = json.dumps(said).encode()
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Nobody reads it."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"https://localhost:{server.server_port}/mcp", certificate
    finally:
        server.shutdown()
        server.server_close()


class Flows:
    """The programs of the flows, as a stranger starts them."""

    def __init__(self, programs, environment, work, report):
        self.programs, self.environment, self.work, self.report = programs, environment, work, report

    def start(self, name, server, client, **more):
        known = server.told["clients"][client]
        ca = self.work / "flows_ca.pem"
        ca.write_text(server.told["ca_pem"] + more.pop("trusted", ""), encoding="utf-8")
        environment = {**self.environment, "ACTIVE_ISSUER": server.told["issuer"], "ACTIVE_ID": known["id"], "ACTIVE_CA": str(ca), **more}
        if known.get("secret"):
            environment["ACTIVE_SECRET"] = known["secret"]
        # No browser of the machine's opens.
        environment.update(PATH="/nonexistent", BROWSER="", DISPLAY="")
        return subprocess.Popen([self.programs[name]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)

    def end(self, name, process, wanted, given=None):
        """Its last words, which must be these."""
        text, _ = process.communicate(given, timeout=120)
        good = process.returncode == 0 and text == wanted
        self.report(f"example {name} against a real server", good, "" if good else f"status {process.returncode}, wanted {wanted!r}, came {text!r}")

    def run(self, name, wanted, server, client, **more):
        self.end(name, self.start(name, server, client, **more), wanted)

    def all(self, suffix):
        with counterpart("oidc-provider") as server:
            self.device(f"device{suffix}", server)
            self.dpop(f"dpop{suffix}", server)
            key = server.told["clients"]["key-es256"]["key"]
            file = self.work / f"client_key{suffix}.pem"
            file.write_text(key["pem"], encoding="utf-8")
            self.run(f"private_key_jwt{suffix}", 'A token for "https://api.example/opaque"\n', server, "key-es256",
                     ACTIVE_KEY_FILE=str(file), ACTIVE_KEY_ID=key["kid"])
            self.par_loopback(f"par_loopback{suffix}", server)
            if not suffix:  # libcurl has no complete static archive on Debian
                self.from_a_401("from_a_401", server)
        with counterpart("authlib") as server:
            self.run(f"token_exchange{suffix}", '"urn:ietf:params:oauth:token-type:access_token" with the scope read\n', server, "plain",
                     ACTIVE_SUBJECT_TOKEN=server.token_of_user("plain", "alice"))

    def device(self, name, server):
        process = self.start(name, server, "public")
        _, uri, _, _, code = process.stdout.readline().split()
        server.wish("approve_device", url=f"{uri}?user_code={code}", user="alice")
        self.end(name, process, 'Hello "alice"\n')

    def dpop(self, name, server):
        """The key is made at the first start, and the same at the second."""
        file = self.work / f"{name}.pem"
        said = [self.start(name, server, "dpop", ACTIVE_KEY_FILE=str(file)).communicate(timeout=120)[0] for _ in range(2)]
        thumbprint = said[0].partition("\n")[0].split()[-1]
        wanted = f'A DPoP token for the key {thumbprint}\nand the server says the same: "{thumbprint}"\n'
        good = said == [wanted, wanted] and file.stat().st_mode & 0o777 == 0o600
        self.report(f"example {name} against a real server keeps its key", good, "" if good else str(said))

    def par_loopback(self, name, server):
        process = self.start(name, server, "public")
        process.stdout.readline()
        url = process.stdout.readline().strip()
        pushed = parse_qs(urlsplit(url).query).keys() == {"client_id", "request_uri"}
        self.report(f"example {name} shows the browser a reference only", pushed, "" if pushed else url)
        with urlopen(server.wish("sign_in", url=url, user="alice"), timeout=20) as page:
            shown = page.read().decode()
        self.report(f"example {name} sends the user back", "return to the example" in shown, "" if "return" in shown else shown)
        self.end(name, process, 'Hello "alice"\n')

    def from_a_401(self, name, server):
        with api(server.told["issuer"], self.work) as (url, certificate):
            process = self.start(name, server, "public", ACTIVE_API=url, trusted=certificate.read_text(encoding="utf-8"))
            process.stdout.readline()
            login = process.stdout.readline().split()[-1]
            process.stdout.readline()
            asked = parse_qs(urlsplit(login).query)
            good = asked.get("scope") == ["read"] and asked.get("resource") == [url]
            self.report(f"example {name} asks for what the API said", good, "" if good else str(asked))
            self.end(name, process, "HTTP 200\n", given=server.wish("sign_in", url=login, user="alice") + "\n")
