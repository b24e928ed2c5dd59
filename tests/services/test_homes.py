"""Homes: what is checked before one is added, and that one place is one home however it is spelled."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.parity.logs import Log
from tests.services.support import ledger_of

from tokendial.errors import HomeUnavailable, NotFound
from tokendial.services import home_check, homes
from tokendial.services.contract.homes import HomeCheck
from tokendial.services.ledger import Ledger
from tokendial.store import homes as stored


@pytest.fixture
def ledger(data: Path) -> Iterator[Ledger]:
    opened = Ledger(data)
    yield opened
    opened.close()


def check(ledger: Ledger, text: str) -> HomeCheck:
    return home_check.check("codex", text, ledger.homes())


def test_a_check_says_what_is_there(ledger: Ledger, home: Path) -> None:
    first = Log(home, "2025-03-01").save()
    second = Log(home, "2025-03-02", 2, archived=True).save()
    (home / "sessions" / "notes.jsonl").write_text("not a rollout")
    size = first.path.stat().st_size + second.path.stat().st_size
    assert check(ledger, f"  {home} ") == HomeCheck(
        path=str(home), exists=True, files=2, bytes=size, first_day="2025-03-01", last_day="2025-03-02"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Type a folder"),
        ("   ", "Type a folder"),
        ("{tmp}/absent", "does not exist"),
        ("{tmp}/file", "is a file"),
        ("{tmp}/file/below", "cannot be reached"),
        ("{tmp}/" + "x" * 5000, "cannot be reached"),
        ("{tmp}/a\0b", "cannot be reached"),
        ("{tmp}/dangling", "does not exist"),
        ("$NOT_SET_ANYWHERE/x", "does not exist"),
    ],
)
def test_what_cannot_be_a_home_is_said_in_words(ledger: Ledger, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "dangling").symlink_to(tmp_path / "absent")
    given = text.replace("{tmp}", str(tmp_path))
    assert words in (check(ledger, given).problem or "")
    with pytest.raises(HomeUnavailable, match=words):
        homes.add(ledger.database, "codex", given, "")
    assert ledger.homes() == []


def test_a_folder_without_logs_may_be_added(ledger: Ledger, home: Path) -> None:
    assert check(ledger, str(home)).problem is None
    homes.add(ledger.database, "codex", str(home), "new")
    (row,) = homes.listed(ledger.database)
    assert (row.state, row.files, row.label, row.active) == ("empty", 0, "new", True)


@pytest.mark.parametrize("spelling", ["~/logs", "$HOME/logs", "${HOME}/logs/", "~/logs/../logs", "link", "relative"])
def test_every_spelling_is_the_same_place(
    ledger: Ledger, clean_environment: Path, tmp_path: Path, spelling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = clean_environment / "logs"
    place.mkdir()
    link = tmp_path / "link"
    link.symlink_to(place)
    monkeypatch.chdir(clean_environment)
    given = {"link": str(link), "relative": "logs"}.get(spelling, spelling)
    number = homes.add(ledger.database, "codex", str(place), "first")
    checked = check(ledger, given)
    assert (checked.path, checked.duplicate_of) == (os.path.realpath(place), number)
    stored.update(ledger.database, number, label=None, active=False)
    assert homes.add(ledger.database, "codex", given, "") == number
    (row,) = ledger.homes()
    assert (row.label, row.active) == ("first", True), "adding it again switches it on"


def test_an_unknown_provider_is_told(ledger: Ledger, home: Path) -> None:
    with pytest.raises(NotFound):
        home_check.check("nobody", str(home), [])


def test_homes_are_updated_and_removed(home: Path, data: Path) -> None:
    Log(home, "2025-03-01").turn("2025-03-01").respond("2025-03-01T01:00:00Z").save()
    with ledger_of(data, home) as ledger:
        (row,) = ledger.homes()
        assert row.files == 1
        assert row.last_seen_ms is not None
        assert stored.update(ledger.database, row.id, label="mine", active=None)
        assert stored.update(ledger.database, row.id, label=None, active=False)
        assert [(one.label, one.active) for one in ledger.homes()] == [("mine", False)]
        assert not stored.update(ledger.database, 99, label="x", active=None)
        with pytest.raises(NotFound):
            ledger.remove_home(99)
        ledger.remove_home(row.id)
        assert ledger.homes() == []


def test_states_of_homes(ledger: Ledger, tmp_path: Path) -> None:
    for name in ("full", "empty", "gone"):
        (tmp_path / name).mkdir()
        homes.add(ledger.database, "codex", str(tmp_path / name), name)
    Log(tmp_path / "full", "2025-03-01").save()
    (tmp_path / "gone").rmdir()
    assert ledger.scan().problems == [f"{tmp_path / 'gone'}: the folder does not exist"]
    assert {one.label: one.state for one in homes.listed(ledger.database)} == {
        "full": "ok", "empty": "empty", "gone": "missing",
    }  # fmt: skip


def test_the_first_start_takes_the_homes_that_exist(
    data: Path, clean_environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Ledger(data / "none")
    assert opened.homes() == []
    places = [".codex", ".claude", ".config/claude", ".gemini"]
    assert [(one.path, one.exists) for one in homes.looked_at()] == [
        (str(clean_environment / place), False) for place in places
    ]
    opened.close()
    (clean_environment / ".codex").mkdir()
    opened = Ledger(data / "none")
    assert [one.path for one in opened.homes()] == [str(clean_environment / ".codex")], "installed since"
    opened.close()
    (tmp_path / "b").mkdir()
    monkeypatch.setenv("CODEX_HOME", f"{tmp_path}/a, {tmp_path}/b,")
    opened = Ledger(data / "two")
    assert [one.path for one in opened.homes()] == [str(tmp_path / "b")]
    assert [one.exists for one in homes.looked_at() if one.provider == "codex"] == [False, True]
    opened.close()
