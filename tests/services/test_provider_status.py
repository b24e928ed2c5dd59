"""How the logs of each provider are, in words and from one place (W-45), and that their figures add up."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.services.support import UTC, added, board, events_of, of_usage, sessions_of

from tokendial.providers import PROVIDERS
from tokendial.services import audit, provider_detail, sources
from tokendial.services.contract.providers import ProviderDetail, ProviderRequest, ProviderStatus
from tokendial.services.contract.sessions import SessionsRequest
from tokendial.services.ledger import Ledger
from tokendial.services.provider_status import statuses
from tokendial.services.session_list import page as session_page
from tokendial.store.database import Connection

FIXTURES = ROOT / "tests" / "fixtures"
CASES = {"codex": "family", "claude": "mirrored", "gemini": "documents"}


@pytest.fixture
def three(tmp_path: Path) -> dict[str, Path]:
    """A home of each provider."""
    homes = {provider: tmp_path / "homes" / provider for provider in CASES}
    for provider, home in homes.items():
        shutil.copytree(FIXTURES / provider / CASES[provider], home)
    return homes


@contextmanager
def ledger_of(data: Path, homes: dict[str, Path]) -> Iterator[Ledger]:
    ledger = Ledger(data, list(homes.items()), workers=0)
    try:
        ledger.scan()
        yield ledger
    finally:
        ledger.close()


def status(ledger: Ledger, provider: str, *, reading: bool = False) -> ProviderStatus:
    return statuses(ledger, reading=reading)[provider]


def detail_of(ledger: Ledger, provider: str) -> ProviderDetail:
    request = ProviderRequest(range="alltime", provider=provider)
    with ledger.view(provider, None, UTC) as view:
        return provider_detail.detail(view, request)


def test_what_is_read_is_active_and_says_how_fresh_it_is(three: dict[str, Path], data: Path) -> None:
    with ledger_of(data, three) as ledger:
        for provider in CASES:
            found = status(ledger, provider)
            assert (found.state, found.word, found.folder) == ("active", "Active", None)
            assert found.reason == f"From {found.files:,} log file{'' if found.files == 1 else 's'}."
            newest = max(row.time_ms for row in events_of(ledger) if row.provider == provider)
            assert found.last_response_ms == newest
            assert found.last_seen_ms is not None
        assert status(ledger, "codex", reading=True).state == "reading"


def test_a_folder_that_went_away_is_an_error_that_names_it(three: dict[str, Path], data: Path) -> None:
    with ledger_of(data, three) as ledger:
        shutil.rmtree(three["claude"])
        ledger.scan()
        found = status(ledger, "claude", reading=True)
        assert (found.state, found.folder) == ("error", str(three["claude"]))
        assert "not there any more" in found.reason
        assert [place.exists for place in found.places] == [False]
        assert status(ledger, "gemini").state == "active"


def test_an_empty_folder_waits(three: dict[str, Path], data: Path) -> None:
    shutil.rmtree(three["gemini"])
    three["gemini"].mkdir()
    with ledger_of(data, three) as ledger:
        found = status(ledger, "gemini")
        assert (found.state, found.files, found.last_response_ms) == ("waiting", 0, None)
        assert [(place.path, place.exists) for place in found.places] == [(str(three["gemini"]), True)]


def test_more_refused_than_counted_is_an_error(three: dict[str, Path], data: Path) -> None:
    log = next(three["codex"].rglob("*.jsonl"))
    with log.open("ab") as file:
        file.write(b'{"type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":\n' * 500)
    with ledger_of(data, three) as ledger:
        found = status(ledger, "codex")
        assert (found.state, found.folder) == ("error", None)
        assert "500 lines had to be refused" in found.reason


def test_where_nothing_is_known_it_says_where_it_looked(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for name in ("CODEX_HOME", "CLAUDE_CONFIG_DIR", "GEMINI_CLI_HOME"):
        monkeypatch.delenv(name, raising=False)
    with ledger_of(data, {}) as ledger:
        for source in PROVIDERS:
            found = status(ledger, source.descriptor.id)
            assert found.state == "waiting"
            assert found.places
            assert not any(place.exists for place in found.places)
            assert str(tmp_path) in found.places[0].path


def test_off_is_not_an_error_whatever_else_holds(three: dict[str, Path], data: Path) -> None:
    with ledger_of(data, {"codex": three["codex"]}) as ledger:
        assert status(ledger, "claude").state == "off", "only the folders of this run are read"
        shutil.rmtree(three["codex"])
        sources.switch(ledger, "codex", on=False)
        assert status(ledger, "codex").state == "off"
        sources.switch(ledger, "codex", on=True)
        ledger.switch_home(1, active=False)
        assert status(ledger, "codex").state == "off"


def test_the_cards_of_the_providers_add_up_to_the_headline_cards(three: dict[str, Path], data: Path) -> None:
    with ledger_of(data, three) as ledger:
        for stack, by in (("model", "model"), ("project", "effort"), ("provider", "originator")):
            found = board(ledger, stack=stack, breakdown=by)
            assert found.cards is not None
            assert found.providers is not None
            assert {card.id for card in found.providers} == set(CASES)
            assert added([of_usage(card.usage) for card in found.providers]) == of_usage(found.cards.usage)
            assert sum(card.sessions for card in found.providers) == found.cards.sessions
            assert sum(card.share for card in found.providers) == pytest.approx(100)
            for place, value in enumerate(found.cards.tokens_card.sparkline):
                assert sum(card.tokens_card.sparkline[place] for card in found.providers) == value
        for card in found.providers:
            alone = board(ledger, provider=card.id).cards
            assert alone is not None
            assert of_usage(alone.usage) == of_usage(card.usage)
            assert alone.sessions == card.sessions
            models = detail_of(ledger, card.id).models
            assert card.top_model == models[0].row.key
            assert added([of_usage(model.row.usage) for model in models]) == of_usage(card.usage)


def test_a_providers_detail_has_30_days_whatever_the_range_is(three: dict[str, Path], data: Path) -> None:
    with ledger_of(data, three) as ledger:
        found = detail_of(ledger, "claude")
        assert len(found.history.buckets) == 30
        assert added([of_usage(bucket.usage) for bucket in found.history.buckets]) == of_usage(found.month)
        assert of_usage(found.history.buckets[-1].usage) == of_usage(found.today)
        total = found.projects.total
        assert added([of_usage(row.usage) for row in found.projects.rows]) == of_usage(total.usage)
        assert added([of_usage(row.usage) for row in found.tiers]) == of_usage(total.usage)


def test_off_takes_it_out_of_everything_and_on_reads_nothing_again(three: dict[str, Path], data: Path) -> None:
    def everything() -> tuple[object, ...]:
        page = board(ledger)
        assert page.active_sessions is not None
        listed = [row.id for row in sessions_of(ledger)]
        return page.cards, page.providers, page.limits, page.calendar, page.breakdown, events_of(ledger), listed

    with ledger_of(data, three) as ledger:
        before = everything()
        theirs = {row.session for row in events_of(ledger, provider="claude")}
        assert theirs
        sources.switch(ledger, "claude", on=False)
        page = board(ledger)
        assert {card.id for card in page.providers or []} == {"codex", "gemini"}
        assert "claude" not in {limit.provider for limit in page.limits or []}
        assert "claude" not in {row.provider for row in events_of(ledger)}
        assert theirs.isdisjoint(row.id for row in sessions_of(ledger))
        assert page.calendar is not None
        assert page.cards is not None
        assert page.active_sessions is not None
        assert theirs.isdisjoint(session.id for session in page.active_sessions.sessions)
        assert "claude" not in {home.provider for home in ledger.read_homes()}, "neither scanned nor watched"
        assert ledger.scan().files == sum(len(list(three[one].rglob("*.json*"))) for one in ("codex", "gemini"))
        sources.switch(ledger, "claude", on=True)
        assert everything() == before
        again = ledger.scan()
        assert (again.files_read, again.bytes_read, again.events_added) == (0, 0, 0)
        assert everything() == before


@pytest.mark.parametrize("provider", [one.descriptor.id for one in PROVIDERS])
def test_the_audit_has_words_for_every_class_of_every_parser(provider: str, data: Path) -> None:
    def kinds(connection: Connection) -> set[str]:
        return {row[0] for row in connection.execute("SELECT DISTINCT kind FROM audit")}

    found = set[str]()
    for home in sorted(path for path in (FIXTURES / provider).iterdir() if path.is_dir()):
        with ledger_of(data / home.name, {provider: home}) as ledger, ledger.database.reading() as connection:
            found |= kinds(connection)
    assert found
    assert found <= set(audit.LABELS)


def test_sessions_can_be_asked_for_by_provider(three: dict[str, Path], data: Path) -> None:
    with ledger_of(data, three) as ledger, ledger.view("gemini", None, UTC) as view:
        assert {row.provider for row in session_page(view, SessionsRequest(range="alltime")).rows} == {"gemini"}
