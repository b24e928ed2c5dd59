"""Removes details from ledgers, and says all that must stay."""

from __future__ import annotations

from typing import Any

import msgspec
from tests.support.ledgers import assert_sound, reported, rows

from tokendial.services.contract.dashboard import DashboardRequest
from tokendial.services.dashboard import dashboard
from tokendial.services.ledger import Ledger
from tokendial.store import past

Figures = dict[str, object]
KINDS = ("day", "week", "month", "hour", "model", "effort", "project", "session", "provider")
ZONES = ("UTC", "Europe/Berlin", "Asia/Kathmandu")
DETAILS = ("events", "responses")


def remove(ledger: Ledger, before_ms: int) -> int:
    """Remove what is older than a quarter of an hour that begins then; returns how many counted responses."""
    with ledger.database.reading() as connection:
        announced = past.count_removable(connection, before_ms)
    with ledger.database.writing() as connection:
        removed = past.remove(connection, before_ms, lambda _share: None)
    assert removed == announced
    assert_sound(ledger)
    return removed


def figures(ledger: Ledger) -> Figures:
    """Every total: reports of all kinds in several zones, the roll-ups, and what sessions used by day."""
    found: Figures = {}
    for zone in ZONES:
        for kind in KINDS:
            found[f"{kind} in {zone}"] = reported(ledger, kind, zone)  # type: ignore[arg-type] - a tuple of By
    found["quarters"] = rows(ledger, "SELECT * FROM usage_rollup ORDER BY 1, 2")
    found["days of sessions"] = rows(ledger, "SELECT * FROM session_usage ORDER BY 1, 2, 3")
    return found


def labelled(ledger: Ledger) -> list[tuple[Any, ...]]:
    """Sums per session and label set that do not depend on row numbers, nor on whether details are there."""
    return rows(
        ledger,
        "SELECT s.id, u.day, h.path, l.model, l.effort, l.tier, l.project, l.band, sum(u.input), sum(u.cache_read), "
        "sum(u.cache_write), sum(u.cache_write_1h), sum(u.output), sum(u.reasoning), sum(u.events) "
        "FROM session_usage u JOIN session s ON s.num = u.session_num JOIN label_set l ON l.id = u.label_id "
        "JOIN home h ON h.id = l.home_id GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8",
    )


def overview(ledger: Ledger, **request: object) -> dict[str, Any]:
    """The whole page."""
    wanted = DashboardRequest(**{"range": "alltime", **request})  # type: ignore[arg-type] - the fields of a request
    with ledger.view() as view:
        answer = dashboard(view, wanted, active_minutes=60, demo=False)
    assert answer.errors == {}
    found: dict[str, Any] = msgspec.to_builtins(answer)
    return found
