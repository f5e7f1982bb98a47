"""A login in the browser for a program on a desktop (RFC 8252): pushed (RFC 9126), with PKCE, back to a port of this machine."""

import os

import active_oauth

agent = active_oauth.Agent(roots=os.environ.get("ROOTS", "bundled"))
provider = active_oauth.Provider.discover(os.environ["ISSUER"], agent=agent)
client = active_oauth.Client(provider, os.environ["CLIENT_ID"], auth="none", agent=agent)

loopback = active_oauth.Loopback(app="Example")
login = client.push(loopback.redirect_uri, scope="openid")
loopback.only_for(login)
if not active_oauth.open_browser(login.url):
    print("Log in at", login.url)
token = client.callback(login, loopback.callback(300))
print("Hello", client.id_token(token).field("/sub"))
