"""An API that this program never heard of, as the Model Context Protocol has it: from its 401 to a client that can log a user in."""

import os

import active_oauth
import httpx

agent = active_oauth.Agent(roots=os.environ.get("ROOTS", "bundled"))
url = os.environ["API"]
refused = httpx.get(url)

access = active_oauth.Access(url, register={"redirect_uris": ["https://client.example/callback"], "client_name": "Example"})
admission = access.after(refused.headers.get_list("www-authenticate"), agent=agent)
print("Keep this and use it at the next start:", admission.client.id)

login = admission.client.authorize("https://client.example/callback", admission.parameters)
token = admission.client.callback(login, input(f"Log in at {login.url}\nand paste the URL you come back to: "))
print(admission.client.call(token, "GET", url).status)
