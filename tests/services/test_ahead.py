"""What is read ahead of the first page: the very sums it asks for, and no harm where they cannot be read."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from tests.services.test_closed import figures, fresh, write

from tokendial.domain.records import BUCKET_MS
from tokendial.domain.zones import DAY_MS
from tokendial.services import ahead
from tokendial.services.ahead import read_ahead, read_overview
from tokendial.services.ledger import Ledger


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "REST_SECONDS", 600.0)


@pytest.fixture
def read(tmp_path: Path) -> Ledger:
    now = int(time.time() * 1000)
    home = tmp_path / "home"
    home.mkdir()
    for days in range(0, 12, 3):
        write(home, now - days * DAY_MS, days + 1)
    ledger = Ledger(tmp_path / "data", [("codex", home)])
    ledger.scan()
    return ledger


def test_the_page_finds_the_sums_of_days_that_are_over(read: Ledger, tmp_path: Path) -> None:
    thread = read_ahead(read)
    assert thread is not None
    thread.join()
    with read.view() as view:
        nothing = sqlite3.connect(":memory:")
        assert len(view._replace(connection=nothing).read_days_alike()) == 3
        nothing.close()
    assert figures(read, "alltime") == fresh(read, "alltime", tmp_path / "home")
    read.close()


def test_what_pages_by_project_need_is_read_after_the_start(read: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "REST_SECONDS", 0.01)
    thread = read_ahead(read)
    assert thread is not None
    thread.join()
    for timer in [one for one in threading.enumerate() if isinstance(one, threading.Timer) and one.interval < 1]:
        timer.join()
    with read.view() as view:
        nothing = sqlite3.connect(":memory:")
        assert len(view._replace(connection=nothing).closed_days()) == 3
        nothing.close()
    read.close()


def test_a_page_that_asks_meanwhile_gets_the_same(read: Ledger, tmp_path: Path) -> None:
    expected = fresh(read, "last30days", tmp_path / "home")
    for _ in range(20):
        ledger = Ledger(read.data_dir, read.named)
        thread = read_ahead(ledger)
        assert figures(ledger, "last30days") == expected
        assert thread is not None
        thread.join()
        ledger.close()
    read.close()


def test_a_ledger_that_cannot_be_read_is_left_to_the_page(read: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", raised.append)
    with read.database.writing() as connection:
        connection.execute("ALTER TABLE usage_rollup RENAME TO gone")
    assert read_ahead(read) is None
    with read.database.writing() as connection:
        connection.execute("CREATE TABLE usage_rollup AS SELECT bucket FROM gone")
    thread = read_ahead(read)
    assert thread is not None
    thread.join()
    assert raised == []
    read.close()


@pytest.mark.parametrize("name", ["last7days", "alltime"])
def test_the_page_finds_the_overview_it_asks_for_at_first(read: Ledger, tmp_path: Path, name: str) -> None:
    read.settings.change({"range": name})
    expected = fresh(read, name, tmp_path / "home")
    assert read_overview(read)
    with read.view() as view:
        today = view.today_ms // BUCKET_MS
    with read.database.writing() as connection:  # noted nowhere, so only who reads it anew can see it
        connection.execute("UPDATE usage_rollup SET input = input + 1 WHERE bucket < ?", (today,))
    assert figures(read, name) == expected != fresh(read, name, tmp_path / "home")
    read.close()


def test_an_empty_ledger_has_nothing_to_see(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "data", [("codex", tmp_path)])
    assert not read_overview(ledger)
    ledger.close()


def test_an_overview_that_cannot_be_read_is_left_to_the_page(read: Ledger) -> None:
    with read.database.writing() as connection:
        connection.execute("ALTER TABLE usage_rollup RENAME TO gone")
    assert not read_overview(read)
    read.close()


def test_a_range_that_is_half_chosen_is_left_to_the_page(read: Ledger) -> None:
    read.settings.change({"range": "custom", "custom_start": "2026-01-01"})
    assert not read_overview(read)
    read.close()


def test_whatever_is_wrong_with_the_overview_the_start_goes_on(read: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(ahead, "dashboard", fail)
    assert not read_overview(read)
    read.close()


def test_a_home_that_is_off_is_left_out_of_what_is_read_ahead(tmp_path: Path) -> None:
    now = int(time.time() * 1000)
    homes = [tmp_path / "one", tmp_path / "two"]
    for number, home in enumerate(homes):
        home.mkdir()
        write(home, now - 3 * DAY_MS, 10 + number)
    ledger = Ledger(tmp_path / "data", [("codex", home) for home in homes])
    ledger.scan()
    ledger.switch_home(ledger.homes()[1].id, active=False)
    expected = figures(ledger, "alltime")
    ledger._begin()  # as after a start: nothing is remembered
    thread = read_ahead(ledger)
    assert thread is not None
    thread.join()
    assert figures(ledger, "alltime") == expected
    ledger.close()
