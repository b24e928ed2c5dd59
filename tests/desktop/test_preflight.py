"""Whether a window is possible, for machines described by parameters, and for this one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tokendial.desktop import preflight
from tokendial.desktop.preflight import NO_DISPLAY, QT_LIBRARIES, choose, display_works, explain, missing

ABSENT = {"libnothing-1.so.0": "libnothing1", "libasound-no.so.2": "libasound2", "libglib-no.so.0": "libglib2.0-0"}
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
PRESENT = {"libc.so.6": "libc6"}


def test_libraries_that_cannot_be_loaded_are_found() -> None:
    assert missing({**PRESENT, **ABSENT}) == list(ABSENT)
    assert missing(PRESENT) == []


@pytest.mark.parametrize(
    ("release", "packages"),
    [
        ({"ID": "debian", "VERSION_ID": "12"}, "libnothing1 libasound2 libglib2.0-0"),
        ({"ID": "debian", "VERSION_ID": "13"}, "libnothing1 libasound2t64 libglib2.0-0t64"),
        ({"ID": "ubuntu", "VERSION_ID": "22.04"}, "libnothing1 libasound2 libglib2.0-0"),
        ({"ID": "ubuntu", "VERSION_ID": "24.04"}, "libnothing1 libasound2t64 libglib2.0-0t64"),
        ({"ID": "debian", "VERSION_ID": "testing"}, "libnothing1 libasound2 libglib2.0-0"),
        ({"ID": "fedora", "VERSION_ID": "43"}, "libnothing1 libasound2 libglib2.0-0"),
        ({}, "libnothing1 libasound2 libglib2.0-0"),
    ],
)
def test_one_line_installs_what_is_missing(release: dict[str, str], packages: str) -> None:
    text = explain(list(ABSENT), release, ABSENT)
    assert text.endswith(f"sudo apt-get install {packages}")
    assert "\n" not in text
    assert all(name in text for name in ABSENT)


def test_missing_libraries_are_the_reason_for_no_window() -> None:
    choice = choose(OFFSCREEN, "linux", {**PRESENT, **ABSENT}, {"ID": "debian", "VERSION_ID": "12"})
    if choice.gui == "gtk":
        pytest.skip("this machine has WebKitGTK to fall back on")
    assert choice.gui is None
    assert "libnothing-1.so.0" in choice.reason
    assert "libc" not in choice.reason


@pytest.mark.parametrize(
    "environ",
    [{}, {"DISPLAY": ""}, {"DISPLAY": ":9876"}, {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "/nowhere"}],
)
def test_without_a_screen_there_is_no_window(environ: dict[str, str]) -> None:
    assert not display_works(environ)
    choice = choose(environ, "linux", PRESENT)
    assert (choice.gui, choice.reason) == (None, NO_DISPLAY)


def test_a_wayland_socket_is_a_screen(tmp_path: Path) -> None:
    (tmp_path / "wayland-0").touch()
    assert display_works({"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)})


@pytest.mark.window
def test_a_running_x_server_is_a_screen(display: str) -> None:
    assert display_works({"DISPLAY": display})


@pytest.mark.parametrize(
    ("user", "environ", "sandbox_off"),
    [
        (0, {}, True),
        (1000, {}, False),
        (1000, {"TOKENDIAL_NO_SANDBOX": "1"}, True),
        (1000, {"TOKENDIAL_NO_SANDBOX": "0"}, False),
    ],
)
def test_the_sandbox_is_off_for_root_or_when_asked(user: int, environ: dict[str, str], sandbox_off: bool) -> None:
    choice = choose({**OFFSCREEN, **environ}, "linux", PRESENT, user_id=user)
    assert choice.gui == "qt"
    assert choice.environment.get("QTWEBENGINE_DISABLE_SANDBOX") == ("1" if sandbox_off else None)


@pytest.mark.parametrize(
    ("device", "environ", "backend"),
    [
        (None, {}, "software"),
        (None, {"QT_QUICK_BACKEND": "rhi"}, None),
        ("dri/by-path", {}, "software"),
        ("dri/renderD128", {}, None),
        ("dri/card0", {}, None),
        ("nvidiactl", {}, None),
        ("dxg", {}, None),
    ],
)
def test_without_a_graphics_device_qt_draws_by_itself(
    tmp_path: Path, device: str | None, environ: dict[str, str], backend: str | None
) -> None:
    if device:
        (tmp_path / device).parent.mkdir(exist_ok=True)
        (tmp_path / device).touch()
    choice = choose({**OFFSCREEN, **environ}, "linux", PRESENT, devices=tmp_path)
    assert choice.gui == "qt"
    assert choice.environment.get("QT_QUICK_BACKEND") == backend
    assert choice.environment.get("QT_XCB_GL_INTEGRATION") == (backend and "none")


def test_who_chose_a_library_for_opengl_gets_it(tmp_path: Path) -> None:
    choice = choose({**OFFSCREEN, "QT_XCB_GL_INTEGRATION": "xcb_egl"}, "linux", PRESENT, devices=tmp_path)
    assert choice.environment.get("QT_XCB_GL_INTEGRATION") == "xcb_egl"


@pytest.mark.parametrize(("system", "gui"), [("darwin", "cocoa"), ("win32", "edgechromium")])
def test_the_toolkit_is_named_on_other_systems_too(system: str, gui: str) -> None:
    assert choose({}, system) == preflight.Choice(gui)  # type: ignore[arg-type]


def test_every_library_names_one_package() -> None:
    assert all(name.startswith("lib") and ".so" in name for name in QT_LIBRARIES)
    assert all(package and " " not in package for package in QT_LIBRARIES.values())


def test_looking_loads_neither_the_toolkit_nor_the_web_framework(child_env: dict[str, str]) -> None:
    script = (
        "import sys; from tokendial.desktop import instance, preflight; preflight.choose()\n"
        "print(sorted(set(sys.modules) & {'webview', 'flask', 'werkzeug', 'PySide6.QtCore', 'qtpy'}))"
    )
    command = [sys.executable, "-c", script]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=child_env)
    assert ran.stdout == "[]\n"
