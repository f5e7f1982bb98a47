"""A token for the next service, in exchange for the one that came with a request (RFC 8693)."""

import os

import active_oauth

agent = active_oauth.Agent(roots=os.environ.get("ROOTS", "bundled"))
provider = active_oauth.Provider.discover(os.environ["ISSUER"], agent=agent)
client = active_oauth.Client(provider, os.environ["CLIENT_ID"], secret=os.environ["CLIENT_SECRET"], agent=agent)

token = client.token(
    "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token=os.environ["SUBJECT_TOKEN"],
    subject_token_type="access_token",
    scope="read",
)
print(token.field("/issued_token_type"))
