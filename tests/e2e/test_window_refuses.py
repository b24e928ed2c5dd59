"""What the real window refuses: it stays on its page, opens nothing else, and its bridge is the commands alone."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page, Playwright
from tests.e2e.driver import Running, eventually, options, ready
from tests.e2e.test_real_window import Desktop
from tests.security.test_binding import bound
from tests.support.proofs import Proved
from tests.support.screen import windows

pytestmark = pytest.mark.window


class Listener:
    """A neighbour on this machine that notes who comes; it answers every request with a page."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(2)
                try:
                    self.came.append(connection.recv(200).decode("latin-1").split("\r\n", 1)[0])
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/html\r\n\r\nhi")
                except OSError:
                    self.came.append("?")

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


class Watched(Desktop):
    """A window whose system browser takes notes in `opened.txt`."""

    def start(self, **more: str) -> Running:
        flags = "--use-fake-device-for-media-stream"  # a camera and a microphone that could be had
        browser = str(self.folder / "bin" / "xdg-open")
        return super().start(BROWSER=browser, QTWEBENGINE_CHROMIUM_FLAGS=flags, **more)

    @property
    def opened(self) -> list[str]:
        """What was handed to another program."""
        notes = self.folder / "opened.txt"
        return notes.read_text().splitlines() if notes.exists() else []

    @property
    def windows(self) -> list[str]:
        """Every window on the screen."""
        return sorted(windows(self.display, "."))


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory, display: str, window_manager: None) -> Iterator[Watched]:
    opened = Watched(tmp_path_factory.mktemp("refusing"), display)
    yield opened
    opened.running.end()


@pytest.fixture(scope="module")
def page(desktop: Watched, playwright: Playwright) -> Page:
    browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{desktop.port}", no_defaults=True)
    shown = browser.contexts[0].pages[0]
    shown.set_default_timeout(15_000)
    return ready(shown)


@pytest.fixture(scope="module")
def neighbour() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture
def unmoved(page: Page, desktop: Watched, neighbour: Listener) -> Iterator[None]:
    """Whatever a test tries: the page, its bridge and the screen are as before, nobody was asked, nothing opened."""
    page.evaluate("window.marker = 'here'")
    before = page.url, desktop.windows, desktop.opened
    neighbour.came.clear()
    yield
    page.wait_for_timeout(300)
    assert (page.url, desktop.windows, desktop.opened) == before
    assert neighbour.came == []
    assert page.evaluate("window.marker") == "here"
    assert "ok" in page.evaluate("window.pywebview.api.invoke('homes.list', {})")


NEW_WINDOWS = [
    "window.open('{url}/open')",
    "window.open('{url}/noopener', '_blank', 'noopener')",
    "window.open('https://example.invalid/')",
    "window.open('file:///etc/passwd')",
    "window.open('javascript:opener.marker = 1')",
    "window.open('about:blank')",
    "window.open('data:text/html,x')",
    "window.open('blob:' + location.origin + '/x')",
    "window.open(location.href)",
    "window.open('mailto:a@example.invalid')",
    "window.open('vscode://file/etc/passwd')",
    "link({{href: '{url}/blank', target: '_blank'}}).click()",
    "link({{href: 'https://example.invalid/', target: 'other', rel: 'opener'}}).click()",
    "link({{href: 'file:///etc/passwd', target: '_blank'}}).click()",
    "link({{href: location.href, target: '_blank'}}).click()",
    "form({{action: '{url}/form', target: '_blank'}}).submit()",
]
AWAY = [
    "location.href = '{url}/href'",
    "location.assign('{url}/assign')",
    "location.replace('{url}/replace')",
    "location.href = location.origin + '.example.invalid/'",
    "location.href = location.origin.replace('127.0.0.1', 'evil@127.0.0.1') + '0/'",
    "location.port = new URL('{url}').port",
    "location.href = 'data:text/html,x'",
    "location.href = 'file:///etc/passwd'",
    "location.href = 'javascript:void(window.marker = 2)'",
    "location.href = URL.createObjectURL(new Blob(['x'], {{type: 'text/html'}}))",
    "location.href = 'mailto:a@example.invalid'",
    "location.href = 'view-source:' + location.href",
    "location.href = 'chrome://gpu'",
    "location.href = 'qrc:///x'",
    "link({{href: '{url}/link', ping: '{url}/ping'}}).click()",
    "link({{href: '{url}/download', download: 'x.html'}}).click()",
    "form({{action: '{url}/form'}}).submit()",
    "put('meta', {{httpEquiv: 'refresh', content: '0;url={url}/meta'}})",
    "put('base', {{href: '{url}/'}})",
    "history.pushState(null, '', '{url}/state')",
]
REQUESTS = [
    "fetch('{url}/fetch', {{mode: 'no-cors'}})",
    "navigator.sendBeacon('{url}/beacon', 'x')",
    "new Image().src = '{url}/image'",
    "new WebSocket('{url}/socket'.replace('http', 'ws'))",
    "new EventSource('{url}/events')",
    "new Worker('{url}/worker')",
    "put('script', {{src: '{url}/script'}})",
    "put('link', {{rel: 'stylesheet', href: '{url}/style'}})",
    "put('link', {{rel: 'prefetch', href: '{url}/prefetch'}})",
    "put('link', {{rel: 'preload', as: 'image', href: '{url}/preload'}})",
    "put('link', {{rel: 'icon', href: '{url}/icon'}})",
    "put('iframe', {{src: '{url}/frame'}})",
    "put('object', {{data: '{url}/object'}})",
    "put('embed', {{src: '{url}/embed'}})",
    "put('video', {{src: '{url}/video'}})",
    "document.body.style.backgroundImage = 'url({url}/background)'",
    "import('{url}/module')",
]
HELPERS = """
const put = (tag, values) => {
  const made = document.createElement(tag);
  Object.assign(made, values);
  document.body.append(made);
  setTimeout(() => made.remove(), 300);
  return made;
};
const link = (values) => put('a', values);
const form = (values) => put('form', values);
"""


