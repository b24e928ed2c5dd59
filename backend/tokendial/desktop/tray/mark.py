"""The drawing of the icon: the program's dial, filled as far as the worst window is used.

Everything is in units of a square of 24, as in `build/icons/tokendial.svg`. The colours have a contrast of at least
3:1 on white and on black bars alike, so that no icon has to know its bar; the disc of the last level is a sign beside
the colour.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from tokendial.services.tray_words import Level, TrayFace

SIDE = 24.0
CENTER = 12.0
RADIUS = 9.2
STROKE = 3.6
HAND = 6.0
HAND_STROKE = 2.4
DISC = 4.2
TRACK = (139, 144, 153, 150)
COLORS: dict[Level, tuple[int, int, int]] = {
    "plain": (118, 124, 134),
    "ok": (47, 111, 222),
    "warn": (196, 104, 12),
    "bad": (217, 48, 48),
}
_PLAIN_DEGREES = 108.0


class Mark(NamedTuple):
    """`degrees` of the ring are filled clockwise from the top; `hand` is where the hand ends, None for the disc."""

    degrees: float
    color: tuple[int, int, int]
    hand: tuple[float, float] | None


def mark(face: TrayFace) -> Mark:
    """The drawing for a face. Used a little is seen as a little, and only 100 % closes the ring."""
    if face.percent is None:
        degrees = _PLAIN_DEGREES
    elif face.percent >= 100:
        degrees = 360.0
    else:
        degrees = min(345.0, 3.6 * face.percent)
    angle = math.radians(degrees - 90)
    end = (CENTER + HAND * math.cos(angle), CENTER + HAND * math.sin(angle))
    return Mark(degrees, COLORS[face.level], None if face.level == "bad" else end)
