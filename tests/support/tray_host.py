"""A tray of the freedesktop kind (StatusNotifierWatcher), as a process of its own: says on stdout what registers.

It lives on the session bus of its environment until its stdin ends.
"""

from __future__ import annotations

import sys
import threading

from PySide6.QtCore import ClassInfo, Property, QCoreApplication, QObject, Signal, Slot
from PySide6.QtDBus import QDBusAbstractAdaptor, QDBusConnection


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@ClassInfo({"D-Bus Interface": "org.kde.StatusNotifierWatcher"})
class Watcher(QDBusAbstractAdaptor):
    StatusNotifierItemRegistered = Signal(str)
    StatusNotifierHostRegistered = Signal()

    @Slot(str)
    def RegisterStatusNotifierItem(self, service: str) -> None:  # noqa: N802 - a name of the specification
        say(f"item {service}")
        self.StatusNotifierItemRegistered.emit(service)

    @Property(bool)
    def IsStatusNotifierHostRegistered(self) -> bool:  # noqa: N802 - see above
        return True

    @Property(int)
    def ProtocolVersion(self) -> int:  # noqa: N802 - see above
        return 0


def main() -> None:
    app = QCoreApplication(sys.argv)
    parent = QObject()
    watcher = Watcher(parent)
    bus = QDBusConnection.sessionBus()
    assert bus.registerObject("/StatusNotifierWatcher", parent)
    assert bus.registerService("org.kde.StatusNotifierWatcher")
    say("ready")
    threading.Thread(target=lambda: (sys.stdin.read(), app.quit()), daemon=True).start()
    app.exec()
    del watcher


if __name__ == "__main__":
    main()
