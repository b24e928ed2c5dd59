"""What goes into the packaged program, and what PyInstaller would put there but nobody needs.

`tokendial.spec` calls these functions; entries are PyInstaller's (path in the program, source, kind).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import PackageNotFoundError, PackagePath, files, packages_distributions
from pathlib import PurePosixPath

Entry = tuple[str, str, str]

# Bindings of other toolkits, and what only developers have installed beside the program.
_OTHERS = ("gi", "tkinter", "PyQt5", "PyQt6", "PySide2", "IPython", "numpy", "cffi", "cryptography")
# Only Windows draws its tray icon with it.
_PICTURES = () if sys.platform == "win32" else ("PIL", "pystray")
_DEVELOPMENT = ("hypothesis", "mypy", "mypyc", "pip", "playwright", "pytest", "_pytest", "setuptools", "pkg_resources")
# The engine links to their libraries, but nobody calls them; each would bring its QML files and plugins.
_QT_MODULES = (
    "Qml Quick QuickControls2 QuickWidgets QuickTest WebEngineQuick Pdf PdfWidgets Multimedia MultimediaWidgets "
    "Positioning Location Sql Svg SvgWidgets Test Designer UiTools Help Charts DataVisualization Graphs Bluetooth "
    "Sensors SerialPort TextToSpeech Scxml StateMachine RemoteObjects WebSockets WebView Xml Concurrent 3DCore"
)
EXCLUDED = (
    *_OTHERS,
    *_PICTURES,
    *_DEVELOPMENT,
    *(f"PySide6.Qt{name}" for name in _QT_MODULES.split()),
    "zstandard.backend_cffi",
)

_QT = re.compile(r"PySide6/Qt/(?P<part>\w+)/(?P<rest>.+)")
# Plugins by folder, with the files that stay; the theme of GTK would bring GTK.
_PLUGINS: Mapping[str, re.Pattern[str]] = {
    "platforms": re.compile(r"libq(xcb|wayland\S*|offscreen|minimal|vnc)\.so"),
    "platformthemes": re.compile(r"libqxdgdesktopportal\.so"),
    "platforminputcontexts": re.compile(r"lib(composeplatforminputcontext|ibusplatforminputcontext)\S*\.so"),
    "tls": re.compile(r".*"),
    "wayland-decoration-client": re.compile(r".*"),
    "wayland-graphics-integration-client": re.compile(r".*"),
    "wayland-shell-integration": re.compile(r".*"),
    "xcbglintegrations": re.compile(r".*"),
}
# Libraries that are opened by name while the program runs; no other file says that it needs them.
_OPENED = re.compile(r"lib(softokn3|freebl3|freeblpriv3|nssckbi|python3\S*)\.(so|chk)(\.\S+)?")
# They belong to the graphics drivers, the sound and the fonts of the system that the program runs on: those of another
# one would be loaded instead of them, and an older C++ library keeps newer drivers from loading at all.
_SYSTEM = re.compile(r"lib(stdc\+\+|gcc_s|gbm|X11|X11-xcb|asound|fontconfig|freetype|expat)\.so\.\d+")
_LIBRARY = re.compile(r"lib[^/]+\.(so|chk)(\.[\d.]+)?")
_LICENSE = re.compile(r"(.+/)?(LICEN[CS]E|COPYING|NOTICE)[^/]*", re.IGNORECASE)


def wanted(name: str) -> bool:
    """Whether a file has a use in the program, by its path there."""
    path = name.replace("\\", "/")
    if "/__pycache__/" in f"/{path}" or path.startswith("zstandard/_cffi") or _SYSTEM.fullmatch(path):
        return False
    found = _QT.fullmatch(path)
    if found is None:
        return True
    part, rest = found["part"], found["rest"]
    if part == "plugins":
        folder, _, file = rest.partition("/")
        return folder in _PLUGINS and _PLUGINS[folder].fullmatch(file) is not None
    if part == "translations":
        return rest.startswith("qtwebengine_locales/")
    return part != "qml" and "qtwebengine_devtools" not in rest


def used(binaries: Iterable[Entry], opened: Iterable[str], needs: Callable[[str], Iterable[str]]) -> list[Entry]:
    """The binaries without the shared libraries that no other one needs any more.

    `opened` are names of libraries to keep in any case; `needs` names the libraries that a file is linked to, directly
    or by way of others.
    """
    entries = [entry for entry in binaries if wanted(entry[0])]
    kept = set(opened)
    for name, source, kind in entries:
        if kind != "SYMLINK" and not _is_library(name, kind):
            kept.update(PurePosixPath(need).name for need in needs(source))
    return [entry for entry in entries if not _is_library(entry[0], entry[2]) or _file(entry[0]) in kept | _own(entry)]


def linked(datas: Iterable[Entry], binaries: Iterable[Entry]) -> list[Entry]:
    """The data files without links to, and checksums of, libraries that are not among the binaries."""
    present = {_file(name) for name, _, kind in binaries if kind != "SYMLINK"}
    return [entry for entry in datas if not _is_library(entry[0], entry[2]) or _target(entry) in present]


def distributions(modules: Iterable[str]) -> list[str]:
    """The names of the distributions that modules belong to; the program itself is none of them."""
    owners = packages_distributions()
    found = {owner for module in modules for owner in owners.get(module.partition(".")[0], ())}
    return sorted(found - {"tokendial"})


def licenses(names: Iterable[str]) -> list[Entry]:
    """The licence files of distributions, below `licenses`."""
    return [
        (f"licenses/{name}/{PurePosixPath(file).name}", str(file.locate()), "DATA")
        for name in names
        for file in _files(name)
        if ".dist-info/" in str(file) and _LICENSE.fullmatch(str(file))
    ]


def _files(distribution: str) -> Iterable[PackagePath]:
    try:
        return files(distribution) or ()
    except PackageNotFoundError:
        return ()


def _target(entry: Entry) -> str:
    """The file that must be there for an entry to make sense: where a link leads, or what a checksum is of."""
    return _file(entry[1]) if entry[2] == "SYMLINK" else _file(entry[0]).replace(".chk", ".so")


def _is_library(name: str, kind: str) -> bool:
    """Whether a file is a library for others, and no Python module, plugin or program."""
    return kind != "EXTENSION" and "/plugins/" not in name and _LIBRARY.fullmatch(_file(name)) is not None


def _own(entry: Entry) -> set[str]:
    """The name of a library that is opened at run time."""
    return {_file(entry[0])} if _OPENED.fullmatch(_file(entry[0])) else set()


def _file(name: str) -> str:
    return PurePosixPath(name).name