def run(page: Page, script: str, url: str) -> None:
    """Run a script in the page as a script of its own would: later, and whatever it throws."""
    body = HELPERS + script.format(url=url)
    page.evaluate("(body) => { setTimeout(() => { try { new Function(body)() } catch { } }, 0) }", body)


@pytest.mark.parametrize("script", NEW_WINDOWS)
def test_w11_no_new_window_and_no_other_program_opens(
    page: Page, neighbour: Listener, unmoved: None, proved: Proved, script: str
) -> None:
    run(page, script, neighbour.url)
    proved("W11", "ways to open a window", 1)


@pytest.mark.parametrize("script", AWAY)
def test_w11_the_window_stays_on_its_page(
    page: Page, neighbour: Listener, unmoved: None, proved: Proved, script: str
) -> None:
    run(page, script, neighbour.url)
    proved("W11", "ways to leave the page", 1)


@pytest.mark.parametrize("script", REQUESTS)
def test_w11_no_request_leaves_the_page(
    page: Page, neighbour: Listener, unmoved: None, proved: Proved, script: str
) -> None:
    run(page, script, neighbour.url)
    proved("W11", "ways to ask another server", 1)


@pytest.mark.parametrize("held", ["", "Control", "Shift", "middle"])
def test_w11_a_real_click_on_a_foreign_link_opens_nothing(
    page: Page, neighbour: Listener, unmoved: None, proved: Proved, held: str
) -> None:
    for target in ("_self", "_blank"):
        left, top = page.evaluate(
            "([href, target]) => { const a = document.createElement('a'); Object.assign(a, {href, target, id: 'away'});"
            " a.textContent = 'a foreign link'; document.body.prepend(a);"
            " const box = a.getBoundingClientRect(); return [box.left, box.top] }",
            [f"{neighbour.url}/clicked", target],
        )
        if held in ("Control", "Shift"):
            page.keyboard.down(held)
        page.mouse.click(left + 5, top + 5, button="middle" if held == "middle" else "left")
        if held in ("Control", "Shift"):
            page.keyboard.up(held)
        page.wait_for_timeout(200)
        page.evaluate("document.getElementById('away').remove()")
        proved("W11", "ways to open a window", 1)


@pytest.mark.parametrize("kind", ["file", "address", "text", "script"])
def test_w11_nothing_that_is_dropped_is_opened(
    page: Page, neighbour: Listener, unmoved: None, proved: Proved, tmp_path: Path, kind: str
) -> None:
    page_file = tmp_path / "evil.html"
    page_file.write_text("<script>document.title = 'evil'</script>")
    item = {"mimeType": "text/plain", "data": "text"}
    if kind != "text":
        address = {"address": f"{neighbour.url}/dropped", "script": "javascript:window.marker=1"}.get(kind, "")
        item = {"mimeType": "text/uri-list", "data": address or page_file.as_uri()}
    data = {"items": [item], "dragOperationsMask": 1, "files": [str(page_file)] if kind == "file" else []}
    drop(page.context.new_cdp_session(page), data)
    proved("W11", "drops", 1)


