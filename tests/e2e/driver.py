"""Drives the program as a user does: real processes, a real browser, and a guard over everything the page does."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from tokendial.services.contract.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"http://127\.0\.0\.1:\d+/_open\?k=\S+")
SIZE = (1280, 860)
TIMEOUT_MS = 30_000  # what comes at all comes, however busy the machine
_HIDDEN = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "CODEX_HOME", "BROWSER"}

expect.set_options(timeout=TIMEOUT_MS)


def environment(folder: Path, **more: str) -> dict[str, str]:
    """A child's environment: an empty home below `folder`, UTC, no screen, and a file manager that takes notes."""
    home, programs = folder / "user", folder / "bin"
    home.mkdir(parents=True, exist_ok=True)
    programs.mkdir(exist_ok=True)
    opener = programs / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{folder / "opened.txt"}"\n')
    opener.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if name not in _HIDDEN and not name.startswith("XDG_")}
    return {
        **kept,
        "HOME": str(home),
        "USERPROFILE": str(home),
        "TZ": "UTC",
        "PATH": os.pathsep.join([str(programs), kept.get("PATH", "")]),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "backend"), str(ROOT)]),
        "PYTHONUNBUFFERED": "1",
        **more,
    }


class Running:
    """A `tokendial` process in a session of its own, with what it has printed."""

    program: Sequence[str] = (sys.executable, "-m", "tokendial")
    surroundings = staticmethod(environment)

    def __init__(self, folder: Path, arguments: Sequence[str], **more: str) -> None:
        self.folder = folder
        self.env = self.surroundings(folder, **more)
        self.state: Any = None
        self.lines: list[str] = []
        self._printed = threading.Condition()
        self._errors = folder / f"stderr-{time.monotonic_ns()}.txt"
        with self._errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [*self.program, *arguments],
                cwd=folder,
                env=self.env,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._printed:
                self.lines.append(line.rstrip("\n"))
                self._printed.notify_all()

    @property
    def errors(self) -> str:
        """What it wrote to stderr."""
        return self._errors.read_text()

    def group(self) -> list[int]:
        """Living processes of the session that the program leads."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == self.process.pid and fields[0] != "Z":
                found.append(int(stat.parent.name))
        return found

    def wait_for_line(self, pattern: re.Pattern[str], timeout: float = 30) -> str:
        """The first printed text that fits."""
        with self._printed:
            fits = lambda: next((found[0] for line in self.lines if (found := pattern.search(line))), None)  # noqa: E731
            assert self._printed.wait_for(lambda: fits() or self.process.poll() is not None, timeout), self.errors
            return fits() or self._ended(pattern)

    def _ended(self, pattern: re.Pattern[str]) -> str:
        raise AssertionError(f"ended with {self.process.poll()} before {pattern.pattern!r}: {self.lines} {self.errors}")

    @property
    def link(self) -> str:
        """The one-use link it printed."""
        return self.wait_for_line(LINK)

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        parts = urlsplit(self.link)
        return f"{parts.scheme}://{parts.netloc}"

    def end(self) -> int:
        """Stop it as a user's system does; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.wait()
            raise

    def wait(self, timeout: float = 20) -> int:
        """Its exit code, once it has ended."""
        code = self.process.wait(timeout)
        self._reader.join(5)
        if self.process.stdout:
            self.process.stdout.close()
        return code


def serve(folder: Path, *homes: Path, **more: str) -> Running:
    """`tokendial serve` with its ledger below `folder`; without homes it looks where it always looks."""
    return Running(folder, ["serve", "--no-open", *options(folder / "data", *homes)], **more)


def options(data: Path, *homes: Path) -> list[str]:
    """Where the ledger is, and which Codex homes are read."""
    return ["--data-dir", str(data), *(part for home in homes for part in ("--codex-home", str(home)))]


def report(folder: Path, home: Path, *arguments: str) -> dict[str, Any]:
    """`tokendial report --json` over the same logs, with a ledger of its own."""
    command = [sys.executable, "-m", "tokendial", "report", "--json", *options(folder / "report", home), *arguments]
    ran = subprocess.run(command, env=environment(folder), capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


class Visitor:
    """Opens pages and remembers everything that no page may ever do."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.problems: list[str] = []
        self.allowed: list[str] = []
        self._contexts: list[BrowserContext] = []

    def __call__(
        self,
        running: Running,
        path: str = "/",
        size: tuple[int, int] = SIZE,
        settings: Mapping[str, object] | None = None,
        keep_settings: bool = False,
        **more: Any,  # noqa: ANN401 - options of the browser
    ) -> Page:
        """A page of its own, signed in by the printed link; settings are the defaults and these."""
        viewport = {"width": size[0], "height": size[1]}
        context = self.browser.new_context(viewport=viewport, storage_state=running.state, **more)  # type: ignore[arg-type]
        context.set_default_timeout(TIMEOUT_MS)
        self._contexts.append(context)
        if running.state is None:
            assert context.request.get(running.link).ok
            running.state = context.storage_state()
        if not keep_settings:
            change_settings(context, running, {**msgspec.to_builtins(Settings()), **(settings or {})})
        page = context.new_page()
        self.watch(page, running.url)
        page.goto(running.url + path)
        return page

    def allow(self, text: str) -> None:
        """Console messages with this text are what the test is about."""
        self.allowed.append(text)

    def watch(self, page: Page, origin: str) -> None:
        """Listen to whatever must not happen."""
        page.context.expose_binding("tokendialViolation", lambda _, text: self.problems.append(f"policy: {text}"))
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation', (event) => "
            "window.tokendialViolation(`${event.violatedDirective} ${event.blockedURI}`));"
        )
        self.listen(page, origin)

    def listen(self, page: Page, origin: str) -> None:
        """The part of it that needs no script in the page."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        page.on("request", lambda request: self._request(request, origin))

    def close(self) -> None:
        """Close every page, and fail for what was noticed."""
        for context in self._contexts:
            context.close()
        kept = [problem for problem in self.problems if not any(text in problem for text in self.allowed)]
        assert kept == [], kept

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"console {message.type}: {message.text}")

    def _request(self, request: Request, origin: str) -> None:
        if not request.url.startswith((f"{origin}/", "data:", "blob:")):
            self.problems.append(f"request to {request.url}")


