"""Whether a tray is there, asked without making an icon: Qt decides at its first icon which kind it uses, for good."""

from __future__ import annotations

import ctypes
from ctypes.util import find_library

WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_PATH = "/StatusNotifierWatcher"
HOST_PROPERTY = "IsStatusNotifierHostRegistered"
NO_TRAY = (
    "No tray was found on this desktop. On GNOME the extension AppIndicator brings one; small window managers need a "
    "bar with a tray."
)
STARTING = "The tray icon is just being made."


def x_tray() -> bool:
    """Whether a tray of X11 is on the first screen (System Tray Protocol: who owns its selection)."""
    name = find_library("X11")
    if name is None:
        return False
    x11 = ctypes.CDLL(name)
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x11.XInternAtom.restype = ctypes.c_ulong
    x11.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    x11.XGetSelectionOwner.restype = ctypes.c_ulong
    x11.XGetSelectionOwner.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x11.XOpenDisplay(None)
    if not display:
        return False
    try:
        atom = x11.XInternAtom(display, b"_NET_SYSTEM_TRAY_S0", 0)
        return bool(x11.XGetSelectionOwner(display, atom))
    finally:
        x11.XCloseDisplay(display)
