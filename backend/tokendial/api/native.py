"""The one request that a second start of the program sends to the first: show your window."""

from __future__ import annotations

import socket

import msgspec

from tokendial.api.guard import SECRET_HEADER, SHOW_PATH

TIMEOUT_SECONDS = 3.0


class ShowRequest(msgspec.Struct):
    """The page to open, as `sessions`; null leaves the one that is open."""

    page: str | None = None


def ask_to_show(port: int, secret: str, page: str | None = None) -> bool:
    """Whether the server on 127.0.0.1:`port` knew the secret and did as asked; false if nothing answers there."""
    body = msgspec.json.encode(ShowRequest(page))
    lines = (
        f"POST {SHOW_PATH} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"{SECRET_HEADER}: {secret}",
        f"Content-Length: {len(body)}",
    )
    try:
        with socket.create_connection(("127.0.0.1", port), TIMEOUT_SECONDS) as connection:
            connection.sendall("\r\n".join((*lines, "Connection: close", "", "")).encode("ascii") + body)
            with connection.makefile("rb") as answer:
                return answer.readline(100).split()[1:2] == [b"200"]
    except (OSError, OverflowError, UnicodeEncodeError):
        return False
