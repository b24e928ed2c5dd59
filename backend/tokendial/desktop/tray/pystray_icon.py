"""The icon on Windows and under GTK, by pystray, which draws with Pillow. Not run on Windows yet."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

import pystray
from PIL import Image, ImageDraw

from tokendial.desktop.tray import hosts
from tokendial.desktop.tray.icon import Menu, MenuItem, apart
from tokendial.desktop.tray.mark import CENTER, DISC, HAND_STROKE, RADIUS, SIDE, STROKE, TRACK, Mark, mark
from tokendial.services.tray_words import TITLE, TrayFace, shortened

_SIZE = 64
_OVERSAMPLED = 4
# NOTIFYICONDATA.szTip holds 128 characters with the one that ends it.
_MOST = 127


class PystrayIcon:
    """Implements `tray.icon.TrayIcon`; pystray's own calls may come from any thread once it runs."""

    def __init__(self, host: Callable[[], bool] | None = None) -> None:
        """`host` asks whether a tray is there; Windows always has one."""
        self._host = host
        self._lock = threading.Lock()
        self._icon: pystray.Icon | None = None
        self._drawn: Mark | None = None
        self._menu: Menu = ()
        self._on_click: Callable[[], None] = lambda: None

    def show(self, face: TrayFace, menu: Menu, on_click: Callable[[], None]) -> None:
        """Make the icon or change what it says."""
        drawing, tooltip = mark(face), shortened(face.tooltip, _MOST) if sys.platform == "win32" else face.tooltip
        with self._lock:
            self._menu, self._on_click = menu, on_click
            if self._icon is None:
                if self._host is not None and not self._host():
                    return
                self._icon = pystray.Icon("tokendial", picture(drawing), tooltip, pystray.Menu(self._entries))
                self._drawn = drawing
                self._icon.run_detached()
                return
            if drawing != self._drawn:
                self._drawn = drawing
                self._icon.icon = picture(drawing)
            self._icon.title = tooltip
            self._icon.update_menu()

    def why_not(self) -> str | None:
        """Asks the desktop anew, where it may have no tray."""
        if self._host is not None and not self._host():
            return hosts.NO_TRAY
        return None if self._icon is not None else hosts.STARTING

    def stop(self) -> None:
        """Take the icon away."""
        if self._icon is not None:
            self._icon.stop()
            self._icon = None

    def _entries(self) -> list[pystray.MenuItem]:
        # The invisible first one is what a click does.
        click = pystray.MenuItem(TITLE, apart(self._on_click), default=True, visible=False)
        return [click, *(_entry(item) for item in self._menu)]


def _entry(item: MenuItem | None) -> pystray.MenuItem:
    return pystray.Menu.SEPARATOR if item is None else pystray.MenuItem(item.label, apart(item.action))


def gtk_host() -> bool:
    """Whether a tray of either kind is there under GTK."""
    from gi.repository import Gio, GLib  # noqa: PLC0415 - only with GTK

    try:
        bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        wanted = GLib.Variant("(ss)", (hosts.WATCHER, hosts.HOST_PROPERTY))
        properties = "org.freedesktop.DBus.Properties"
        flags = Gio.DBusCallFlags.NO_AUTO_START
        answer = bus.call_sync(hosts.WATCHER, hosts.WATCHER_PATH, properties, "Get", wanted, None, flags, 1000, None)
        if answer.unpack()[0]:
            return True
    except GLib.Error:
        pass
    return hosts.x_tray()


def picture(drawing: Mark) -> Image.Image:
    """The icon, drawn larger than it is so that its edges become smooth."""
    side = _SIZE * _OVERSAMPLED
    unit = side / SIDE
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    outer = RADIUS + STROKE / 2
    ring = [(CENTER - outer) * unit, (CENTER - outer) * unit, (CENTER + outer) * unit, (CENTER + outer) * unit]
    draw.arc(ring, 0, 360, TRACK, round(STROKE * unit))
    draw.arc(ring, -90, drawing.degrees - 90, (*drawing.color, 255), round(STROKE * unit))
    if drawing.hand is None:
        disc = [(CENTER - DISC) * unit, (CENTER - DISC) * unit, (CENTER + DISC) * unit, (CENTER + DISC) * unit]
        draw.ellipse(disc, fill=(*drawing.color, 255))
    else:
        line = [CENTER * unit, CENTER * unit, drawing.hand[0] * unit, drawing.hand[1] * unit]
        draw.line(line, fill=(*drawing.color, 255), width=round(HAND_STROKE * unit))
    return image.resize((_SIZE, _SIZE), Image.Resampling.LANCZOS)
