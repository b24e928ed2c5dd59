"""What sessions used comes from sums per day; in any range it is what their responses add up to."""

from __future__ import annotations

from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from tests.parity.logs import HOUR, Log, ms
from tests.services.support import ledger_of, rule, sessions_of
from tests.support.ledgers import assert_sound, file_of
from tests.support.older import make_older

from tokendial.domain.tokens import TokenCounts
from tokendial.services.session_sums import sums_of_all
from tokendial.services.sessions import usage
from tokendial.services.view import View
from tokendial.store import sessions as stored
from tokendial.store.migrations import SCHEMA_VERSION
from tokendial.store.session_usage import usage_of

START = ms("2025-03-01T00:00:00Z")
DAY = 24 * HOUR


def fill(home: Path) -> None:
    """Twelve sessions over up to five days, at every hour of the day."""
    random = Random(5)
    for number in range(12):
        at = START + random.randrange(3 * DAY)
        log = Log(home, at, number).turn(at, random.choice(("gpt-5.5", "gpt-5.4", "house-model")))
        for step in range(random.randrange(1, 30)):
            at += random.randrange(1, random.choice((HOUR // 60, 6 * HOUR)))
            log.respond(at, 1000 + number * 50 + step, random.randrange(500))
        log.save()


def of_events(view: View, start_ms: int | None, end_ms: int | None) -> dict[int, TokenCounts]:
    rows = view.connection.execute(
        "SELECT session_num, sum(input), sum(cache_read), sum(cache_write), sum(cache_write_1h), sum(output), "
        "sum(reasoning) FROM usage_event WHERE status = 0 AND time_ms >= ? AND time_ms < ? GROUP BY 1",
        (start_ms or 0, 1 << 62 if end_ms is None else end_ms),
    )
    return {row[0]: TokenCounts(*row[1:]) for row in rows}


def added(rows: list[TokenCounts]) -> TokenCounts:
    return TokenCounts(*(sum(column) for column in zip(*rows, strict=True)))


def test_every_range_has_the_sums_of_its_responses(home: Path, data: Path) -> None:
    fill(home)
    random = Random(8)
    edges = [START + day * DAY + shift for day in range(-1, 7) for shift in (-1, 0, 1, 11 * HOUR, 11 * HOUR + 17)]
    pairs = [(a, b) for a in edges for b in edges if a < b]
    with ledger_of(data, home) as ledger:
        ledger.prices.save([rule("gpt-5.5", "3", "11")])
        for low, high in [*random.sample(pairs, 150), (None, None), (None, edges[9]), (edges[9], None)]:
            with ledger.view(zone=ZoneInfo("Asia/Kathmandu")) as view:
                expected = of_events(view, low, high)
                rows = stored.with_usage(view.connection, low, high, view.home_ids)
                assert {row.num for row in rows} == expected.keys()
                sums = usage_of(view.connection, sorted(expected), low, high, view.epochs)
                assert {number: added([one.tokens for one in found]) for number, found in sums.items()} == expected
                assert sum(view.session_counts(low, high).values()) == len(expected)
                totals = usage(view, rows, low, high)
                assert sums_of_all(view, low, high) == {
                    number: (one.tokens.total, one.cost.total, one.events) for number, one in totals.items()
                }


def test_sessions_of_today_are_counted_once_with_those_before(
    home: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home)
    with ledger_of(data, home) as ledger:
        expected = len(sessions_of(ledger))
        for hours in range(0, 150, 13):
            now = START + hours * HOUR
            monkeypatch.setattr("tokendial.services.view.time.time", lambda now=now: now / 1000)
            for _ in range(2):
                with ledger.view(zone=ZoneInfo("UTC")) as view:
                    assert sum(view.session_counts(None, None).values()) == expected


def test_a_ledger_of_before_gets_the_sums(home: Path, data: Path) -> None:
    fill(home)
    with ledger_of(data, home) as ledger:
        before = sessions_of(ledger, sort="tokens")
    make_older(file_of(data, home), data.parent / "before", 3)
    (data.parent / "before").replace(file_of(data, home))
    with ledger_of(data, home) as ledger:
        assert_sound(ledger)
        assert sessions_of(ledger, sort="tokens") == before
    assert SCHEMA_VERSION >= 4
