"""Bars over time as a picture within the page (SVG)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tokendial.services.printed.markup import Html, joined, tag, text, void

# The palette of the page's light theme, told apart by colour-blind readers.
PALETTE = ("#3d6ed5", "#02997d", "#d67535", "#9b50a4", "#d23a43", "#7f88b9", "#75bf73", "#a4a8ae")
_WIDTH, _HEIGHT = 720, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 8, 8, 22
_MOST_LABELS = 10


class Layer(NamedTuple):
    """One stacked part: a value per bar, and its place in the palette."""

    label: str
    values: Sequence[float]
    slot: int


def bars(name: str, labels: Sequence[str], layers: Sequence[Layer], write: Callable[[float], str]) -> Html:
    """A picture of stacked bars with its legend; `write` says how a value of the axis reads."""
    sums = [sum(layer.values[place] for layer in layers) for place in range(len(labels))]
    top = nice(max(sums, default=0.0))
    parts = [tag("title", name), *_grid(top, write), *_columns(labels, layers, top), *_axis(labels)]
    picture = tag("svg", joined(parts), viewBox=f"0 0 {_WIDTH} {_HEIGHT}", role="img", aria_label=name)
    return tag("figure", joined([tag("figcaption", name), picture, _legend(layers)]))


def nice(highest: float) -> float:
    """The top of the axis: a round number that is not below the highest value."""
    if highest <= 0:
        return 1.0
    power = 1.0
    while power * 10 <= highest:
        power *= 10
    while power > highest:
        power /= 10
    return next(power * step for step in (1, 2, 2.5, 5, 10) if power * step >= highest * 0.9999999)


def _grid(top: float, write: Callable[[float], str]) -> list[Html]:
    found = []
    for share in (0.0, 0.5, 1.0):
        y = _y(share)
        right = _number(_WIDTH - _RIGHT)
        found.append(void("line", x1=str(_LEFT), x2=right, y1=y, y2=y, stroke="#dcdcd8", stroke_width="1"))
        found.append(_words(write(top * share), _LEFT - 6, _y(share, 4), "end"))
    return found


def _columns(labels: Sequence[str], layers: Sequence[Layer], top: float) -> list[Html]:
    found = []
    pitch = (_WIDTH - _LEFT - _RIGHT) / max(1, len(labels))
    width = min(48.0, pitch * 0.76)
    for place in range(len(labels)):
        below = 0.0
        for layer in layers:
            share = layer.values[place] / top
            if share <= 0:
                continue
            x = _LEFT + pitch * place + (pitch - width) / 2
            height = share * (_HEIGHT - _TOP - _BOTTOM)
            found.append(
                void(
                    "rect", x=_number(x), y=_y(below + share), width=_number(width), height=_number(height),
                    fill=PALETTE[layer.slot % len(PALETTE)],
                )
            )  # fmt: skip
            below += share
    return found


def _axis(labels: Sequence[str]) -> list[Html]:
    pitch = (_WIDTH - _LEFT - _RIGHT) / max(1, len(labels))
    step = -(-len(labels) // _MOST_LABELS) or 1
    named = range(0, len(labels), step)
    return [_words(labels[place], _LEFT + pitch * (place + 0.5), _number(_HEIGHT - 6), "middle") for place in named]


def _legend(layers: Sequence[Layer]) -> Html:
    entries = []
    for layer in layers:
        spot = void("rect", width="10", height="10", rx="2", fill=PALETTE[layer.slot % len(PALETTE)])
        swatch = tag("svg", spot, viewBox="0 0 10 10", class_="swatch", aria_hidden="true")
        entries.append(tag("li", Html(swatch + text(layer.label))))
    return tag("ul", joined(entries), class_="legend")


def _words(words: str, x: float, y: str, anchor: str) -> Html:
    return tag("text", words, x=_number(x), y=y, text_anchor=anchor)


def _y(share: float, lower: float = 0.0) -> str:
    return _number(_TOP + (1 - share) * (_HEIGHT - _TOP - _BOTTOM) + lower)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
