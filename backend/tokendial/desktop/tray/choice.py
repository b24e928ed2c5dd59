"""Which icon belongs to which toolkit."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from tokendial.desktop.preflight import Choice
from tokendial.desktop.tray.icon import NoIcon, TrayIcon

NO_PYSTRAY = "Under GTK the tray needs the package pystray: pip install pystray"


def icon_for(choice: Choice, native: Callable[[], object]) -> TrayIcon:
    """The icon beside a window; `native` gives the toolkit's window once it is there."""
    if choice.gui == "qt":
        from tokendial.desktop.tray.qt_icon import QtIcon  # noqa: PLC0415 - only where Qt is the toolkit

        return QtIcon(native)
    if choice.gui == "cocoa":
        from tokendial.desktop.tray.mac_icon import MacIcon  # noqa: PLC0415 - only on macOS

        return MacIcon()
    if find_spec("pystray") is None:
        return NoIcon(NO_PYSTRAY)
    from tokendial.desktop.tray.pystray_icon import PystrayIcon, gtk_host  # noqa: PLC0415 - only where it is there

    return PystrayIcon(gtk_host if choice.gui == "gtk" else None)
