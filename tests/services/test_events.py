"""Responses one by one: paging and filters work over all of them, not over the newest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.parity.logs import MINUTE, Log, ms
from tests.services.support import UTC, events_of, ledger_of

from tokendial.errors import BadRequest
from tokendial.services import events as responses
from tokendial.services.contract.dashboard import EventsPage, EventsRequest
from tokendial.services.ledger import Ledger

START = ms("2025-03-01T10:00:00Z")


@pytest.fixture
def ledger(home: Path, data: Path) -> Iterator[Ledger]:
    """630 responses of one model, and 3 old ones of another."""
    old = Log(home, START).turn(START, "gpt-5.4")
    for step in range(3):
        old.respond(START + step * 1000, 10 + step)
    old.save()
    new = Log(home, START + MINUTE, 2, originator="codex_vscode").turn(START + MINUTE)
    for step in range(630):
        new.respond(START + MINUTE + step * 1000, 100 + step)
    new.save()
    with ledger_of(data, home) as opened:
        yield opened


def page(ledger: Ledger, **request: object) -> EventsPage:
    wanted = EventsRequest(**{"range": "alltime", **request})
    with ledger.view(wanted.provider, wanted.home, UTC) as view:
        return responses.page(view, wanted)


def test_paging_goes_over_all_responses_newest_first(ledger: Ledger) -> None:
    rows = events_of(ledger, page=100)
    assert len({row.id for row in rows}) == len(rows) == 633
    assert [row.time_ms for row in rows] == sorted((row.time_ms for row in rows), reverse=True)
    first = page(ledger)
    assert (first.total, first.offset, len(first.rows)) == (633, 0, 25)
    last = page(ledger, at=first.last)
    assert [row.tokens.input_tokens for row in last.rows][-3:] == [12, 11, 10]
    assert (last.offset, len(last.rows), last.next, last.last) == (625, 8, None, None)


def test_the_model_filter_finds_what_no_page_of_the_newest_has(ledger: Ledger) -> None:
    found = page(ledger, model="gpt-5.4")
    assert (found.total, [row.model for row in found.rows]) == (3, ["gpt-5.4"] * 3)
    assert found.models == ["gpt-5.4", "gpt-5.5"]
    assert (page(ledger, model="gpt-5").total, page(ledger, model="gpt-5").rows) == (0, []), "the whole name or nothing"


def test_the_session_filter(ledger: Ledger) -> None:
    rows = events_of(ledger)
    old = rows[-1].session
    found = page(ledger, session=old)
    assert (found.total, {row.session for row in found.rows}) == (3, {old})
    assert page(ledger, session=old, model="gpt-5.5").total == 0
    assert page(ledger, session="nobody").rows == []


def test_a_row_says_all_about_its_response(home: Path, data: Path) -> None:
    log = Log(home, START, originator="codex_exec").turn(START, "gpt-5.5", "high", "/work/infra")
    log.tier(START + 1, "priority").respond(START + 2, 300_000, 1000, 50, written=200, reasoning=30).save()
    with ledger_of(data, home) as ledger:
        (row,) = page(ledger).rows
    assert (row.provider, row.session, row.project, row.effort) == ("codex", log.id, "/work/infra", "medium")
    assert (row.tier, row.time_ms, row.model_assumed, row.long_context) == ("priority", START + 2, False, False)
    tokens = row.tokens
    assert (tokens.input_tokens, tokens.cache_read_tokens, tokens.cache_write_tokens) == (298_800, 1000, 200)
    assert (tokens.output_tokens, tokens.reasoning_tokens, tokens.total_tokens) == (50, 30, 300_050)


def test_a_model_that_no_line_names_is_assumed_and_says_so(home: Path, data: Path) -> None:
    Log(home, START).respond(START + 2, 300).save()
    with ledger_of(data, home) as ledger:
        assert [(row.model, row.model_assumed) for row in page(ledger).rows] == [("gpt-5", True)]


@pytest.mark.parametrize(
    "request_",
    [{"at": ""}, {"at": "25"}, {"at": '["after",1,2]'}, {"at": '["beside",1,2,3]'}, {"at": '["after","x",2,3]'},
     {"at": "[" * 30_000}, {"at": "\ud800"}, {"limit": 0}, {"limit": 501}, {"limit": -5}],
)  # fmt: skip
def test_pages_that_make_no_sense_are_refused(ledger: Ledger, request_: dict[str, object]) -> None:
    with pytest.raises(BadRequest):
        page(ledger, **request_)
