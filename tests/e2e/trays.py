"""Trays for the tests of the real window: one on D-Bus whose icons can be asked and clicked, and one of X11."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.driver import ROOT, eventually

NEEDED = ("openbox", "xdotool", "wmctrl", "xprop", "dbus-daemon", "gdbus")
ITEM, MENU = "org.kde.StatusNotifierItem", "com.canonical.dbusmenu"
_LABEL = re.compile(r"'label': <(?P<label>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")>")
_ENTRY = re.compile(r"<\((?P<id>\d+), \{(?P<properties>.*?)\}, @av \[\]\)>")


def absent() -> list[str]:
    """The programs that are not here."""
    return [tool for tool in NEEDED if shutil.which(tool) is None]


@contextmanager
def session_bus() -> Iterator[str]:
    """A session bus of our own; its address."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert daemon.stdout
    try:
        yield daemon.stdout.readline().strip()
    finally:
        daemon.terminate()
        daemon.wait(10)
        daemon.stdout.close()


class BusTray:
    """A tray on the session bus."""

    def __init__(self, bus: str) -> None:
        self._bus = bus
        env = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": bus, "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.tray_host"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._service = ""
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def wait_for_icon(self) -> None:
        """Wait until an icon registers."""
        word, _, self._service = self._line().partition(" ")
        assert word == "item"

    def end(self) -> None:
        """The bar of the desktop ends."""
        self._process.communicate(timeout=10)

    def _call(self, path: str, method: str, *arguments: str) -> str:
        command = ["gdbus", "call", "--session", "--dest", self._service, "--object-path", path, "--method", method]
        env = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": self._bus}
        done = subprocess.run([*command, *arguments], env=env, capture_output=True, text=True, check=True, timeout=20)
        return done.stdout

    def tooltip(self) -> str:
        """What the icon says when the pointer rests on it."""
        answer = self._call("/StatusNotifierItem", "org.freedesktop.DBus.Properties.Get", ITEM, "ToolTip")
        return " ".join(str(ast.literal_eval(found)) for found in re.findall(r"'(?:[^'\\]|\\.)*'", answer)[1:])

    def pixels(self) -> str:
        """The icon as the bar gets it."""
        return self._call("/StatusNotifierItem", "org.freedesktop.DBus.Properties.Get", ITEM, "IconPixmap")

    def menu(self) -> dict[str, int]:
        """The entries of the menu, in their order, with their numbers."""
        answer = self._call("/MenuBar", f"{MENU}.GetLayout", "0", "int32 -1", "[]")
        found = {}
        for entry in _ENTRY.finditer(answer):
            label = _LABEL.search(entry["properties"])
            if label:
                found[str(ast.literal_eval(label["label"])).replace("__", "_")] = int(entry["id"])
        return found

    def click(self) -> None:
        """Click on the icon."""
        self._call("/StatusNotifierItem", f"{ITEM}.Activate", "0", "0")

    def choose(self, label: str) -> None:
        """Choose an entry of the menu, which follows the window a moment later."""
        eventually(lambda: label in self.menu(), True)
        number = self.menu()[label]
        self._call("/MenuBar", f"{MENU}.Event", str(number), "clicked", "<0>", "0")


@contextmanager
def x_tray(display: str, folder: Path, tint: str) -> Iterator[None]:
    """A tray of X11 at the lower edge of the screen, in a colour as `0x202020`."""
    size = ["--edge", "bottom", "--align", "right", "--widthtype", "request", "--heighttype", "pixel", "--height", "32"]
    with (folder / "trayer.txt").open("wb") as log:
        process = subprocess.Popen(
            ["trayer", *size, "--transparent", "true", "--alpha", "0", "--tint", tint],
            env={**os.environ, "DISPLAY": display},
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)
