"""What is remembered of days that are over is always what a fresh look would find."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from tests.parity.logs import DAY, HOUR, MINUTE, Log

from tokendial.services import closed
from tokendial.services.contract.dashboard import Dashboard, DashboardRequest
from tokendial.services.contract.prices import PriceRuleInput
from tokendial.services.dashboard import dashboard
from tokendial.services.ledger import Ledger
from tokendial.store.day_sums import DaySums

RANGES = ("today", "last7days", "last30days", "alltime")


def page(ledger: Ledger, name: str) -> Dashboard:
    with ledger.view() as view:
        answer = dashboard(view, msgspec.convert({"range": name}, DashboardRequest), active_minutes=60, demo=False)
        assert not answer.errors
        return answer


def figures(ledger: Ledger, name: str) -> bytes:
    """Everything of a dashboard that does not move with the clock."""
    answer = page(ledger, name)
    return msgspec.json.encode([answer.cards, answer.trends, answer.breakdown, answer.calendar])


def fresh(ledger: Ledger, name: str, home: Path) -> bytes:
    """The same from a ledger that remembers nothing."""
    other = Ledger(ledger.data_dir, [("codex", home)])
    try:
        return figures(other, name)
    finally:
        other.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def now() -> int:
    return int(time.time() * 1000)


def write(home: Path, at: int, number: int, given: int = 1000) -> Log:
    log = Log(home, at, number)
    log.turn(at).prompt(at).respond(at + MINUTE, given).respond(at + 2 * MINUTE, given)
    log.save()
    return log


def same_as_fresh(ledger: Ledger, home: Path) -> None:
    for name in RANGES:
        assert figures(ledger, name) == fresh(ledger, name, home), name


def test_what_is_remembered_equals_a_fresh_look_whatever_changes(tmp_path: Path, home: Path, now: int) -> None:
    logs = [write(home, now - days * DAY - HOUR, days + 1, 1000 * (days + 1)) for days in range(0, 40, 3)]
    ledger = Ledger(tmp_path / "data", [("codex", home)])
    try:
        ledger.scan()
        same_as_fresh(ledger, home)
        logs[0].respond(now - MINUTE, 777).save()
        ledger.scan()
        same_as_fresh(ledger, home)
        logs[5].respond(now - 15 * DAY, 12_345).save()
        ledger.scan()
        same_as_fresh(ledger, home)
        lines = logs[7].path.read_bytes().splitlines(keepends=True)
        logs[7].path.write_bytes(b"".join(lines[:-1]))
        ledger.scan()
        same_as_fresh(ledger, home)
    finally:
        ledger.close()


def test_a_change_of_another_process_is_noticed(tmp_path: Path, home: Path, now: int) -> None:
    log = write(home, now - 10 * DAY, 1)
    mine, other = (Ledger(tmp_path / "data", [("codex", home)]) for _ in range(2))
    try:
        mine.scan()
        before = page(mine, "alltime").cards
        log.respond(now - 10 * DAY + HOUR, 5000).save()
        other.scan()
        after = page(mine, "alltime").cards
        assert before is not None and after is not None
        assert after.usage.tokens.total_tokens == before.usage.tokens.total_tokens + 5100
    finally:
        mine.close()
        other.close()


def test_a_price_that_is_saved_holds_for_days_that_are_over(tmp_path: Path, home: Path, now: int) -> None:
    write(home, now - 10 * DAY, 1)
    ledger = Ledger(tmp_path / "data", [("codex", home)])
    try:
        ledger.scan()
        before = page(ledger, "alltime").cards
        ledger.prices.save([PriceRuleInput(pattern="gpt-5.5", input="100", output="100")])
        after = page(ledger, "alltime").cards
        assert before is not None and after is not None
        assert after.usage.cost.usd == "0.220000000000" != before.usage.cost.usd
    finally:
        ledger.close()


def test_days_that_are_over_are_read_once(tmp_path: Path, home: Path, now: int) -> None:
    for days in range(1, 20):
        write(home, now - days * DAY, days)
    ledger = Ledger(tmp_path / "data", [("codex", home)])
    try:
        ledger.scan()
        page(ledger, "alltime")
        statements: list[str] = []
        with ledger.database.reading() as connection:
            connection.set_trace_callback(statements.append)
        answer = page(ledger, "alltime")
        assert answer.cards is not None and answer.cards.usage.events == 38
        from_rollup = [text for text in statements if "FROM usage_rollup" in text and "cut" in text]
        assert from_rollup, "today is always read"
        assert all("bucket >= " in text for text in from_rollup), "what is over came from memory"
    finally:
        ledger.close()


def test_a_price_edit_reads_no_day_again_that_is_over(tmp_path: Path, home: Path, now: int) -> None:
    for days in range(1, 20):
        write(home, now - days * DAY, days)
    ledger = Ledger(tmp_path / "data", [("codex", home)])
    try:
        ledger.scan()
        page(ledger, "alltime")
        statements: list[str] = []
        with ledger.database.reading() as connection:
            connection.set_trace_callback(statements.append)
        day = time.strftime("%Y-%m-%d", time.gmtime((now - 7 * DAY) / 1000))
        for rules in (
            [PriceRuleInput(pattern="gpt-5.5", input="100", output="100")],
            [PriceRuleInput(pattern="*", input="3", output="7", effective_from=day)],
            [],
        ):
            ledger.prices.save(rules)
            statements.clear()
            found = figures(ledger, "alltime")
            from_rollup = [text for text in statements if "FROM usage_rollup" in text and "cut" in text]
            assert from_rollup, "today is always read"
            assert all("bucket >= " in text for text in from_rollup), "tokens came from memory"
            assert found == fresh(ledger, "alltime", home), "and cost what the new rules say"
    finally:
        ledger.close()


def test_what_is_remembered_stays_within_its_bounds(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = int(time.time() * 1000)
    write(home, now - 10 * DAY, 1)
    monkeypatch.setattr(closed, "MAX_BYTES", 200)
    ledger = Ledger(tmp_path / "data", [("codex", home)])
    try:
        ledger.scan()
        for name in RANGES:
            page(ledger, name)
        same_as_fresh(ledger, home)
        with ledger.view() as view:
            cache = view.cache
        kept = [value for _, value in cache._entries.values() if isinstance(value, DaySums)]
        assert sum(value.nbytes for value in kept) <= 200
    finally:
        ledger.close()


def test_what_two_threads_ask_for_at_once_is_made_once(tmp_path: Path, home: Path, now: int) -> None:
    write(home, now - 3 * DAY, 1)
    ledger = Ledger(tmp_path / "data", [("codex", home)])
    try:
        ledger.scan()
        with ledger.view() as view:
            made: list[int] = []
            begun, may_end = threading.Event(), threading.Event()

            def make() -> int:
                made.append(len(made))
                begun.set()
                assert may_end.wait(20)
                if len(made) == 1:
                    raise RuntimeError("the first one fails")
                return len(made)

            def ask() -> int:
                return view.closed("one", now - DAY, make)

            with ThreadPoolExecutor(4) as pool:
                asked = [pool.submit(ask) for _ in range(4)]
                assert begun.wait(20)
                may_end.set()
                ended = [future.exception() or future.result() for future in asked]
            assert [type(one) for one in ended].count(RuntimeError) == 1, "only its own thread hears of a failure"
            assert [one for one in ended if not isinstance(one, RuntimeError)] == [2, 2, 2]
            assert len(made) == 2
    finally:
        ledger.close()
