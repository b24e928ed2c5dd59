"""What the tests of the guard share."""

from __future__ import annotations

import os
import sys

from tests.api.support import Reply

from tokendial.api.guard import OPEN_PATH, REFUSED
from tokendial.api.server import Server

HEADERS = {
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-resource-policy",
    "cross-origin-opener-policy",
    "cache-control",
}


PAGES = [OPEN_PATH, "/", "/assets/app.js"]


def every_route(server: Server) -> list[tuple[str, str]]:
    """Method and address of every page, and of every rule of the URL map behind the gate."""
    pages = [(method, path) for path in PAGES for method in ("GET", "HEAD")]
    return pages + [
        (method, rule.rule.replace("<name>", "homes.list").replace("<ticket>", "ticket"))
        for rule in server.app.commands.url_map.iter_rules()
        for method in sorted(rule.methods - {"OPTIONS"})
    ]


def refused_as_everyone(reply: Reply) -> bool:
    if reply.headers.get("content-length") and not reply.body:
        return True
    return reply.json == {"error": {"code": "refused", "message": REFUSED, "details": {}}}


def python_env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
