"""Where the window may open: a place that was remembered, made to fit the screens that are there now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from tokendial.services.window_memory import WindowPlace

SIZE = (1280, 860)
MIN_SIZE = (420, 480)
WIDGET_SIZE = (360, 270)
WIDGET_MIN_SIZE = (260, 190)
# As much of the frame's upper edge must be in reach of the pointer for the window to be moved.
GRIP_WIDTH = 120
GRIP_HEIGHT = 24
# Between a new widget and the corner: most desktops have a bar there.
CORNER_GAP = 48


class Box(NamedTuple):
    """A screen in logical pixels."""

    x: int
    y: int
    width: int
    height: int


def fit(
    place: WindowPlace | None,
    screens: Sequence[Box],
    size: tuple[int, int] = SIZE,
    min_size: tuple[int, int] = MIN_SIZE,
) -> WindowPlace:
    """The place for these screens: never smaller than the page can be, never larger than a screen, never out of reach.

    Without x and y the window opens in the middle of the first screen. Without a place it has its first size, `size`.
    """
    wanted = place or WindowPlace(width=size[0], height=size[1])
    width, height = max(wanted.width, min_size[0]), max(wanted.height, min_size[1])
    wanted = msgspec.structs.replace(wanted, width=width, height=height)
    screen = _screen_of(wanted, screens)
    if screen is None:
        wanted = msgspec.structs.replace(wanted, x=None, y=None)
        screen = screens[0] if screens else None
    if screen is None:
        return wanted
    return msgspec.structs.replace(wanted, width=min(width, screen.width), height=min(height, screen.height))


def fit_widget(place: WindowPlace | None, screens: Sequence[Box]) -> WindowPlace:
    """The place of the widget for these screens: where it was, else in the upper right corner of the first one."""
    fitted = fit(place, screens, WIDGET_SIZE, WIDGET_MIN_SIZE)
    if fitted.x is not None or not screens:
        return fitted
    first = screens[0]
    left = max(0, first.width - fitted.width - CORNER_GAP)
    return msgspec.structs.replace(fitted, x=first.x + left, y=first.y + CORNER_GAP, maximized=False)


def centered(screen: Box) -> Box:
    """The first size in the middle of a screen."""
    first = fit(None, [screen])
    left, top = (screen.width - first.width) // 2, (screen.height - first.height) // 2
    return Box(screen.x + left, screen.y + top, first.width, first.height)


def _screen_of(place: WindowPlace, screens: Sequence[Box]) -> Box | None:
    """The screen that shows most of the upper edge, if it shows enough to be taken hold of."""
    if place.x is None or place.y is None:
        return None
    best = max(screens, key=lambda screen: _grip(place, screen), default=None)
    return best if best is not None and _grip(place, best) >= GRIP_WIDTH else None


def _grip(place: WindowPlace, screen: Box) -> int:
    """How many pixels of the upper edge a screen shows; 0 where the edge lies above or below it."""
    if place.x is None or place.y is None or not screen.y <= place.y <= screen.y + screen.height - GRIP_HEIGHT:
        return 0
    return max(0, min(place.x + place.width, screen.x + screen.width) - max(place.x, screen.x))


def brought_back(frame: Box, screens: Sequence[Box]) -> Box | None:
    """Where a window goes that no screen shows enough of any more, or that has outgrown its own; None where it stays.

    Screens come and go while a window is hidden.
    """
    if not screens:
        return None
    fitted = fit(WindowPlace(x=frame.x, y=frame.y, width=frame.width, height=frame.height), screens)
    if fitted.x is not None and fitted.y is not None:
        found = Box(fitted.x, fitted.y, fitted.width, fitted.height)
        return None if found == frame else found
    first = screens[0]
    left, top = (first.width - fitted.width) // 2, (first.height - fitted.height) // 2
    return Box(first.x + left, first.y + top, fitted.width, fitted.height)
