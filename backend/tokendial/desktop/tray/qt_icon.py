"""The icon under Qt. Everything that touches Qt's objects runs on its thread."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QPointF, QRectF, Qt
from qtpy.QtDBus import QDBusConnection, QDBusInterface
from qtpy.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPen, QPixmap
from qtpy.QtWidgets import QApplication, QMenu, QSystemTrayIcon
from webview.platforms.qt import BrowserView

from tokendial.desktop.tray import hosts
from tokendial.desktop.tray.icon import Menu, MenuItem, apart
from tokendial.desktop.tray.mark import CENTER, DISC, HAND_STROKE, RADIUS, SIDE, STROKE, TRACK, Mark, mark
from tokendial.services.tray_words import TrayFace

_SIZES = (16, 22, 24, 32, 48, 64)


class QtIcon:
    """Implements `tray.icon.TrayIcon` beside a window of pywebview."""

    def __init__(self, native: Callable[[], object]) -> None:
        """`native` gives the window of the toolkit, whose thread is used."""
        self._native = native
        self._icon: QSystemTrayIcon | None = None
        self._menu: QMenu | None = None
        self._entries: list[_Entry] = []
        self._shape: tuple[bool, ...] = ()
        self._drawn: Mark | None = None

    def show(self, face: TrayFace, menu: Menu, on_click: Callable[[], None]) -> None:
        """Make the icon where a tray is, else wait for the next time; change what it says."""
        window = self._native()
        if isinstance(window, BrowserView):
            window.create_window_trigger.emit(lambda: self._show(face, menu, on_click))

    def why_not(self) -> str | None:
        """Asks the desktop anew: a bar may come late, be restarted, or end."""
        if not has_host():
            return hosts.NO_TRAY
        return None if self._icon is not None else hosts.STARTING

    def stop(self) -> None:
        """Take the icon away."""
        if self._icon is not None:
            self._icon.hide()
            self._icon = None

    def _show(self, face: TrayFace, menu: Menu, on_click: Callable[[], None]) -> None:
        made = self._icon is None
        if self._icon is None:
            if not has_host():
                return
            # A menu or a dialog that closes while the window is hidden is not the last window.
            QApplication.setQuitOnLastWindowClosed(False)
            self._icon, self._menu = QSystemTrayIcon(), QMenu()
            self._icon.setContextMenu(self._menu)
            clicked = apart(on_click)
            self._icon.activated.connect(lambda reason: clicked() if reason == _TRIGGER else None)
        drawing = mark(face)
        if drawing != self._drawn:
            self._drawn = drawing
            self._icon.setIcon(picture(drawing))
        if self._icon.toolTip() != face.tooltip:
            self._icon.setToolTip(face.tooltip)
        self._fill(menu)
        if made:
            self._icon.show()

    def _fill(self, menu: Menu) -> None:
        """Change the words of the menu that is there; it may be open just now. Only another shape is built anew."""
        shape = tuple(item is not None for item in menu)
        if shape == self._shape:
            for entry, given in zip(self._entries, filter(None, menu), strict=True):
                entry.take(given)
            return
        self._shape, self._entries = shape, []
        if self._menu is None:
            return
        self._menu.clear()
        for item in menu:
            if item is None:
                self._menu.addSeparator()
            else:
                self._entries.append(_Entry(self._menu, item))


class _Entry:
    """An entry of the menu whose words and action may change while the menu is open."""

    def __init__(self, menu: QMenu, item: MenuItem) -> None:
        self._item = item
        self._made = menu.addAction(_label(item))
        self._made.triggered.connect(apart(self._run))

    def take(self, item: MenuItem) -> None:
        self._item = item
        if self._made.text() != _label(item):
            self._made.setText(_label(item))

    def _run(self) -> None:
        self._item.action()


_TRIGGER = QSystemTrayIcon.ActivationReason.Trigger


def _label(item: MenuItem) -> str:
    """Qt takes an ampersand for the mark of a key."""
    return item.label.replace("&", "&&")


def has_host() -> bool:
    """Whether a tray of either kind is there; may be asked from any thread."""
    bus = QDBusConnection.sessionBus()
    if bus.isConnected() and bus.interface().isServiceRegistered(hosts.WATCHER).value():
        watcher = QDBusInterface(hosts.WATCHER, hosts.WATCHER_PATH, hosts.WATCHER, bus)
        if watcher.isValid() and watcher.property(hosts.HOST_PROPERTY):
            return True
    return QGuiApplication.platformName() == "xcb" and hosts.x_tray()


def picture(drawing: Mark) -> QIcon:
    """The icon in the sizes that trays have."""
    icon = QIcon()
    for size in _SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size / SIDE, size / SIDE)
        _draw(painter, drawing)
        painter.end()
        icon.addPixmap(pixmap)
    return icon


def _draw(painter: QPainter, drawing: Mark) -> None:
    ring = QRectF(CENTER - RADIUS, CENTER - RADIUS, 2 * RADIUS, 2 * RADIUS)
    color, center = QColor(*drawing.color), QPointF(CENTER, CENTER)
    painter.setPen(QPen(QColor(*TRACK), STROKE))
    painter.drawEllipse(ring)
    painter.setPen(QPen(color, STROKE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    # Sixteenths of a degree, counterclockwise from three o'clock.
    painter.drawArc(ring, 90 * 16, -round(drawing.degrees * 16))
    if drawing.hand is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(center, DISC, DISC)
    else:
        painter.setPen(QPen(color, HAND_STROKE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(center, QPointF(*drawing.hand))
