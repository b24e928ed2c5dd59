"""Times as logs write them."""

from __future__ import annotations

import pytest

from tokendial.domain.clock import latest_plausible, parse_utc_ms

GOOD = "2026-07-23T06:44:48.243Z"
GOOD_MS = 1_784_789_088_243


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (GOOD, GOOD_MS),
        ("2026-07-23T06:44:48Z", GOOD_MS - 243),
        ("2026-07-23T08:44:48.243+02:00", GOOD_MS),
        ("2026-07-23T06:44:48.243999Z", GOOD_MS),
        ("2026-07-23 06:44:48", GOOD_MS - 243),
        ("1969-12-31T23:59:59.999Z", -1),
    ],
)
def test_a_time_is_an_instant_in_utc(text: str, value: int) -> None:
    assert parse_utc_ms(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "", "now", "06:44", "2026-07-23T06:44x48.243Z", "2026-07-23T06:44:+5.243Z", "2026-07-23T06:44:48.2_3Z",
        "2026-07-23T06:44:60.000Z", "2026-07-23T06:44:48.243z!", "2026-07-23T06:44:48.\u0662\u0664\u0663Z",
        "2026-13-01T00:00:00.000Z", "2026-07-23T25:00:00.000Z", "0000-00-00T00:00:00.000Z", "1784789088243",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_whatever_was_read_before(text: str) -> None:
    before = parse_utc_ms(text)
    parse_utc_ms(GOOD)
    assert parse_utc_ms(text) is before is None


def test_a_clock_may_be_a_day_ahead() -> None:
    assert latest_plausible(GOOD_MS) == GOOD_MS + 86_400_000
