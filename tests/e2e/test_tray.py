"""The tray for real: an icon on a D-Bus tray beside the window on a screen, with everything its menu does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Playwright, expect
from tests.e2e.driver import eventually, figure
from tests.e2e.seats import NO_BUS, Seat, minutes, now_ms
from tests.e2e.trays import BusTray, absent

from tokendial.services.autostart.linux import exec_arguments

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(bool(absent()), reason=f"not installed: {', '.join(absent())}"),
]


@pytest.fixture
def tray(seat: Seat) -> Iterator[BusTray]:
    host = BusTray(seat.bus)
    yield host
    host.end()


def test_the_icon_says_every_window_and_its_menu_does_what_it_says(
    seat: Seat, tray: BusTray, playwright: Playwright
) -> None:
    running = seat.start()
    tray.wait_for_icon()
    page = seat.page(playwright)
    eventually(lambda: "Codex 5 hours 42 %, resets in 2 h" in tray.tooltip(), True)
    assert "Weekly 13 %, resets in 3 d" in tray.tooltip()
    assert "Today $" in tray.tooltip()
    menu = list(tray.menu())
    assert menu[0] == "Hide window"
    assert menu[1].startswith("Codex: 5 hours 42 %")
    assert menu[2:4] == ["Claude Code: limits unknown", "Gemini: limits unknown"]
    assert menu[4:] == ["Refresh", "Widget mode", "Open logs", "Settings", "Quit Tokendial"]

    before = tray.pixels()
    seat.reads(91, now_ms() - minutes(1))
    tray.choose("Refresh")
    eventually(lambda: "5 hours 91 %" in tray.tooltip(), True)
    eventually(lambda: tray.pixels() != before, True)

    tray.choose("Hide window")
    eventually(seat.visible, 0)
    eventually(lambda: next(iter(tray.menu())), "Show window")
    tray.choose(next(label for label in tray.menu() if label.startswith("Codex")))
    eventually(seat.visible, 1)
    expect(page.get_by_role("heading", level=1)).to_have_text("Codex")
    tray.choose("Settings")
    expect(page.get_by_role("dialog", name="Settings")).to_be_visible()
    tray.choose("Open logs")
    opened = seat.folder / "opened.txt"
    eventually(lambda: opened.is_file() and opened.read_text().splitlines()[-1:], [str(seat.home)])

    seat.choose_setting(page, privacy=True)
    eventually(lambda: "Today" in tray.tooltip(), False)
    tray.choose("Quit Tokendial")
    assert running.wait(20) == 0
    assert not (seat.folder / "data" / "instance.json").exists()


def test_closing_hides_where_that_was_chosen_and_a_click_or_a_second_start_shows(
    seat: Seat, tray: BusTray, playwright: Playwright
) -> None:
    running = seat.start()
    tray.wait_for_icon()
    page = seat.page(playwright)
    seat.choose_setting(page, close_to_tray=True)
    place = seat.tool("xdotool", "search", "--onlyvisible", "--name", "^Tokendial$", "getwindowgeometry")
    for show in (tray.click, lambda: tray.choose("Show window")):
        seat.close_window()
        eventually(seat.visible, 0)
        assert running.process.poll() is None
        show()
        eventually(seat.visible, 1)
        eventually(
            lambda: seat.tool("xdotool", "search", "--onlyvisible", "--name", "^Tokendial$", "getwindowgeometry"), place
        )
    seat.close_window()
    eventually(seat.visible, 0)
    second = seat.start("--page", "sessions", inspected=False)
    assert second.wait(30) == 0
    assert second.lines == ["Tokendial is already running; its window was brought to the front."]
    eventually(seat.visible, 1)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sessions")
    active = seat.tool("xdotool", "getactivewindow", "getwindowname").strip()
    assert active == "Tokendial"
    third = seat.start("--hidden", inspected=False)
    assert (third.wait(30), third.lines) == (0, ["Tokendial is already running."])
    window_id = seat.windows()[-1]
    seat.tool("xdotool", "windowminimize", window_id)
    eventually(seat.visible, 0)
    assert seat.start(inspected=False).wait(30) == 0
    eventually(seat.visible, 1)


def test_a_hidden_window_is_shown_on_a_screen_that_is_there(seat: Seat, tray: BusTray) -> None:
    seat.start(inspected=False)
    tray.wait_for_icon()
    seat.wait_shown()
    window_id = seat.windows()[-1]
    seat.tool("wmctrl", "-i", "-r", window_id, "-e", "0,1390,990,700,600")
    eventually(lambda: seat.left() > 1300, True)
    tray.choose("Hide window")
    eventually(seat.visible, 0)
    tray.click()
    eventually(seat.visible, 1)
    eventually(lambda: 0 <= seat.left() <= 700, True)


def test_closing_ends_where_hiding_was_not_chosen(seat: Seat, tray: BusTray) -> None:
    running = seat.start()
    tray.wait_for_icon()
    seat.wait_shown()
    seat.close_window()
    assert running.wait(20) == 0


def test_without_a_tray_closing_ends_and_the_settings_say_why(seat: Seat, playwright: Playwright) -> None:
    running = seat.start(bus=NO_BUS)
    page = seat.page(playwright)
    seat.choose_setting(page, close_to_tray=True)
    page.keyboard.press("Control+,")
    page.get_by_role("tab", name="Startup").click()
    expect(page.get_by_role("status").filter(has_text="No tray was found on this desktop.")).to_be_visible()
    expect(page.get_by_text("Until there is one, closing the window ends the program.")).to_be_visible()
    seat.close_window()
    assert running.wait(20) == 0


def test_a_tray_that_goes_away_gives_the_window_back(seat: Seat, playwright: Playwright) -> None:
    host = BusTray(seat.bus)
    seat.start()
    host.wait_for_icon()
    page = seat.page(playwright)
    seat.choose_setting(page, close_to_tray=True)
    seat.close_window()
    eventually(seat.visible, 0)
    host.end()
    eventually(seat.visible, 1, timeout=20)
    expect(page.get_by_text("The tray has gone, so the window was brought back.")).to_be_visible()
    again = BusTray(seat.bus)
    again.wait_for_icon()
    seat.close_window()
    eventually(seat.visible, 0)
    again.click()
    eventually(seat.visible, 1)
    again.end()


@pytest.fixture
def managed(seat: Seat) -> Iterator[Callable[[], list[str]]]:
    """Every list of windows that the window manager had since."""
    env = {**os.environ, "DISPLAY": seat.display}
    spy = subprocess.Popen(["xprop", "-root", "-spy", "_NET_CLIENT_LIST"], env=env, stdout=subprocess.PIPE, text=True)

    def end() -> list[str]:
        spy.terminate()
        return spy.communicate(timeout=10)[0].splitlines()

    yield end
    if spy.poll() is None:
        end()


def test_a_hidden_start_never_shows_a_window(
    seat: Seat, tray: BusTray, managed: Callable[[], list[str]], playwright: Playwright
) -> None:
    seat.start("--hidden")
    tray.wait_for_icon()
    page = seat.page(playwright)
    eventually(lambda: "42 %" in tray.tooltip(), True)
    time.sleep(1)
    seen = managed()
    assert seat.visible() == 0
    assert {line.partition("#")[2].strip() for line in seen} == {""}
    assert next(iter(tray.menu())) == "Show window"
    tray.click()
    eventually(seat.visible, 1)
    expect(figure(page, "Total tokens")).to_be_visible()


def test_a_window_that_was_maximised_is_so_again_after_a_hidden_start(
    seat: Seat, tray: BusTray, playwright: Playwright
) -> None:
    running = seat.start()
    tray.wait_for_icon()
    seat.wait_shown()
    seat.page(playwright)
    seat.tool("wmctrl", "-F", "-r", "Tokendial", "-b", "add,maximized_vert,maximized_horz")
    eventually(seat.is_maximized, True)
    time.sleep(1)
    tray.choose("Quit Tokendial")
    assert running.wait(20) == 0
    for _ in range(2):  # a hidden start that is ended without having been seen forgets nothing
        again = seat.start("--hidden")
        tray.wait_for_icon()
        seat.page(playwright)
        tray.choose("Quit Tokendial")
        assert again.wait(20) == 0
    seat.start("--hidden")
    tray.wait_for_icon()
    seat.page(playwright)
    assert seat.visible() == 0
    tray.click()
    eventually(seat.visible, 1)
    eventually(seat.is_maximized, True)


def test_a_hidden_start_waits_for_a_bar_that_comes_late(seat: Seat) -> None:
    seat.start("--hidden", inspected=False)
    time.sleep(3)
    host = BusTray(seat.bus)
    host.wait_for_icon()
    eventually(lambda: "42 %" in host.tooltip(), True)
    assert seat.visible() == 0
    host.click()
    eventually(seat.visible, 1)
    host.end()


def test_a_hidden_start_without_a_tray_is_minimised_and_says_so(seat: Seat, playwright: Playwright) -> None:
    running = seat.start("--hidden", bus=NO_BUS)
    page = seat.page(playwright)
    expect(page.get_by_text("There is no tray to start in, so the window was minimised.")).to_be_visible(timeout=30_000)
    named = seat.tool("xdotool", "search", "--name", "^Tokendial$").split()
    assert any("window state: Iconic" in seat.tool("xprop", "-id", each, "WM_STATE") for each in named)
    assert seat.visible() == 0
    assert seat.start(bus=NO_BUS, inspected=False).wait(30) == 0
    eventually(seat.visible, 1)
    assert running.end() == 0


def test_the_login_entry_starts_this_very_program_hidden(seat: Seat, tray: BusTray, playwright: Playwright) -> None:
    running = seat.start()
    tray.wait_for_icon()
    page = seat.page(playwright)
    page.keyboard.press("Control+,")
    page.get_by_role("tab", name="Startup").click()
    choice = page.get_by_role("switch", name="Start when you sign in")
    expect(choice).not_to_be_checked()
    choice.click()
    expect(choice).to_be_checked()
    entry = seat.folder / "user" / ".config" / "autostart" / "tokendial.desktop"
    expect(page.locator(".tv-login__place")).to_contain_text("autostart/tokendial.desktop")
    keys = dict(line.partition("=")[::2] for line in entry.read_text().splitlines()[1:])
    assert (keys["Type"], keys["X-GNOME-Autostart-enabled"]) == ("Application", "true")
    tray.choose("Quit Tokendial")
    assert running.wait(20) == 0

    command = exec_arguments(keys["Exec"])
    assert "--hidden" in command
    env = {
        name: value for name, value in running.env.items() if name not in ("PYTHONPATH", "QTWEBENGINE_REMOTE_DEBUGGING")
    }
    started = subprocess.Popen(command, env=env, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        tray.wait_for_icon()
        eventually(lambda: "42 %" in tray.tooltip(), True)
        assert seat.visible() == 0
        tray.choose("Quit Tokendial")
        assert started.wait(20) == 0
    finally:
        started.kill()
        started.communicate()


def test_switching_the_login_off_elsewhere_is_seen(seat: Seat, tray: BusTray, playwright: Playwright) -> None:
    seat.start()
    page = seat.page(playwright)
    invoke = "([name, args]) => window.pywebview.api.invoke(name, args)"
    assert page.evaluate(invoke, ["startup.set", {"login": True}])["ok"]["login"] is True
    entry = seat.folder / "user" / ".config" / "autostart" / "tokendial.desktop"
    entry.write_text(entry.read_text().replace("enabled=true", "enabled=false"))
    assert page.evaluate(invoke, ["startup.get", {}])["ok"]["login"] is False
    shutil.rmtree(entry.parent)
    entry.parent.write_text("in the way")
    failed = page.evaluate(invoke, ["startup.set", {"login": True}])["error"]
    assert failed["code"] == "cannot_write"
    assert json.dumps(failed["message"]).count("autostart") >= 1
