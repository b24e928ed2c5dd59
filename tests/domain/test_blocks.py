"""Blocks of five hours, against cases worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime

from tokendial.domain.blocks import Block, blocks

FIVE_HOURS = 300


def at(text: str) -> int:
    """A time of 1 March 2026, or of the day that is written."""
    day, _, clock = text.rpartition(" ")
    return round(datetime.fromisoformat(f"2026-03-{day or '01'}T{clock}").replace(tzinfo=UTC).timestamp() * 1000)


def told(*times: str) -> list[tuple[str, str]]:
    """The blocks of some times, as times."""
    clock = lambda ms: datetime.fromtimestamp(ms / 1000, UTC).strftime("%d %H:%M")  # noqa: E731
    return [(clock(one.start_ms), clock(one.end_ms)) for one in blocks([at(time) for time in times], FIVE_HOURS)]


def test_a_block_begins_with_the_hour_of_its_first_response() -> None:
    assert told("09:00") == [("01 09:00", "01 14:00")]
    assert told("09:59:59.999") == [("01 09:00", "01 14:00")]
    assert told("10:00", "09:00") == [("01 10:00", "01 15:00")]


def test_the_next_block_begins_with_the_first_response_after_its_end() -> None:
    assert told("09:15", "13:59:59.999") == [("01 09:00", "01 14:00")]
    assert told("09:15", "14:00") == [("01 09:00", "01 14:00"), ("01 14:00", "01 19:00")]
    assert told("09:15", "14:40", "18:50", "19:10") == [
        ("01 09:00", "01 14:00"),
        ("01 14:00", "01 19:00"),
        ("01 19:00", "02 00:00"),
    ]


def test_a_pause_leaves_a_hole_and_midnight_none() -> None:
    assert told("02:30", "16:45") == [("01 02:00", "01 07:00"), ("01 16:00", "01 21:00")]
    assert told("22:10", "02 01:00", "02 03:30") == [("01 22:00", "02 03:00"), ("02 03:00", "02 08:00")]


def test_blocks_go_on_from_the_last_one_known() -> None:
    last = Block(at("09:00"), at("14:00"))
    assert blocks([at("13:30")], FIVE_HOURS, last) == []
    assert blocks([at("13:30"), at("14:30")], FIVE_HOURS, last) == [Block(at("14:00"), at("19:00"))]
    times = [at(f"{hour:02}:{minute}") for hour in (1, 2, 9, 10, 14, 15, 20) for minute in (15, 45)]
    whole = blocks(times, FIVE_HOURS)
    for cut in range(len(times)):
        first = blocks(times[:cut], FIVE_HOURS)
        assert first + blocks(times[cut:], FIVE_HOURS, first[-1] if first else None) == whole


def test_without_responses_there_is_no_block() -> None:
    assert blocks([], FIVE_HOURS) == []
