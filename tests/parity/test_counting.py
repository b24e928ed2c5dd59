"""Extra tests 1 to 4, 8, 10, 16 and 18 to 23 of the survey: nothing is counted twice, lost, or shown on another day."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.parity.logs import DAY, HOUR, MINUTE, Log, ms
from tests.services.support import UTC, board, events_of, ledger_of, now_ms, session_of, sessions_of

from tokendial.domain.tokens import ZERO
from tokendial.services.ledger import Ledger


def total(ledger: Ledger, **request: object) -> int:
    cards = board(ledger, **request).cards
    assert cards is not None
    return cards.usage.tokens.total_tokens


def day(ledger: Ledger, first: str, last: str | None = None, zone: ZoneInfo = UTC) -> int:
    return total(ledger, zone=zone, range="custom", start=first, end=last or first)


def test_01_w1_a_session_across_midnight_adds_up(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01T22:00:00Z").turn("2025-03-01T22:00:01Z")
    log.respond("2025-03-01T22:10:00Z", 900).respond("2025-03-01T23:59:59Z", 3900).respond("2025-03-02T00:00:00Z", 900)
    log.save()
    with ledger_of(data, home) as ledger:
        assert (day(ledger, "2025-03-01"), day(ledger, "2025-03-02")) == (5000, 1000)
        assert day(ledger, "2025-03-01", "2025-03-02") == total(ledger) == 6000


def test_02_w1_any_partition_of_time_sums_to_the_whole(home: Path, data: Path) -> None:
    start = ms("2025-03-01")
    log = Log(home, start).turn(start)
    for step in range(120):
        log.respond(start + step * 7 * MINUTE + step * 997, 500 + step, step % 300, 11 + step)
    log.save()
    with ledger_of(data, home) as ledger, ledger.view(zone=UTC) as view:
        whole = view.total(view.sums(None, None))
        assert whole.events == 120

        @settings(deadline=None, max_examples=60)
        @given(st.lists(st.integers(start, start + DAY), max_size=8))
        def check(cuts: list[int]) -> None:
            edges = [None, *sorted(cuts), None]
            parts = [view.total(view.sums(a, b)) for a, b in pairwise(edges)]
            summed = ZERO
            for part in parts:
                summed = summed.plus(part.tokens)
            assert summed == whole.tokens
            assert sum(part.events for part in parts) == whole.events
            assert sum(part.cost.total for part in parts) == whole.cost.total > 0

        check()


def test_03_w2_a_fork_with_copied_history_adds_only_what_is_new(home: Path, data: Path) -> None:
    parent = Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z").prompt("2025-03-01T10:00:02Z")
    parent.respond("2025-03-01T10:01:00Z", 900).respond("2025-03-01T10:02:00Z", 1900).save()
    born = ms("2025-03-02T09:00:00Z")
    child = Log(home, born, 2, forked_from_id=parent.id, session_id=parent.id).copy(parent, born + 5)
    child.turn(born + MINUTE).respond(born + 2 * MINUTE, 400).save()
    with ledger_of(data, home) as ledger:
        assert total(ledger) == 1000 + 2000 + 500
        assert day(ledger, "2025-03-02") == 500
        assert {row.id: row.usage.events for row in sessions_of(ledger)} == {parent.id: 2, child.id: 1}
        assert session_of(ledger, child.id).prompts == 0
        kinds = {line.kind: line.records for line in session_of(ledger, child.id).audit}
        assert kinds == {"counted": 1, "copied": 2}


def test_04_w3_a_poll_between_the_halves_of_a_line_counts_it_once(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z").respond("2025-03-01T10:01:00Z", 900).save()
    log.respond("2025-03-01T10:02:00Z", 1900)
    line = log.lines[0]
    with ledger_of(data, home) as ledger:
        for cut in (1, len(line) // 2, len(line) - 1):
            log.path.write_bytes(b"".join(log.saved) + line[:cut])
            ledger.scan()
            assert total(ledger) == 1000, "half a line is not read"
        log.path.write_bytes(b"".join(log.saved) + line)
        ledger.scan()
        ledger.scan()
        assert (total(ledger), len(events_of(ledger))) == (3000, 2)


def test_08_w8_event_rows_are_responses_and_sum_to_the_card(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z")
    for step, given_tokens in enumerate((1000, 5000, 2000)):
        log.respond(f"2025-03-01T10:0{step}:30Z", given_tokens, given_tokens // 2, 50)
    log.save()
    with ledger_of(data, home) as ledger:
        rows = events_of(ledger, page=2)
        assert [row.tokens.total_tokens for row in rows] == [2050, 5050, 1050]
        assert sum(row.tokens.total_tokens for row in rows) == total(ledger) == 8150


def test_10_w10_a_missing_effort_is_unknown(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z", effort="high")
    log.respond("2025-03-01T10:01:00Z", 900).turn("2025-03-01T10:02:00Z", effort=None)
    log.respond("2025-03-01T10:03:00Z", 400).save()
    with ledger_of(data, home) as ledger:
        found = board(ledger, breakdown="effort").breakdown
        assert found is not None
        assert [(row.key, row.label, row.usage.tokens.total_tokens) for row in found.rows] == [
            ("high", "high", 1000), ("", "unknown", 500),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "date", "hours"),
    [
        ("America/New_York", "2025-03-09", 23),
        ("America/New_York", "2025-11-02", 25),
        ("Europe/Berlin", "2025-10-26", 25),
    ],
)
def test_16_w16_a_day_of_a_clock_change_is_one_bucket(home: Path, data: Path, zone: str, date: str, hours: int) -> None:
    start = ms(date) - DAY
    log = Log(home, start).turn(start)
    for hour in range(72):
        log.respond(start + hour * HOUR + MINUTE, 90, 0, 10)
    log.save()
    with ledger_of(data, home) as ledger:
        asked = {"range": "custom", "start": date, "end": date}
        by_day = board(ledger, ZoneInfo(zone), bucket="day", **asked).trends
        by_hour = board(ledger, ZoneInfo(zone), bucket="hour", **asked).trends
        assert by_day is not None
        assert by_hour is not None
        assert [bucket.usage.events for bucket in by_day.buckets] == [hours]
        assert [bucket.usage.events for bucket in by_hour.buckets] == [1] * hours
        assert len({bucket.title for bucket in by_hour.buckets}) == hours, "the repeated hour says which it is"


def test_18_w18_w19_active_sessions_have_their_true_start_and_come_once(home: Path, data: Path) -> None:
    now = now_ms()
    old = Log(home, now - 5 * HOUR).turn(now - 5 * HOUR).respond(now - 5 * HOUR + MINUTE, 900)
    old.respond(now - 10 * MINUTE, 700).respond(now - 10 * MINUTE, 800).save()
    Log(home, now - 6 * HOUR, 2).turn(now - 6 * HOUR).respond(now - 3 * HOUR, 900).save()
    with ledger_of(data, home) as ledger:
        active = board(ledger, minutes=60).active_sessions
        assert active is not None
        assert [(row.id, row.started_at_ms) for row in active.sessions] == [(old.id, old.born)]


def test_19_w20_session_ids_are_whole(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z").respond("2025-03-01T10:01:00Z").save()
    with ledger_of(data, home) as ledger:
        detail = session_of(ledger, log.id)
        assert len(detail.session.id) == 36
        assert detail.resume_command == f"codex resume {log.id}"


def test_20_w21_a_context_overflow_adds_no_phantom_tokens(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z")
    log.respond("2025-03-01T10:01:00Z", 200_000, 0, 1000)
    full = [0, 0, 0, 0, 0, 258_400]
    log.count("2025-03-01T10:02:00Z", full, [0, 0, 0, 0, 0, 57_400])
    log.at("2025-03-01T10:02:01Z").line("compacted", {"message": ""})
    log.count("2025-03-01T10:02:02Z", full, [0, 0, 0, 0, 0, 9_000])
    log.total = full
    log.respond("2025-03-01T10:03:00Z", 9_000, 0, 500).save()
    with ledger_of(data, home) as ledger:
        assert total(ledger) == 201_000 + 9_500
        detail = session_of(ledger, log.id)
        assert detail.compactions == 1
        assert "gap" not in {line.kind for line in detail.audit}


def test_22_w29_a_line_of_bad_utf8_is_passed_over_and_told(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z").respond("2025-03-01T10:01:00Z", 900)
    log.raw(b'{"timestamp":"2025-03-01T10:01:30.000Z","type":"event_msg","payload":{"type":"token_count"\xff\xfe')
    log.respond("2025-03-01T10:02:00Z", 1900).save()
    with ledger_of(data, home) as ledger:
        assert total(ledger) == 3000
        assert ledger.scan().refused == 1


def test_23_w30_a_file_that_shrank_gives_back_what_it_lost(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z").respond("2025-03-01T10:01:00Z", 900)
    log.respond("2025-03-01T10:02:00Z", 1900).save()
    with ledger_of(data, home) as ledger:
        assert total(ledger) == 3000
        log.path.write_bytes(b"".join(log.saved[:-1]))
        ledger.scan()
        assert total(ledger) == 1000


def test_23_w30_a_file_that_was_replaced_counts_anew(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z").respond("2025-03-01T10:01:00Z", 900).save()
    with ledger_of(data, home) as ledger:
        other = Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z", effort="low")
        other.respond("2025-03-01T10:01:00Z", 4900).respond("2025-03-01T10:02:00Z", 1900).save(append=False)
        ledger.scan()
        assert total(ledger) == 5000 + 2000
        assert log.path == other.path


def test_23_w30_an_in_place_rewrite_of_the_same_length_is_seen(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z").respond("2025-03-01T10:01:00Z", 900).save()
    with ledger_of(data, home) as ledger:
        before = log.path.read_bytes()
        after = before.replace(b'"input_tokens":900', b'"input_tokens":800').replace(b'_tokens":1000', b'_tokens":0900')
        after = after.replace(b'_tokens":0900', b'_tokens": 900')
        assert len(after) == len(before)
        log.path.write_bytes(after)
        ledger.scan()
        assert total(ledger) == 900
