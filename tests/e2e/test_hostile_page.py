"""A hostile page in a browser that is signed in: as a foreign site, as a neighbour on another port, and rebound by DNS.

Each of its ways in is first shown to work on an unguarded twin. The name `evil.test` leads to 127.0.0.1 by a rule of
the browser; the attacker's own page comes from the test, everything else really goes to the program's port.
"""

from __future__ import annotations

import json
import os
import re
import threading
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, Route
from tests.e2e.conftest import CHROMIUM
from tests.e2e.driver import ROOT, Running, asked, eventually
from tests.e2e.worlds import Busy
from tests.support.proofs import Proved

from tokendial.api.guard import REFUSED

pytestmark = pytest.mark.browser

SECRET = "Parser rewrite"  # a session's title in the busy home, and what the twin gives away
ATTACK = "/attack.html"
# Each way in answers what it got hold of; `api` is the victim, `change` a body that would change something there.
VECTORS = {
    "fetch": "return await (await fetch(api + '/', {credentials: 'include'})).text()",
    "fetch of a command": """return await (await fetch(api + '/api/sessions.list',
        {method: 'POST', credentials: 'include', headers: json, body: '{}'})).text()""",
    "fetch that changes": """return await (await fetch(api + '/api/settings.set',
        {method: 'POST', credentials: 'include', headers: json, body: change})).text()""",
    "no-cors": """await fetch(api + '/api/settings.set',
        {method: 'POST', mode: 'no-cors', credentials: 'include', body: change}); return ''""",
    "XMLHttpRequest": """const ask = new XMLHttpRequest(); ask.open('POST', api + '/api/sessions.list');
        ask.withCredentials = true; ask.setRequestHeader('Content-Type', 'application/json'); ask.send('{}');
        await new Promise((done) => ask.onloadend = done); return ask.responseText""",
    "beacon": """navigator.sendBeacon(api + '/api/settings.set', new Blob([change], {type: 'text/plain'}));
        await later(400); return ''""",
    "form as text": """form(api + '/api/settings.set', 'text/plain', change.slice(0, -1) + ',"x":"', '"}');
        await later(600); return ''""",
    "form": "form(api + '/api/settings.set', 'multipart/form-data', 'values', change); await later(600); return ''",
    "image": "return await loads(Object.assign(new Image(), {src: api + '/favicon.svg'}))",
    "script": """const before = Object.keys(window).length; const got = await put('script', {src: api + script});
        return got + (window.given ?? '')""",
    "module": "await import(api + script); return 'loaded'",
    "style": """const got = await put('link', {rel: 'stylesheet', href: api + style});
        return got + getComputedStyle(document.documentElement).getPropertyValue('--given')""",
    "EventSource": """const source = new EventSource(api + '/api/events', {withCredentials: true});
        return await new Promise((done) => { source.onopen = () => done('loaded');
          source.onmessage = (e) => done(e.data); source.onerror = () => done('') }).finally(() => source.close())""",
    "WebSocket": """const socket = new WebSocket(api.replace('http', 'ws') + '/api/events');
        return await new Promise((done) => {
          socket.onopen = () => done('loaded'); socket.onerror = () => done('') })""",
    "iframe": """const frame = Object.assign(document.createElement('iframe'), {src: api + '/'});
        document.body.append(frame); await new Promise((done) => { frame.onload = done; setTimeout(done, 4000) });
        return (() => { try { return frame.contentDocument.documentElement.outerHTML } catch { return '' } })()
          + (await pinged(frame.contentWindow))""",
    "object": """await put('object', {data: api + '/', type: 'text/html'});
        return document.querySelector('object').contentDocument?.body.innerHTML ?? ''""",
    "popup": """const opened = window.open(api + '/'); if (!opened) return '';
        await later(1000); try { return opened.document.documentElement.outerHTML + (await pinged(opened)) }
        catch { return await pinged(opened) } finally { opened.close() }""",
    "worker": """const worker = new Worker(api + script);
        return await new Promise((done) => {
          worker.onmessage = (e) => done(e.data); worker.onerror = () => done('') })""",
    "video": "return await loads(Object.assign(document.createElement('video'), {src: api + '/favicon.svg'}))",
    "one-use link": """const opened = await fetch(api + '/_open?k=guess', {credentials: 'include'});
        return await opened.text()""",
}
# What a browser by itself does not let a foreign origin do, whoever answers; "video" gets no picture from anybody.
ONLY_REBOUND = {"worker", "object"}
NEVER_LOADS = {"video"}
HELPERS = """
const json = {'Content-Type': 'application/json'};
const later = (ms) => new Promise((done) => setTimeout(done, ms));
const loads = (one) => new Promise((done) => {
  one.onload = one.onloadeddata = () => done('loaded'); one.onerror = () => done('');
  setTimeout(() => done(''), 2000) });
const put = (tag, values) => { const one = Object.assign(document.createElement(tag), values);
  const told = loads(one); document.body.append(one); return told };
const form = (action, enctype, name, value) => {
  const frame = document.createElement('iframe'); frame.name = `f${Math.random()}`;
  const made = Object.assign(document.createElement('form'), {action, enctype, method: 'post', target: frame.name});
  made.append(Object.assign(document.createElement('input'), {name, value})); document.body.append(frame, made);
  made.submit() };
const pinged = (target) => new Promise((done) => {
  addEventListener('message', (e) => done(String(e.data)), {once: true}); target?.postMessage('ping', '*');
  setTimeout(() => done(''), 1500) });
"""
RUN = f"""async ({{vectors, api, change, script, style}}) => {{
  {HELPERS}
  const names = ['api', 'change', 'script', 'style', 'later', 'loads', 'put', 'form', 'pinged', 'json'];
  const AsyncFunction = (async () => {{}}).constructor;
  const attempt = (body) => new AsyncFunction(...names, body)(
    api, change, script, style, later, loads, put, form, pinged, json).catch((error) => `failed: ${{error}}`);
  return Object.fromEntries(await Promise.all(Object.entries(vectors).map(async ([name, body]) =>
    [name, String(await Promise.race([attempt(body), later(9000).then(() => '')]) ?? '')])));
}}"""
CHANGE = json.dumps({"values": {"theme": "dark", "first_weekday": 6}})


