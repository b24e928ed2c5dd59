"""A loopback stand-in for the Gemini API that decides every token count.

Gemini CLI talks to it as to the real API, so what its files must add up to is known to the token.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.clients.loopback import serving

DELEGATE = "delegate"  # a prompt with this word makes the model call a sub-agent
Json = dict[str, Any]


@dataclass(frozen=True)
class Handed:
    """The usage of a response in the API's terms: the prompt includes cached, candidates are without thoughts."""

    model: str
    prompt: int
    cached: int
    tool: int
    candidates: int
    thoughts: int

    @property
    def total(self) -> int:
        return self.prompt + self.tool + self.candidates + self.thoughts

    def body(self) -> Json:
        return {
            "promptTokenCount": self.prompt,
            "cachedContentTokenCount": self.cached,
            "toolUsePromptTokenCount": self.tool,
            "candidatesTokenCount": self.candidates,
            "thoughtsTokenCount": self.thoughts,
            "totalTokenCount": self.total,
        }


@dataclass
class FakeGenerate:
    """The server's state: its address, what it was asked, and the usage handed out so far."""

    url: str = ""
    handed: list[Handed] = field(default_factory=list)
    asked: list[Json] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, model: str, request: Json) -> Json:
        """The first response of a prompt asks for a tool, the one after the tool's result is words."""
        with self.lock:
            number = len(self.handed) + 1
            usage = Handed(
                model,
                prompt=1_000 * number + 7,
                cached=400 * number,
                tool=3 * number,
                candidates=50 * number + 1,
                thoughts=20 * number,
            )
            self.handed.append(usage)
            self.asked.append(request)
        part = _part(number, request)
        return {
            "candidates": [{"content": {"role": "model", "parts": [part]}, "finishReason": "STOP", "index": 0}],
            "usageMetadata": usage.body(),
            "modelVersion": model,
            "responseId": f"resp_{number}",
        }


def _part(number: int, request: Json) -> Json:
    tools = {tool["name"] for group in request.get("tools", []) for tool in group.get("functionDeclarations", [])}
    parts = (request.get("contents") or [{}])[-1].get("parts", [])
    if any("functionResponse" in part for part in parts) and "complete_task" not in tools:
        return {"text": f"answer {number}"}
    words = " ".join(part.get("text", "") for part in parts)
    if "complete_task" in tools:
        return _call("complete_task", {"result": {"response": "done"}})
    if DELEGATE in words and "invoke_agent" in tools:
        return _call("invoke_agent", {"agent_name": "generalist", "prompt": "look around"})
    return _call("list_directory", {"dir_path": ".", "path": "."})


def _call(name: str, arguments: Json) -> Json:
    return {"functionCall": {"name": name, "args": arguments}}


def _handler(state: FakeGenerate) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            del format, args

        def do_GET(self) -> None:
            self._send("application/json", b"{}")

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)) or b"{}")
            if "countTokens" in self.path:
                self._send("application/json", b'{"totalTokens":42}')
                return
            model = self.path.partition("/models/")[2].partition(":")[0]
            body = json.dumps(state.answer(model, request))
            if "stream" in self.path:
                self._send("text/event-stream", f"data: {body}\n\n".encode())
            else:
                self._send("application/json", body.encode())

        def _send(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


@contextmanager
def fake_generate() -> Iterator[FakeGenerate]:
    """Runs the server on a free loopback port."""
    state = FakeGenerate()
    with serving(_handler(state)) as url:
        state.url = url
        yield state
