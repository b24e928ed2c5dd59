"""The system packages that tests need, most for a browser and a window: looked up, and on Debian as root installed."""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from _setup import say, venv_package

BROWSER = ("chromium",)
FONTS = ("fonts-dejavu-core",)
BUS = ("dbus",)  # dbus-daemon, for the tests of notifications
SCREEN = ("xvfb", "xauth", "openbox", "xdotool", "wmctrl", "x11-utils")
# A tray of X11, a session bus for one of D-Bus, and what asks it (gdbus) and starts desktop entries (gio).
TRAY = ("trayer", "dbus-daemon", "libglib2.0-bin")
# What Qt's WebEngine links to. The second name of a pair is the one since Debian 13.
QT = (
    "libgl1 libegl1 libxkbcommon-x11-0 libglib2.0-0|libglib2.0-0t64 libdbus-1-3 libfontconfig1 libnss3 "
    "libasound2|libasound2t64 libgbm1 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 "
    "libxcb-randr0 libxcb-render-util0 libxcb-image0 libxcomposite1 libxdamage1 libxrandr2 libxtst6 libxkbfile1 "
    "libxfixes3 libgssapi-krb5-2 libwayland-cursor0"
)
OFFICE = ("libreoffice-calc-nogui|libreoffice-calc",)  # opens the CSV files of exports
PACKAGING = ("binutils",)  # PyInstaller asks objdump which libraries a file needs
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
TOOLS = ("Xvfb", "openbox", "xdotool", "wmctrl", "xprop")


def wanted() -> list[str]:
    """Every package, alternatives joined by a bar. Ubuntu has no Chromium as a package, but often a Chrome."""
    return [
        *(() if find_browser() else BROWSER),
        *FONTS,
        *BUS,
        *TRAY,
        *SCREEN,
        *OFFICE,
        *PACKAGING,
        *QT.split(),
    ]


def missing(names: list[str]) -> list[str]:
    """Those of which no alternative is installed."""
    every = [name for entry in names for name in entry.split("|")]
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n", *every]
    listed = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    installed = {line.split()[0] for line in listed.splitlines() if line.split()[1:2] == ["ii"]}
    return [entry for entry in names if not installed.intersection(entry.split("|"))]


def available(entry: str) -> str:
    """The alternative that this release has, else the first."""
    names = entry.split("|")
    if len(names) == 1:
        return entry
    policy = subprocess.run(["apt-cache", "policy", *names], capture_output=True, text=True, check=False).stdout
    found, current = [], ""
    for line in policy.splitlines():
        if not line.startswith(" "):
            current = line.rstrip(":")
        elif line.strip().startswith("Candidate:") and "(none)" not in line:
            found.append(current)
    return next((name for name in names if name in found), names[0])


def is_debian() -> bool:
    """Debian or a relative of it."""
    return Path("/etc/debian_version").is_file() and shutil.which("apt-get") is not None


def prepare_venv_support() -> None:
    """On a fresh Debian `python3` comes without ensurepip: adds it when we may."""
    if is_debian() and os.geteuid() == 0 and importlib.util.find_spec("ensurepip") is None:
        install([venv_package()])


def prepare() -> dict[str, str]:
    """Installs what is missing where that is possible; returns the environment variables that skip what cannot run."""
    if is_debian():
        names = missing(wanted())
        if names and os.geteuid() == 0:
            install(names)
        elif names:
            line = shlex.join(["sudo", "apt-get", "install", "-y", *map(available, names)])
            say(f"some tests need packages; install them with:\n{line}")
    return skips()


def install(names: list[str]) -> None:
    """apt-get, without questions. A failure is shown and leaves the tests to be skipped."""
    say(f"installing {len(names)} system packages")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    update = subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
    chosen = [available(name) for name in names]
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *chosen]
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    if update.returncode or done.returncode:
        say("apt-get failed; to install by hand: " + shlex.join(command))


def skips() -> dict[str, str]:
    """Environment for pytest: the browser to use, and why the tests with a certain marker are skipped."""
    environment: dict[str, str] = {}
    browser = os.environ.get("TOKENDIAL_CHROMIUM") or find_browser()
    if browser:
        environment["TOKENDIAL_CHROMIUM"] = browser
    else:
        environment["TOKENDIAL_SKIP_BROWSER"] = "no Chromium on this machine"
    if not sys.platform.startswith("linux"):
        environment["TOKENDIAL_SKIP_WINDOW"] = "the window is tested on a virtual X screen, on Linux"
    elif absent := [tool for tool in TOOLS if shutil.which(tool) is None]:
        environment["TOKENDIAL_SKIP_WINDOW"] = f"not installed: {', '.join(absent)}"
    return environment


def find_browser() -> str | None:
    """A Chromium or Chrome of this machine."""
    places = [shutil.which(name) for name in BROWSERS]
    places.append("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)"):
        if folder := os.environ.get(variable):
            places.append(str(Path(folder) / "Google" / "Chrome" / "Application" / "chrome.exe"))
    return next((place for place in places if place and Path(place).is_file()), None)


if __name__ == "__main__":
    prepare()
