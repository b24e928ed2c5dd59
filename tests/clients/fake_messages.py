"""A loopback server that speaks the Messages API and decides, and remembers, the usage of every response.

Claude Code talks to it as to the real API, so what its files must add up to is known to the token.
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

# A prompt with one of these words makes the model run a command, start an agent, or search the web.
RUN, DELEGATE, SEARCH = "run", "delegate", "search"
AGENT_TOOLS = ("Agent", "Task")
Json = dict[str, Any]


@dataclass(frozen=True)
class Handed:
    """The usage of a response in the API's terms, in which no part is inside another but thinking in output."""

    model: str
    input: int
    cache_read: int
    cache_write: int
    cache_write_1h: int
    output: int
    thinking: int
    searches: int

    def body(self, output: int) -> Json:
        return {
            "input_tokens": self.input,
            "cache_read_input_tokens": self.cache_read,
            "cache_creation_input_tokens": self.cache_write + self.cache_write_1h,
            "cache_creation": {
                "ephemeral_5m_input_tokens": self.cache_write,
                "ephemeral_1h_input_tokens": self.cache_write_1h,
            },
            "output_tokens": output,
            "output_tokens_details": {"thinking_tokens": min(self.thinking, output)},
            "server_tool_use": {"web_search_requests": self.searches, "web_fetch_requests": 0},
            "service_tier": "standard",
        }


@dataclass
class FakeMessages:
    """The server's state: its address, what it was asked, and the usage handed out so far."""

    url: str = ""
    handed: list[Handed] = field(default_factory=list)
    asked: list[Json] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Json) -> Json:
        """Words, and behind them the call of the tool that the prompt asks for."""
        words = _last_words(request)
        with self.lock:
            number = len(self.handed) + 1
            usage = Handed(
                request.get("model", ""),
                input=10 * number + 3,
                cache_read=1_000 * number,
                cache_write=150 * number,
                cache_write_1h=50 * number,
                output=70 * number + 5,
                thinking=20 * number,
                searches=2 if SEARCH in words else 0,
            )
            self.handed.append(usage)
            self.asked.append(request)
        content: list[Json] = [{"type": "text", "text": f"answer {number}"}]
        call = _call(number, request, words)
        if call is not None:
            content.append(call)
        return {
            "id": f"msg_01{number:022}",
            "type": "message",
            "role": "assistant",
            "model": usage.model,
            "content": content,
            "stop_reason": "end_turn" if call is None else "tool_use",
            "stop_sequence": None,
            "usage": usage.body(usage.output),
        }


def _last_words(request: Json) -> str:
    """What a person said last; empty where a tool's result came last."""
    content = (request.get("messages") or [{}])[-1].get("content", "")
    if isinstance(content, str):
        return content
    if any(block.get("type") == "tool_result" for block in content):
        return ""
    return " ".join(block.get("text", "") for block in content if "<system-reminder>" not in block.get("text", ""))


def _call(number: int, request: Json, words: str) -> Json | None:
    tools = [tool.get("name") for tool in request.get("tools", [])]
    agent = next((tool for tool in AGENT_TOOLS if tool in tools), None)
    if DELEGATE in words and agent is not None:
        given = {"description": "look around", "prompt": f"{RUN} around", "subagent_type": "general-purpose"}
        return {"type": "tool_use", "id": f"toolu_{number}", "name": agent, "input": given}
    if RUN in words and "Bash" in tools:
        given = {"command": "echo hi", "description": "say hi"}
        return {"type": "tool_use", "id": f"toolu_{number}", "name": "Bash", "input": given}
    return None


def _events(message: Json) -> Iterator[Json]:
    """The stream of a response: its first event counts one token of output, its last but one all of them."""
    usage = message["usage"]
    begun = {**usage, "output_tokens": 1, "output_tokens_details": {"thinking_tokens": 0}}
    yield {"type": "message_start", "message": {**message, "content": [], "stop_reason": None, "usage": begun}}
    for place, block in enumerate(message["content"]):
        if block["type"] == "text":
            start, delta = {**block, "text": ""}, {"type": "text_delta", "text": block["text"]}
        else:
            start = {**block, "input": {}}
            delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        yield {"type": "content_block_start", "index": place, "content_block": start}
        yield {"type": "content_block_delta", "index": place, "delta": delta}
        yield {"type": "content_block_stop", "index": place}
    stopped = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": stopped, "usage": usage}
    yield {"type": "message_stop"}


def _handler(state: FakeMessages) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            del format, args

        def do_GET(self) -> None:
            self._send("application/json", b'{"data":[],"has_more":false}')

        do_HEAD = do_GET  # noqa: N815 - the name of the base class

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)) or b"{}")
            path = self.path.partition("?")[0]
            if path.endswith("/count_tokens"):
                self._send("application/json", b'{"input_tokens":123}')
            elif not path.endswith("/messages"):
                self._send("application/json", b"{}")
            else:
                message = state.answer(request)
                if request.get("stream"):
                    events = "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in _events(message))
                    self._send("text/event-stream", events.encode(), message["id"])
                else:
                    self._send("application/json", json.dumps(message).encode(), message["id"])

        def _send(self, kind: str, body: bytes, name: str = "other") -> None:
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.send_header("request-id", name.replace("msg_", "req_"))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    return Handler


@contextmanager
def fake_messages() -> Iterator[FakeMessages]:
    """Runs the server on a free loopback port."""
    state = FakeMessages()
    with serving(_handler(state)) as url:
        state.url = url
        yield state
