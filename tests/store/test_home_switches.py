"""Homes that are switched, cleared and read again: what is shown is always what the homes that are on hold.

The measure is a ledger begun afresh over those homes alone: nothing may be hidden because another home, which is off or
was cleared, held it as well (ownership is settled again), and nothing may be counted twice.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.test_families import careless_fork, fork, review_pair
from tests.support.ledgers import assert_sound, content, ledger_of, rows, scan_once
from tests.support.rollout import Rollout, session, usage

from tokendial.services.ledger import Ledger
from tokendial.store import homes

NAMES = ("one", "two", "three")
_SHOWN = (
    "SELECT s.id, e.time_ms, l.model, l.effort, l.tier, l.project, e.input, e.cache_read, e.cache_write, "
    "e.cache_write_1h, e.output, e.reasoning, e.flags & 255 FROM usage_event e JOIN session s ON s.num = e.session_num "
    "JOIN label_set l ON l.id = e.label_id JOIN home h ON h.id = l.home_id "
    "WHERE e.status = 0 AND h.active = 1 ORDER BY 1, 2, 7, 8, 9, 10, 11"
)


def shown(ledger: Ledger) -> list[tuple[Any, ...]]:
    """The responses that the homes that are on count."""
    return rows(ledger, _SHOWN)


def identity(ledger: Ledger, folder: Path) -> int:
    return next(row.id for row in ledger.homes() if row.path == str(folder.resolve()))


def family() -> list[Rollout]:
    """A parent, a fork of it that is marked, one that is not, and a review with its mirror."""
    parent = session(4)
    return [parent, fork(parent, 1, 50, 51), careless_fork(parent, 2, 60), *review_pair()]


def expected(folder: Path, *places: Path) -> list[tuple[Any, ...]]:
    """What a fresh ledger of these homes counts."""
    return scan_once(folder, *places).events if places else []


@pytest.mark.parametrize("make", [careless_fork, fork])
def test_what_a_home_that_is_off_owned_is_counted_where_it_is_held_too(
    tmp_path: Path, data: Path, make: Callable[..., Rollout]
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    parent = session(3)
    child = make(parent, 1, 50)
    parent.write(one)
    child.write(two)
    with ledger_of(data, one, two) as ledger:
        ledger.scan()
        both = shown(ledger)
        ledger.switch_home(identity(ledger, one), active=False)
        assert_sound(ledger)
        assert shown(ledger) == expected(tmp_path / "fresh", two)
        ledger.switch_home(identity(ledger, one), active=True)
        assert shown(ledger) == both == expected(tmp_path / "whole", one, two)


def test_a_copy_that_needs_the_next_response_as_evidence_is_decided_by_what_is_on(tmp_path: Path, data: Path) -> None:
    """R6b: a counter's first response is a copy only if the next matches; that next one lies in a home that is off."""
    parent = session(2)
    stub, rest = Rollout(), Rollout()
    stub.lines, rest.lines = parent.lines[:4], [*parent.lines[:2], *parent.lines[4:]]
    child = careless_fork(parent, 1)
    places = [tmp_path / name for name in NAMES]
    for rollout, place in zip((stub, rest, child), places, strict=True):
        rollout.write(place)
    with ledger_of(data, *places) as ledger:
        ledger.scan()
        for number, place in enumerate(places):
            ledger.switch_home(identity(ledger, place), active=False)
            assert_sound(ledger)
            assert shown(ledger) == expected(tmp_path / f"without-{number}", *(p for p in places if p != place))
            ledger.switch_home(identity(ledger, place), active=True)


STEPS = st.tuples(
    st.sampled_from(["switch", "write", "clear", "reread", "remove"]), st.integers(0, 2), st.integers(0, 4)
)


