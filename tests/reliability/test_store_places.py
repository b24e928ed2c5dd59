"""S5: a data folder that cannot hold a ledger is explained in one sentence, and nothing in it is touched.

A folder without the right to write: tests/cli/test_read_only.py.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.support.ledgers import file_of, ledger_of
from tests.support.proofs import Proved

from tokendial.errors import LedgerError, LedgerReadOnly
from tokendial.services.ledger import Ledger
from tokendial.store import network


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
    assert list(data.glob("*.sqlite3")) == []
    proved("S5", "network file systems", 1)
