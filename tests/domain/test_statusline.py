"""The format of a status line, and what a reading of unknown age adds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokendial.domain.limits import Reading, succession
from tokendial.domain.statusline import DEFAULT_FORMAT, NOTHING_KNOWN, PLACES, check_format, render
from tokendial.errors import BadRequest

ALL = {name: f"<{name}>" for name in PLACES}
HOUR = 3_600_000
NOW = 1_790_000_000_000


def test_all_parts_are_filled() -> None:
    assert (
        render(DEFAULT_FORMAT, ALL) == "<model> · ctx <context> · <cost_today> today · 5h <five_hour> · week <weekly>"
    )


@pytest.mark.parametrize(
    ("text", "missing", "line"),
    [
        (DEFAULT_FORMAT, {"five_hour", "weekly"}, "<model> · ctx <context> · <cost_today> today"),
        (DEFAULT_FORMAT, {"model"}, "ctx <context> · <cost_today> today · 5h <five_hour> · week <weekly>"),
        (DEFAULT_FORMAT, {"context", "cost_today"}, "<model> · 5h <five_hour> · week <weekly>"),
        ("{model} | {weekly} - {context}", {"weekly"}, "<model> - <context>"),
        ("{five_hour} until {five_hour_reset}", {"five_hour_reset"}, NOTHING_KNOWN),
        ("AI · {model}", {"model"}, "AI"),
        (DEFAULT_FORMAT, set(PLACES), NOTHING_KNOWN),
    ],
)
def test_a_part_that_is_not_known_is_left_out(text: str, missing: set[str], line: str) -> None:
    assert render(text, {name: None if name in missing else value for name, value in ALL.items()}) == line


def test_what_a_log_says_cannot_break_the_line() -> None:
    line = render("{model} · {weekly}", {"model": "a\nb\x1b[31m\u202e {weekly}", "weekly": "7%"})
    assert line == "ab[31m {weekly} · 7%"
    assert len(render("{model}", {"model": "x" * 5000})) <= 400


@given(st.text(max_size=60), st.dictionaries(st.sampled_from(list(PLACES)), st.text(max_size=9) | st.none()))
def test_a_format_is_refused_or_gives_one_line(text: str, values: dict[str, str | None]) -> None:
    try:
        check_format(text)
    except BadRequest as error:
        assert error.details["field"] == "status_line_format"
        return
    line = render(text, values)
    assert line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("last", "reading", "said"),
    [
        (None, Reading(NOW, NOW, 5, NOW + HOUR), "new"),
        (Reading(NOW, NOW, 5, NOW + HOUR), Reading(NOW + 9, NOW + 9, 5, NOW + HOUR), "held"),
        (Reading(NOW, NOW, 5, NOW + HOUR), Reading(NOW + 9, NOW + 9, 5, NOW + HOUR + 60_000), "held"),
        (Reading(NOW, NOW, 5, NOW + HOUR), Reading(NOW + 9, NOW + 9, 6, NOW + HOUR), "new"),
        (Reading(NOW, NOW, 45, NOW + HOUR), Reading(NOW + 9, NOW + 9, 30, NOW + HOUR), "old"),
        (Reading(NOW, NOW, 45, NOW + 5 * HOUR), Reading(NOW + 9, NOW + 9, 99, NOW + HOUR), "old"),
        (Reading(NOW, NOW, 45, NOW + HOUR), Reading(NOW + 9, NOW + 9, 0, NOW + 6 * HOUR), "new"),
        (Reading(NOW, NOW, 45, NOW + HOUR), Reading(NOW - 9, NOW - 9, 46, NOW + HOUR), "old"),
        (Reading(NOW, NOW, 45, None), Reading(NOW + 9, NOW + 9, 45, None), "held"),
        (Reading(NOW, NOW, 45, None), Reading(NOW + 9, NOW + 9, 4, NOW + HOUR), "new"),
    ],
)
def test_an_idle_session_s_memory_is_no_news(last: Reading | None, reading: Reading, said: str) -> None:
    assert succession(last, reading) == said
