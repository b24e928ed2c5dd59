"""What is kept of days that are over for the next start is always what a fresh look would find, or it is gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.parity.logs import DAY, HOUR, MINUTE
from tests.services.test_closed import figures, fresh, write
from tests.support.older import make_older, version_of

from tokendial.api.program import Program
from tokendial.domain.records import BUCKET_MS
from tokendial.services import ahead
from tokendial.services.ledger import Ledger
from tokendial.store import kept_days, usage
from tokendial.store.day_sums import DaySums
from tokendial.store.kept_days import KeptDays
from tokendial.store.migrations import SCHEMA_VERSION

NOW = int(time.time() * 1000)


@pytest.fixture(autouse=True)
def _everything_is_worth_keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "WORTH_KEEPING", 1)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    for days in range(0, 40, 3):
        write(folder, NOW - days * DAY - HOUR, days + 1, 1000 * (days + 1))
    return folder


@pytest.fixture
def kept(tmp_path: Path, home: Path) -> Iterator[Ledger]:
    """A ledger after a start: what the next one needs is kept."""
    ledger = Ledger(tmp_path / "data", [("codex", home)])
    ledger.scan()
    ahead.keep_days(ledger)
    assert rows(ledger) == 1
    yield ledger
    ledger.close()


def rows(ledger: Ledger) -> int:
    with ledger.database.reading() as connection:
        return int(connection.execute("SELECT count(*) FROM kept_days").fetchone()[0])


def read_again(ledger: Ledger) -> list[tuple[int, ...]]:
    """The sums as the next start reads them."""
    ledger._begin()
    with ledger.view() as view:
        return list(view.read_days_alike())


def added_up(ledger: Ledger) -> list[tuple[int, ...]]:
    with ledger.view() as view:
        return list(usage.day_sums(view.connection, None, view.today_ms, view.days_over, alike=True))


def spoil(ledger: Ledger) -> None:
    """Change sums of days that are over and note it nowhere: only who adds them up sees it."""
    with ledger.view() as view:
        today = view.today_ms // BUCKET_MS
    with ledger.database.writing() as connection:
        connection.execute("UPDATE usage_rollup SET input = input + 1 WHERE bucket < ?", (today,))


def test_the_next_start_adds_nothing_up(kept: Ledger) -> None:
    before = added_up(kept)
    spoil(kept)
    assert read_again(kept) == before != added_up(kept)


def test_a_change_of_those_days_takes_them_away(kept: Ledger, home: Path, tmp_path: Path) -> None:
    write(home, NOW - 20 * DAY, 90)
    kept.scan()
    assert rows(kept) == 0
    assert figures(kept, "alltime") == fresh(kept, "alltime", home)
    ahead.keep_days(kept)
    assert read_again(kept) == added_up(kept)


def test_a_change_of_today_leaves_them(kept: Ledger, home: Path) -> None:
    write(home, int(time.time() * 1000) - 1000, 91)
    kept.scan()
    assert rows(kept) == 1
    assert read_again(kept) == added_up(kept)


def test_whatever_changes_what_is_kept_is_right(tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    logs = [write(folder, NOW - days * DAY - HOUR, days + 1, 1000 * (days + 1)) for days in range(0, 40, 3)]

    def shorten() -> None:
        lines = logs[7].path.read_bytes().splitlines(keepends=True)
        logs[7].path.write_bytes(b"".join(lines[:-1]))

    changes: list[Callable[[], object]] = [
        lambda: logs[0].respond(NOW - MINUTE, 777).save(),
        lambda: logs[5].respond(NOW - 15 * DAY, 12_345).save(),
        lambda: logs[0].respond(NOW - MINUTE, 778).save(),
        shorten,
        logs[3].path.unlink,
    ]
    ledger = Ledger(tmp_path / "data", [("codex", folder)])
    for change in changes:
        ledger.scan()
        ahead.keep_days(ledger)
        change()
        ledger.scan()
        assert read_again(ledger) == added_up(ledger)
    ledger.close()


def test_days_since_are_added_up_alone(
    kept: Ledger, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = NOW + 5 * DAY
    monkeypatch.setattr("tokendial.services.view.time.time", lambda: later / 1000)
    write(home, NOW + 2 * DAY, 92, 5_000)
    kept.scan()
    before = added_up(kept)
    assert read_again(kept) == before
    with kept.database.writing() as connection:
        connection.execute("UPDATE usage_rollup SET input = input + 1 WHERE bucket < ?", ((NOW - DAY) // BUCKET_MS,))
    assert read_again(kept) == before != added_up(kept)
    ahead.keep_days(kept)
    with kept.view() as view:
        now_kept = kept_days.read(view.connection, view.zone.key, view.days_over, view.today_ms)
        assert now_kept is not None and now_kept.end_ms == view.today_ms


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati"])
def test_another_zone_has_its_own_days(kept: Ledger, zone: str) -> None:
    spoil(kept)
    kept.settings.change({"timezone": zone})
    assert kept.settings.zone == ZoneInfo(zone)
    assert read_again(kept) == added_up(kept)
    ahead.keep_days(kept)
    before = added_up(kept)
    spoil(kept)
    assert read_again(kept) == before
    assert rows(kept) == 1


def test_days_that_begin_at_other_times_are_not_those(kept: Ledger) -> None:
    with kept.view() as view:
        zone, starts, today = view.zone.key, view.days_over, view.today_ms
        assert kept_days.read(view.connection, zone, starts, today) is not None
        for others in (starts[1:], (starts[0] - DAY, *starts), (*starts[:-1], starts[-1] + HOUR), ()):
            assert kept_days.read(view.connection, zone, others, today) is None
        assert kept_days.read(view.connection, zone, starts, today + HOUR) is None


@pytest.mark.parametrize("body", [b"", b"no", b"x\x9c\x03\x00\x00\x00\x00\x01"[:5]])
def test_what_cannot_be_unpacked_is_added_up(kept: Ledger, body: bytes) -> None:
    with kept.database.writing() as connection:
        connection.execute("UPDATE kept_days SET sums = ?", (body,))
    assert read_again(kept) == added_up(kept)


def test_sums_that_are_not_right_any_more_are_not_kept(kept: Ledger, home: Path) -> None:
    with kept.view() as view:
        old = KeptDays(view.days_over, view.today_ms, view.read_days_alike())
        zone, change = view.zone.key, view.change
    write(home, NOW - 20 * DAY, 93)
    kept.scan()
    with kept.database.writing() as connection:
        assert not kept_days.keep(connection, zone, old, change)
    assert rows(kept) == 0


def test_sums_that_are_too_large_are_not_kept(kept: Ledger) -> None:
    with kept.view() as view:
        large = KeptDays(view.days_over, view.today_ms, DaySums.of([(0, 0, 1, 1 << 70, 0, 0, 0, 0, 0, 1)]))
        zone, change = view.zone.key, view.change
    with kept.database.writing() as connection:
        assert not kept_days.keep(connection, zone, large, change)


def test_few_sums_and_those_of_some_homes_are_not_kept(kept: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    with kept.database.writing() as connection:
        connection.execute("DELETE FROM kept_days")
    monkeypatch.setattr(ahead, "WORTH_KEEPING", 1_000_000)
    ahead.keep_days(kept)
    assert rows(kept) == 0
    monkeypatch.setattr(ahead, "WORTH_KEEPING", 1)
    kept.switch_home(kept.homes()[0].id, active=False)
    ahead.keep_days(kept)
    assert rows(kept) == 0


def test_a_program_that_is_closed_has_kept_them_or_does_not_begin(home: Path, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "data", [("codex", home)])
    ledger.scan()
    program = Program(ledger, "window")
    program.keep_days()
    program.close()
    program.keep_days()
    assert not [thread for thread in threading.enumerate() if thread.name == "keep-days"]
    again = Ledger(tmp_path / "data", [("codex", home)])
    assert rows(again) == 1
    again.close()


def test_a_ledger_that_cannot_be_written_keeps_nothing(kept: Ledger) -> None:
    with kept.database.writing() as connection:
        connection.execute("DROP TABLE kept_days")
    ahead.keep_days(kept)


def test_nothing_is_left_of_a_home_that_is_cleared(kept: Ledger) -> None:
    kept.clear_home(kept.homes()[0].id, NOW)
    assert rows(kept) == 0


def test_a_ledger_of_before_gets_the_table(kept: Ledger, home: Path, tmp_path: Path) -> None:
    path = kept.database.path
    kept.close()
    make_older(path, tmp_path / "before", 6)
    (tmp_path / "before").replace(path)
    ledger = Ledger(tmp_path / "data", [("codex", home)])
    assert (rows(ledger), version_of(path)) == (0, SCHEMA_VERSION)
    assert figures(ledger, "alltime") == fresh(ledger, "alltime", home)
    ledger.close()
