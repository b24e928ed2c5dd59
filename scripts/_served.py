"""A running `tokendial serve`, as its own page sees it: the cookie from the one-use link, commands, and events."""

from __future__ import annotations

import json
import queue
import re
import subprocess
import threading
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

LINK = re.compile(r"http://127\.0\.0\.1:\d+/\S+")


class Served:
    """A context manager: starts the server, lets itself in, and ends the server."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            list(command), env=dict(env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.events: queue.Queue[str] = queue.Queue()
        self.cookie = ""
        self._address = ("", 0)

    def __enter__(self) -> Served:
        link = self._printed_link()
        parts = urlsplit(link)
        self._address = (parts.hostname or "", parts.port or 0)
        connection = HTTPConnection(*self._address, timeout=120)
        connection.request("GET", f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        self.cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        connection.close()
        for work in (self._listen, self._drain):
            threading.Thread(target=work, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)

    @property
    def address(self) -> str:
        """Where it listens."""
        return "http://{}:{}".format(*self._address)

    def _printed_link(self) -> str:
        printed = ""
        for line in self.process.stdout or ():
            printed += line
            if found := LINK.search(line):
                return found.group()
        raise RuntimeError(f"the server printed no link: {printed}")

    def ask(self, command: str, request: Mapping[str, object]) -> dict[str, Any]:
        """One command, as the page sends it."""
        connection = HTTPConnection(*self._address, timeout=120)
        try:
            body, headers = json.dumps(request), {"Content-Type": "application/json", "Cookie": self.cookie}
            connection.request("POST", f"/api/{command}", body, headers)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{command}: {answer.status} {text.decode(errors='replace')[:300]}")
        result: dict[str, Any] = json.loads(text)
        return result

    def _drain(self) -> None:
        """Reads what the server goes on to print, so that it never waits for a reader."""
        for _ in self.process.stdout or ():
            pass

    def _listen(self) -> None:
        connection = HTTPConnection(*self._address)
        connection.request("GET", "/api/events", headers={"Cookie": self.cookie, "Accept": "text/event-stream"})
        try:
            for line in connection.getresponse():
                name, _, value = line.decode().partition(":")
                if name == "event":
                    self.events.put(value.strip())
        except OSError:
            return
