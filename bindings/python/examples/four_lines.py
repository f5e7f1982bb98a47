"""A token from BuildPass, in four lines. Put your own id and secret in; tests/test_examples.py runs it against the sandbox."""

import active_oauth

client = active_oauth.Client("buildpass", "id", secret="secret")
token = client.token("client_credentials", scope="read:builders")
print(client.call(token, "GET", "/v1/builders").json())
