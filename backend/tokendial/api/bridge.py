"""The window's transport: one function for commands, and a pump that pushes events into the page."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from typing import Protocol

import msgspec

from tokendial.api.application import Application
from tokendial.api.commands import registry
from tokendial.api.events import Event, EventHub
from tokendial.api.registry import error_info

log = logging.getLogger(__name__)
PUSH_SECONDS = 10.0


class Page(Protocol):
    """The part of a pywebview window that the pump needs."""

    def run_js(self, script: str, /) -> object:
        """Run a script in the page."""


def _ignore(_name: str) -> None:
    """Nobody waits for an answer."""


def invoke_function(
    application: Application, answered: Callable[[str], None] = _ignore
) -> Callable[[str, object], dict[str, object]]:
    """The function `invoke(name, args)` of the page: answers `{"ok": answer}` or `{"error": {...}}`, and never raises.

    `answered` is told the name of each command whose answer is made. A plain function and not an object: pywebview lets
    the page reach whatever hangs off an object by its dotted name.
    """

    def invoke(name: str, args: object = None) -> dict[str, object]:
        try:
            return {"ok": registry.invoke(application, name, args)}
        # The edge of the transport: pywebview would send the traceback to the page.
        except Exception as error:
            answer: dict[str, object] = msgspec.to_builtins(error_info(error, str(name)))
            return answer
        finally:
            answered(str(name))

    return invoke


class Nothing:
    """What pywebview looks a dotted name up in: it has no names, not even those that every object has (W11)."""

    def __getattribute__(self, name: str) -> object:
        """Raises AttributeError, always."""
        raise AttributeError(name)


def push_script(event: Event) -> str:
    """The script that hands an event to the page: fixed text around ASCII JSON, so no payload can become code."""
    name = json.dumps(event.name)
    payload = json.dumps(msgspec.json.decode(msgspec.json.encode(event.payload)))
    return f"window.tokendialEvent && window.tokendialEvent({name}, {payload})"


class EventPump:
    """Pushes a hub's events into a page, from its own thread, until stopped."""

    def __init__(self, hub: EventHub, page: Page) -> None:
        """Subscribe; nothing is pushed before `start`."""
        self._page = page
        self._subscription = hub.subscribe()
        self._thread = threading.Thread(target=self._run, name="event-pump", daemon=True)

    def start(self) -> None:
        """Begin to push."""
        self._thread.start()

    def stop(self) -> None:
        """Stop pushing; does not wait for a push that hangs in a window that has gone."""
        self._subscription.close()

    def _run(self) -> None:
        while not self._subscription.closed:
            event = self._subscription.get()
            if event is None:
                continue
            # A push may wait for ever for a page that is just being left; its thread is then given up.
            push = threading.Thread(target=self._push, args=(push_script(event),), name="event-push", daemon=True)
            push.start()
            push.join(PUSH_SECONDS)

    def _push(self, script: str) -> None:
        try:
            self._page.run_js(script)
        # pywebview raises its own and the toolkit's errors when the window is closing; an event is never worth a crash.
        except Exception:
            log.debug("an event did not reach the window", exc_info=True)
