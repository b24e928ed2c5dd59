"""Blocks in the limits panel: only where no reading of the session window runs, and never with a percentage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services.support import board, ledger_of, now_ms
from tests.services.test_spool import WEEK, reading, tell
from tests.support.payloads import HOUR, claude_home
from tests.support.transcript import Transcript

from tokendial.services.contract.dashboard import Limit
from tokendial.services.ledger import Ledger
from tokendial.services.spool import Spooled, write

MINUTE = 60_000


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return claude_home(tmp_path / ".claude")


@pytest.fixture
def ledger(data: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(place))
    opened = Ledger(data, workers=0)
    yield opened
    opened.close()


def respond(place: Path, *times: int) -> None:
    """Responses of 1,431 tokens and more at these times, each after a prompt of the same hour, and so of its block."""
    log = Transcript()
    for number, at in enumerate(times):
        log.now_ms = max(at - 1000, at - at % HOUR)
        log.prompt(f"words {number}").response(number)
    (place / "projects" / "-home-u-project" / log.name).write_bytes(log.bytes())


def limits(ledger: Ledger, **request: object) -> list[Limit]:
    ledger.scan()
    return board(ledger, **request).limits or []


def test_the_running_block_with_what_was_used_in_it(ledger: Ledger, place: Path) -> None:
    now = now_ms()
    first = now - 2 * HOUR
    start = first - first % HOUR
    respond(place, start - 7 * HOUR, first, now - MINUTE)
    (found,) = limits(ledger)
    assert (found.provider, found.limit_id, found.source, found.blocked_by) == ("claude", "claude", "estimate", None)
    assert found.observed_at_ms is None
    (window,) = found.windows
    assert (window.label, window.state, window.used_percent, window.forecast) == ("5 hours", "estimate", None, None)
    assert window.resets_at_ms == start + 5 * HOUR
    assert window.elapsed_percent == pytest.approx(100 * (now - start) / (5 * HOUR), abs=1)
    assert window.inside is not None
    assert (window.inside.start_ms, window.inside.end_ms) == (start, start + 5 * HOUR)
    assert (window.inside.usage.events, window.inside.messages) == (2, 2)
    assert window.inside.usage.tokens.total_tokens == sum(1000 + n + 10 + n + 20 + 400 + 100 for n in (1, 2))
    assert [(one.current, one.used_percent, one.window.usage.events) for one in window.history] == [
        (True, None, 2),
        (False, None, 1),
    ]


def test_after_a_pause_there_is_none(ledger: Ledger, place: Path) -> None:
    now = now_ms()
    respond(place, now - 5 * HOUR - MINUTE)
    assert limits(ledger) == []


def test_a_reading_that_runs_replaces_it(ledger: Ledger, data: Path, place: Path) -> None:
    now = now_ms()
    respond(place, now - HOUR)
    assert limits(ledger)[0].source == "estimate"
    tell(data, place, 0, now, now + HOUR)
    (found,) = limits(ledger)
    assert (found.source, [one.used_percent for one in found.windows]) == ("statusline", [0])


def test_a_window_that_has_reset_gives_way_to_the_block_beside_a_reading_that_runs(
    ledger: Ledger, data: Path, place: Path
) -> None:
    now = now_ms()
    respond(place, now - 10 * MINUTE)
    at = now - 4 * HOUR
    write(data, Spooled("claude", str(place), at, [reading(88, at, 300, at + HOUR), reading(9, at, WEEK, now + HOUR)]))
    (found,) = limits(ledger)
    assert found.source == "statusline"
    assert [(one.label, one.state, one.used_percent) for one in found.windows] == [
        ("5 hours", "estimate", None),
        ("Weekly", "stale", 9),
    ]


def test_the_filters_hold_and_a_provider_without_blocks_has_none(
    ledger: Ledger, place: Path, home: Path, data: Path
) -> None:
    respond(place, now_ms() - HOUR)
    assert len(limits(ledger, provider="claude")) == 1
    assert limits(ledger, provider="codex") == []
    (own,) = ledger.homes()
    ledger.switch_home(own.id, active=False)
    assert limits(ledger) == []
    with ledger_of(data, home) as other:
        assert limits(other) == []
