"""A notification service on the session's bus that takes notes, as lines of JSON in a file.

Run as a program: `python -m tests.desktop.notice_service FILE`. With a file `FILE.click` it clicks what comes next.
"""

# D-Bus signatures stand where Python has types.
# ruff: noqa: ANN201, F722, F821, N802

import asyncio
import json
import sys
from pathlib import Path

from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_signal, method

NAME = "org.freedesktop.Notifications"


class Notifications(ServiceInterface):
    """As the Desktop Notifications Specification 1.2 has it."""

    def __init__(self, notes: Path) -> None:
        super().__init__(NAME)
        self.notes, self.last = notes, 0

    @method()
    def GetCapabilities(self) -> "as":
        return ["body", "actions"]

    @method()
    def GetServerInformation(self) -> "ssss":
        return ["notes", "tests", "1", "1.2"]

    @method()
    def CloseNotification(self, number: "u"):
        return None

    @method()
    def Notify(
        self,
        app_name: "s",
        replaces: "u",
        icon: "s",
        summary: "s",
        body: "s",
        actions: "as",
        hints: "a{sv}",
        timeout: "i",
    ) -> "u":
        self.last += 1
        note = {"app": app_name, "title": summary, "message": body, "icon": icon, "actions": actions}
        with self.notes.open("a", encoding="utf-8") as file:
            file.write(json.dumps(note) + "\n")
        if self.notes.with_suffix(".click").exists():
            asyncio.get_running_loop().call_later(0.2, self.ActionInvoked, self.last, "default")
        return self.last

    @dbus_signal()
    def ActionInvoked(self, number: "u", key: "s") -> "us":
        return [number, key]

    @dbus_signal()
    def NotificationClosed(self, number: "u", reason: "u") -> "uu":
        return [number, reason]


async def serve(notes: Path) -> None:
    bus = await MessageBus().connect()
    bus.export("/org/freedesktop/Notifications", Notifications(notes))
    await bus.request_name(NAME)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await bus.wait_for_disconnect()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
