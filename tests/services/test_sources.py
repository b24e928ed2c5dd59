"""Providers that are off: not read, not shown, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.parity.logs import MINUTE, Log, ms
from tests.services.support import UTC, board, events_of, ledger_of, program_of, session_of, sessions_of

from tokendial.errors import NotFound
from tokendial.ingest.scanner import ScanReport
from tokendial.providers import PROVIDERS
from tokendial.services import sources
from tokendial.services.contract.common import Empty
from tokendial.services.contract.dashboard import DashboardRequest
from tokendial.services.contract.providers import ProviderSwitch
from tokendial.services.contract.settings import SettingsPatch
from tokendial.services.contract.system import RefreshRequest
from tokendial.services.report import report

START = ms("2025-03-01T10:00:00Z")


@pytest.fixture
def log(home: Path) -> Log:
    return Log(home, START).turn(START).respond(START + MINUTE, 900).save()


def test_a_provider_that_is_off_leaves_every_figure(log: Log, home: Path, data: Path) -> None:
    with ledger_of(data, home) as ledger:
        before = board(ledger)
        sources.switch(ledger, "codex", on=False)
        page = board(ledger)
        assert page.cards is not None
        assert page.cards.usage.tokens.total_tokens == 0
        assert not page.ledger_empty, "nothing is deleted"
        assert (events_of(ledger), sessions_of(ledger), page.limits) == ([], [], [])
        assert report(ledger, "day", ScanReport(), zone=UTC).totals.total_tokens == 0
        detail = session_of(ledger, log.id)
        assert detail.session.usage.tokens.total_tokens == 0
        assert [(line.kind, line.records) for line in detail.audit] == [("home_off", 1)]
        log.respond(START + 2 * MINUTE, 900).save()
        assert ledger.scan().files == 0
        assert ledger.scan(only={str(log.path)}).files_read == 0
        sources.switch(ledger, "codex", on=True)
        assert board(ledger).cards == before.cards
        ledger.scan()
        again = board(ledger).cards
        assert again is not None
        assert again.usage.tokens.total_tokens == 2000


def test_it_stays_off_after_a_restart(log: Log, home: Path, data: Path) -> None:
    with ledger_of(data, home) as ledger:
        sources.switch(ledger, "codex", on=False)
    with ledger_of(data, home) as ledger:
        source, *others = sources.listed(ledger)
        assert (source.on, source.homes, source.homes_read, source.files) == (False, 1, 0, 1)
        assert [(other.on, other.homes, other.files) for other in others] == [(True, 0, 0)] * (len(PROVIDERS) - 1)
        assert source.docs_url.startswith("https://")


def test_a_filter_on_a_provider_that_is_switched_off_falls_back_to_all(log: Log, home: Path, data: Path) -> None:
    with ledger_of(data, home) as ledger:
        ledger.settings.change({"provider": "codex", "home": 1})
        changed = sources.switch(ledger, "codex", on=False)
        assert (changed.provider, changed.home, changed.disabled_providers) == (None, None, ["codex"])
        assert sources.switch(ledger, "codex", on=False).disabled_providers == ["codex"]


def test_an_unknown_provider_is_told(home: Path, data: Path) -> None:
    with ledger_of(data, home) as ledger, pytest.raises(NotFound):
        sources.switch(ledger, "nobody", on=False)


def test_the_program_stops_reading_and_tells_its_pages(log: Log, home: Path, data: Path) -> None:
    def tokens() -> int:
        cards = program.dashboard(DashboardRequest(range="alltime")).cards
        assert cards is not None
        return cards.usage.tokens.total_tokens

    with program_of(data, home) as program, program.hub.subscribe() as heard:
        state = program.switch_provider(ProviderSwitch("codex", on=False))
        assert {info.id for info in state.providers if not info.on} == {"codex"}
        assert "usage-updated" in {event.name for event in iter(lambda: heard.get(0), None)}
        assert program.refresh(RefreshRequest(wait=True)).files_total == 0
        assert tokens() == 0
        program.change_settings(SettingsPatch(values={"disabled_providers": []}))
        assert program.refresh(RefreshRequest(wait=True)).files_total == 1
        assert tokens() == 1000
        assert all(one.on for one in program.providers(Empty()).providers)
