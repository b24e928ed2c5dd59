"""An open page of the web scans the ports of its visitor: the program looks like any closed door."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser
from tests.e2e.test_hostile_page import HELPERS, busy, rebinding  # noqa: F401 - fixtures
from tests.e2e.worlds import Busy
from tests.support.proofs import Proved

pytestmark = pytest.mark.browser

# What a page can find out about an address that it may not read.
PROBES = {
    "fetch": "return await fetch(url + '/', {mode: 'no-cors'}).then((a) => a.type + a.status, (e) => e.name)",
    "fetch with CORS": "return await fetch(url + '/').then((a) => a.type + a.status, (e) => e.name)",
    "image": "return await loads(Object.assign(new Image(), {src: url + '/favicon.svg'}))",
    "script": "return await put('script', {src: url + '/'})",
    "style": "return await put('link', {rel: 'stylesheet', href: url + '/'})",
    "frame": """const frame = document.createElement('iframe'); frame.src = url + '/';
        const told = loads(frame); document.body.append(frame); return (await told) + frame.contentWindow.length""",
    "EventSource": """const source = new EventSource(url + '/api/events');
        return await new Promise((done) => {
          source.onopen = () => done('open'); source.onerror = () => done('error') })""",
    "WebSocket": """const socket = new WebSocket(url.replace('http', 'ws') + '/api/events');
        return await new Promise((done) => { socket.onopen = () => done('open');
          socket.onclose = (event) => done(`${event.code} ${event.reason}`) })""",
    "beacon": "return String(navigator.sendBeacon(url + '/', 'x'))",
    "timing": """await fetch(url + '/?t', {mode: 'no-cors'}).catch(() => 0); await later(100);
        return performance.getEntriesByName(url + '/?t').map((one) =>
          [one.responseStatus, one.transferSize, one.encodedBodySize, one.contentType]).join()""",
}
RUN = f"""async ({{probes, url}}) => {{
  {HELPERS}
  const found = {{}};
  for (const [name, body] of Object.entries(probes)) {{
    const probe = new (async () => {{}}).constructor('url', 'later', 'loads', 'put', body);
    found[name] = await probe(url, later, loads, put);
  }}
  return found;
}}"""


class Door:
    """Some server of somebody else: closed, or open to all."""

    def __init__(self, *, closed: bool) -> None:
        class Answer(BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.send_response(403 if closed else 200)
                if closed:
                    self.send_header("Cross-Origin-Resource-Policy", "same-origin")
                    self.send_header("X-Frame-Options", "DENY")
                else:
                    self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Content-Type", "image/svg+xml")
                self.end_headers()
                self.wfile.write(b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')

            def __getattr__(self, name: str) -> Callable[[], None]:
                if name.startswith("do_"):
                    return self.answer
                raise AttributeError(name)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def doors() -> Iterator[tuple[Door, Door]]:
    made = Door(closed=True), Door(closed=False)
    yield made
    for door in made:
        door.close()


def look(browser: Browser, url: str) -> dict[str, str]:
    """What each probe tells a page of another site."""
    context = browser.new_context()
    home = "http://evil.test:8080/scan.html"
    context.route(home, lambda route: route.fulfill(status=200, content_type="text/html", body="<body>scan</body>"))
    page = context.new_page()
    page.goto(home)
    found: dict[str, str] = page.evaluate(RUN, {"probes": PROBES, "url": url})
    context.close()
    return found


def test_w5_an_open_page_cannot_tell_the_program_from_another_closed_door(
    rebinding: Browser,  # noqa: F811 - the fixture
    busy: Busy,  # noqa: F811 - the fixture
    doors: tuple[Door, Door],
    proved: Proved,
) -> None:
    closed, opened = doors
    found = look(rebinding, busy.running.url)
    assert found == look(rebinding, closed.url)
    assert found != look(rebinding, opened.url), "the probes do tell doors apart"
    assert busy.running.link
    proved("W5", "probes", len(found))