def drop(session: CDPSession, data: dict[str, object]) -> None:
    """Let the browser's engine have something dropped in the middle of the page."""
    for event in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": event, "x": 600, "y": 400, "data": data})
    session.detach()


PERMISSIONS = {
    "microphone": "navigator.mediaDevices.getUserMedia({audio: true})",
    "camera": "navigator.mediaDevices.getUserMedia({video: true})",
    "screen": "navigator.mediaDevices.getDisplayMedia({video: true})",
    "position": "new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no))",
}


@pytest.mark.parametrize("name", PERMISSIONS)
def test_w11_the_page_may_not_listen_look_or_locate(page: Page, unmoved: None, proved: Proved, name: str) -> None:
    asked = f"Promise.race([{PERMISSIONS[name]}.then(() => 'granted', (error) => `${{error.name}} ${{error.code}}`), "
    answer = page.evaluate(asked + "new Promise((late) => setTimeout(() => late('no answer'), 3000))])")
    assert answer.startswith(("NotAllowedError", "GeolocationPositionError", "undefined 1")), answer
    proved("W11", "permissions refused", 1)


CALLS = [
    "__dir__", "__class__", "__class__.mro", "__class__.__base__.__subclasses__", "__init__", "__reduce_ex__",
    "__str__", "invoke.__globals__.clear", "invoke.__call__", "invoke.__code__", "os.system", "eval", "load_url",
    "run_js", "destroy", "evaluate_js", "window.destroy", "toString", "constructor", "__getattribute__",
]  # fmt: skip
CALL = """(name) => new Promise((resolve) => {
  const id = `call${Math.random()}`;
  window.pywebview._returnValuesCallbacks[name] = {[id]: (answer) => resolve(JSON.stringify(answer))};
  window.pywebview._jsApiCallback(name, [], id);
  setTimeout(() => resolve(null), 600);
})"""


def test_w11_the_bridge_is_the_commands_and_nothing_else(page: Page, unmoved: None, proved: Proved) -> None:
    assert page.evaluate("Object.keys(window.pywebview.api)") == ["invoke"]
    answers = page.evaluate(f"(names) => Promise.all(names.map({CALL}))", CALLS)
    assert dict(zip(CALLS, answers, strict=True)) == dict.fromkeys(CALLS)
    for name in ("", "__class__", "homes", "homes.list ", "HOMES.LIST", "../homes.list", "os.system", "app"):
        assert page.evaluate("(name) => window.pywebview.api.invoke(name, {})", name)["error"]["code"] == "not_found"
    answer = json.loads(page.evaluate(CALL.replace("[], id", "['homes.list', {}], id"), "invoke"))
    assert "ok" in json.loads(answer["value"]), "the same way in does reach a command"
    proved("W11", "names that the bridge does not know", len(CALLS) + 8)


@pytest.mark.skipif(shutil.which("xdotool") is None, reason="needs xdotool")
def test_w11_there_are_no_developer_tools(page: Page, desktop: Watched, unmoved: None, proved: Proved) -> None:
    window = windows(desktop.display, "^Tokendial$")[-1]
    desktop.tool("xdotool", "windowactivate", "--sync", window)
    for keys in (
        "F12",
        "ctrl+shift+i",
        "ctrl+shift+j",
        "ctrl+shift+c",
        "ctrl+u",
        "ctrl+o",
        "ctrl+n",
        "ctrl+t",
        "ctrl+s",
    ):
        desktop.tool("xdotool", "key", "--clearmodifiers", keys)
        proved("W11", "keys of a browser", 1)
    desktop.tool("xdotool", "mousemove", "--window", window, "600", "400", "click", "3")
    page.wait_for_timeout(300)
    desktop.tool("xdotool", "key", "Escape")


def test_w10_w11_the_window_s_program_listens_at_one_place_and_has_no_inspector(
    desktop: Watched, tmp_path: Path, proved: Proved
) -> None:
    """Started as users start it; the inspector of the other tests is asked for by an environment variable."""
    started = Running(tmp_path, options(tmp_path / "data", desktop.home), DISPLAY=desktop.display)
    try:
        eventually((tmp_path / "data" / "instance.json").exists, True, timeout=40)
        eventually(lambda: len(started.group()) > 1, True, timeout=40)  # the engine's own processes
        port = json.loads((tmp_path / "data" / "instance.json").read_text())["port"]
        found = [address for pid in started.group() for address in bound(pid)]
        assert set(found) == {("tcp", f"0100007F:{port:04X}")}
        proved("W10", "listening programs", 1)
    finally:
        started.end()
