"""The packaged program in its window, as somebody who has just unpacked it sees it."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PIL import ImageGrab
from playwright.sync_api import Page, expect
from tests.conftest import CORPUS
from tests.e2e.driver import eventually, exact_money, figure, pick, ready, report, rows, table
from tests.e2e.worlds import busy_home
from tests.packaged.conftest import BINARY, Packaged, Start, run
from tests.support.masked import Expected
from tests.support.screen import ask, windows

pytestmark = [pytest.mark.package, pytest.mark.window]
Look = Callable[[Packaged], Page]


def test_an_empty_home_is_told_where_was_looked(start: Start, look: Look, manager: str, tmp_path: Path) -> None:
    running = start(screen=manager)
    page = look(running)
    expect(page.get_by_role("heading", name="No agent logs were found yet")).to_be_visible()
    places = page.get_by_role("list", name="Where logs were looked for")
    expect(places).to_contain_text(str(tmp_path / "user" / ".codex"))
    assert page.evaluate("window.pywebview.platform") == "qtwebengine"
    assert running.end() == 0
    assert (tmp_path / "user" / ".local" / "share" / "tokendial" / "ledger.sqlite3").is_file()


def test_the_screen_shows_the_numbers_of_the_logs(start: Start, look: Look, manager: str, tmp_path: Path) -> None:
    home = tmp_path / "user" / ".codex"
    stories = busy_home(home)
    page = ready(look(start(screen=manager)))
    pick(page, "Range", "All")
    total = sum(story.rollout.total.total for story in stories)
    expect(figure(page, "Total tokens")).to_have_attribute("title", f"{total:,} tokens")
    totals = report(tmp_path, home)["totals"]
    assert totals["total_tokens"] == total
    expect(figure(page, "Cost")).to_have_attribute("title", exact_money(totals["cost_usd"]))
    assert rows(table(page, "Models"))[-1]["Tokens exact"] == f"{total:,}"
    eventually(lambda: colours(manager) > 200, True)


def colours(screen: str) -> int:
    """How many different colours the screen shows."""
    picture = ImageGrab.grab(xdisplay=screen).convert("RGB")
    return len(picture.getcolors(1 << 24) or [])


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["set-01", "set-09"])
def test_the_screen_shows_the_numbers_of_real_logs(
    start: Start, look: Look, manager: str, tmp_path: Path, name: str
) -> None:
    home = tmp_path / "user" / ".codex"
    shutil.copytree(CORPUS / "codex" / name, home, copy_function=shutil.copyfile)
    models = [
        spent for file in Expected(CORPUS / "expected-codex.json").files(name).values() for spent in file.values()
    ]
    page = ready(look(start(screen=manager)))
    pick(page, "Range", "All")
    total = sum(spent.input + spent.output for spent in models)
    assert total > 1_000_000
    expect(figure(page, "Total tokens")).to_have_attribute("title", f"{total:,} tokens")
    output = sum(spent.output for spent in models)
    expect(figure(page, "Output")).to_have_attribute("title", re.compile(f"^{output:,} tokens"))


def test_closing_the_window_ends_everything(start: Start, look: Look, manager: str, tmp_path: Path) -> None:
    running = start("--data-dir", str(tmp_path / "data"), screen=manager)
    look(running)
    second = start("--data-dir", str(tmp_path / "data"), screen=manager)
    assert second.wait(30) == 0
    assert second.lines == ["Tokendial is already running; its window was brought to the front."]
    assert len(running.group()) > 1
    ask(manager, "wmctrl", "-F", "-c", "Tokendial")
    assert running.wait(20) == 0
    eventually(running.group, [])
    assert not (tmp_path / "data" / "instance.json").exists()


def test_the_window_has_our_icon_and_name(start: Start, look: Look, manager: str, tmp_path: Path) -> None:
    look(start("--data-dir", str(tmp_path / "data"), screen=manager))
    window = windows(manager, "^Tokendial$")[-1]
    assert 'WM_CLASS(STRING) = "tokendial", "tokendial"' in ask(manager, "xprop", "-id", window, "WM_CLASS")
    assert "not found" not in ask(manager, "xprop", "-id", window, "_NET_WM_ICON")


def test_a_failure_is_shown_where_there_is_no_terminal(start: Start, manager: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert run(tmp_path, "report", "--data-dir", str(data)).returncode == 0
    with closing(sqlite3.connect(data / "ledger.sqlite3")) as ledger:
        ledger.execute("PRAGMA user_version = 999")
    running = start("--data-dir", str(data), screen=manager, TOKENDIAL_DIALOGS="1")
    search = ("xdotool", "search", "--sync", "--onlyvisible", "--name", "^Tokendial$")
    window = ask(manager, *search).split()[-1]
    ask(manager, "xdotool", "windowactivate", "--sync", window)
    ask(manager, "xdotool", "key", "Return")
    assert running.wait(20) == 1
    assert "newer" in running.errors


def test_missing_libraries_lead_to_the_browser(start: Start, manager: str, tmp_path: Path) -> None:
    """A library that cannot be loaded would end the process within Qt; it is found out before."""
    broken = tmp_path / "broken"
    shutil.copytree(BINARY.parent, broken, symlinks=True, copy_function=os.link)
    library = broken / "_internal" / "libxcb-icccm.so.4"
    library.unlink()
    library.write_bytes(b"")
    running = start("--data-dir", str(tmp_path / "data"), screen=manager, program=broken / BINARY.name)
    assert "libxcb-icccm.so.4" in running.wait_for_line(re.compile("^Tokendial runs in the browser: .+"))
    assert running.link
