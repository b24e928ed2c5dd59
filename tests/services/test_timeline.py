"""A session's responses over time: every one is in exactly one point, and the sums are those of the session."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.parity.logs import HOUR, Log, ms
from tests.services.support import UTC, ledger_of, pico, rule, session_of

from tokendial.domain.money import PICO_PER_USD
from tokendial.services.contract.sessions import SessionRequest, Timeline
from tokendial.services.ledger import Ledger
from tokendial.services.timeline import POINTS, timeline

START = ms("2025-03-01T10:00:00Z")


def of(ledger: Ledger, session: str) -> Timeline:
    with ledger.view(zone=UTC) as view:
        return timeline(view, SessionRequest(session))


@pytest.mark.parametrize("count", [1, 2, POINTS, POINTS + 1, 3 * POINTS + 7])
def test_every_response_is_in_one_point(home: Path, data: Path, count: int) -> None:
    log = Log(home, START).turn(START)
    for step in range(count):
        log.respond(START + step * 1000, 900 + step)
    log.save()
    Log(home, START, 2).turn(START).respond(START + 500, 77).save()
    with ledger_of(data, home) as ledger:
        found, usage = of(ledger, log.id), session_of(ledger, log.id).session.usage
    assert len(found.points) == min(count, POINTS)
    assert found.responses == sum(point.responses for point in found.points) == usage.events == count
    assert sum(point.tokens for point in found.points) == usage.tokens.total_tokens
    assert sum(point.cost for point in found.points) == pytest.approx(pico(usage.cost.usd) / PICO_PER_USD)
    assert found.points[0].start_ms == START
    assert found.points[-1].end_ms == START + (count - 1) * 1000
    assert all(one.end_ms < two.start_ms for one, two in zip(found.points, found.points[1:], strict=False))
    assert max(point.context for point in found.points) == 1000 + count - 1


def test_the_fullest_context_of_a_point_is_kept(home: Path, data: Path) -> None:
    log = Log(home, START).turn(START)
    for step in range(2 * POINTS):
        log.respond(START + step * 1000, 200_000 if step == 333 else 900)
    log.save()
    with ledger_of(data, home) as ledger:
        assert max(point.context for point in of(ledger, log.id).points) == 200_100


def test_what_has_no_price_adds_nothing(home: Path, data: Path) -> None:
    log = Log(home, START).turn(START, "house-model").respond(START + 1, 900).respond(START + HOUR, 900).save()
    with ledger_of(data, home) as ledger:
        assert [point.cost for point in of(ledger, log.id).points] == [0, 0]
        ledger.prices.save([rule("house-model", "1000", "0")])
        assert [point.cost for point in of(ledger, log.id).points] == [0.9, 0.9]


def test_a_session_that_nobody_knows_has_none(home: Path, data: Path) -> None:
    with ledger_of(data, home) as ledger:
        assert of(ledger, "nobody") == Timeline(0, [])
