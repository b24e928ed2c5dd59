"""From the start of the program to figures that its window has painted, over a large ledger."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator

from playwright.sync_api import BrowserType, sync_playwright

from _bench import Setup, serve, tokendial
from _figures import Bar, Result, Samples, result
from _inspector import free_port, wait_for_page
from _measure import BenchError
from start_time import screen

PAINTED_MS = Bar(1200.0)
GIVE_UP_SECONDS = 60.0
# Nobody looks into the page before: a debugger that attaches takes as long as some of what is measured.
LOOK_SECONDS = 3.0
# When the first figure was on the screen, by the browser's own record of it.
PAINTED = """(seconds) => new Promise((found) => {
    setTimeout(() => found(0), seconds * 1000);
    new PerformanceObserver((list) => {
        const [figure] = list.getEntries();
        found(/[1-9]/.test(figure.element.textContent) ? performance.timeOrigin + figure.renderTime : 0);
    }).observe({ type: "element", buffered: true });
})"""


def painted(setup: Setup, events: int) -> Iterator[Result]:
    """Starts that follow one that does not count; nothing without a screen and without Xvfb."""
    if shutil.which("Xvfb") is None:
        return
    home = setup.responses(events)
    with setup.ledger(home) as (data, _), screen() as display, sync_playwright() as playwright:
        with serve(setup, home, data) as served:
            served.ask("settings.set", {"values": {"range": "alltime"}})
        environment = {**setup.environment, "DISPLAY": display, "XDG_DATA_HOME": str(data / "share")}
        command = tokendial(home, data)
        times = [_start(command, environment, playwright.chromium) for _ in range(setup.runs + 1)]
    what = f"{home.expected['totals']['events'] / 1e6:.0f} M responses"
    note = f"window under Xvfb; first start {times[0]:.0f} ms"
    yield result(f"start until figures are painted, {what}", "ms", Samples.of(times[1:]), bar=PAINTED_MS, note=note)


def _start(command: list[str], environment: dict[str, str], chromium: BrowserType) -> float:
    """Milliseconds by the page's own clock; the program is ended afterwards."""
    port = free_port()
    address = f"127.0.0.1:{port}"
    began, quiet = time.time(), subprocess.DEVNULL
    with subprocess.Popen(
        command, env={**environment, "QTWEBENGINE_REMOTE_DEBUGGING": address}, stdout=quiet, stderr=quiet
    ) as process:
        try:
            time.sleep(LOOK_SECONDS)
            wait_for_page(port, process)
            browser = chromium.connect_over_cdp(f"http://{address}", no_defaults=True)
            at = float(browser.contexts[0].pages[0].evaluate(PAINTED, GIVE_UP_SECONDS))
            if not at:
                raise BenchError("the window painted no figures")
            return at - began * 1000
        finally:
            process.terminate()
            process.wait(GIVE_UP_SECONDS)
