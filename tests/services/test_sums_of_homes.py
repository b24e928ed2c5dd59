"""What is summed: the homes that are active, and what their logs hold now."""

from __future__ import annotations

import random
from pathlib import Path
from typing import get_args

import msgspec
from tests.parity.logs import DAY, HOUR, MINUTE, Log, ms, window
from tests.services.mixed import RULES, write_mixed
from tests.services.support import (
    UTC,
    added,
    board,
    events_of,
    ledger_of,
    now_ms,
    of_figures,
    of_usage,
    rule,
    sessions_of,
)

from tokendial.ingest.scanner import ScanReport
from tokendial.services.contract.dashboard import Dashboard
from tokendial.services.ledger import Ledger
from tokendial.services.report import By, report
from tokendial.store import homes


def test_an_inactive_home_leaves_the_sums_and_the_filter_of_a_home_is_its_part(tmp_path: Path, data: Path) -> None:
    places = [tmp_path / "one", tmp_path / "two"]
    for number, place in enumerate(places):
        write_mixed(place, seed=number, first=100 * number)
    with ledger_of(data, *places) as ledger:
        ledger.prices.save(RULES)
        first, second = ledger.homes()
        whole = board(ledger).cards
        parts = [board(ledger, home=one.id).cards for one in (first, second)]
        assert whole is not None
        assert added([of_usage(part.usage) for part in parts if part]) == of_usage(whole.usage)
        assert sum(part.sessions for part in parts if part) == whole.sessions == 24
        same = board(ledger, provider="codex").cards
        assert same is not None
        assert of_usage(same.usage) == of_usage(whole.usage)
        homes.update(ledger.database, first.id, label=None, active=False)
        left = board(ledger).cards
        assert left is not None
        assert parts[1] is not None
        assert of_usage(left.usage) == of_usage(parts[1].usage)
        assert (left.sessions, len(sessions_of(ledger))) == (12, 12)
        assert len(events_of(ledger)) == left.usage.events
        for by in get_args(By):
            assert of_figures(report(ledger, by, ScanReport(), zone=UTC).totals) == of_usage(left.usage)
        homes.update(ledger.database, first.id, label=None, active=True)
        again = board(ledger).cards
        assert again is not None
        assert of_usage(again.usage) == of_usage(whole.usage)


