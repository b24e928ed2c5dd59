"""The program's windows: the full one and the small widget."""

from __future__ import annotations

from typing import Literal

import msgspec

Grip = Literal["move", "top", "bottom", "left", "right", "topleft", "topright", "bottomleft", "bottomright"]


class FullRequest(msgspec.Struct, kw_only=True):
    """Back to the full window. `page` is what it then shows, as in its address ("provider/NAME"); null leaves it."""

    page: str | None = None


class GripRequest(msgspec.Struct):
    """The pointer was pressed on the widget's header (`move`) or on an edge, and is still down."""

    grip: Grip


class Gripped(msgspec.Struct):
    """`taken` is false where the system cannot follow the pointer by itself: then the page asks for each size."""

    taken: bool


class WidgetSize(msgspec.Struct):
    """The size that the widget shall have, in logical pixels; its upper left corner stays."""

    width: int
    height: int
