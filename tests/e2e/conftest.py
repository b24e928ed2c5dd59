"""A browser, running servers, and pages under guard."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright
from tests.desktop.conftest import display  # noqa: F401 - a fixture
from tests.e2e.driver import Running, Visitor, serve
from tests.e2e.seats import seat, window_manager  # noqa: F401 - fixtures
from tests.e2e.worlds import Busy

CHROMIUM = os.environ.get("TOKENDIAL_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
LONGEST_TEXT = 4_000
Serve = Callable[..., Running]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails tells what its page said."""
    report = yield
    page = item.funcargs.get("page") if isinstance(item, pytest.Function) else None
    if report.when == "call" and report.failed and isinstance(page, Page):
        with suppress(Error):
            report.sections.append(("text of the page", page.evaluate("document.body.innerText")[:LONGEST_TEXT]))
    return report


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
    yield browser
    browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visitor]:
    """Opens pages; the test fails for any error, policy violation or foreign request of any of them."""
    visitor = Visitor(chromium)
    yield visitor
    visitor.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Serve]:
    """Starts servers below the test's folder, and ends them: each must end well and have nothing to complain about."""
    started: list[Running] = []

    def begin(*homes: Path, folder: Path = tmp_path, **more: str) -> Running:
        started.append(serve(folder, *homes, **more))
        return started[-1]

    yield begin
    for running in started:
        assert running.end() == 0
        assert running.errors == ""


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Busy]:
    """A server over the busy home, for tests that only look."""
    made = Busy(tmp_path_factory.mktemp("busy"))
    yield made
    assert made.running.end() == 0
    assert made.running.errors == ""
