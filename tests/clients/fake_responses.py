"""A loopback server that speaks the Responses API and decides, and remembers, the usage of every response.

The Codex CLI talks to it as to the real API, so what its files must add up to is known to the token.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.clients.loopback import serving

WINDOWS = {"primary": (300, 12.5, 2 * 3600), "secondary": (10_080, 40.0, 3 * 86_400)}


@dataclass(frozen=True)
class Handed:
    """The usage of a response in the API's terms: input includes cached and cache writes, output includes reasoning."""

    model: str
    input: int
    cached: int
    cache_write: int
    output: int
    reasoning: int

    def body(self) -> dict[str, Any]:
        return {
            "input_tokens": self.input,
            "input_tokens_details": {"cached_tokens": self.cached, "cache_write_tokens": self.cache_write},
            "output_tokens": self.output,
            "output_tokens_details": {"reasoning_tokens": self.reasoning},
            "total_tokens": self.input + self.output,
        }


@dataclass
class FakeResponses:
    """The server's state: its address and the usage handed out so far."""

    url: str = ""
    began: int = field(default_factory=lambda: int(time.time()))
    handed: list[Handed] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        """The events of one response: the first of a prompt asks for a command, the one after its output is words."""
        with self.lock:
            number = len(self.handed) + 1
            usage = Handed(
                request.get("model", ""),
                input=1_000 * number + 7,
                cached=500 * number,
                cache_write=10 * number,
                output=100 * number + 3,
                reasoning=40 * number,
            )
            self.handed.append(usage)
        response = {"id": f"resp_{number}"}
        item = self._message(number) if _last_is_output(request) else _call(number, request)
        return [
            {"type": "response.created", "response": response},
            {"type": "response.output_item.done", "item": item},
            {"type": "response.completed", "response": {**response, "usage": usage.body()}},
        ]

    def limit_headers(self) -> dict[str, str]:
        """Both windows of the limit, with resets that are still to come."""
        headers = {}
        for name, (minutes, percent, left) in WINDOWS.items():
            headers[f"x-codex-{name}-used-percent"] = f"{percent:g}"
            headers[f"x-codex-{name}-window-minutes"] = str(minutes)
            headers[f"x-codex-{name}-reset-at"] = str(self.began + left)
        return headers

    @staticmethod
    def _message(number: int) -> dict[str, Any]:
        content = [{"type": "output_text", "text": f"answer {number}"}]
        return {"type": "message", "id": f"msg_{number}", "role": "assistant", "content": content}


def _last_is_output(request: dict[str, Any]) -> bool:
    items = [item for item in request.get("input", []) if isinstance(item, dict)]
    return bool(items) and str(items[-1].get("type", "")).endswith("_call_output")


def _call(number: int, request: dict[str, Any]) -> dict[str, Any]:
    tools = [tool.get("name") or tool.get("type") for tool in request.get("tools", [])]
    name = next((tool for tool in ("shell_command", "exec_command") if tool in tools), "shell")
    command = ["bash", "-lc", "echo hi"] if name == "shell" else "echo hi"
    arguments = json.dumps({"command": command, "cmd": "echo hi", "workdir": "."})
    ids = {"id": f"fc_{number}", "call_id": f"call_{number}"}
    return {"type": "function_call", **ids, "name": name, "arguments": arguments}


def _handler(state: FakeResponses) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            del format, args

        def do_GET(self) -> None:
            self._send("application/json", b'{"object":"list","data":[],"models":[]}', {})

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)))
            events = state.answer(request)
            text = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)
            self._send("text/event-stream", text.encode(), state.limit_headers())

        def _send(self, kind: str, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(200)
            for name, value in {"content-type": kind, "content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    return Handler


@contextmanager
def fake_responses() -> Iterator[FakeResponses]:
    """Runs the server on a free loopback port."""
    state = FakeResponses()
    with serving(_handler(state)) as url:
        state.url = f"{url}/v1"
        yield state
