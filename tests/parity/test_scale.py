"""Extra test 29 of the survey. How long a million responses take is a budget of `scripts/bench.py`; why they take no
longer is held here: the figures come from the roll-up, so their work does not grow with the responses.
"""

from __future__ import annotations

from pathlib import Path

from tests.parity.logs import DAY, MINUTE, Log, ms
from tests.services.support import UTC, ledger_of, now_ms

from tokendial.services import dashboard as overview
from tokendial.services.contract.dashboard import DashboardRequest
from tokendial.services.ledger import Ledger

STEPS = 10


def work(ledger: Ledger, request: DashboardRequest) -> tuple[int, list[str]]:
    """How many tens of instructions SQLite ran for a dashboard, and what it was asked."""
    ran, asked = [0], list[str]()

    def tick() -> int:
        ran[0] += 1
        return 0

    with ledger.view(zone=UTC) as view:
        view.connection.set_progress_handler(tick, STEPS)
        view.connection.set_trace_callback(asked.append)
        page = overview.dashboard(view, request, active_minutes=60, demo=False)
        view.connection.set_progress_handler(None, 0)
        view.connection.set_trace_callback(None)
    assert page.errors == {}
    return ran[0], asked


def filled(home: Path, per_quarter: int) -> None:
    """Thirty days with a response in each of ten quarters of an hour, or many in the same quarters."""
    now = now_ms()
    start = ms("2025-03-01") if now < ms("2025-04-01") else now // DAY * DAY - 30 * DAY
    log = Log(home, start).turn(start)
    for day in range(30):
        for quarter in range(10):
            for step in range(per_quarter):
                log.respond(start + day * DAY + quarter * 15 * MINUTE + step * 1000, 100 + step)
    log.save()


def test_29_w48_the_work_of_a_dashboard_does_not_grow_with_the_responses(tmp_path: Path) -> None:
    found = {}
    for per_quarter in (1, 20):
        home = tmp_path / f"home-{per_quarter}"
        filled(home, per_quarter)
        with ledger_of(tmp_path / f"data-{per_quarter}", home) as ledger:
            found[per_quarter], _ = work(ledger, DashboardRequest(range="alltime"))
    assert found[1] > 50
    assert found[20] < 1.2 * found[1], "twenty times the responses, the same work"


def test_29_w48_no_question_of_a_dashboard_reads_all_responses(home: Path, data: Path) -> None:
    filled(home, 2)
    with ledger_of(data, home) as ledger:
        for name in ("alltime", "last30days", "last24h"):
            _, asked = work(ledger, DashboardRequest(range=name))
            with ledger.database.reading() as connection:
                plans = [row[3] for one in asked for row in connection.execute(f"EXPLAIN QUERY PLAN {one}")]
            assert any("usage_rollup" in plan for plan in plans)
            assert [plan for plan in plans if plan.split()[:2] in (["SCAN", "usage_event"], ["SCAN", "e"])] == []
