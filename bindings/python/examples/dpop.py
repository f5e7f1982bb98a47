"""Tokens that are worthless to a thief (RFC 9449): every request proves that this program has the key they are bound to."""

import os
from pathlib import Path

import active_oauth

# The key lives as long as its tokens: made once, readable by this program alone.
file = Path(os.environ["KEY_FILE"])
if not file.exists():
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(active_oauth.Key.generate_pem("ES256"))

agent = active_oauth.Agent(roots=os.environ.get("ROOTS", "bundled"))
provider = active_oauth.Provider.discover(os.environ["ISSUER"], agent=agent)
key = active_oauth.Key.from_pem("ES256", file.read_text())
client = active_oauth.Client(
    provider, os.environ["CLIENT_ID"], secret=os.environ["CLIENT_SECRET"], dpop=key, dpop_required=True, agent=agent
)

token = client.token("client_credentials")
print(token.token_type, client.introspect(token).field("/cnf/jkt") == key.thumbprint)
