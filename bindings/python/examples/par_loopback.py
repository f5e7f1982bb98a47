"""A login in the browser for a program on a desktop (RFC 8252): pushed (RFC 9126), with PKCE, back to a port of this machine."""

import http.server
import os
import webbrowser

import active_oauth


class Callback(http.server.BaseHTTPRequestHandler):
    """Takes the one request that brings the user back."""

    def do_GET(self) -> None:
        """Keeps the URL; the code in it is for us alone."""
        came_back.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"You may close this window.")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """The URL holds a code: nobody logs it."""


came_back: list[str] = []
agent = active_oauth.Agent(roots=os.environ.get("ROOTS", "bundled"))
provider = active_oauth.Provider.discover(os.environ["ISSUER"], agent=agent)
client = active_oauth.Client(provider, os.environ["CLIENT_ID"], auth="none", agent=agent)

with http.server.HTTPServer(("127.0.0.1", 0), Callback) as server:
    login = client.push(f"http://127.0.0.1:{server.server_port}/callback", scope="openid")
    webbrowser.open(login.url)
    while not any(path.startswith("/callback?") for path in came_back):
        server.handle_request()

token = client.callback(login, came_back[-1].partition("?")[2])
print("Hello", client.userinfo(token).field("/sub"))
