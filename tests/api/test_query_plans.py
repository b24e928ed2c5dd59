"""How SQLite answers what the commands ask: no page reads all responses, whatever it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from tests.services.mixed import RULES, write_mixed
from tests.services.support import program_of
from tests.support import plans
from tests.support.plans import scans, traced

from tokendial.api.commands import registry
from tokendial.api.program import Program
from tokendial.domain.records import BUCKET_MS

_RANGES = ("today", "last24h", "last7days", "last30days", "alltime")
_DAYS = {"range": "custom", "start": "2025-03-01", "end": "2025-03-20"}
_SORTS = ("last_seen", "started", "duration", "tokens", "cost", "events", "title", "model", "project", "parent")

READS: list[tuple[str, dict[str, object]]] = [
    *(("dashboard.get", {"range": name}) for name in _RANGES),
    ("dashboard.get", _DAYS),
    ("dashboard.get", {"range": "alltime", "provider": "codex", "stack": "project", "breakdown": "originator"}),
    *(("sessions.list", {"range": "alltime", "sort": sort}) for sort in _SORTS),
    ("sessions.list", {**_DAYS, "search": "shop", "sort": "cost"}),
    ("sessions.list", {"range": "alltime", "at": "last"}),
    *(("projects.list", {"range": name}) for name in _RANGES),
    ("projects.list", _DAYS),
    ("projects.names", {}),
    ("events.list", {"range": "alltime"}),
    ("events.list", {"range": "alltime", "at": "last"}),
    ("events.list", {**_DAYS, "at": '["after",1741000000000,9,40]'}),
    ("events.list", {**_DAYS, "at": '["before",1741000000000,9,40]'}),
    ("events.list", {"range": "alltime", "model": "gpt-5.4"}),
    ("events.list", {"range": "alltime", "session": "ID", "model": "gpt-5.4"}),
    ("session.get", {"id": "ID"}),
    ("session.timeline", {"id": "ID"}),
    ("prompts.list", {"range": "alltime"}),
    ("prompts.list", {"range": "alltime", "session": "ID"}),
    ("provider.get", {"range": "alltime", "provider": "codex"}),
    ("providers.list", {}),
    ("homes.list", {}),
    ("pricing.get", {}),
    ("alerts.get", {}),
    ("app.state", {}),
    ("diagnostics.get", {}),
    ("live.get", {}),
    ("storage.get", {}),
]
# Where the Storage tab says how many rows each table has, and the export of all responses, every one is looked at.
_COUNTS = re.compile(r'SELECT count\(\*\) FROM "\w+"')


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    folder = tmp_path_factory.mktemp("plans")
    home = folder / "home"
    (home / "sessions").mkdir(parents=True)
    write_mixed(home)
    with program_of(folder / "data", home) as opened:
        opened.ledger.prices.save(RULES)
        yield opened


def statements(program: Program, command: str, request: dict[str, object]) -> list[str]:
    """What is asked for a command when nothing is remembered of what it asked before."""
    with program.ledger.database.reading() as connection:
        (session,) = connection.execute("SELECT id FROM session ORDER BY last_seen_ms LIMIT 1").fetchone()
    program.ledger.reload()
    asked: list[str] = []
    with traced(program.ledger.database, asked):
        registry.invoke(program, command, {key: session if value == "ID" else value for key, value in request.items()})
    return [one for one in asked if one.lstrip().startswith(("SELECT", "WITH")) and not _COUNTS.match(one)]


def plan(program: Program, statement: str) -> list[str]:
    with program.ledger.database.reading() as connection:
        return plans.plan(connection, statement)


@pytest.mark.parametrize(("command", "request_"), READS, ids=lambda value: value if isinstance(value, str) else "")
def test_w48_no_command_reads_all_responses(command: str, request_: dict[str, object], program: Program) -> None:
    for statement in statements(program, command, request_):
        steps = plan(program, statement)
        assert scans(statement, steps, "usage_event") == [], statement
        # In the order of its index, and read no further than the page.
        assert [one for one in scans(statement, steps, "prompt") if one != "SCAN p USING INDEX prompt_time"] == []
        assert scans(statement, steps, "limit_reading") == [], statement


def test_w48_a_scan_would_be_seen(program: Program) -> None:
    for statement in (
        "SELECT sum(output) FROM usage_event",
        "SELECT e.id FROM usage_event e JOIN session s ON s.num = e.session_num WHERE e.output > 5",
        "SELECT count(*) FROM usage_event WHERE status = 0",
    ):
        assert scans(statement, plan(program, statement), "usage_event")


@pytest.mark.parametrize("at", [None, "last", '["after",1741000000000,9,40]', '["before",1741000000000,9,40]'])
@pytest.mark.parametrize("model", [None, "gpt-5.4"])
def test_w48_a_page_of_responses_reads_quarters_of_an_hour(at: str | None, model: str | None, program: Program) -> None:
    asked = statements(program, "events.list", {**_DAYS, "at": at, "model": model, "limit": 5})
    pages = [one for one in asked if "CROSS JOIN usage_event" in one and "LIMIT" in one]
    assert 0 < len(pages) <= 6, "at most one for each row"
    for page in pages:
        assert plan(program, page)[:2] == [
            "SEARCH s USING INDEX session_times (last_event_ms>?)",
            "SEARCH e USING INDEX usage_event_session (session_num=? AND time_ms>? AND time_ms<?)",
        ]
        low, high = (int(re.findall(rf"time_ms {sign} (\d+)", page)[0]) for sign in (">=", "<"))
        assert high - low <= BUCKET_MS
    quarters = [one for one in asked if "SELECT DISTINCT bucket" in one]
    assert quarters
    for one in quarters:
        assert plan(program, one)[0].startswith("SEARCH usage_rollup USING PRIMARY KEY (bucket>? AND bucket<?)")
        assert not any("ORDER BY" in step for step in plan(program, one)), "read only as far as the page goes"


@pytest.mark.parametrize("sort", _SORTS)
def test_w48_the_list_of_sessions_asks_sums_and_indexes(sort: str, program: Program) -> None:
    for statement in statements(program, "sessions.list", {"range": "alltime", "sort": sort}):
        for step in plan(program, statement) if "min(time_ms)" not in statement else ():
            if step.startswith("SEARCH e ") or "usage_event" in step:
                assert "USING INDEX usage_event_session (session_num=? AND time_ms>? AND time_ms<?)" in step
            if step.startswith(("SEARCH u ", "SEARCH session_usage ")):
                assert "USING PRIMARY KEY (session_num=?" in step
