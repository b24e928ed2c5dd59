"""What one percent of a limit is worth."""

from __future__ import annotations

import pytest

from tokendial.domain.worth import change_percent, per_percent


@pytest.mark.parametrize(
    ("amount", "used", "worth"),
    [
        (1_000_000, 50.0, 20_000),
        (1_000_000, 12.5, 80_000),
        (10**30, 100.0, 10**28),
        (7, 100.0, 0),
        (1_000_000, 9.9, None),
        (1_000_000, 0.0, None),
        (1_000_000, None, None),
        (0, 50.0, None),
    ],
)
def test_one_percent(amount: int, used: float | None, worth: int | None) -> None:
    assert per_percent(amount, used) == worth


def test_the_change_is_to_the_next_older_one_that_is_known() -> None:
    values = [80, None, 100, None]
    assert [change_percent(values, place) for place in range(4)] == [-20.0, None, None, None]
