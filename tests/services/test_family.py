"""Families of sessions as trees: deep, wide, in circles, with parents that nobody knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.parity.logs import MINUTE, Log, ms
from tests.services.support import ledger_of, session_of

from tokendial.services import family
from tokendial.services.contract.sessions import FamilyMember

START = ms("2025-03-01T10:00:00Z")


def born(home: Path, number: int, parent: str | None = None) -> str:
    at = START + number * MINUTE
    more = {} if parent is None else {"forked_from_id": parent}
    return Log(home, at, number, **more).turn(at).respond(at + 1, 900 + number).save().id


def lines(members: list[FamilyMember]) -> list[tuple[str, int]]:
    return [(one.session.id, one.depth) for one in members]


def test_a_session_alone_has_no_family(home: Path, data: Path) -> None:
    one, orphan = born(home, 1), born(home, 2, "0195aaaa-0000-7000-8000-00000000000f")
    with ledger_of(data, home) as ledger:
        assert session_of(ledger, one).family == []
        assert session_of(ledger, orphan).family == [], "a parent that is not known is no member"
        assert session_of(ledger, orphan).session.parent_id is not None


def test_children_of_children_stand_below_them(home: Path, data: Path) -> None:
    eldest = born(home, 1)
    first, second = born(home, 2, eldest), born(home, 3, eldest)
    below = born(home, 4, first)
    lowest = born(home, 5, below)
    wanted = [(eldest, 0), (first, 1), (below, 2), (lowest, 3), (second, 1)]
    with ledger_of(data, home) as ledger:
        for one in (eldest, below, second, lowest):
            assert lines(session_of(ledger, one).family) == wanted


def test_a_chain_of_sixty(home: Path, data: Path) -> None:
    ids = [born(home, 0)]
    for number in range(1, 60):
        ids.append(born(home, number, ids[-1]))
    with ledger_of(data, home) as ledger:
        assert lines(session_of(ledger, ids[59]).family) == [(one, depth) for depth, one in enumerate(ids)]


def test_parents_in_a_circle_end_somewhere(home: Path, data: Path) -> None:
    first = born(home, 1)
    second = born(home, 2, first)
    with ledger_of(data, home) as ledger:
        with ledger.database.writing() as connection:
            connection.execute("UPDATE session SET parent = ? WHERE id = ?", (second, first))
        for one in (first, second):
            assert {member.session.id for member in session_of(ledger, one).family} == {first, second}
        with ledger.database.writing() as connection:
            connection.execute("UPDATE session SET parent = id WHERE id = ?", (first,))
        assert lines(session_of(ledger, first).family) == [(first, 0), (second, 1)]


def test_more_members_than_are_shown_are_told(home: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    eldest = born(home, 0)
    children = [born(home, number, eldest) for number in range(1, 9)]
    with ledger_of(data, home) as ledger:
        assert (len(session_of(ledger, eldest).family), session_of(ledger, eldest).family_cut) == (9, False)
        monkeypatch.setattr(family, "MAX_MEMBERS", 4)
        cut = session_of(ledger, eldest)
        assert (lines(cut.family), cut.family_cut) == ([(eldest, 0), *((one, 1) for one in children[:3])], True)
        late = session_of(ledger, children[-1])
        assert (lines(late.family), late.family_cut) == ([(eldest, 0), (children[-1], 1)], True)