def asked(context: BrowserContext, running: Running, name: str, request: Mapping[str, object] | None = None) -> Any:  # noqa: ANN401 - JSON
    """A command's answer to the user's own page."""
    answer = context.request.post(
        f"{running.url}/api/{name}",
        data=json.dumps(request or {}),
        headers={"Content-Type": "application/json"},
    )
    assert answer.ok, answer.text()
    return answer.json()


def change_settings(context: BrowserContext, running: Running, values: Mapping[str, object]) -> None:
    """Change settings as the page does."""
    asked(context, running, "settings.set", {"values": values})


# -- what is on the screen ------------------------------------------------------------------------------------------


def ready(page: Page) -> Page:
    """The page, once the logs are read and the cards are drawn."""
    expect(page.locator(".tv-scan")).to_contain_text("Scanned")
    expect(page.locator(".tv-cards")).to_have_attribute("data-state", "ready")
    return page


def card(page: Page, label: str) -> Locator:
    """A headline figure."""
    return page.locator(f"section.td-kpi[aria-label='{label}']")


def figure(page: Page, label: str) -> Locator:
    """The large figure of a card; its exact value is its title."""
    return card(page, label).locator(".td-kpi__value")


def panel(page: Page, title: str | re.Pattern[str]) -> Locator:
    """A card with this heading."""
    heading = page.get_by_role("heading", name=title, exact=isinstance(title, str))
    return page.locator("section.td-card").filter(has=heading)


def open_settings(page: Page, tab: str) -> Locator:
    """The settings on a tab, opened by their key where they are not open yet."""
    dialog = page.get_by_role("dialog", name="Settings")
    for _ in range(5):
        if dialog.count() == 0:  # a page that was just loaded may not have the focus yet, and not get the key
            page.keyboard.press("Control+,")
            page.wait_for_timeout(300)
    dialog.get_by_role("tab", name=tab, exact=True).click()
    return dialog


def table(page: Page, label: str) -> Locator:
    """A table by its name."""
    return page.get_by_role("table", name=label, exact=True)


_READ_TABLE = """(table) => {
  const read = (cell) => cell.innerText.trim().replace(/\\s+/g, ' ');
  const heads = [...table.tHead.rows[0].cells].map(read);
  return [...table.tBodies[0].rows, ...(table.tFoot ? table.tFoot.rows : [])].map((row) =>
    Object.fromEntries([...row.cells].flatMap(
      (cell, at) => [[heads[at], read(cell)], [`${heads[at]} exact`, cell.title]])));
}"""


def rows(found: Locator) -> list[dict[str, str]]:
    """The rows of a table by column, with the exact figures that hover over them."""
    answer: list[dict[str, str]] = found.evaluate(_READ_TABLE)
    return answer


def column(found: Locator, name: str) -> list[str]:
    """One column of a table."""
    return [row[name] for row in rows(found)]


def eventually(read: Callable[[], object], expected: object, timeout: float = TIMEOUT_MS / 1000) -> None:
    """Waits until something read from the page is as expected."""
    deadline = time.monotonic() + timeout
    while (found := read()) != expected:
        assert time.monotonic() < deadline, f"{found!r} is not {expected!r}"
        time.sleep(0.05)


def choose(page: Page, label: str, value: str) -> None:
    """Choose in a select box."""
    page.get_by_role("combobox", name=label, exact=True).select_option(value)


def pick(within: Page | Locator, group: str, name: str) -> None:
    """Choose one of a row of choices."""
    within.get_by_role("radiogroup", name=group, exact=True).get_by_role("radio", name=name, exact=True).check()


def exact_money(usd: str) -> str:
    """Dollars with every digit, as the page writes them on hover."""
    whole, _, fraction = usd.partition(".")
    return f"${int(whole):,}.{fraction[:2]}{fraction[2:].rstrip('0')}"


def overflow(page: Page) -> int:
    """By how many pixels the document is wider than its window."""
    answer: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return answer
