"""How long details are kept: every figure stays, and what needs single responses says since when there are any."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from tests.services.support import events_of, ledger_of, program_of, session_of
from tests.support.ledgers import assert_sound, content, counted, rows
from tests.support.past import figures, overview
from tests.support.rollout import Rollout, usage

from tokendial.api.program import Program
from tokendial.domain.zones import DAY_MS
from tokendial.errors import BadRequest
from tokendial.services import backups, export, retention, retention_change
from tokendial.services import events as responses
from tokendial.services.contract.common import Empty
from tokendial.services.contract.dashboard import EventsRequest
from tokendial.services.contract.exports import ExportRequest
from tokendial.services.contract.jobs import JobResult, JobStatus
from tokendial.services.contract.prices import PriceRuleInput
from tokendial.services.contract.sessions import SessionRequest
from tokendial.services.contract.storage import RestoreRequest, RetentionRequest
from tokendial.services.jobs import Cancelled, Job
from tokendial.services.ledger import Ledger
from tokendial.services.timeline import timeline

NOW_MS = int(time.time() * 1000)
ZONES = ("UTC", "Asia/Kathmandu", "America/New_York")


def job() -> Job:
    return Job(JobStatus(id=1, kind="retention", state="running"), lambda _status: None)


def write(home: Path, days_ago: float, number: int, count: int = 4) -> Rollout:
    """A session of that time, a response every few minutes."""
    rollout = Rollout(NOW_MS - int(days_ago * DAY_MS), number).meta(cwd=f"/home/u/{number % 3}").turn()
    for place in range(count):
        rollout.prompt().count(usage(number * 50 + place))
        rollout.now_ms += 420_000
    rollout.write(home)
    return rollout


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Sessions of the last two years, 200 responses; of them 120 are older than six months."""
    folder = tmp_path / "codex"
    for number in range(30):
        write(folder, 200 + number * 17.3, number)
    for number in range(30, 50):
        write(folder, (number - 30) * 6.1, number)
    return folder


def settled(program: Program) -> JobStatus:
    for _ in range(600):
        if (status := program.jobs.status) is not None and status.state != "running":
            return status
        time.sleep(0.02)
    raise AssertionError("the task does not end")


def texts(ledger: Ledger) -> Iterator[dict[str, object]]:
    """The page in ranges that need every kind of sum, whatever its zone."""
    for zone in ZONES:
        ledger.settings.change({"timezone": zone})
        for name in ("alltime", "last7days", "thismonth"):
            yield overview(ledger, range=name)
        yield overview(ledger, range="custom", start="2025-03-01", end="2026-02-28")


def test_every_figure_of_the_page_stays_and_the_list_says_what_went(home: Path, tmp_path: Path) -> None:
    with ledger_of(tmp_path / "data", home) as ledger:
        before, parts = figures(ledger), [panels(page) for page in texts(ledger)]
        changed = retention_change.change(ledger, 6, NOW_MS, job())
        assert changed.removed == 120
        assert counted(ledger) == 80
        assert figures(ledger) == before
        assert [panels(page) for page in texts(ledger)] == parts
        assert_sound(ledger)
        ledger.settings.change({"timezone": "UTC"})
        page = _page(ledger)
        day = retention.before_ms(6, NOW_MS, ZoneInfo("UTC"))
        assert (page.total, page.removed) == (80, 120)
        assert abs((page.removed_before_ms or 0) - day) <= DAY_MS
        assert len(events_of(ledger, page=7)) == 80
        assert len(events_of(ledger, page=7, range="custom", start="2025-01-01", end="2026-12-31")) == 80
        last = _page(ledger, at="last", limit=30)
        assert [row.time_ms for row in last.rows] == [row.time_ms for row in events_of(ledger)][60:]


def panels(page: dict[str, object]) -> dict[str, object]:
    """What a page says about usage."""
    return {name: value for name, value in page.items() if name not in ("generated_at_ms", "active_sessions", "limits")}


def _page(ledger: Ledger, **request: object) -> responses.EventsPage:
    wanted = EventsRequest(**{"range": "alltime", "limit": 25, **request})  # type: ignore[arg-type] - its fields
    with ledger.view(zone=ZoneInfo("UTC")) as view:
        return responses.page(view, wanted)


def test_a_session_of_removed_time_keeps_its_figures_and_its_audit(home: Path, tmp_path: Path) -> None:
    old = write(home, 400, 90, count=6)
    with ledger_of(tmp_path / "data", home) as ledger:
        whole = session_of(ledger, old.thread)
        retention_change.change(ledger, 12, NOW_MS, job())
        assert session_of(ledger, old.thread) == whole
        assert whole.session.usage.events == 6
        page = _page(ledger, session=old.thread)
        assert (page.total, page.rows, page.removed) == (0, [], 6)
        with ledger.view() as view:
            drawn = timeline(view, SessionRequest(old.thread))
        assert (drawn.responses, drawn.points, drawn.removed) == (0, [], 6)
        assert drawn.removed_before_ms == page.removed_before_ms


