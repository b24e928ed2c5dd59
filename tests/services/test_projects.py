"""Projects over real logs: their sum is the cards', names hold everywhere, sessions are found by project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.parity.logs import DAY, MINUTE, Log
from tests.services.support import UTC, board, ledger_of, now_ms, pico, program_of, sessions_of

from tokendial.errors import BadRequest, NotFound
from tokendial.services import projects as service
from tokendial.services.contract.common import Empty
from tokendial.services.contract.projects import ProjectRename, Projects, ProjectsRequest
from tokendial.services.ledger import Ledger


def listed(ledger: Ledger, **request: object) -> Projects:
    wanted = ProjectsRequest(**{"range": "alltime", **request})
    with ledger.view(wanted.provider, wanted.home, UTC) as view:
        return service.listed(view, ledger.repositories, wanted)


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str]:
    """A repository with two working directories, and a plain folder."""
    shop = tmp_path / "code" / "shop"
    (shop / ".git").mkdir(parents=True)
    (shop / "api").mkdir()
    plain = tmp_path / "code" / "notes"
    plain.mkdir()
    return {"shop": str(shop), "api": str(shop / "api"), "notes": str(plain)}


@pytest.fixture
def ledger(tmp_path: Path, folders: dict[str, str]) -> Iterator[Ledger]:
    home, now = tmp_path / "home", now_ms()
    home.mkdir()
    for number, (name, back) in enumerate([("shop", 3), ("api", 0), ("notes", 1), ("api", 2)], 1):
        start = now - back * DAY - 5 * MINUTE
        Log(home, start, number, cwd=folders[name]).turn(start, cwd=folders[name]).respond(
            start + MINUTE, 1_000 * number
        ).save()
    with ledger_of(tmp_path / "data", home) as made:
        yield made


def test_the_projects_add_up_to_the_cards(ledger: Ledger, folders: dict[str, str]) -> None:
    found = listed(ledger)
    cards = board(ledger).cards
    assert cards is not None
    assert found.total == cards.usage
    assert sum(pico(one.usage.cost.usd) for one in found.projects) == pico(cards.usage.cost.usd)
    assert sum(one.usage.tokens.total_tokens for one in found.projects) == cards.usage.tokens.total_tokens
    assert sum(one.share for one in found.projects) == pytest.approx(100)
    assert {one.key for one in found.projects} == {folders["shop"], folders["notes"]}
    for one in found.projects:
        assert sum(pico(part.usage.cost.usd) for part in one.folders) == pico(one.usage.cost.usd)
        assert sum(one.sparkline) == pytest.approx(float(one.usage.cost.usd or 0))


def test_a_repository_has_its_folders_sessions_and_today(ledger: Ledger, folders: dict[str, str]) -> None:
    shop = next(one for one in listed(ledger).projects if one.key == folders["shop"])
    assert (shop.name, shop.named, shop.repository, shop.providers) == ("shop", False, True, ["codex"])
    assert (shop.sessions, shop.usage.events, shop.today.events) == (3, 3, 1)
    assert [(one.path, one.sessions, one.usage.events) for one in shop.folders] == [
        (folders["api"], 2, 2),
        (folders["shop"], 1, 1),
    ]
    assert shop.last_ms == max(one.last_ms or 0 for one in shop.folders)
    assert sum(one.tokens for one in shop.models) == shop.usage.tokens.total_tokens


def test_the_range_and_the_filter_hold(ledger: Ledger, folders: dict[str, str]) -> None:
    today = listed(ledger, range="today")
    assert [(one.key, one.usage) for one in today.projects] == [(folders["shop"], today.total)]
    assert today.total == today.today
    assert listed(ledger, provider="claude").projects == []


def test_sessions_are_found_by_project(ledger: Ledger, folders: dict[str, str]) -> None:
    assert {row.project for row in sessions_of(ledger, project=folders["shop"])} == {folders["shop"], folders["api"]}
    assert [row.project for row in sessions_of(ledger, project=folders["notes"])] == [folders["notes"]]
    assert sessions_of(ledger, project="/nowhere") == []


def test_a_name_holds_for_every_folder_and_can_be_taken_away(
    tmp_path: Path, ledger: Ledger, folders: dict[str, str]
) -> None:
    with program_of(tmp_path / "data", tmp_path / "home") as program:
        named = program.rename_project(ProjectRename(folders["shop"], "  The \n shop "))
        assert named.names == {folders["shop"]: "The shop", folders["api"]: "The shop"}
        shop = next(one for one in program.projects(ProjectsRequest(range="alltime")).projects if one.named)
        assert (shop.name, shop.key) == ("The shop", folders["shop"])
    with program_of(tmp_path / "data", tmp_path / "home") as program:
        assert program.project_names(Empty()).names[folders["api"]] == "The shop"
        assert program.rename_project(ProjectRename(folders["shop"], None)).names == {}


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\u202eb", "a\0b"])
def test_a_name_that_cannot_be_is_refused(ledger: Ledger, folders: dict[str, str], name: str) -> None:
    with pytest.raises(BadRequest) as caught:
        service.rename(ledger, ledger.repositories, ProjectRename(folders["shop"], name))
    assert caught.value.details["field"] == "name"


def test_only_known_projects_are_named(ledger: Ledger, folders: dict[str, str]) -> None:
    for key in ("/nowhere", "", folders["api"]):
        with pytest.raises(NotFound):
            service.rename(ledger, ledger.repositories, ProjectRename(key, "x"))


def test_responses_without_a_folder_are_a_project_of_their_own(tmp_path: Path) -> None:
    home, start = tmp_path / "home", now_ms() - DAY
    home.mkdir()
    Log(home, start, cwd=None).turn(start, cwd="").respond(start + MINUTE, 900).save()
    with ledger_of(tmp_path / "data", home) as ledger:
        (only,) = listed(ledger).projects
        assert (only.key, only.name, only.repository) == ("", "No folder", False)
        assert only.usage == listed(ledger).total
