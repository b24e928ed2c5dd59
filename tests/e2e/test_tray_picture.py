"""The icon as it is seen: in a real tray of X11, on a dark and on a light bar, clicked by the pointer."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from PIL import Image, ImageGrab
from playwright.sync_api import Playwright
from tests.e2e.driver import eventually
from tests.e2e.seats import NO_BUS, Seat, minutes, now_ms
from tests.e2e.trays import absent, x_tray

from tokendial.desktop.tray.mark import COLORS

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(bool(absent()) or shutil.which("trayer") is None, reason="needs trayer, openbox and xdotool"),
]
BARS = {"dark": "0x202020", "light": "0xf4f4f4"}


def artefacts(seat: Seat) -> Path:
    """Where pictures are kept: below TOKENDIAL_ARTEFACTS, else in the test's folder, which pytest keeps a while."""
    folder = Path(os.environ.get("TOKENDIAL_ARTEFACTS", seat.folder))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def bar(seat: Seat) -> tuple[int, int, int, int] | None:
    """The place of the tray's bar on the screen, once an icon is in it."""
    found = seat.tool("xdotool", "search", "--onlyvisible", "--class", "trayer").split()
    if not found:
        return None
    shell = dict(line.split("=") for line in seat.tool("xdotool", "getwindowgeometry", "--shell", found[-1]).split())
    x, y, width, height = (int(shell[name]) for name in ("X", "Y", "WIDTH", "HEIGHT"))
    return (x, y, x + width, y + height) if width >= 16 else None


def near(picture: Image.Image, color: tuple[int, int, int]) -> int:
    """How many pixels have nearly this colour."""
    pixels = (
        picture.convert("RGB").get_flattened_data() if hasattr(picture, "get_flattened_data") else picture.getdata()
    )
    return sum(all(abs(part - wanted) < 28 for part, wanted in zip(pixel, color, strict=True)) for pixel in pixels)


@pytest.mark.parametrize("shade", list(BARS))
def test_the_icon_is_seen_and_clicked(seat: Seat, playwright: Playwright, shade: str) -> None:
    with x_tray(seat.display, seat.folder, BARS[shade]):
        seat.start(bus=NO_BUS)
        page = seat.page(playwright)
        seat.choose_setting(page, close_to_tray=True)
        seat.close_window()
        eventually(seat.visible, 0)

        def seen(level: str) -> bool:
            place = bar(seat)
            if place is None:
                return False
            picture = ImageGrab.grab(place, xdisplay=seat.display)
            shown = near(picture, COLORS[level]) > 20  # type: ignore[index]
            if shown:
                large = picture.resize((picture.width * 8, picture.height * 8), Image.Resampling.NEAREST)
                large.save(artefacts(seat) / f"tray-{shade}-{level}.png")
            return shown

        for percent, level in ((42, "ok"), (80, "warn"), (96, "bad")):
            seat.reads(percent, now_ms() - minutes(1) + percent)
            eventually(lambda level=level: seen(level), True, timeout=30)
        place = bar(seat)
        assert place is not None
        seat.tool("xdotool", "mousemove", str((place[0] + place[2]) // 2), str((place[1] + place[3]) // 2))
        time.sleep(1.5)
        ImageGrab.grab(xdisplay=seat.display).save(artefacts(seat) / f"tray-{shade}-tooltip.png")
        seat.tool("xdotool", "click", "3")
        time.sleep(1)
        ImageGrab.grab(xdisplay=seat.display).save(artefacts(seat) / f"tray-{shade}-menu.png")
        seat.tool("xdotool", "key", "Escape")

        def clicked() -> int:
            """A click while the menu is still there only closes it."""
            seat.tool("xdotool", "click", "1")
            time.sleep(2)
            return seat.visible()

        eventually(clicked, 1)
