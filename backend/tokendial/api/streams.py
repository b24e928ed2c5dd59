"""Server-sent events: each open page reads one subscription, with a bound on how many there are."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import msgspec
from werkzeug.wrappers import Response

from tokendial.api.events import EventHub, Subscription
from tokendial.errors import Unavailable

MAX_STREAMS = 32


class Streams:
    """The open event streams of one server; `keep_alive` seconds without an event send a comment."""

    def __init__(self, keep_alive: float = 5.0) -> None:
        """Start with none open."""
        self._keep_alive = keep_alive
        self._lock = threading.Lock()
        self._open: set[Subscription] = set()
        self._ended = False

    def open(self, hub: EventHub) -> Response:
        """Answer a page with its stream; Unavailable when too many are open or the server is ending."""
        subscription = hub.subscribe()
        with self._lock:
            refused = self._ended or len(self._open) >= MAX_STREAMS
            if not refused:
                self._open.add(subscription)
        if refused:
            subscription.close()
            raise Unavailable("Too many pages are open.")
        response = Response(self._lines(subscription), content_type="text/event-stream; charset=utf-8")
        # Also runs for a stream whose page went away before the first line was read.
        response.call_on_close(lambda: self._forget(subscription))
        return response

    def end(self) -> None:
        """End every stream, and refuse new ones."""
        with self._lock:
            self._ended = True
            streams = list(self._open)
        for subscription in streams:
            subscription.close()

    def _lines(self, subscription: Subscription) -> Iterator[bytes]:
        yield b": open\n\n"
        while not subscription.closed:
            event = subscription.get(self._keep_alive)
            if event is not None:
                yield b"event: " + event.name.encode() + b"\ndata: " + msgspec.json.encode(event.payload) + b"\n\n"
            elif not subscription.closed:
                yield b": keep\n\n"

    def _forget(self, subscription: Subscription) -> None:
        subscription.close()
        with self._lock:
            self._open.discard(subscription)
