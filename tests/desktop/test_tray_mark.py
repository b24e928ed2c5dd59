"""The drawing of the icon: what it says without colours, and that its colours are seen on any bar."""

from __future__ import annotations

import pytest

from tokendial.desktop.tray.mark import COLORS, mark
from tokendial.services.tray_words import TrayFace


def luminance(color: tuple[int, int, int]) -> float:
    parts = [part / 255 for part in color]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("level", list(COLORS))
def test_every_colour_is_seen_on_white_and_on_black(level: str) -> None:
    light = luminance(COLORS[level])  # type: ignore[index]
    assert 1.05 / (light + 0.05) >= 3
    assert (light + 0.05) / 0.05 >= 3


def test_only_all_closes_the_ring_and_nothing_known_is_the_plain_mark() -> None:
    assert mark(TrayFace(percent=100, level="bad")).degrees == 360
    assert mark(TrayFace(percent=99.9, level="bad")).degrees == 345
    assert mark(TrayFace(percent=25, level="ok")).degrees == 90
    assert mark(TrayFace(percent=0, level="ok")).degrees == 0
    assert mark(TrayFace()).color == COLORS["plain"]


def test_the_last_level_has_a_sign_beside_its_colour() -> None:
    assert mark(TrayFace(percent=95, level="bad")).hand is None
    x, y = mark(TrayFace(percent=50, level="ok")).hand or (0, 0)
    assert (round(x, 6), y) == (12, 18)
