"""Line numbers of byte offsets, in plain and in compressed files."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
import zstandard

from tokendial.ingest import linenumbers
from tokendial.ingest.linenumbers import line_numbers
from tokendial.ingest.reader import Unreadable

MOST = 1 << 30


def lines(count: int, seed: int = 1) -> list[bytes]:
    chance = random.Random(seed)
    return [b"x" * chance.randrange(60) + b"\n" for _ in range(count)]


def offsets_of(content: list[bytes]) -> list[int]:
    found, at = [], 0
    for line in content:
        found.append(at)
        at += len(line)
    return found


@pytest.mark.parametrize("block", [1, 7, 4096, 1 << 20])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "zst"])
def test_every_line_is_found(block: int, packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linenumbers, "BLOCK_BYTES", block)
    content = lines(200)
    path = tmp_path / ("log.jsonl.zst" if packed else "log.jsonl")
    data = b"".join(content)
    path.write_bytes(zstandard.compress(data) if packed else data)
    places = offsets_of(content)
    assert line_numbers(path, places, MOST) == {at: number for number, at in enumerate(places, start=1)}


def test_an_offset_within_a_line_or_behind_the_end_has_no_number(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"first\nsecond\n")
    assert line_numbers(path, [0, 3, 6, 13, 99], MOST) == {0: 1, 3: None, 6: 2, 13: None, 99: None}


def test_the_search_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linenumbers, "BLOCK_BYTES", 100)
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"a" * 9 + b"\n" + b"b" * 989 + b"\nlast\n")
    assert line_numbers(path, [0, 10, 1000], 200) == {0: 1, 10: 2, 1000: None}
    assert line_numbers(path, [1000], 2000) == {1000: 3}


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    broken = tmp_path / "log.jsonl.zst"
    broken.write_bytes(b"no archive")
    odd = [tmp_path / "missing", broken, tmp_path]
    if hasattr(os, "mkfifo"):
        odd.append(tmp_path / "pipe")
        os.mkfifo(odd[-1])
    for path in odd:
        with pytest.raises(Unreadable):
            line_numbers(path, [0], MOST)
