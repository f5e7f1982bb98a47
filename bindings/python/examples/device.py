"""A login on a device without a browser (RFC 8628): the user approves it on a phone."""

import os

import active_oauth

agent = active_oauth.Agent(roots=os.environ.get("ROOTS", "bundled"))
provider = active_oauth.Provider.discover(os.environ["ISSUER"], agent=agent)
client = active_oauth.Client(provider, os.environ["CLIENT_ID"], auth="none", agent=agent)

device = client.device(scope="openid")
print(f"Open {device.verification_uri} and enter {device.user_code}", flush=True)
token = client.poll(device)  # at the server's pace, until the user has agreed
print("Hello", client.userinfo(token).field("/sub"))
