"""The icon in the menu bar of macOS, by PyObjC, which pywebview's Cocoa brings. Written by the documentation, not run.

Everything that touches AppKit runs on the main thread (`AppHelper.callAfter`), on whose loop pywebview is.
"""

from __future__ import annotations

from collections.abc import Callable

import AppKit
import objc
from PyObjCTools import AppHelper

from tokendial.desktop.tray import hosts
from tokendial.desktop.tray.icon import Menu, MenuItem, apart
from tokendial.desktop.tray.mark import CENTER, DISC, HAND_STROKE, RADIUS, SIDE, STROKE, TRACK, Mark, mark
from tokendial.services.tray_words import TrayFace

_POINTS = 18.0


class _Target(AppKit.NSObject):  # type: ignore[misc]  # AppKit has no types
    """What a menu item calls; AppKit does not keep it alive."""

    def initWithAction_(self, action: Callable[[], None]) -> _Target:  # noqa: N802 - a name of Objective-C
        target: _Target = objc.super(_Target, self).init()
        target.action = action
        return target

    def run_(self, sender: object) -> None:
        self.action()


class MacIcon:
    """Implements `tray.icon.TrayIcon`. A click opens the menu, as everywhere in the menu bar."""

    def __init__(self) -> None:
        """Nothing is in the bar yet."""
        self._item: AppKit.NSStatusItem | None = None
        self._targets: list[_Target] = []

    def show(self, face: TrayFace, menu: Menu, on_click: Callable[[], None]) -> None:
        """Make the icon or change what it says."""
        AppHelper.callAfter(self._show, face, menu)

    def why_not(self) -> str | None:
        """The menu bar is always there."""
        return None if self._item is not None else hosts.STARTING

    def stop(self) -> None:
        """Take the icon away."""
        if self._item is not None:
            AppKit.NSStatusBar.systemStatusBar().removeStatusItem_(self._item)
            self._item = None

    def _show(self, face: TrayFace, menu: Menu) -> None:
        if self._item is None:
            bar = AppKit.NSStatusBar.systemStatusBar()
            self._item = bar.statusItemWithLength_(AppKit.NSVariableStatusItemLength)
        button = self._item.button()
        button.setImage_(picture(mark(face)))
        button.setToolTip_(face.tooltip)
        self._item.setMenu_(self._made(menu))

    def _made(self, menu: Menu) -> AppKit.NSMenu:
        made = AppKit.NSMenu.alloc().init()
        self._targets = []
        for item in menu:
            made.addItem_(AppKit.NSMenuItem.separatorItem() if item is None else self._entry(item))
        return made

    def _entry(self, item: MenuItem) -> AppKit.NSMenuItem:
        entry = AppKit.NSMenuItem.alloc().initWithTitle_action_keyEquivalent_(item.label, "run:", "")
        target = _Target.alloc().initWithAction_(apart(item.action))
        self._targets.append(target)
        entry.setTarget_(target)
        return entry


def picture(drawing: Mark) -> AppKit.NSImage:
    """The icon; in colours that are readable on light and dark bars, so it is no template."""
    image = AppKit.NSImage.alloc().initWithSize_((_POINTS, _POINTS))
    image.lockFocusFlipped_(True)
    unit = _POINTS / SIDE
    red, green, blue, alpha = (part / 255 for part in TRACK)
    color = AppKit.NSColor.colorWithSRGBRed_green_blue_alpha_(*(part / 255 for part in drawing.color), 1.0)
    ring = AppKit.NSBezierPath.bezierPathWithOvalInRect_(_square(RADIUS * unit))
    ring.setLineWidth_(STROKE * unit)
    AppKit.NSColor.colorWithSRGBRed_green_blue_alpha_(red, green, blue, alpha).setStroke()
    ring.stroke()
    color.setStroke()
    color.setFill()
    arc = AppKit.NSBezierPath.bezierPath()
    # In the flipped picture growing angles go clockwise.
    arc.appendBezierPathWithArcWithCenter_radius_startAngle_endAngle_clockwise_(
        (CENTER * unit, CENTER * unit), RADIUS * unit, -90.0, drawing.degrees - 90.0, False
    )
    arc.setLineWidth_(STROKE * unit)
    arc.stroke()
    if drawing.hand is None:
        AppKit.NSBezierPath.bezierPathWithOvalInRect_(_square(DISC * unit)).fill()
    else:
        hand = AppKit.NSBezierPath.bezierPath()
        hand.setLineWidth_(HAND_STROKE * unit)
        hand.moveToPoint_((CENTER * unit, CENTER * unit))
        hand.lineToPoint_((drawing.hand[0] * unit, drawing.hand[1] * unit))
        hand.stroke()
    image.unlockFocus()
    return image


def _square(radius: float) -> tuple[tuple[float, float], tuple[float, float]]:
    middle = _POINTS / 2
    return (middle - radius, middle - radius), (2 * radius, 2 * radius)
