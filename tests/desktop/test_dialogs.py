"""The system's dialogs: the real ones in the real window, answered with real keys, and the threads they come from."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from playwright.sync_api import Page, sync_playwright
from tests.desktop.conftest import ROOT
from tests.desktop.test_window import Shell, attach
from tests.support.screen import ask, windows

from tokendial.api.dialogs import FileKind
from tokendial.desktop.dialogs import WindowDialogs
from tokendial.errors import Unavailable

JSON = FileKind("Price rules", ".json")
needs_keys = pytest.mark.skipif(shutil.which("xdotool") is None, reason="needs xdotool")


class Keyboard:
    """Real keys on a screen."""

    def __init__(self, display: str) -> None:
        self._display = display

    def _tool(self, *command: str) -> str:
        return ask(self._display, "xdotool", *command, check=False)

    def into(self, title: str, text: str, *keys: str) -> None:
        """Type into the window with this title as soon as it has the focus, then press keys."""
        deadline = time.monotonic() + 20
        shown = lambda: windows(self._display, f"^{title}$")  # noqa: E731
        while self._tool("getwindowfocus").strip() not in shown():
            assert time.monotonic() < deadline, f"no {title}"
            time.sleep(0.05)
        if text:
            self._tool("type", "--delay", "5", text)
        self.press(*keys)

    def focus(self, title: str) -> None:
        """Give the window with this title the focus; there is no window manager that would."""
        window = windows(self._display, f"^{title}$")[-1]
        self._tool("windowfocus", "--sync", window)

    def press(self, *keys: str) -> None:
        """Press keys in whatever has the focus."""
        self._tool("key", "--clearmodifiers", *keys)


@pytest.fixture(scope="module")
def keyboard(display: str) -> Keyboard:
    return Keyboard(display)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, display: str) -> Iterator[Page]:
    env = {**os.environ, "DISPLAY": display, "PYTHONPATH": os.pathsep.join([str(ROOT / "backend"), str(ROOT)])}
    shell = Shell(tmp_path_factory.mktemp("data"), env)
    try:
        shell.wait_for_page()
        with sync_playwright() as driver:
            yield attach(driver, shell)
    finally:
        if shell.process.poll() is None:
            shell.process.kill()
        shell.process.communicate()


def browse(page: Page, start: str | None) -> None:
    page.evaluate(
        "(start) => { window.answer = undefined; "
        "void window.pywebview.api.invoke('homes.browse', {start}).then((answer) => { window.answer = answer; }); }",
        start,
    )


def answer(page: Page) -> object:
    page.wait_for_function("window.answer !== undefined", timeout=15_000)
    return page.evaluate("window.answer")


@needs_keys
@pytest.mark.window
def test_a_folder_is_chosen(page: Page, keyboard: Keyboard, tmp_path: Path) -> None:
    (tmp_path / "one" / "two").mkdir(parents=True)
    browse(page, str(tmp_path / "one"))
    keyboard.into("Open folder", "", "Return")
    assert answer(page) == {"ok": {"path": str(tmp_path / "one")}}
    browse(page, str(tmp_path / "not there"))
    keyboard.into("Open folder", f"{tmp_path}/one/two/", "Return")
    assert answer(page) == {"ok": {"path": str(tmp_path / "one" / "two")}}


@needs_keys
@pytest.mark.window
@pytest.mark.parametrize(
    ("start", "title"), [(None, "Open folder"), ("save", "Save file"), ("open", "Open file")], ids=str
)
def test_a_dialog_is_cancelled(page: Page, keyboard: Keyboard, start: str | None, title: str) -> None:
    browse(page, start)
    keyboard.into(title, "", "Escape")
    assert answer(page) == {"ok": {"path": None}}


@needs_keys
@pytest.mark.window
def test_files_are_chosen_to_write_and_to_read(page: Page, keyboard: Keyboard, tmp_path: Path) -> None:
    browse(page, "save")
    keyboard.into("Save file", str(tmp_path / "new.json"), "Return")
    assert answer(page) == {"ok": {"path": str(tmp_path / "new.json")}}
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "old.json").touch()
    browse(page, "open")
    keyboard.into("Open file", str(tmp_path / "old.json"), "Return")
    assert answer(page) == {"ok": {"path": str(tmp_path / "old.json")}}


@needs_keys
@pytest.mark.window
def test_the_page_lives_on_and_a_second_dialog_is_refused(page: Page, keyboard: Keyboard) -> None:
    browse(page, None)
    second = page.evaluate("window.pywebview.api.invoke('homes.browse', {start: 'open'})")
    assert second["error"]["code"] == "unavailable"
    assert page.evaluate("window.pywebview.api.invoke('homes.list', {})") == {"ok": {"homes": []}}
    keyboard.into("Open folder", "", "Escape")
    assert answer(page) == {"ok": {"path": None}}


class FakeWindow:
    """A window of pywebview whose dialog answers at once; notes the thread that it was opened on."""

    def __init__(self, answer: object, native: object = None) -> None:
        self.answer, self.native = answer, native
        self.asked: list[tuple[tuple[object, ...], dict[str, object], str]] = []

    def create_file_dialog(self, *args: object, **named: object) -> object:
        self.asked.append((args, named, threading.current_thread().name))
        return self.answer


@pytest.mark.parametrize(
    ("given", "path"), [(("/a/b",), "/a/b"), ("/a/b", "/a/b"), (None, None), ((), None), ("", None), (("",), None)]
)
def test_every_toolkit_s_answer_is_read(given: object, path: str | None) -> None:
    assert WindowDialogs(FakeWindow(given)).pick_save("a.json", JSON) == path  # type: ignore[arg-type]


def test_the_file_kind_is_a_filter_that_pywebview_takes() -> None:
    from webview.util import parse_file_type

    window = FakeWindow(None)
    WindowDialogs(window).pick_open(JSON)  # type: ignore[arg-type]
    filters = window.asked[0][1]["file_types"]
    assert isinstance(filters, tuple)
    assert [parse_file_type(text) for text in filters] == [("Price rules", "*.json"), ("All files", "*.*")]


def test_a_windows_form_shows_its_dialog_on_its_own_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """pywebview opens it on the calling thread, which can hang (its issue 1823)."""

    def on_form(action: Callable[[], None]) -> None:
        thread = threading.Thread(target=action, name="form")
        thread.start()
        thread.join()

    class Func:
        def __class_getitem__(cls, _: object) -> Callable[[Callable[[], None]], Callable[[], None]]:
            return lambda action: action

    system = ModuleType("System")
    system.__dict__.update(Func=Func, Type=type)
    monkeypatch.setitem(sys.modules, "System", system)
    window = FakeWindow(("/a",), SimpleNamespace(Invoke=on_form))
    assert WindowDialogs(window).pick_folder() == "/a"  # type: ignore[arg-type]
    assert window.asked[0][2] == "form"


def test_a_dialog_that_fails_does_not_block_the_next() -> None:
    window = FakeWindow(("/a",))
    dialogs = WindowDialogs(window)  # type: ignore[arg-type]

    def fail(*_: object, **__: object) -> object:
        with pytest.raises(Unavailable):
            dialogs.pick_folder()
        raise RuntimeError("no toolkit")

    window.create_file_dialog = fail  # type: ignore[method-assign]
    with pytest.raises(RuntimeError):
        dialogs.pick_folder()
    del window.create_file_dialog
    assert dialogs.pick_folder() == "/a"
