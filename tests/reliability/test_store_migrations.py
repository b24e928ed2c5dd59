"""S7: a ledger of each earlier version is migrated wholly or not at all, whenever that is interrupted.

The ledgers that are migrated are those of every version of the schema that there was, and none at all.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.reliability.failing_probe import quiet
from tests.support.failing_io import KILL, fail, needs_failing_io
from tests.support.forks import Forks
from tests.support.ledgers import Content, assert_sound, content, file_of, ledger_of, scan_once
from tests.support.older import Dump, dump, make_older, version_of
from tests.support.proofs import Proved, Size
from tests.support.rollout import Rollout, session, usage

from tokendial.services import backups
from tokendial.store.migrations import MIGRATIONS, SCHEMA_VERSION

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="only where processes fork and are killed")
EARLIER = list(range(1, SCHEMA_VERSION))
NAMES = [MIGRATIONS[version - 1].name for version in EARLIER]


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """Everything loaded once; a probe is a fork of it."""
    with Forks() as opened:
        yield opened


@pytest.fixture
def newest(home: Path, data: Path) -> Content:
    """The content of a ledger of this version: sessions, a fork, a line that is refused."""
    parent = session(6)
    parent.write(home)
    for number in range(1, 4):
        session(6, number=number, first=number * 100).raw(b"bad line").write(home)
    fork = Rollout(number=7).meta(forked_from_id=parent.thread).turn()
    fork.copy(parent, [line for line in parent.lines if b"token_count" in line]).count(usage(7000)).write(home)
    return scan_once(data, home)


@pytest.fixture
def dumps(newest: Content, home: Path, data: Path, tmp_path: Path) -> dict[int, Dump]:
    """All that a ledger of each version holds; each lies as a file beside, named by `earlier`."""
    found = {SCHEMA_VERSION: dump(file_of(data, home))}
    for version in EARLIER:
        make_older(file_of(data, home), earlier(tmp_path, version), version)
        found[version] = dump(earlier(tmp_path, version))
    return found


def earlier(folder: Path, version: int) -> Path:
    return folder / f"schema-{version}.sqlite3"


def kept_by(path: Path) -> dict[int, Path]:
    """The copies that were made before a migration, by the version that they should be of."""
    places = {version: path.with_name(f"{path.name}.before-{MIGRATIONS[version].name}") for version in EARLIER}
    return {version: place for version, place in places.items() if place.exists()}


def assert_old_or_new(path: Path, old: int, dumps: dict[int, Dump]) -> None:
    """The file is that of one version, wholly; what was before it is kept, wholly."""
    version = version_of(path)
    assert version in dumps and version >= old
    assert dump(path) == dumps[version]
    kept = kept_by(path)
    assert version == old or old in kept
    for one, place in kept.items():
        assert version_of(place) == one
        assert dump(place) == dumps[one]


@pytest.mark.parametrize("version", EARLIER, ids=NAMES)
def test_s7_an_earlier_ledger_is_kept_as_it_was_and_restores(
    version: int, home: Path, data: Path, tmp_path: Path, newest: Content, dumps: dict[int, Dump], proved: Proved
) -> None:
    path = file_of(data, home)
    shutil.copy(earlier(tmp_path, version), path)
    with ledger_of(data, home) as ledger:
        assert ledger.notice is None
        assert content(ledger) == newest
        assert_sound(ledger)
        assert ledger.scan().events_added == 0
    assert_old_or_new(path, version, dumps)
    assert list(kept_by(path)) == [version], "one copy, however many steps"
    shutil.move(kept_by(path)[version], tmp_path / "kept")
    shutil.rmtree(data)
    with ledger_of(data, home) as ledger:
        backups.restore(ledger, tmp_path / "kept", quiet())
        assert content(ledger) == newest
        assert_sound(ledger)
    assert dump(path) == dumps[SCHEMA_VERSION]
    assert dump(tmp_path / "kept") == dumps[version], "it is only read"
    proved("S7", "earlier ledgers that were kept and restored", 1)


@needs_fork
@pytest.mark.parametrize("version", EARLIER, ids=NAMES)
def test_s7_killed_at_each_step_it_is_old_or_new(
    version: int,
    forks: Forks,
    home: Path,
    data: Path,
    tmp_path: Path,
    newest: Content,
    dumps: dict[int, Dump],
    size: Size,
    proved: Proved,
) -> None:
    """Before every statement of the start, and in the midst of it."""
    path, chance, kills, met = file_of(data, home), random.Random(version), 0, set[int]()

    def again() -> None:
        shutil.rmtree(data)
        data.mkdir()
        shutil.copy(earlier(tmp_path, version), path)

    again()
    stops = stops_of(forks, path)
    assert_old_or_new(path, version, dumps)
    for statement, within in enumerate(stops, start=1):
        for stop in (0, *(chance.randint(1, max(1, within)) for _ in range(size(2, 19)))):
            again()
            assert forks.run("open_and_die", path, statement, stop) == -signal.SIGKILL
            kills += 1
            assert_old_or_new(path, version, dumps)
            met.add(version_of(path))
            with ledger_of(data, home) as ledger:
                assert ledger.notice is None
                assert stop or content(ledger) == newest
            assert dump(path) == dumps[SCHEMA_VERSION]
            assert version in kept_by(path)
            assert [one for one in data.iterdir() if "part" in one.name] == []
    # The newest is met only by chance, within the last commit; every one of these starts reached it afterwards.
    assert met - {SCHEMA_VERSION} == set(range(version, SCHEMA_VERSION)), "the kills fell between all steps"
    proved("S7", "kills", kills)


def stops_of(forks: Forks, path: Path) -> list[int]:
    """Of each statement of a start, how often it can be stopped within."""
    probe = forks.start("open_and_die", path, 0, 0)
    said = probe.line()
    assert said is not None and probe.end() == 0
    found: list[int] = json.loads(said)
    return found


@needs_fork
def test_s7_killed_at_each_step_of_the_first_start_there_is_a_ledger_or_none(
    forks: Forks, home: Path, data: Path, newest: Content, size: Size, proved: Proved
) -> None:
    path, chance, kills, met = file_of(data, home), random.Random(0), 0, set[bool]()

    def again() -> None:
        shutil.rmtree(data)
        data.mkdir()

    again()
    stops = stops_of(forks, path)
    for statement, within in enumerate(stops, start=1):
        for stop in (0, *(chance.randint(1, max(1, within)) for _ in range(size(2, 19)))):
            again()
            assert forks.run("open_and_die", path, statement, stop) == -signal.SIGKILL
            kills += 1
            met.add(path.exists())
            assert not path.exists() or version_of(path) == SCHEMA_VERSION
            with ledger_of(data, home) as ledger:
                assert ledger.notice is None
                if not stop:
                    ledger.scan()
                    assert content(ledger) == newest
            assert version_of(path) == SCHEMA_VERSION
            assert not path.with_name(f"{path.name}.new").exists()
    assert met == {False, True}
    proved("S7", "kills", kills)


@needs_failing_io
@pytest.mark.parametrize("version", EARLIER, ids=NAMES)
@pytest.mark.parametrize("error", [KILL, errno.EIO, errno.ENOSPC], ids=["kill", "failing disk", "full disk"])
def test_s7_stopped_at_a_call_to_the_system_it_is_old_or_new(
    version: int,
    error: int,
    home: Path,
    data: Path,
    tmp_path: Path,
    dumps: dict[int, Dump],
    size: Size,
    proved: Proved,
) -> None:
    """The kill tears a write in two: of the copy that is kept, of the log, of the file."""
    path = file_of(data, home)
    shutil.rmtree(data)
    data.mkdir()
    shutil.copy(earlier(tmp_path, version), path)
    outcome = fail("start", data, home, error=error, points=size(12, 100_000), lasting=error == errno.ENOSPC)
    assert outcome.told > outcome.points // 2
    what = {KILL: "kills within calls to the system", errno.EIO: "failing calls", errno.ENOSPC: "writes without room"}
    proved("S7", what[error], outcome.points)
