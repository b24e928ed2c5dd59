"""Events from the program to the page: one hub, many subscribers, no growth."""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType
from typing import Literal, NamedTuple

import msgspec

from tokendial.services.contract.common import Empty
from tokendial.services.contract.jobs import JobStatus
from tokendial.services.contract.settings import Settings
from tokendial.services.contract.system import ScanStatus

EventName = Literal[
    "usage-updated",
    "ingest-progress",
    "limits-updated",
    "job-updated",
    "settings-changed",
    "alert",
    "alerts-updated",
    "navigate",
]
MAX_PENDING_ALERTS = 16


class Alert(msgspec.Struct):
    """Something a person should read now, as plain text; the plain one has neither names nor amounts."""

    title: str
    message: str
    plain_title: str = ""
    plain_message: str = ""


class Navigate(msgspec.Struct):
    """Open a page (`sessions`, `provider/...`) or a tab of the settings, as the tray asks; null leaves it as it is."""

    page: str | None = None
    settings: str | None = None


PAYLOADS: dict[EventName, type[msgspec.Struct]] = {
    "usage-updated": Empty,
    "ingest-progress": ScanStatus,
    "limits-updated": Empty,
    "job-updated": JobStatus,
    "settings-changed": Settings,
    "alert": Alert,
    "navigate": Navigate,
    "alerts-updated": Empty,
}


class Event(NamedTuple):
    """A name and its payload, of the type that PAYLOADS gives."""

    name: EventName
    payload: msgspec.Struct


class Subscription:
    """One reader's queue. A context manager: leaving it unsubscribes.

    An event that only says how things stand now replaces the pending one of its name; alerts each count and are kept
    up to a bound, the oldest dropped first. So a reader that stands still never makes the queue grow.
    """

    def __init__(self, hub: EventHub) -> None:
        """Queue nothing yet; the hub calls this."""
        self._hub = hub
        self._pending: deque[Event] = deque()
        self._ready = threading.Condition()
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether nothing will come any more."""
        return self._closed

    def put(self, event: Event) -> None:
        """Queue an event; ignored after close."""
        with self._ready:
            if self._closed:
                return
            same = [pending for pending in self._pending if pending.name == event.name]
            if same and (event.name != "alert" or len(same) >= MAX_PENDING_ALERTS):
                self._pending.remove(same[0])
            self._pending.append(event)
            self._ready.notify()

    def get(self, timeout: float | None = None) -> Event | None:
        """Wait for the next event; None after `timeout` seconds, or at once when closed."""
        with self._ready:
            self._ready.wait_for(lambda: self._pending or self._closed, timeout)
            return self._pending.popleft() if self._pending and not self._closed else None

    def close(self) -> None:
        """Unsubscribe and wake the reader. May be called from any thread, more than once."""
        self._hub.drop(self)
        with self._ready:
            self._closed = True
            self._ready.notify_all()

    def __enter__(self) -> Subscription:
        """The subscription itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Unsubscribe."""
        self.close()


class EventHub:
    """Hands every published event to every subscription. All methods may be called from any thread."""

    def __init__(self) -> None:
        """Start without subscriptions."""
        self._lock = threading.Lock()
        self._subscriptions: tuple[Subscription, ...] = ()

    @property
    def subscribers(self) -> int:
        """How many subscriptions are open."""
        return len(self._subscriptions)

    def publish(self, name: EventName, payload: msgspec.Struct | None = None) -> None:
        """Send an event to everyone; never blocks. `payload` None stands for Empty; a wrong type is a TypeError."""
        payload = Empty() if payload is None else payload
        if type(payload) is not PAYLOADS[name]:
            raise TypeError(f"{name} carries {PAYLOADS[name].__name__}, not {type(payload).__name__}")
        for subscription in self._subscriptions:
            subscription.put(Event(name, payload))

    def subscribe(self) -> Subscription:
        """A new subscription; it sees what is published from now on."""
        subscription = Subscription(self)
        with self._lock:
            self._subscriptions = (*self._subscriptions, subscription)
        return subscription

    def drop(self, subscription: Subscription) -> None:
        """Forget a subscription; unknown ones are ignored."""
        with self._lock:
            self._subscriptions = tuple(known for known in self._subscriptions if known is not subscription)
