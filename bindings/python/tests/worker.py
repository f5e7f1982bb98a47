"""How does a worker of the fleet go in Python? The protocol is in crates/fleet/src/worker.rs.

`worker.py` calls from threads, `worker.py asyncio` from the tasks of an event loop, by httpx.
"""

import asyncio
import json
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import active_oauth
import active_oauth.httpx
import httpx


def session_at(berth: dict[str, Any]) -> active_oauth.Session:
    agent = active_oauth.Agent(roots=berth["ca"], deadline=berth["deadline_ms"] / 1000)
    client = active_oauth.Client("buildpass", berth["client_id"], secret=berth["client_secret"], base=berth["base"], agent=agent)
    return active_oauth.Session(client, user=berth["user"], store=berth["store"])


def said(results: list[str | None]) -> dict[str, Any]:
    errors = [error for error in results if error is not None]
    return {"ok": len(results) - len(errors), "failed": len(errors), "error": errors[-1] if errors else None}


def call(session: active_oauth.Session) -> str | None:
    try:
        status = session.call("GET", "/v1/builders").status
    except active_oauth.Error as error:
        return str(error)
    return None if status == 200 else f"HTTP {status}"


async def acall(client: httpx.AsyncClient) -> str | None:
    try:
        status = (await client.get("/v1/builders")).status_code
    except active_oauth.Error as error:
        return str(error)
    return None if status == 200 else f"HTTP {status}"


def main() -> None:
    berth = json.loads(sys.stdin.readline())
    session, threads = session_at(berth), berth["threads"]
    print(json.dumps({"ready": True}), flush=True)
    with ThreadPoolExecutor(threads) as pool:
        for line in sys.stdin:
            calls = int(line.removeprefix("go "))
            rounds = [calls] * threads
            results = [each for some in pool.map(lambda calls: [call(session) for _ in range(calls)], rounds) for each in some]
            print(json.dumps(said(results)), flush=True)


async def amain() -> None:
    berth = json.loads(sys.stdin.readline())
    session, tasks = session_at(berth), berth["threads"]
    print(json.dumps({"ready": True}), flush=True)
    auth = active_oauth.httpx.Auth(session)
    async with httpx.AsyncClient(auth=auth, base_url=berth["base"], verify=ssl.create_default_context(cafile=berth["ca"])) as client:
        for line in sys.stdin:
            calls = int(line.removeprefix("go "))

            async def work(calls: int = calls) -> list[str | None]:
                return [await acall(client) for _ in range(calls)]

            results = await asyncio.gather(*(work() for _ in range(tasks)))
            print(json.dumps(said([each for some in results for each in some])), flush=True)


if __name__ == "__main__":
    asyncio.run(amain()) if sys.argv[1:] == ["asyncio"] else main()
