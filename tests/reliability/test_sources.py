"""Logs that go away, come back or are read again: what was counted stays and is not counted twice (R10, R11, R5)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.support.agents import AgentLog, every_agent, home_of, session_of
from tests.support.ledgers import (
    assert_sound,
    clean_content,
    connect,
    content,
    counted,
    file_of,
    ledger_of,
    rows,
    scan_once,
)
from tests.support.namespaces import needs_namespaces, run_apart
from tests.support.ordinary import drop, needs_modes
from tests.support.processes import finish, start
from tests.support.proofs import Proved, Size

Home = tuple[str, Path]


def fill(agent: type[AgentLog], home: Path, sessions: int = 4, first: int = 0) -> list[Path]:
    """Sessions, one of them copied elsewhere, each with a line that is refused."""
    paths = []
    for number in range(first, first + sessions):
        log = session_of(agent, 5, number, first=number * 100)
        log.raw(b'{"torn')
        paths.append(log.write(home))
        if number == first + 1:
            paths.append(log.write(home, elsewhere=True))
    return paths


# -- R10 -------------------------------------------------------------------------------------------------------------


@every_agent
@pytest.mark.parametrize("kept", [0, 2])
def test_r10_logs_that_the_agent_deletes_stay_counted(
    kept: int, agent: type[AgentLog], proved: Proved, tmp_path: Path
) -> None:
    home, data = home_of(agent, tmp_path), tmp_path / "data"
    paths = fill(agent, home[1])
    wanted = scan_once(data, home)
    for path in paths[kept:]:
        path.unlink()
    for _ in range(2):
        assert scan_once(data, home) == wanted
    with ledger_of(data, home) as ledger:
        gone = rows(ledger, "SELECT count(*) FROM source_file WHERE status = 'gone'")[0][0]
        assert gone == len(paths) - kept
    fill(agent, home[1])
    assert scan_once(data, home) == wanted, "what comes back from a backup is known already"
    proved("R10", "clean-ups of an agent", 1)


@every_agent
def test_r10_an_agent_that_is_removed_and_installed_again(
    agent: type[AgentLog], proved: Proved, tmp_path: Path
) -> None:
    home, data = home_of(agent, tmp_path), tmp_path / "data"
    fill(agent, home[1])
    before = scan_once(data, home)
    shutil.rmtree(home[1])
    home_of(agent, tmp_path)
    assert scan_once(data, home) == before
    fill(agent, home[1], 2, first=20)
    after = scan_once(data, home)
    assert len(after.events) == len(before.events) + 10
    fill(agent, home[1])
    assert after == clean_content(tmp_path / "clean", home)
    proved("R10", "new installations", 1)


@every_agent
def test_r10_a_home_that_vanishes_is_told_and_stays_counted(
    agent: type[AgentLog], proved: Proved, tmp_path: Path
) -> None:
    home, data = home_of(agent, tmp_path), tmp_path / "data"
    fill(agent, home[1])
    with ledger_of(data, home) as ledger:
        ledger.scan()
        wanted = content(ledger)
        home[1].rename(tmp_path / "away")
        report = ledger.scan()
        assert [str(home[1]) in problem for problem in report.problems] == [True]
        assert content(ledger) == wanted
        (tmp_path / "away").rename(home[1])
        assert ledger.scan().problems == []
        assert content(ledger) == wanted
        assert_sound(ledger)
    proved("R10", "homes that vanish", 1)


@needs_namespaces
@every_agent
def test_r10_a_file_system_that_is_unmounted_and_mounted_again(
    agent: type[AgentLog], proved: Proved, tmp_path: Path
) -> None:
    _, logs = home_of(agent, tmp_path / "logs")
    paths = fill(agent, logs)
    place = tmp_path / "mounted" / logs.name
    place.mkdir(parents=True)
    found = run_apart("unmount_and_mount_again", tmp_path / "data", logs, f"{agent.provider}={place}")
    responses, output, _, _ = found[0]
    assert responses == 20
    assert found == [[20, output, 0, 20], [20, output, len(paths), 0], [20, output, 0, 0]]
    proved("R10", "file systems unmounted", 1)


# -- R11 -------------------------------------------------------------------------------------------------------------


@every_agent
def test_r11_reconciling_again_and_again_writes_nothing(
    agent: type[AgentLog], size: Size, proved: Proved, tmp_path: Path
) -> None:
    home, data, times = home_of(agent, tmp_path), tmp_path / "data", size(10, 100)
    fill(agent, home[1])
    wanted = scan_once(data, home)
    watcher = connect(file_of(data, home))
    with ledger_of(data, home) as ledger:
        before = watcher.execute("PRAGMA data_version").fetchone()
        for _ in range(times):
            report = ledger.scan()
            assert (report.files_read, report.bytes_read, report.events_added, report.changed) == (0, 0, 0, False)
        assert watcher.execute("PRAGMA data_version").fetchone() == before, "no transaction was committed"
        assert content(ledger) == wanted
    watcher.close()
    proved("R11", "reconciles", times)


@every_agent
def test_r11_reading_everything_again_from_the_start(
    agent: type[AgentLog], size: Size, proved: Proved, tmp_path: Path
) -> None:
    home, data, times = home_of(agent, tmp_path), tmp_path / "data", size(10, 100)
    paths = fill(agent, home[1])
    with ledger_of(data, home) as ledger:
        ledger.scan()
        wanted = content(ledger)
        (row,) = ledger.homes()
        for _ in range(times):
            ledger.reread_home(row.id)
            assert ledger.scan().files_read == len(paths)
            assert content(ledger) == wanted
        assert_sound(ledger)
    proved("R11", "readings from zero", times)


@every_agent
@pytest.mark.parametrize("grown", [False, True], ids=["as-it-was", "grown"])
@pytest.mark.parametrize("state", [b"", b"\x90", b"\x91\x00", b"\xff" * 40], ids=["empty", "list", "older", "garbage"])
def test_r11_a_parser_of_another_version_reads_anew(
    state: bytes, grown: bool, agent: type[AgentLog], proved: Proved, tmp_path: Path
) -> None:
    """The state that another version left is not read on from."""
    home, data = home_of(agent, tmp_path), tmp_path / "data"
    log = session_of(agent, 5)
    log.write(home[1])
    scan_once(data, home)
    database = connect(file_of(data, home))
    assert database.execute("UPDATE file_state SET state = ?", (state,)).rowcount == 1
    database.execute("UPDATE source_file SET size = size - 1")
    database.close()
    if grown:
        log.respond(50)
        log.write(home[1])
    assert scan_once(data, home) == clean_content(tmp_path / "clean", home)
    proved("R11", "versions of a parser", 1)


# -- permissions -----------------------------------------------------------------------------------------------------


@needs_modes
@every_agent
def test_r5_a_log_whose_permissions_are_taken_and_given_back(
    agent: type[AgentLog], proved: Proved, tmp_path: Path
) -> None:
    home, data = home_of(agent, tmp_path), tmp_path / "data"
    log, other = session_of(agent, 3), session_of(agent, 2, 1, first=100)
    path = log.write(home[1])
    other.write(home[1])

    def scan() -> list[object]:
        process = start("scan_and_tell", data, "=".join(map(str, home)), preexec_fn=drop())
        assert process.stdout is not None
        said = process.stdout.readline()
        assert finish(process) == (0, "")
        found: list[object] = json.loads(said)
        return found

    path.chmod(0)
    assert scan() == [2, [str(path)]]
    path.chmod(0o600)
    assert scan() == [5, []]
    log.respond(50)
    log.write(home[1])
    path.chmod(0)
    assert scan() == [5, [str(path)]], "what was counted stays"
    path.chmod(0o600)
    assert scan() == [6, []]
    folder = path.parent
    folder.chmod(0)
    assert scan()[0] == 6
    folder.chmod(0o700)
    assert scan() == [6, []]
    with ledger_of(data, home) as ledger:
        assert counted(ledger) == 6
        assert content(ledger) == clean_content(tmp_path / "clean", home)
    proved("R5", "stories", 1)
