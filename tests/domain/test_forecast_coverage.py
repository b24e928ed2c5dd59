"""The range of a forecast against generated histories whose end is known: it holds the truth in four of five."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import accumulate

import pytest

from tokendial.domain.forecast import Forecast, forecast
from tokendial.domain.limits import Reading, Window

T0 = 1_800_000_000_000
MINUTE = 60_000
WINDOWS = 300
Burn = Callable[[random.Random, int], list[float]]


def steady(_draw: random.Random, minutes: int) -> list[float]:
    """The same every minute."""
    return [1.0] * minutes


def noisy(draw: random.Random, minutes: int) -> list[float]:
    """Around the same every minute."""
    return [draw.expovariate(1) for _ in range(minutes)]


def rising(draw: random.Random, minutes: int) -> list[float]:
    """More and more, up to two and a half times as much."""
    growth = draw.uniform(0.2, 1.5)
    return [1 + growth * minute / minutes for minute in range(minutes)]


def spells(draw: random.Random, minutes: int) -> list[float]:
    """Work and rest in turns of a random length, a twentieth of the window on average."""
    found: list[float] = []
    works = draw.random() < 0.5
    while len(found) < minutes:
        length = int(draw.expovariate(20 / minutes)) + 1
        found += [draw.uniform(0.5, 1.5) if works else 0.0] * length
        works = not works
    return found[:minutes]


def days(draw: random.Random, minutes: int) -> list[float]:
    """Ten hours of work a day."""
    return [draw.uniform(0.5, 1.5) if minute * 168 / minutes % 24 < 10 else 0.0 for minute in range(minutes)]


def play(draw: random.Random, burn: Burn, minutes: int) -> tuple[Forecast | None, float]:
    """A forecast somewhere in a window, from rounded readings that come with use, and how the window ended."""
    weights = burn(draw, minutes)
    whole = draw.uniform(15, 95) / (sum(weights) or 1)
    levels = [whole * level for level in accumulate(weights)]
    now, at, readings, reset = int(minutes * draw.uniform(0.1, 0.95)), 0, [], T0 + minutes * MINUTE
    while True:
        at += int(draw.expovariate(60 / minutes)) + 1
        if at > now:
            break
        if weights[at - 1]:
            readings.append(Reading(T0 + at * MINUTE, T0 + at * MINUTE, round(levels[at - 1]), reset))
    return forecast(Window(T0, reset, minutes, tuple(readings)), T0 + now * MINUTE), levels[-1]


@pytest.mark.parametrize("minutes", [300, 10_080])
@pytest.mark.parametrize("burn", [steady, noisy, rising, spells, days])
def test_the_range_holds_the_truth_in_four_of_five(burn: Burn, minutes: int) -> None:
    draw = random.Random(20)
    played = [play(draw, burn, minutes) for _ in range(WINDOWS)]
    made = [(found, truth) for found, truth in played if found is not None]
    held = sum(found.low_percent <= truth <= found.high_percent for found, truth in made)
    assert len(made) >= 0.9 * WINDOWS
    assert held >= 0.8 * len(made), f"{held} of {len(made)}"


def test_the_range_narrows_towards_the_reset_and_is_of_use() -> None:
    draw = random.Random(21)
    found = [one for one, _ in (play(draw, steady, 300) for _ in range(WINDOWS)) if one is not None]
    widths = sorted(one.high_percent - one.low_percent for one in found)
    assert widths[len(widths) // 2] < 15
