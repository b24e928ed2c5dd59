"""S5: a data folder that cannot hold a ledger is explained in one sentence, and nothing in it is touched."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.run import Done, command, environment, run, run_ordinary, sentence
from tests.support.ledgers import content, file_of, ledger_of, scan_once
from tests.support.namespaces import inside, needs_namespaces
from tests.support.ordinary import needs_modes
from tests.support.proofs import Proved, Size
from tests.support.rollout import session

from tokendial.errors import LedgerError, LedgerReadOnly
from tokendial.services.ledger import Ledger
from tokendial.store import network

COMMANDS = (["report"], ["serve", "--no-open"], ["doctor"], [], ["limits"], ["audit", "0195"])
LOCKS = (".lock", ".opening", ".writing")
Place = Callable[[Path, Path], tuple[Path, int, str]]
"""Makes a place of a data folder with a ledger in it: where it is, and what is said of it with which exit code."""


def closed_file(_data: Path, ledger: Path) -> tuple[Path, int, str]:
    ledger.chmod(0o444)
    return ledger.parent, 1, f"The database {ledger} cannot be written."


def unreadable_file(_data: Path, ledger: Path) -> tuple[Path, int, str]:
    ledger.chmod(0)
    return ledger.parent, 1, f"The database {ledger} cannot be written."


def closed_folder(data: Path, _ledger: Path) -> tuple[Path, int, str]:
    data.chmod(0o555)
    return data, 1, "cannot be written"  # the folder, or the ledger in it: whichever a command wants first


def unreadable_folder(data: Path, _ledger: Path) -> tuple[Path, int, str]:
    data.chmod(0)
    return data, 2, f"Directory '{data}' is not readable"


def missing_folder(data: Path, _ledger: Path) -> tuple[Path, int, str]:
    data.chmod(0o555)
    return data / "deeper", 1, f"The data folder {data / 'deeper'} cannot be written (Permission denied)."


def file_for_a_folder(_data: Path, ledger: Path) -> tuple[Path, int, str]:
    return ledger, 2, f"Directory '{ledger}' is a file"


PLACES = [closed_file, unreadable_file, closed_folder, unreadable_folder, missing_folder, file_for_a_folder]


def files_in(data: Path) -> dict[str, bytes]:
    """The files with their content, but the locks, in which nothing stands."""
    return {path.name: path.read_bytes() for path in data.iterdir() if not path.name.endswith(LOCKS)}


@needs_modes
@pytest.mark.parametrize("place", PLACES)
def test_s5_each_place_is_told_and_nothing_in_it_changes(
    place: Place, home: Path, data: Path, size: Size, proved: Proved
) -> None:
    """And once the place is put right, the ledger is what it was: nothing is left that stands in its way."""
    session(20).write(home)
    wanted, ledger = scan_once(data, home), file_of(data, home)
    before, commands = files_in(data), COMMANDS[: size(3, 6)]
    try:
        where, code, words = place(data, ledger)
        for arguments in commands:
            said = sentence(run_ordinary(*arguments, "--data-dir", where, "--codex-home", home), code)
            assert words in said
        line = run_ordinary("statusline", "--data-dir", where, "--codex-home", home)
        assert "Traceback" not in line.err
    finally:
        data.chmod(0o755)
        ledger.chmod(0o644)
    assert files_in(data) == before
    done = run_ordinary("report", "--json", "--data-dir", data, "--codex-home", home)
    assert (done.code, done.json["totals"]["events"]) == (0, len(wanted.events)), done.err
    proved("S5", "places", 1)
    proved("S5", "commands that said why", len(commands))


def test_s5_a_missing_folder_is_made(home: Path, data: Path, proved: Proved) -> None:
    session(20).write(home)
    done = run("report", "--json", "--data-dir", data / "a" / "b", "--codex-home", home)
    assert (done.code, done.json["totals"]["events"]) == (0, 20)
    proved("S5", "places", 1)


@needs_namespaces
def test_s5_a_file_system_without_writing(home: Path, data: Path, size: Size, proved: Proved) -> None:
    session(20).write(home)
    wanted, commands = scan_once(data, home), COMMANDS[: size(3, 6)]
    before, mount = files_in(data), f"mount --bind {data} {data} && mount -o remount,bind,ro {data}"
    for arguments in commands:
        said = sentence(run_inside(mount, *arguments, "--data-dir", data, "--codex-home", home), 1)
        assert f"The data folder {data} cannot be written (Read-only file system)." in said
    assert files_in(data) == before
    with ledger_of(data, home) as ledger:
        assert content(ledger) == wanted
    proved("S5", "places", 1)
    proved("S5", "commands that said why", len(commands))


def run_inside(before: str, *arguments: str | Path) -> Done:
    """A command in a name space of its own."""
    done = subprocess.run(
        inside(before, *command(*arguments)), env=environment(), capture_output=True, timeout=120, check=False
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_s5_a_file_in_the_place_of_the_folder(home: Path, tmp_path: Path, proved: Proved) -> None:
    place = tmp_path / "file"
    place.write_text("a file")
    with pytest.raises(LedgerReadOnly) as error:
        Ledger(place, [("codex", home)])
    assert str(place) in error.value.message
    assert place.read_text() == "a file"
    proved("S5", "places", 1)


def test_s5_a_folder_in_the_place_of_the_ledger(home: Path, data: Path, proved: Proved) -> None:
    file_of(data, home).mkdir(parents=True)
    with pytest.raises(LedgerReadOnly):
        Ledger(data, [("codex", home)])
    proved("S5", "places", 1)


@pytest.mark.skipif(not hasattr(os, "major"), reason="only Unix numbers its devices")
@pytest.mark.parametrize(("kind", "refused"), [("nfs4", True), ("cifs", True), ("fuse.sshfs", True), ("ext4", False)])
def test_s5_a_folder_on_a_network_drive(
    kind: str, refused: bool, home: Path, data: Path, monkeypatch: pytest.MonkeyPatch, proved: Proved
) -> None:
    """The system's list of mounts says so; no such drive can be mounted here, so the list is a made one."""
    data.mkdir()
    device = data.stat().st_dev
    mounts = home.parent / "mountinfo"
    mounts.write_text(
        "22 1 999:1 / /elsewhere rw shared:1 - nfs4 server:/other rw\n"
        f"36 35 {os.major(device)}:{os.minor(device)} / /home rw,relatime shared:1 - {kind} server:/home rw\n"
    )
    monkeypatch.setattr(network, "MOUNTS", mounts)
    if not refused:
        with ledger_of(data, home):
            assert file_of(data, home).is_file()
        return
    with pytest.raises(LedgerError) as error:
        Ledger(data, [("codex", home)])
    assert f"network drive ({kind})" in error.value.message
    assert list(data.glob("*.sqlite3*")) in ([], [data / f"{file_of(data, home).name}.opening"])
    proved("S5", "network file systems", 1)


@needs_namespaces
def test_s5_every_command_says_so_of_a_network_drive(home: Path, data: Path, size: Size, proved: Proved) -> None:
    """The real command, which is shown a list of mounts with such a drive by a mount over the list itself."""
    data.mkdir()
    device, mounts = data.stat().st_dev, home.parent / "mountinfo"
    mounts.write_text(f"36 35 {os.major(device)}:{os.minor(device)} / /home rw - nfs4 server:/home rw\n")
    commands = COMMANDS[: size(3, 6)]
    for arguments in commands:
        shown = f"mount --bind {mounts} /proc/$$/mountinfo"
        said = sentence(run_inside(shown, *arguments, "--data-dir", data, "--codex-home", home), 1)
        assert f"The data folder {data} is on a network drive (nfs4), where a database can be damaged." in said
    assert list(data.glob("*.sqlite3")) == []
    proved("S5", "commands that said why", len(commands))
