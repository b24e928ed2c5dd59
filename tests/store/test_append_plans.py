"""What is asked for a line that was added: nothing of all responses, so it takes as long in a large ledger."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.agents import HOUR_MS, AgentLog, every_agent, home_of, session_of
from tests.support.ledgers import counted, ledger_of
from tests.support.past import remove
from tests.support.plans import plan, scans, traced
from tests.support.rollout import START_MS

from tokendial.services.ledger import Ledger

TABLES = (
    "usage_event",
    "prompt",
    "limit_reading",
    "usage_rollup",
    "session_usage",
    "past_key",
    "past_usage",
    "session",
)
_ANY_ROW = "SELECT 1 FROM past_key LIMIT 1"
_NO_PLAN = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "--")


def asked_for(ledger: Ledger, only: set[str] | None) -> list[str]:
    """The statements of a scan, each once."""
    asked: list[str] = []
    with traced(ledger.database, asked):
        ledger.scan(only=only)
    return [one for one in dict.fromkeys(map(str.strip, asked)) if one != _ANY_ROW and not one.startswith(_NO_PLAN)]


@every_agent
@pytest.mark.parametrize("hinted", [True, False], ids=["by-a-hint", "whole-scan"])
@pytest.mark.parametrize("removed", [True, False], ids=["details-removed", "all-details"])
def test_w48_a_line_that_is_added_asks_nothing_of_all_responses(
    agent: type[AgentLog], hinted: bool, removed: bool, tmp_path: Path
) -> None:
    home, logs = home_of(agent, tmp_path), [session_of(agent, 4, number, first=10 * number) for number in range(3)]
    paths = [log.write(home[1]) for log in logs]
    with ledger_of(tmp_path / "data", home) as ledger:
        ledger.scan()
        if removed:
            assert remove(ledger, START_MS + 2 * HOUR_MS) == 8
        logs[1].respond(77)
        logs[1].write(home[1])
        statements = asked_for(ledger, {str(paths[1])} if hinted else None)
        assert any("INSERT INTO usage_event" in one for one in statements)
        with ledger.database.reading() as connection:
            for statement in statements:
                steps = plan(connection, statement)
                assert [scan for table in TABLES for scan in scans(statement, steps, table)] == [], statement
                if hinted:  # how many are unreadable stands in an index
                    read = scans(statement, steps, "source_file")
                    assert all("COVERING INDEX" in one for one in read), statement
        assert counted(ledger) == (5 if removed else 13)
