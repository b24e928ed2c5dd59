"""Whether a window can be opened here, found out beforehand: Qt ends the process when a library is missing."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

# Shared library -> the Debian and Ubuntu package that brings it.
QT_LIBRARIES: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libnss3.so": "libnss3",
    "libasound.so.2": "libasound2",
    "libgbm.so.1": "libgbm1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libXcomposite.so.1": "libxcomposite1",
    "libXdamage.so.1": "libxdamage1",
    "libXrandr.so.2": "libxrandr2",
    "libXtst.so.6": "libxtst6",
    "libXfixes.so.3": "libxfixes3",
    "libxkbfile.so.1": "libxkbfile1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
# Renamed in Debian 13 and Ubuntu 24.04 (64-bit time); the old names do not exist there.
RENAMED = {"libasound2": "libasound2t64", "libglib2.0-0": "libglib2.0-0t64"}
RENAMED_SINCE = {"debian": 13.0, "ubuntu": 24.04}
QT_MODULES = ("PySide6.QtWebEngineWidgets", "PyQt6.QtWebEngineWidgets")
# What a graphics driver of Linux offers to programs. Without any of them Mesa draws on the processor, and a start takes
# longer than with Qt's own software renderer.
RENDER_DEVICES = ("dri/renderD*", "dri/card*", "nvidiactl", "dxg", "mali0", "kgsl-3d0")
HEADLESS_PLATFORMS = ("offscreen", "minimal", "vnc")
NO_TOOLKIT = "neither PySide6 with QtWebEngine nor WebKitGTK is installed"
NO_DISPLAY = "there is no display (neither DISPLAY nor WAYLAND_DISPLAY leads to one)"


@dataclass(frozen=True)
class Choice:
    """`gui` is pywebview's name of the toolkit, or None with the reason why not; `environment` is to be set before."""

    gui: Literal["qt", "gtk", "cocoa", "edgechromium"] | None
    reason: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


def choose(
    environ: Mapping[str, str] = os.environ,
    system: str = sys.platform,
    libraries: Mapping[str, str] = QT_LIBRARIES,
    os_release: Mapping[str, str] | None = None,
    user_id: int | None = None,
    devices: Path = Path("/dev"),
) -> Choice:
    """How to open a window on this machine. Changes nothing; each parameter stands for a fact of the machine."""
    if system in ("darwin", "win32"):
        return Choice("cocoa" if system == "darwin" else "edgechromium")
    if not display_works(environ):
        return Choice(None, NO_DISPLAY)
    has_qt, absent = _has_qt(), missing(libraries)
    if has_qt and not absent:
        user = os.getuid() if user_id is None else user_id
        return Choice("qt", environment={**_sandbox(environ, user), **_renderer(environ, devices)})
    if _has_gtk():
        # WebKitGTK shows an empty window on some graphics drivers with it.
        return Choice("gtk", environment={"WEBKIT_DISABLE_DMABUF_RENDERER": "1"})
    release = _os_release() if os_release is None else os_release
    return Choice(None, explain(absent, release, libraries) if has_qt else NO_TOOLKIT)


def missing(libraries: Mapping[str, str] = QT_LIBRARIES) -> list[str]:
    """The shared libraries of the table that cannot be loaded."""
    return [name for name in libraries if not _loads(name)]


def explain(absent: list[str], os_release: Mapping[str, str], libraries: Mapping[str, str] = QT_LIBRARIES) -> str:
    """Which libraries are missing and, as one line, what installs them on Debian and Ubuntu."""
    renamed = _version(os_release) >= RENAMED_SINCE.get(os_release.get("ID", ""), float("inf"))
    packages = [libraries.get(name, name) for name in absent]
    packages = [RENAMED.get(package, package) if renamed else package for package in packages]
    return (
        f"the window needs libraries that are missing: {', '.join(absent)}; "
        f"on Debian and Ubuntu: sudo apt-get install {' '.join(packages)}"
    )


def display_works(environ: Mapping[str, str]) -> bool:
    """Whether a screen can be reached; Qt would end the process if it cannot."""
    if environ.get("QT_QPA_PLATFORM", "").split(":")[0] in HEADLESS_PLATFORMS:
        return True
    wayland = environ.get("WAYLAND_DISPLAY")
    if wayland and (Path(environ.get("XDG_RUNTIME_DIR", "")) / wayland).exists():
        return True
    name = environ.get("DISPLAY")
    return bool(name) and _x_answers(str(name))


def _x_answers(name: str) -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # cannot be asked here; the check of the libraries decides
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(name.encode(), None))
    works = xcb.xcb_connection_has_error(connection) == 0
    xcb.xcb_disconnect(connection)
    return bool(works)


def _sandbox(environ: Mapping[str, str], user_id: int) -> dict[str, str]:
    """Chromium refuses to run as root with its sandbox; the page is only ever our own, from 127.0.0.1."""
    unwanted = user_id == 0 or environ.get("TOKENDIAL_NO_SANDBOX") == "1"
    return {"QTWEBENGINE_DISABLE_SANDBOX": "1"} if unwanted else {}


def _renderer(environ: Mapping[str, str], devices: Path) -> dict[str, str]:
    """Qt's software renderer where nothing else can draw; the web engine follows it. What a person chose, stays.

    OpenGL would draw by the processor as well, and the library for that takes a twentieth of the start to load.
    """
    if "QT_QUICK_BACKEND" in environ or any(next(devices.glob(name), None) for name in RENDER_DEVICES):
        return {}
    chosen = environ.get("QT_XCB_GL_INTEGRATION", "none")
    return {"QT_QUICK_BACKEND": "software", "QT_XCB_GL_INTEGRATION": chosen}


def _has_qt() -> bool:
    return find_spec("qtpy") is not None and any(_importable(name) for name in QT_MODULES)


def _importable(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ImportError:
        return False


def _has_gtk() -> bool:
    if not _importable("gi"):
        return False
    gi = import_module("gi")
    try:
        gi.require_version("Gtk", "3.0")
        gi.require_version("WebKit2", "4.1")
    except ValueError:
        return False
    return True


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _os_release() -> dict[str, str]:
    try:
        return platform.freedesktop_os_release()
    except OSError:
        return {}


def _version(os_release: Mapping[str, str]) -> float:
    try:
        return float(os_release.get("VERSION_ID", "0"))
    except ValueError:
        return 0.0