class Victim(NamedTuple):
    """What is attacked: its port, and two files of its page."""

    port: int
    script: str
    style: str


class Twin:
    """A local server as careless ones are: it answers everybody, lets everybody read, and does what any body says."""

    def __init__(self) -> None:
        self.changes: list[str] = []
        twin = self

        class Answer(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if self.headers.get("Upgrade", "").lower() == "websocket":
                    twin.shake(self)
                    return
                kind, body = PAGES.get(self.path.partition("?")[0], ("text/html", f"<p>{SECRET}</p>{PONG}"))
                self.answer(kind, body)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                if "first_weekday" in body:
                    twin.changes.append(body)
                self.answer("application/json", json.dumps({"title": SECRET}))

            def do_OPTIONS(self) -> None:
                self.answer("text/plain", "")

            def answer(self, kind: str, body: str) -> None:
                data = body.encode()
                self.send_response(200)
                origin = self.headers.get("Origin", "*")
                for name, value in (
                    ("Content-Type", kind), ("Content-Length", str(len(data))), ("Access-Control-Allow-Origin", origin),
                    ("Access-Control-Allow-Credentials", "true"), ("Access-Control-Allow-Headers", "content-type"),
                    ("Access-Control-Allow-Private-Network", "true"), ("Cache-Control", "no-store"),
                ):  # fmt: skip
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.victim = Victim(self._server.server_port, "/given.js", "/given.css")

    @staticmethod
    def shake(request: BaseHTTPRequestHandler) -> None:
        """Accept a WebSocket."""
        key = request.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        request.send_response(101)
        request.send_header("Upgrade", "websocket")
        request.send_header("Connection", "Upgrade")
        request.send_header("Sec-WebSocket-Accept", b64encode(sha1(key.encode()).digest()).decode())
        request.end_headers()
        request.close_connection = True

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


PONG = f"<script>onmessage = (e) => e.source.postMessage('{SECRET}', '*')</script>"
PAGES = {
    "/given.js": ("text/javascript", f"globalThis.given = '{SECRET}'; globalThis.postMessage?.('{SECRET}')"),
    "/given.css": ("text/css", f":root {{ --given: '{SECRET}' }}"),
    "/favicon.svg": ("image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    "/api/events": ("text/event-stream", f"data: {SECRET}\n\n"),
}


@pytest.fixture(scope="module")
def rebinding(playwright: Playwright) -> Iterator[Browser]:
    """A browser for which `evil.test` is this machine."""
    # Its own question before a site may reach this machine is a help and no defence: other browsers have none.
    asking = "LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets,PrivateNetworkAccessRespectPreflightResults"
    arguments = ["--host-resolver-rules=MAP evil.test 127.0.0.1", f"--disable-features={asking}"]
    arguments += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    made = Twin()
    yield made
    made.close()


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Busy]:
    made = Busy(tmp_path_factory.mktemp("attacked"))
    yield made
    assert made.running.end() == 0
    assert made.running.errors == ""


# Where the attacker's page stands, and under which name it speaks to the victim.
PLACES = {
    "foreign site": ("http://evil.test:8080", "http://127.0.0.1:{port}"),
    "neighbour on another port": ("http://127.0.0.1:8080", "http://127.0.0.1:{port}"),
    "neighbour by name": ("http://localhost:8080", "http://localhost:{port}"),
    "rebound": ("http://evil.test:{port}", "http://evil.test:{port}"),
}


def attack(context: BrowserContext, victim: Victim, place: str) -> dict[str, str]:
    """What each way in got hold of, from a page that stands at a place."""
    home, api = (name.format(port=victim.port) for name in PLACES[place])

    def attacker(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<!doctype html><body>hello</body>")

    context.route(home + ATTACK, attacker)
    page = context.new_page()
    page.goto(home + ATTACK)
    given = {"vectors": VECTORS, "api": api, "change": CHANGE, "script": victim.script, "style": victim.style}
    got: dict[str, str] = page.evaluate(RUN, given)
    page.close()
    context.unroute(home + ATTACK)
    return got


def is_refusal(text: str) -> bool:
    """Whether that is all that the program says to strangers, as itself or as the browser shows it."""
    bare = re.sub(r"<[^>]*>", "", text)
    return json.loads(bare) == {"error": {"code": "refused", "message": REFUSED, "details": {}}}


def state(context: BrowserContext, running: Running) -> list[object]:
    """What the commands that the attacks name could have changed, and what else a user has set."""
    return [
        asked(context, running, "app.state")["settings"],
        *(asked(context, running, name) for name in ("homes.list", "providers.list", "pricing.get", "live.get")),
    ]


@pytest.mark.parametrize("place", PLACES)
def test_w4_each_way_in_works_on_an_unguarded_twin(rebinding: Browser, twin: Twin, place: str) -> None:
    context = rebinding.new_context()
    got = attack(context, twin.victim, place)
    context.close()
    for name, text in got.items():
        passed = name in NEVER_LOADS or (name in ONLY_REBOUND and place != "rebound") or "change" in VECTORS[name]
        assert passed or SECRET in text or "loaded" in text, (name, text)
    wanted = sum("change" in body for body in VECTORS.values())
    eventually(lambda: len(twin.changes) >= wanted, True)
    twin.changes.clear()


@pytest.mark.parametrize("place", PLACES)
def test_w4_none_of_them_gets_a_byte_or_changes_anything(
    rebinding: Browser, busy: Busy, proved: Proved, place: str
) -> None:
    assets = ROOT / "backend" / "tokendial" / "static" / "assets"
    script, style = (f"/assets/{next(assets.glob(kind)).name}" for kind in ("*.js", "*.css"))
    victim = Victim(int(busy.running.url.rsplit(":", 1)[1]), script, style)
    context = rebinding.new_context(storage_state=busy.running.state)
    if busy.running.state is None:
        assert context.request.get(busy.running.link).ok
        busy.running.state = context.storage_state()
    eventually(lambda: asked(context, busy.running, "ingest.status")["finished_at_ms"] is None, False)
    before = state(context, busy.running)
    assert SECRET in json.dumps(asked(context, busy.running, "sessions.list")), "the browser is signed in"
    got = attack(context, victim, place)
    for name, text in got.items():
        assert text == "" or text.startswith("failed: ") or is_refusal(text), (name, text)
    assert state(context, busy.running) == before
    context.close()
    proved("W4", "ways in by a hostile page", len(got))
