"""Who is served when too many come: a connection waits until it has said what it wants, and costs no thread meanwhile.

Those that name a secret of this run have threads of their own, so that nothing that others do keeps the page waiting.
That is no check of who they are: the guard's comes with each request.
"""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable

from tokendial.api.arrival import Arrival

MAX_WAITING = 256
PATIENCE = 30.0  # seconds for saying what is wanted
SLOW = 5.0  # seconds after which a thread may be taken back where others wait
_TICK = 0.1
_ACCEPT_AT_ONCE = 32


class Lane:
    """Connections of one kind: so many are served at once, so many wait for that, and more are refused."""

    def __init__(self, at_once: int, most: int) -> None:
        """Nobody is served or waits."""
        self._at_once, self._most = at_once, most
        self._lock = threading.Lock()
        self._served: dict[Arrival, float] = {}
        self._queue: deque[Arrival] = deque()

    def enter(self, arrival: Arrival) -> bool | None:
        """True where it is to be served now, None where it waits, False where it is refused."""
        with self._lock:
            if len(self._served) < self._at_once:
                self._served[arrival] = time.monotonic()
                return True
            if len(self._queue) >= self._most:
                return False
            self._queue.append(arrival)
            return None

    def leave(self, arrival: Arrival) -> Arrival | None:
        """One was served; the next, which is to be served now."""
        with self._lock:
            del self._served[arrival]
            if not self._queue:
                return None
            following = self._queue.popleft()
            self._served[following] = time.monotonic()
            return following

    def make_room(self) -> None:
        """Hang up on those that have taken long, the first first, as many as others wait."""
        now = time.monotonic()
        with self._lock:
            slow = [arrival for arrival, begun in self._served.items() if now - begun > SLOW]
            for arrival in slow[: len(self._queue)]:
                arrival.hang_up()

    def empty(self) -> None:
        """Refuse all that wait."""
        with self._lock:
            while self._queue:
                self._queue.popleft().close()


class Admission:
    """The door of one listening socket."""

    def __init__(
        self, listener: socket.socket, answer: Callable[[Arrival], None], is_known: Callable[[bytes], bool]
    ) -> None:
        """`answer` serves one connection, in a thread; `is_known` says whether a request names a secret of this run."""
        listener.setblocking(False)
        self._listener = listener
        self._answer = answer
        self._is_known = is_known
        self._known, self._strangers = Lane(64, 256), Lane(4, 64)
        self._waiting: dict[socket.socket, Arrival] = {}
        self._ended = threading.Event()

    def serve(self) -> None:
        """Let connections in until `end` is called."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            while not self._ended.is_set():
                for key, _ in selector.select(_TICK):
                    if key.fileobj is self._listener:
                        self._accept(selector)
                    elif isinstance(key.data, Arrival) and key.data.connection in self._waiting:
                        self._listen(selector, key.data)
                self._tidy(selector)
            for arrival in self._waiting.values():
                arrival.close()
        for lane in (self._known, self._strangers):
            lane.empty()

    def end(self) -> None:
        """Let nobody in any more. May be called from any thread."""
        self._ended.set()

    def _accept(self, selector: selectors.BaseSelector) -> None:
        for _ in range(_ACCEPT_AT_ONCE):
            try:
                connection, address = self._listener.accept()
            except BlockingIOError:
                return
            except OSError:  # no descriptor is left, or the client has gone
                self._drop_eldest(selector)
                return
            arrival = Arrival(connection, address)
            arrival.read()
            if arrival.is_ready:
                self._admit(arrival)
                continue
            self._waiting[connection] = arrival
            selector.register(connection, selectors.EVENT_READ, arrival)
            if len(self._waiting) > MAX_WAITING:
                self._drop_eldest(selector)

    def _listen(self, selector: selectors.BaseSelector, arrival: Arrival) -> None:
        arrival.read()
        if arrival.is_ready:
            selector.unregister(arrival.connection)
            del self._waiting[arrival.connection]
            self._admit(arrival)

    def _admit(self, arrival: Arrival) -> None:
        lane = self._known if self._is_known(bytes(arrival.said)) else self._strangers
        enters = False if arrival.is_lost else lane.enter(arrival)
        if enters is False:
            arrival.close()
        elif enters:
            threading.Thread(target=self._serve, args=(lane, arrival), name="http request", daemon=True).start()

    def _serve(self, lane: Lane, first: Arrival) -> None:
        arrival: Arrival | None = first
        while arrival is not None:
            try:
                self._answer(arrival)
            finally:
                arrival.close()
                arrival = lane.leave(arrival)

    def _tidy(self, selector: selectors.BaseSelector) -> None:
        now = time.monotonic()
        while self._waiting and now - next(iter(self._waiting.values())).since > PATIENCE:
            self._drop_eldest(selector)
        for lane in (self._known, self._strangers):
            lane.make_room()

    def _drop_eldest(self, selector: selectors.BaseSelector) -> None:
        """Give up the one that has waited longest, unless it has said by now what it wants."""
        if not self._waiting:
            return
        arrival = next(iter(self._waiting.values()))
        self._listen(selector, arrival)
        if arrival.connection in self._waiting:
            selector.unregister(arrival.connection)
            self._waiting.pop(arrival.connection).close()
