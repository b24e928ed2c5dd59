"""Opens real ledgers over real logs and asks what the shells ask."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from tokendial.api.program import Program
from tokendial.domain.money import PICO_PER_USD
from tokendial.services import dashboard as overview
from tokendial.services import events as responses
from tokendial.services import session_list
from tokendial.services import sessions as session_service
from tokendial.services.contract.common import Usage
from tokendial.services.contract.dashboard import Dashboard, DashboardRequest, EventRow, EventsRequest, Limit
from tokendial.services.contract.prices import PriceRuleInput, Pricing
from tokendial.services.contract.sessions import SessionDetail, SessionRequest, SessionRow, SessionsRequest
from tokendial.services.contract.system import RefreshRequest
from tokendial.services.ledger import Ledger
from tokendial.services.price_models import pricing
from tokendial.services.projects import folders_of
from tokendial.services.report import Figures

UTC = ZoneInfo("UTC")


def now_ms() -> int:
    return int(time.time() * 1000)


@contextmanager
def ledger_of(data: Path, *homes: Path) -> Iterator[Ledger]:
    """A ledger of these homes, up to date."""
    ledger = Ledger(data, [("codex", home) for home in homes], workers=0)
    try:
        ledger.scan()
        yield ledger
    finally:
        ledger.close()


@contextmanager
def program_of(data: Path, *homes: Path) -> Iterator[Program]:
    """The program over these homes, its first scan done."""
    program = Program(Ledger(data, [("codex", home) for home in homes], workers=0), "browser")
    try:
        program.refresh(RefreshRequest(wait=True))
        yield program
    finally:
        program.close()


def board(ledger: Ledger, zone: ZoneInfo = UTC, minutes: int = 60, **request: object) -> Dashboard:
    """The overview; no panel may fail."""
    wanted = DashboardRequest(**{"range": "alltime", **request})
    with ledger.view(wanted.provider, wanted.home, zone) as view:
        answer = overview.dashboard(view, wanted, active_minutes=minutes, demo=False)
    assert answer.errors == {}
    return answer


def limits_of(ledger: Ledger) -> dict[str, Limit]:
    """The limits by their id."""
    return {limit.limit_id: limit for limit in board(ledger).limits or []}


def events_of(ledger: Ledger, zone: ZoneInfo = UTC, page: int = 500, **request: object) -> list[EventRow]:
    """Every response of a filter, page by page."""
    found: list[EventRow] = []
    at: str | None = None
    while True:
        wanted = EventsRequest(**{"range": "alltime", "at": at, "limit": page, **request})
        with ledger.view(wanted.provider, wanted.home, zone) as view:
            answer = responses.page(view, wanted)
        assert answer.offset == len(found)
        found += answer.rows
        at = answer.next
        if at is None:
            assert answer.total == len(found)
            return found


def sessions_of(ledger: Ledger, **request: object) -> list[SessionRow]:
    wanted = SessionsRequest(**{"range": "alltime", "limit": 500, **request})
    with ledger.view(wanted.provider, wanted.home, UTC) as view:
        return session_list.page(view, wanted, folders_of(view, ledger.repositories, wanted.project)).rows


def session_of(ledger: Ledger, identity: str) -> SessionDetail:
    with ledger.view(zone=UTC) as view:
        return session_service.detail(view, SessionRequest(identity))


def pricing_of(ledger: Ledger) -> Pricing:
    """The rules, and what prices each model."""
    with ledger.view(zone=UTC) as view:
        return pricing(view, ledger.prices)


def pico(usd: str | None) -> int:
    """Exact dollars as an integer."""
    if usd is None:
        return 0
    whole, part = usd.split(".")
    return int(whole) * PICO_PER_USD + int(part)


def rule(pattern: str, dollars: str = "1", output: str = "10", **more: object) -> PriceRuleInput:
    """A price rule of a user."""
    return PriceRuleInput(**{"pattern": pattern, "input": dollars, "output": output, **more})


FIELDS = (
    "input_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "output_tokens",
    "reasoning_tokens",
    "total_tokens",
)
Sums = tuple[int, ...]


def of_usage(usage: Usage) -> Sums:
    """Tokens, responses and exact cost, in a form that can be added."""
    return (*(getattr(usage.tokens, field) for field in FIELDS), usage.events, pico(usage.cost.usd))


def of_figures(row: Figures) -> Sums:
    """The same of a report."""
    return (*(getattr(row, field) for field in FIELDS), row.events, pico(row.cost_usd))


def added(parts: list[Sums]) -> Sums:
    return tuple(sum(column) for column in zip(*parts, strict=True))
