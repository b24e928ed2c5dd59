"""The sample data: whole, with sums that agree, and never in the user's own ledger."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import get_args

import pytest
from tests.parity.logs import Log
from tests.services.support import added, board, events_of, now_ms, of_usage, pico, program_of, rule, sessions_of

from tokendial.services.contract.common import Dimension, Empty
from tokendial.services.contract.dashboard import DashboardRequest
from tokendial.services.contract.prices import PriceRules
from tokendial.services.contract.settings import SettingsPatch
from tokendial.services.contract.system import DemoRequest, RefreshRequest
from tokendial.services.demo import demo_ledger


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))


def test_its_figures_agree_with_each_other() -> None:
    ledger = demo_ledger(now_ms())
    try:
        for dimension in get_args(Dimension):
            page = board(ledger, stack=dimension, breakdown=dimension)
            assert page.cards is not None
            assert page.trends is not None
            assert page.breakdown is not None
            whole = of_usage(page.cards.usage)
            assert added([of_usage(row.usage) for row in page.breakdown.rows]) == whole
            assert added([of_usage(row.usage) for row in page.trends.buckets]) == whole
        rows = events_of(ledger)
        assert sum(row.tokens.total_tokens for row in rows) == page.cards.usage.tokens.total_tokens
        assert sum(pico(row.cost_usd) for row in rows) == pico(page.cards.usage.cost.usd) > 0
        assert added([of_usage(row.usage) for row in sessions_of(ledger)]) == whole
        assert page.cards.usage.cost.unpriced_models == ["local-proxy-7b"]
        assert page.active_sessions is not None
        assert len(page.active_sessions.sessions) >= 2
        windows = [(limit.source, window) for limit in page.limits or [] for window in limit.windows]
        read = [window for source, window in windows if source == "logs"]
        assert [window.label for window in read] == ["5 hours", "Weekly"]
        # In the first minutes of a window nothing has been read of it yet.
        assert all(window.used_percent is not None or window.state == "reset" for window in read)
        # A provider that writes no limits has an estimate, which never has a percentage (W-02).
        assert all(window.used_percent is None for source, window in windows if source == "estimate")
    finally:
        ledger.close()


def test_entering_and_leaving_touches_nothing_of_the_users(home: Path, data: Path, tmp_path: Path) -> None:
    Log(home, "2025-03-01").turn("2025-03-01").respond("2025-03-01T01:00:00Z", 900).save()
    everything = DashboardRequest(range="alltime")
    with program_of(data, home) as program:
        own = program.dashboard(everything)
        assert own.cards is not None
        homes = program.homes(Empty())
        assert program.demo(DemoRequest(on=True)).demo
        assert program.demo(DemoRequest(on=True)).demo, "asked twice it is the same"
        sample = program.dashboard(everything)
        assert sample.demo
        assert sample.cards is not None
        assert sample.cards.usage.events > 1000
        program.save_prices(PriceRules([rule("*", "9", "9")]))
        program.refresh(RefreshRequest(wait=True))
        program.change_settings(SettingsPatch(values={"theme": "dark"}))
        assert program.homes(Empty()) == homes
        assert len(list((tmp_path / "temporary").iterdir())) == 1
        state = program.demo(DemoRequest(on=False))
        assert (state.demo, state.settings.theme) == (False, "dark")
        back = program.dashboard(everything)
        assert not back.demo
        assert (back.cards, program.pricing(Empty()).rules) == (own.cards, [])
        assert list((tmp_path / "temporary").iterdir()) == [], "nothing is left behind"


def test_closing_the_program_removes_the_sample(home: Path, data: Path, tmp_path: Path) -> None:
    with program_of(data, home) as program:
        program.demo(DemoRequest(on=True))
    assert list((tmp_path / "temporary").iterdir()) == []
