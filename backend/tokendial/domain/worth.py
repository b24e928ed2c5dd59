"""What one percent of a limit is worth, from what was used while it was used: so a limit that shrank shows."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tokendial.domain.money import divide_half_even

LEAST_PERCENT = 10.0  # percents are reported rounded: below, one percent would be off by more than a tenth


def per_percent(amount: int, used_percent: float | None) -> int | None:
    """An amount (tokens, or pico-dollars) for each percent of a window; None where too little of it was used."""
    if used_percent is None or used_percent < LEAST_PERCENT or amount <= 0:
        return None
    used = Fraction(used_percent)
    return divide_half_even(amount * used.denominator, used.numerator)


def change_percent(newest_first: Sequence[int | None], place: int) -> float | None:
    """By how many percent a value differs from the next older one that is known."""
    value = newest_first[place]
    before = next((older for older in newest_first[place + 1 :] if older is not None), None)
    return None if value is None or not before else 100 * (value - before) / before
