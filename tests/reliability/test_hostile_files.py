"""What lies where logs are and is none: links, pipes, sockets, devices; not followed, and not waited for (M5)."""

from __future__ import annotations

import os
import signal
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest
from tests.support.agents import AgentLog, CodexLog, GeminiLog, every_agent, home_of, session_of
from tests.support.ledgers import assert_sound, clean_content, content, counted, ledger_of, rows
from tests.support.proofs import Proved

from tokendial.ingest.scanner import ScanReport

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has neither pipes nor devices")
LIMIT = 20.0
Maker = Callable[[Path, Path], None]


@pytest.fixture(autouse=True)
def _never_blocked() -> Iterator[None]:
    """A scan that waits for a pipe is broken off."""

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError("the scan waits for something that never comes")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def link_to(target: str) -> Maker:
    return lambda place, _outside: place.symlink_to(target)


def link_to_a_log(place: Path, outside: Path) -> None:
    place.symlink_to(outside)


def link_to_itself(place: Path, _outside: Path) -> None:
    place.symlink_to(place)


def pipe(place: Path, _outside: Path) -> None:
    os.mkfifo(place)


def listener(place: Path, _outside: Path) -> None:
    """The name of a socket may be no longer than a hundred bytes, so it is bound beside and moved."""
    short = Path("/tmp") / f"tokendial-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(short))
    short.rename(place)


def device(place: Path, _outside: Path) -> None:
    """What /dev/zero is: it never ends."""
    try:
        os.mknod(place, stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except OSError:
        pytest.skip("only root makes devices")


def folder(place: Path, outside: Path) -> None:
    place.mkdir()
    (place / outside.name).write_bytes(b"")


CASES: dict[str, Maker] = {
    "link-to-a-log": link_to_a_log,
    "link-to-itself": link_to_itself,
    "link-to-nothing": link_to("/nowhere/at/all"),
    "link-to-zero": link_to("/dev/zero"),
    "link-to-root": link_to("/"),
    "pipe": pipe,
    "socket": listener,
    "device": device,
    "folder": folder,
}
every_case = pytest.mark.parametrize("make", CASES.values(), ids=CASES.keys())


@every_agent
@every_case
def test_m5_what_is_no_file_is_passed_over(make: Maker, agent: type[AgentLog], proved: Proved, tmp_path: Path) -> None:
    """In a listing, and by a hint."""
    home, good, other = home_of(agent, tmp_path), session_of(agent, 3), session_of(agent, 2, 1, first=50)
    good.write(home[1])
    outside = tmp_path / "outside" / other.path(home[1]).name
    outside.parent.mkdir()
    outside.write_bytes(other.bytes())
    place = other.path(home[1])
    place.parent.mkdir(parents=True, exist_ok=True)
    make(place, outside)
    with ledger_of(tmp_path / "data", home) as ledger:
        ledger.scan()
        ledger.scan(only={str(place)})
        assert counted(ledger) == 3
        assert_sound(ledger)
        assert content(ledger) == clean_content(tmp_path / "clean", home)
    proved("M5", "cases in a listing", 1)


@every_agent
@every_case
def test_m5_what_takes_the_place_of_a_log_before_it_is_opened(
    make: Maker, agent: type[AgentLog], proved: Proved, tmp_path: Path
) -> None:
    """It was a file when its folder was listed."""
    home, good, other = home_of(agent, tmp_path), session_of(agent, 3), session_of(agent, 2, 1, first=50)
    good.write(home[1])
    place = other.write(home[1])
    secret = session_of(agent, 4, 2, first=80)
    outside = tmp_path / "outside" / place.name
    outside.parent.mkdir()
    outside.write_bytes(secret.bytes())

    def swap(report: ScanReport) -> None:
        if report.files_to_read and place.is_file() and not place.is_symlink():
            place.unlink()
            make(place, outside)

    with ledger_of(tmp_path / "data", home) as ledger:
        ledger.scan(swap)
        assert counted(ledger) == 3
        bad = rows(ledger, "SELECT path, problem FROM source_file WHERE status = 'unreadable'")
        assert [path for path, _ in bad] == [str(place)]
        assert bad[0][1]
        assert_sound(ledger)
        if place.is_dir() and not place.is_symlink():
            next(place.iterdir()).unlink()
            place.rmdir()
        else:
            place.unlink()
        other.write(home[1])
        ledger.scan()
        assert content(ledger) == clean_content(tmp_path / "clean", home)
    proved("M5", "cases between listing and opening", 1)


@every_agent
@pytest.mark.parametrize("target", ["..", ".", "/", "../../.."])
def test_m5_folders_that_lead_back_or_out(target: str, agent: type[AgentLog], proved: Proved, tmp_path: Path) -> None:
    home, log = home_of(agent, tmp_path), session_of(agent, 3)
    path = log.write(home[1])
    for folder in (path.parent, path.parent.parent):
        (folder / "loop").symlink_to(target)
    with ledger_of(tmp_path / "data", home) as ledger:
        assert ledger.scan().files == 1
        assert counted(ledger) == 3
    proved("M5", "folders that lead back or out", 2)


@pytest.mark.parametrize(
    ("agent", "beside"),
    [(CodexLog, "session_index.jsonl"), (GeminiLog, "projects.json"), (GeminiLog, "tmp/project/.project_root")],
)
@every_case
def test_m5_what_an_agent_keeps_beside_its_logs(
    make: Maker, agent: type[AgentLog], beside: str, proved: Proved, tmp_path: Path
) -> None:
    """Titles and the names of projects are read from files as well."""
    home, log = home_of(agent, tmp_path), session_of(agent, 3)
    log.write(home[1])
    place, outside = home[1] / beside, tmp_path / "outside"
    place.unlink(missing_ok=True)
    outside.write_bytes(b"/home/u/secret")
    make(place, outside)
    with ledger_of(tmp_path / "data", home) as ledger:
        ledger.scan()
        assert counted(ledger) == 3
        assert rows(ledger, "SELECT project FROM label_set WHERE project LIKE '%secret%'") == []
    proved("M5", "cases beside the logs", 1)
