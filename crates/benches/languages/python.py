"""What does it cost from Python? `python.py OPERATION N work|prepare`; see count."""

import sys

from active_oauth import Client, Done, Now, Send, Session

NOW = Now(1_700_000_000_000, 0)
HEADERS = {"content-type": "application/json"}


def run(exchange, body, now=None):
    """One whole exchange."""
    send = exchange.step(now)
    assert isinstance(send, Send) and send.request.body
    exchange.receive(200, HEADERS, body)
    done = exchange.step(now)
    assert isinstance(done, Done) and len(done.value.access_token) == 887


def main(operation, n, what):
    body = sys.stdin.buffer.read()
    client = Client("honeywell", "9UY8NrmDtIh8GVTkNdX0Y7I6k37254a9", secret="Z1947381rwgf0WkPPGPHnGik6h3LdhZ9")
    session = Session(client, "client_credentials")
    run(session.begin_token(), body)
    for _ in range(int(n) if what == "work" else 0):
        if operation == "x_bp":
            run(client.begin_token("client_credentials"), body, NOW)
        else:
            assert len(session.authorization()) == 894


main(*sys.argv[1:])