def test_a_changed_price_holds_for_removed_time_as_well(home: Path, tmp_path: Path) -> None:
    rule = PriceRuleInput(pattern="gpt-5.5", input="7", output="70", cache_read="1")
    with ledger_of(tmp_path / "whole", home) as unchanged, ledger_of(tmp_path / "data", home) as ledger:
        retention_change.change(ledger, 3, NOW_MS, job())
        assert figures(ledger) == figures(unchanged)
        costs = figures(ledger)["model in UTC"]
        for each in (ledger, unchanged):
            each.prices.save([rule])
        assert figures(ledger) == figures(unchanged)
        assert figures(ledger)["model in UTC"] != costs


def test_an_export_of_responses_says_what_it_cannot_hold(home: Path, tmp_path: Path) -> None:
    with ledger_of(tmp_path / "data", home) as ledger:
        retention_change.change(ledger, 6, NOW_MS, job())
        request = ExportRequest(what="events", format="csv", range="alltime")
        with ledger.view(zone=ZoneInfo("UTC")) as view:
            said = export.export(view, request, tmp_path / "events.csv", job())
            whole = export.export(view, msgspec.structs.replace(request, what="days"), tmp_path / "days.csv", job())
        assert said.startswith("80 responses written. Not in the file: 120 from before ")
        assert "Not in the file" not in whole
        assert len((tmp_path / "events.csv").read_text().splitlines()) == 81


def test_the_preview_says_what_goes_and_only_offered_choices_hold(home: Path, tmp_path: Path) -> None:
    with program_of(tmp_path / "data", home) as program:
        found = program.preview_retention(RetentionRequest(6))
        assert (found.responses, found.counted) == (120, 200)
        assert program.preview_retention(RetentionRequest(None)).responses == 0
        for ask in (program.preview_retention, program.change_retention):
            with pytest.raises(BadRequest) as refused:
                ask(RetentionRequest(1))
            assert refused.value.details["field"] == "months"
        assert program.storage(Empty()).retention.months is None


def test_a_copy_is_kept_first_and_undo_brings_everything_back(home: Path, tmp_path: Path) -> None:
    with program_of(tmp_path / "data", home) as program:
        whole = content(program.own)
        program.change_retention(RetentionRequest(6))
        done = settled(program)
        assert done.result is not None
        assert done.result.kept is not None
        assert done.result.message.startswith("Details of 120 responses removed; every total is what it was.")
        kept = program.storage(Empty()).retention
        assert kept.months == 6
        assert kept.removed_before_ms is not None
        assert [copy.name for copy in backups.kept_copies(program.own.data_dir)] == [done.result.kept]
        assert content(program.own)._replace(events=[]) == whole._replace(events=[])
        program.restore(RestoreRequest(kept=done.result.kept))
        assert settled(program).state == "done"
        program.ingest.request(wait=True)
        assert content(program.own) == whole
        assert program.storage(Empty()).retention.months is None
        program.change_retention(RetentionRequest(None))
        assert settled(program).result == JobResult(message="No details had to be removed.")


def test_a_removal_that_is_cancelled_or_fails_changes_nothing(home: Path, tmp_path: Path) -> None:
    with ledger_of(tmp_path / "data", home) as ledger:
        whole = content(ledger)
        for at in range(1, 6):
            stopping = _Stopping(at)
            with pytest.raises(Cancelled):
                retention_change.change(ledger, 6, NOW_MS, stopping)
            assert content(ledger) == whole
            assert backups.kept_copies(ledger.data_dir) == []
            with ledger.database.reading() as connection:
                assert retention.kept(connection).months is None


class _Stopping(Job):
    """A task that is cancelled at its last word but some."""

    def __init__(self, at: int) -> None:
        super().__init__(JobStatus(id=1, kind="retention", state="running"), lambda _status: None)
        self._at = at

    def progress(self, share: float | None) -> None:
        self._at -= 1
        if self._at <= 0:
            self.cancel()
        super().progress(share)


def test_what_becomes_too_old_goes_after_a_scan_also_when_it_is_read_late(home: Path, tmp_path: Path) -> None:
    with ledger_of(tmp_path / "data", home) as ledger:
        retention_change.change(ledger, 6, NOW_MS, job())
        write(home, 700, 91, count=9)
        ledger.scan()
        assert counted(ledger) == 80
        assert rows(ledger, "SELECT sum(events) FROM usage_rollup") == [(209,)]
        with ledger.database.reading() as connection:
            (one,) = connection.execute("SELECT id FROM home").fetchone()
        ledger.reread_home(one)
        ledger.scan()
        assert rows(ledger, "SELECT count(*), (SELECT sum(events) FROM usage_rollup) FROM usage_event") == [(80, 209)]
        retention_change.change(ledger, None, NOW_MS, job())
        write(home, 650, 92, count=5)
        ledger.scan()
        assert counted(ledger) == 85, "kept for ever from now on"
        assert_sound(ledger)


def test_months_are_counted_by_the_calendar() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    at = int(time.mktime((2026, 5, 31, 12, 0, 0, 0, 0, 0))) * 1000
    found = [
        time.strftime("%Y-%m-%d %H:%M", time.gmtime(retention.before_ms(n, at, berlin) / 1000)) for n in (3, 6, 24)
    ]
    assert found == ["2026-02-27 23:00", "2025-11-29 23:00", "2024-05-30 22:00"]
