"""Compressed rollouts: the same file as the plain one, torn ones lose nothing, bombs are stopped (C19, 1.2)."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import zstandard
from tests.support.ledgers import assert_sound, content, counted, ledger_of, rows, scan_once
from tests.support.parsing import now_ms
from tests.support.rollout import Rollout, session, usage

from tokendial.ingest import archive
from tokendial.ingest.reader import Unreadable, read_file
from tokendial.providers.codex import CODEX


def compressed(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(data)


def zst(rollout: Rollout, home: Path, *, archived: bool = False) -> Path:
    """Write only the compressed form."""
    plain = rollout.path(home, archived=archived)
    plain.parent.mkdir(parents=True, exist_ok=True)
    path = plain.with_name(plain.name + ".zst")
    path.write_bytes(compressed(rollout.bytes()))
    return path


def test_a_compressed_file_alone_counts_like_the_plain_one(home: Path, tmp_path: Path) -> None:
    rollout = session(5)
    zst(rollout, home)
    other = tmp_path / "plain"
    rollout.write(other)
    assert scan_once(tmp_path / "a", home) == scan_once(tmp_path / "b", other)


@pytest.mark.parametrize("archived", [False, True])
def test_a_plain_file_and_its_compressed_twin_are_one(home: Path, data: Path, archived: bool) -> None:
    rollout = session(5)
    rollout.write(home)
    zst(rollout, home, archived=archived)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        assert counted(ledger) == 5
        assert_sound(ledger)


def test_compressing_and_going_on_is_neither_vanishing_nor_new(home: Path, data: Path) -> None:
    rollout = session(5)
    plain = rollout.write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        before = content(ledger)
        packed = zst(rollout, home)
        plain.unlink()
        ledger.scan()
        assert content(ledger) == before
        assert rows(ledger, "SELECT status FROM source_file") == [("present",)]
        packed.unlink()
        rollout.count(usage(50)).write(home)  # resumed: decompressed and appended to
        ledger.scan()
        assert counted(ledger) == 6
        assert rows(ledger, "SELECT status, path FROM source_file") == [("present", str(plain))]
        assert_sound(ledger)


def test_a_torn_archive_loses_nothing_and_is_shown(home: Path, data: Path) -> None:
    rollout = session(5)
    plain = rollout.write(home)
    whole = compressed(rollout.bytes())
    with ledger_of(data, home) as ledger:
        ledger.scan()
        before = content(ledger)
        plain.unlink()
        packed = plain.with_name(plain.name + ".zst")
        for cut in (0, 1, 4, 10, len(whole) // 2, len(whole) - 1):
            packed.write_bytes(whole[:cut])
            report = ledger.scan()
            assert content(ledger) == before, cut
            assert report.refused == 1
            assert rows(ledger, "SELECT status FROM source_file") == [("unreadable",)]
        packed.write_bytes(whole)
        assert ledger.scan().refused == 0
        assert content(ledger) == before
        assert_sound(ledger)


def test_a_torn_archive_alone_is_tried_again(home: Path, data: Path) -> None:
    rollout = session(3)
    path = zst(rollout, home)
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    with ledger_of(data, home) as ledger:
        assert ledger.scan().events_added == 0
        path.write_bytes(whole)
        assert ledger.scan().events_added == 3


def test_garbage_is_a_broken_archive(tmp_path: Path) -> None:
    path = tmp_path / (Rollout().name + ".zst")
    for garbage in (b"", b"not an archive", bytes(200), b"\x28\xb5\x2f\xfd" + b"\xff" * 50):
        path.write_bytes(garbage)
        with pytest.raises(Unreadable):
            read_file(CODEX, str(path), None, now_ms())


def test_several_frames_are_one_log(tmp_path: Path) -> None:
    rollout = session(6)
    path = tmp_path / (rollout.name + ".zst")
    data = rollout.bytes()
    path.write_bytes(b"".join(compressed(data[at : at + 333]) for at in range(0, len(data), 333)))
    assert len(read_file(CODEX, str(path), None, now_ms()).parsed.events) == 6


def test_a_bomb_is_stopped_early() -> None:
    bomb = compressed(bytes(1 << 30))
    assert len(bomb) < 1 << 20
    produced = 0
    with pytest.raises(archive.BrokenArchive, match="unpacks to more"):
        for block in archive.blocks(io.BytesIO(bomb), 1 << 20):  # type: ignore[arg-type]
            produced += len(block)
    assert produced < 256 << 20


def test_blocks_are_about_as_large_as_asked() -> None:
    data = b"0123456789abcdef\n" * 200_000
    sizes = [len(block) for block in archive.blocks(io.BytesIO(compressed(data)), 1 << 20)]  # type: ignore[arg-type]
    assert sum(sizes) == len(data)
    assert all(size >= 1 << 20 for size in sizes[:-1])