def test_a_session_with_files_in_two_homes_is_counted_by_home(tmp_path: Path, data: Path) -> None:
    """The session was first seen in a home that is switched off; what the other home holds of it is still shown."""
    one, two = tmp_path / "one", tmp_path / "two"
    log = Log(one, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z").respond("2025-03-01T10:01:00Z", 900).save()
    other = Log(two, "2025-03-01T10:00:00Z").turn("2025-03-01T11:00:01Z")
    other.total = list(log.total)
    other.respond("2025-03-01T11:01:00Z", 1900).save()
    assert log.id == other.id
    with ledger_of(data, one, two) as ledger:
        by_path = {home.path: home.id for home in ledger.homes()}
        for chosen, tokens in (([one, two], 3000), ([one], 1000), ([two], 2000), ([], 0)):
            for place in (one, two):
                homes.update(ledger.database, by_path[str(place)], label=None, active=place in chosen)
            page = board(ledger)
            assert page.cards is not None
            listed = sessions_of(ledger)
            assert page.cards.usage.tokens.total_tokens == tokens
            assert [row.usage.tokens.total_tokens for row in listed] == ([tokens] if tokens else [])
            assert page.cards.sessions == len(listed)
            by_session = report(ledger, "session", ScanReport(), zone=UTC)
            assert [row.total_tokens for row in by_session.rows] == ([tokens] if tokens else [])


def test_figures_follow_the_logs(home: Path, data: Path) -> None:
    """What was shown before is never shown instead of what is there now: appended, rewritten, gone with its home."""
    log = Log(home, ms("2025-03-01T10:00:00Z")).turn("2025-03-01T10:00:01Z").respond("2025-03-01T10:01:00Z", 900).save()
    with ledger_of(data, home) as ledger:

        def shown() -> list[int]:
            page = board(ledger)
            assert page.cards is not None
            assert page.trends is not None
            buckets = sum(bucket.usage.tokens.total_tokens for bucket in page.trends.buckets)
            return [
                page.cards.usage.tokens.total_tokens,
                buckets,
                sum(e.tokens.total_tokens for e in events_of(ledger)),
            ]

        assert shown() == [1000] * 3
        log.respond("2025-03-01T10:02:00Z", 1900).save()
        ledger.scan()
        assert shown() == [3000] * 3
        Log(home, ms("2025-02-01"), 2).turn("2025-02-01").respond("2025-02-01T01:00:00Z", 400).save()
        ledger.scan()
        assert shown() == [3500] * 3, "an older day came late"
        log.path.write_bytes(b"".join(log.saved[:-1]))
        ledger.scan()
        assert shown() == [1500] * 3
        ledger.remove_home(ledger.homes()[0].id)
        assert shown() == [0] * 3


def figures(page: Dashboard) -> bytes:
    """What of a page does not depend on the moment."""
    windows = [(one.limit_id, w.label, w.inside, w.history) for one in page.limits or [] for w in one.windows]
    return msgspec.json.encode((page.cards, page.trends, page.breakdown, page.calendar, windows))


def test_a_ledger_that_is_open_for_long_shows_what_a_fresh_one_does(tmp_path: Path, data: Path) -> None:
    """Whatever is remembered between two looks: each kind of change, in any order, is seen at once."""
    rng, now = random.Random(5), now_ms()
    one, two = tmp_path / "one", tmp_path / "two"
    logs = []
    for number in range(6):
        log = Log((one, two)[number % 2], now - rng.randrange(1, 20) * DAY, number)
        log.turn(log.born, rng.choice(("gpt-5.5", "gpt-5.4")), rng.choice(("low", "high")))
        logs.append(log.respond(log.born + HOUR, rng.randrange(1000)).save())
    asked = [
        {"range": "alltime"},
        {"range": "last7days", "stack": "effort", "breakdown": "project"},
        {"range": "today"},
    ]
    with ledger_of(data) as ledger:
        for place in (one, two):
            homes.add(ledger.database, "codex", str(place))
        ledger.scan()
        for step in range(24):
            log = rng.choice(logs)
            match step % 6:
                case 0:
                    log.respond(log.born + step * HOUR, rng.randrange(1, 1000)).save()
                case 1:
                    limits = {"limit_id": "codex", "primary": window(step, 300, now + HOUR)}
                    log.respond(now - step * MINUTE, rng.randrange(1, 1000), limits=limits).save()
                case 2:
                    homes.update(ledger.database, rng.choice(ledger.homes()).id, label=None, active=rng.random() < 0.7)
                case 3:
                    ledger.prices.save([rule("gpt-5.5", str(step), "1", effective_from=f"2026-11-{step + 1:02d}")])
                case 4:
                    log.path.write_bytes(b"".join(log.saved[: rng.randrange(2, len(log.saved) + 1)]))
                case 5:
                    log.path.write_bytes(b"".join(log.saved))
            ledger.scan()
            fresh = Ledger(data, workers=0)
            try:
                for request in asked:
                    assert figures(board(ledger, **request)) == figures(board(fresh, **request)), f"step {step}"
            finally:
                fresh.close()


def test_copies_count_nowhere_also_at_the_edges_of_a_span(home: Path, data: Path) -> None:
    """A fork that repeats its parent's counters without its history: no span counts the copies."""
    start = ms("2025-03-01T10:07:00Z")
    parent = Log(home, start).turn(start).respond(start + 1, 900).respond(start + 2, 900).save()
    fork = Log(home, start + 3, 2, forked_from_id=parent.id).turn(start + 3)
    fork.respond(start + 4, 900).respond(start + 5, 900).respond(start + 6, 400).save()
    with ledger_of(data, home) as ledger, ledger.view(zone=UTC) as view:
        for end, tokens in ((start + 3, 2000), (start + 6, 2000), (start + 7, 2500)):
            assert view.total(view.sums(start, end)).tokens.total == tokens
        assert view.total(view.sums(None, None)).tokens.total == 2500


def test_active_sessions_are_those_of_active_homes(tmp_path: Path, data: Path) -> None:
    now, places = now_ms(), [tmp_path / "one", tmp_path / "two"]
    logs = []
    for number, place in enumerate(places):
        log = Log(place, now - HOUR, number).turn(now - HOUR)
        logs.append(log.respond(now - MINUTE - number, 900 + number).save().id)
    with ledger_of(data, *places) as ledger:
        for chosen in ([0, 1], [1], []):
            for home in ledger.homes():
                active = places.index(Path(home.path)) in chosen
                homes.update(ledger.database, home.id, label=None, active=active)
            found = board(ledger).active_sessions
            assert found is not None
            assert [row.id for row in found.sessions] == [logs[place] for place in chosen]