@given(st.lists(STEPS, min_size=1, max_size=7))
@settings(max_examples=60)
def test_whatever_is_done_to_homes_the_rest_is_as_in_a_fresh_ledger(steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        places = [folder / each for each in NAMES]
        for number, rollout in enumerate(family()):
            rollout.write(places[number % 3])
        off, cleared, gone = set[Path](), set[Path](), set[Path]()
        with ledger_of(folder / "data", *places) as ledger:
            ledger.scan()
            for number, (step, at, which) in enumerate(steps):
                place, rollout = places[at], family()[which]
                if place in gone:
                    homes.add(ledger.database, "codex", str(place))
                    gone.discard(place)
                elif step == "switch":
                    off ^= {place}
                    ledger.switch_home(identity(ledger, place), active=place not in off)
                elif step == "write":
                    rollout.write(place)
                elif step == "clear":
                    cleared.add(place)
                    ledger.clear_home(identity(ledger, place), 1)
                elif step == "reread":
                    cleared.discard(place)
                    ledger.reread_home(identity(ledger, place))
                else:
                    ledger.remove_home(identity(ledger, place))
                    gone.add(place)
                    off.discard(place)
                    cleared.discard(place)
                ledger.scan()
                assert_sound(ledger)
                on = [each for each in places if each not in off | cleared | gone]
                assert shown(ledger) == expected(folder / f"fresh-{number}", *on)


# -- cleared homes (W35) ------------------------------------------------------------------------------------------


def test_a_cleared_home_stays_cleared_until_it_is_read_again(tmp_path: Path, data: Path) -> None:
    one = tmp_path / "one"
    rollout = session(3)
    path = rollout.write(one)
    with ledger_of(data, one) as ledger:
        ledger.scan()
        ledger.clear_home(identity(ledger, one), 7)
        for table in ("usage_event", "usage_rollup", "session", "source_file", "prompt", "audit", "file_state"):
            assert rows(ledger, f"SELECT count(*) FROM {table}") == [(0,)], table
        ledger.scan(only={str(path)})
        assert ledger.scan().files == 0
        path.write_bytes(rollout.count(usage(9)).bytes())
        session(2, number=1, first=70).write(one)
        ledger.scan()
        homes.add(ledger.database, "codex", str(one.resolve()))
        ledger.scan()
        assert shown(ledger) == []
    with ledger_of(data, one) as ledger:
        ledger.scan()
        assert (shown(ledger), ledger.homes()[0].cleared_ms) == ([], 7)
        ledger.reread_home(identity(ledger, one))
        ledger.scan()
        assert_sound(ledger)
        assert shown(ledger) == expected(tmp_path / "fresh", one)
        assert ledger.homes()[0].cleared_ms is None


def test_clearing_leaves_to_other_homes_what_they_hold(tmp_path: Path, data: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for rollout in family():
        rollout.write(one)
    family()[2].write(two)
    session(2, number=3, first=90).write(two)
    with ledger_of(data, one, two) as ledger:
        ledger.scan()
        ledger.clear_home(identity(ledger, one), 7)
        ledger.scan()
        assert_sound(ledger)
        assert shown(ledger) == expected(tmp_path / "fresh", two)


def test_reading_again_replaces_and_keeps_what_only_the_ledger_has(tmp_path: Path, data: Path) -> None:
    one = tmp_path / "one"
    kept, deleted = session(3), session(2, number=1, first=70)
    kept.write(one)
    path = deleted.write(one)
    with ledger_of(data, one) as ledger:
        ledger.scan()
        path.unlink()
        ledger.scan()
        before = content(ledger)
        ledger.reread_home(identity(ledger, one))
        assert content(ledger) == before, "nothing is lost while it waits for the scan"
        report = ledger.scan()
        assert (report.files_read, report.events_added) == (1, 0)
        assert report.bytes_read == kept.path(one).stat().st_size
        assert content(ledger) == before
        assert ledger.scan().files_read == 0
        assert_sound(ledger)


def test_what_would_be_lost_is_what_is_lost(tmp_path: Path, data: Path) -> None:
    from tokendial.services.home_loss import loss

    places = [tmp_path / name for name in NAMES]
    for number, rollout in enumerate(family()):
        rollout.write(places[number % 2])
    family()[0].write(places[2])
    total = (
        "SELECT coalesce(sum(input + cache_read + cache_write + output), 0), count(*) FROM usage_event WHERE status = 0"
    )
    for number in range(3):
        with ledger_of(data / str(number), *places) as ledger:
            ledger.scan()
            home = identity(ledger, places[number])
            said = loss(ledger, home)
            before = (*rows(ledger, total)[0], rows(ledger, "SELECT count(*) FROM session")[0][0])
            ledger.remove_home(home)
            after = (*rows(ledger, total)[0], rows(ledger, "SELECT count(*) FROM session")[0][0])
            lost = tuple(a - b for a, b in zip(before, after, strict=True))
            assert (said.usage.tokens.total_tokens, said.usage.events, said.sessions) == lost
