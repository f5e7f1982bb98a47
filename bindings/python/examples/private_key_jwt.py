"""A client that proves who it is by its key (RFC 7523): no secret is ever sent."""

import os
from pathlib import Path

import active_oauth

agent = active_oauth.Agent(roots=os.environ.get("ROOTS", "bundled"))
provider = active_oauth.Provider.discover(os.environ["ISSUER"], agent=agent)
key = active_oauth.Key.from_pem("ES256", Path(os.environ["KEY_FILE"]).read_text(), id=os.environ["KEY_ID"])
client = active_oauth.Client(provider, os.environ["CLIENT_ID"], auth="private_key_jwt", key=key, agent=agent)

token = client.token("client_credentials", resource="https://api.example/opaque", scope="read")
print(client.introspect(token).field("/aud"))
