"""One good token for the threads, the tasks and the workers of a program, and for the next start of it."""

import asyncio
import os

import active_oauth
import httpx

client = active_oauth.Client("buildpass", "id", secret="secret")
session = active_oauth.Session(client, "client_credentials", scope="read:builders", store=os.environ["TOKEN_STORE"])

print(session.call("GET", "/v1/builders").json())


async def main() -> None:
    """The same token, in tasks."""
    async with httpx.AsyncClient(auth=active_oauth.httpx.Auth(session), base_url=os.environ["BUILDPASS"]) as http:
        for answer in await asyncio.gather(*(http.get("/v1/builders") for _ in range(10))):
            print(answer.json())


asyncio.run(main())
