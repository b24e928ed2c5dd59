"""C4: texts in names, filters, searches and sorts mean what they say, and none is a part of a statement.

Every text is the model, the effort, the tier, the project and the title of a session of its own. What is asked for by a
text is compared with what was written, by rules that are spelled out here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from tests.cli.run import run
from tests.security.using import ask, keep
from tests.services.support import rule
from tests.support.ledgers import Content, assert_sound, content, rows
from tests.support.proofs import Proved
from tests.support.rollout import Rollout, Usage
from tests.support.sql_payloads import MARK, NAMES
from tests.support.statements import heard

from tokendial.api.program import Program
from tokendial.errors import BadRequest, NotFound, TokendialError
from tokendial.services.ledger import Ledger

START_MS = 1_783_735_200_000
MINUTE = 60_000
WIDE = {"range": "alltime", "limit": 500}


class Named(NamedTuple):
    """A session that has a text everywhere, and what it used."""

    text: str
    id: str
    folder: str
    tokens: int


class World(NamedTuple):
    """The program over all of it, what it was told, and every statement that it ran."""

    program: Program
    named: list[Named]
    data: Path
    home: Path
    statements: set[str]

    def ask(self, name: str, /, **given: object) -> dict[str, Any]:
        return dict(ask(self.program, name, **given))


def write(home: Path) -> list[Named]:
    named, titles = [], []
    for number, text in enumerate(NAMES):
        log = Rollout(START_MS + number * MINUTE, number)
        folder = f"/w/{text}"
        log.meta(cwd=folder, originator=text).turn(text, text, cwd=folder)
        log.settings(model=text, service_tier=text, reasoning_effort=text)
        for response in range(1 + number % 2):
            log.prompt(f"please {text}").count(Usage(1000 + number, 0, 0, 10 + response))
        log.write(home)
        titles.append(json.dumps({"id": log.thread, "thread_name": text, "updated_at": "2026-01-01T00:00:00Z"}))
        named.append(Named(text, log.thread, folder, log.total.total))
    (home / "session_index.jsonl").write_text("\n".join(titles) + "\n")
    return named


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("sql")
    home, statements = folder / "codex", set[str]()
    named = write(home)
    with heard(lambda _connection, text: statements.add(text)):
        program = Program(Ledger(folder / "data", [("codex", home)], workers=0), "browser")
        try:
            ask(program, "ingest.refresh", wait=True)
            yield World(program, named, folder / "data", home, statements)
        finally:
            program.close()


@pytest.fixture
def before(world: World) -> Iterator[Content]:
    """What the ledger holds stays as it is, whatever is asked for; no text is a part of a statement."""
    schema = rows(world.program.own, "SELECT type, name, sql FROM sqlite_master ORDER BY 2")
    held = content(world.program.own)
    yield held
    assert content(world.program.own) == held
    assert rows(world.program.own, "SELECT type, name, sql FROM sqlite_master ORDER BY 2") == schema
    assert_sound(world.program.own)
    assert [text for text in world.statements if MARK in text] == []


def fits(one: Named, search: str) -> bool:
    """Every word, without regard to case, somewhere in title, id, project or model."""
    found = "\n".join((one.text, one.id, one.folder)).lower()
    return all(word in found for word in search.lower().split())


def shown(text: str) -> str:
    """A title is shown on one line."""
    return " ".join(text.split())


def test_c4_names_come_back_as_they_were_written(world: World, before: Content, proved: Proved) -> None:
    events = list_all(world)
    assert len(events) == len(before.events) == sum(1 + number % 2 for number in range(len(NAMES)))
    by_session = {one.id: one for one in world.named}
    for row in events:
        one = by_session[row["session"]]
        assert (row["model"], row["effort"], row["tier"]) == (one.text, one.text, one.text)
        assert (row["project"], shown(row["session_title"])) == (one.folder, shown(one.text))
    for by in ("model", "effort", "project"):
        found = world.ask("dashboard.get", range="alltime", breakdown=by, stack=by)
        assert found["errors"] == {}
        tokens = {row["key"]: row["usage"]["tokens"]["total_tokens"] for row in found["breakdown"]["rows"]}
        assert tokens == {one.folder if by == "project" else one.text: one.tokens for one in world.named}
    listed = world.ask("projects.list", range="alltime")["projects"]
    assert {one["path"]: one["usage"]["tokens"]["total_tokens"] for one in listed} == plain_folders(world)
    proved("C4", "texts as names", len(NAMES))


def plain_folders(world: World) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in world.named:
        key = one.folder.rstrip("/\\")
        found[key] = found.get(key, 0) + one.tokens
    return found


def below(world: World, folder: str) -> set[str]:
    """A folder as its logs spell it, with those below it."""
    every = {one.folder for one in world.named}
    return {one for one in every if one.rstrip("/\\") == folder or one.startswith((f"{folder}/", f"{folder}\\"))}


def list_all(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    at: str | None = None
    while True:
        page = world.ask("events.list", range="alltime", limit=100, at=at)
        found += page["rows"]
        if (at := page["next"]) is None:
            return found


@pytest.mark.usefixtures("before")
def test_c4_filters_choose_what_they_spell(world: World, proved: Proved) -> None:
    for one in world.named:
        of_model = world.ask("events.list", range="alltime", model=one.text)
        assert {row["session"] for row in of_model["rows"]} == {one.id}
        assert sum(row["tokens"]["total_tokens"] for row in of_model["rows"]) == one.tokens
        assert world.ask("events.list", range="alltime", session=one.text)["total"] == 0
        of_project = world.ask("sessions.list", range="alltime", project=one.folder.rstrip("/\\"))
        assert one.id in {row["id"] for row in of_project["rows"]}
        assert {row["project"].rstrip("/\\") for row in of_project["rows"]} == {one.folder.rstrip("/\\")}
        of_folder = world.ask("prompts.list", range="alltime", project=one.folder)
        assert {row["project"] for row in of_folder["rows"]} == below(world, one.folder.rstrip("/\\"))
        assert world.ask("prompts.list", range="alltime", session=one.text)["rows"] == []
    proved("C4", "filters", 5 * len(NAMES))


@pytest.mark.usefixtures("before")
def test_c4_a_search_finds_its_words_and_sorts_are_those_of_a_list(world: World, proved: Proved) -> None:
    for one in world.named:
        found = world.ask("sessions.list", search=one.text, **WIDE)
        assert {row["id"] for row in found["rows"]} == {other.id for other in world.named if fits(other, one.text)}
    for sort in ("title", "project", "model"):
        rows_of = world.ask("sessions.list", sort=sort, descending=False, **WIDE)["rows"]
        assert len(rows_of) == len(NAMES)
        if sort == "model":
            assert [row["model"] for row in rows_of] == sorted(one.text for one in world.named)
    proved("C4", "searches", len(NAMES))


@pytest.mark.usefixtures("before")
def test_c4_what_is_no_choice_is_refused_or_finds_nothing(world: World, proved: Proved) -> None:
    nothing, tried = {"responses": 0, "points": [], "removed": 0, "removed_before_ms": None}, 0
    for one in world.named:
        for name, given in refused(one.text):
            with pytest.raises((BadRequest, NotFound)):
                world.ask(name, **{"range": "alltime", **given} if name.endswith(".list") else given)
            tried += 1
        assert world.ask("session.timeline", id=one.text) == nothing
        tried += 1
    proved("C4", "texts where a choice is asked for", tried)


def refused(text: str) -> list[tuple[str, dict[str, object]]]:
    return [
        ("sessions.list", {"sort": text}),
        ("sessions.list", {"at": text}),
        ("sessions.list", {"range": text}),
        ("sessions.list", {"limit": text}),
        ("sessions.list", {"home": text}),
        ("events.list", {"at": text}),
        ("events.list", {"range": "custom", "start": text, "end": text}),
        ("prompts.list", {"after": text}),
        ("dashboard.get", {"breakdown": text}),
        ("dashboard.get", {"bucket": text}),
        *((name, {"provider": text}) for name in ("events.list", "sessions.list", "projects.list", "prompts.list")),
        ("export.start", {"what": text, "format": "csv"}),
        ("session.get", {"id": text}),
        ("prompts.get", {"id": text}),
        ("homes.rescan", {"id": text}),
        ("projects.rename", {"key": text, "name": "x"}),
        ("provider.get", {"id": text}),
        (text, {}),
    ]


@pytest.mark.usefixtures("before")
def test_c4_names_that_a_person_gives_are_kept_as_they_are(world: World, tmp_path: Path, proved: Proved) -> None:
    (home,) = world.ask("homes.list")["homes"]
    kept = 0
    for one in world.named:
        wanted = " ".join(one.text.split())
        labelled = world.ask("homes.update", id=home["id"], label=one.text)["homes"]
        assert [" ".join(other["label"].split()) for other in labelled] == [wanted]
        if len(wanted) <= 80 and wanted.isprintable():
            named = world.ask("projects.rename", key=one.folder.rstrip("/\\"), name=one.text)["names"]
            assert named[one.folder] == wanted
            kept += 1
    assert kept > 200
    keep(world.program, tmp_path / "all.json", "export.start", range="alltime", what="sessions", format="json")
    exported = json.loads((tmp_path / "all.json").read_text())["rows"]
    assert sorted(row["model"] for row in exported) == sorted(one.text for one in world.named)
    proved("C4", "names given by a person", kept + len(NAMES))


@pytest.mark.usefixtures("before")
def test_c4_a_price_rule_holds_for_the_models_that_it_spells(world: World, proved: Proved) -> None:
    spelled = {one.text.lower(): one for one in world.named if "*" not in one.text and one.text == one.text.strip()}
    rules = [msgspec.to_builtins(rule(one.text, str(at), "0")) for at, one in enumerate(spelled.values(), start=1)]
    world.ask("pricing.save", rules=rules)
    try:
        found = {row["model"]: row for row in list_all(world)}
        for at, one in enumerate(spelled.values(), start=1):
            row = found[one.text]
            assert float(row["cost_usd"]) == pytest.approx(row["tokens"]["input_tokens"] * at / 1e6)
        starred = [one for one in world.named if "*" in one.text and one.text not in (".*", "*")]
        assert {found[one.text]["cost_usd"] for one in starred} == {None}
    finally:
        world.ask("pricing.save", rules=[])
    proved("C4", "price rules", len(rules))


def test_c4_the_command_takes_texts_as_they_are(world: World, proved: Proved) -> None:
    options = ("--data-dir", world.data, "--codex-home", world.home)
    reported = run("report", "--by", "model", "--json", *options)
    assert {row["key"] for row in reported.json["rows"]} == {one.text for one in world.named}
    tried = [one.text for one in world.named if not one.text.startswith("-")][::40]
    for text in tried:
        done = run("audit", text, "--no-scan", *options)
        assert done.code == 1, done.out
        assert "session" in done.err.lower()
    proved("C4", "commands", 1 + len(tried))


def test_c4_every_statement_was_heard(world: World) -> None:
    assert len(world.statements) > 40
    assert any("SELECT" in text for text in world.statements)
    with pytest.raises(TokendialError):
        world.ask("session.get", id=MARK)
    assert not any(MARK in text for text in world.statements)
