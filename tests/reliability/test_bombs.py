"""Archives that unpack to more than any log: stopped at the cap, in little memory, and the rest is read (M6)."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from tests.support.agents import CodexLog, home_of, session_of
from tests.support.ledgers import ledger_of, rows, scan_once
from tests.support.proofs import Proved, Size
from tests.support.weighed import needs_proc, weigh

pytestmark = needs_proc
MB = 1 << 20
compress = zstandard.ZstdCompressor(level=3).compress
Make = Callable[[], bytes]


def repeated(content: bytes, total_mb: int) -> bytes:
    """Frames one after the other that unpack to so many megabytes."""
    return compress(content) * (total_mb * MB // len(content))


def noise(length: int) -> bytes:
    """What cannot be packed, so that the ratio stays small for a while; one line."""
    return random.Random(6).randbytes(length).replace(b"\n", b"x")


LINE = session_of(CodexLog, 3, 7, first=700).bytes()
BOMBS: dict[str, Make] = {
    "zeros": lambda: repeated(b"\0" * (64 * MB), 10_240),
    "ten-megabytes-to-ten-gigabytes": lambda: compress(noise(10 * MB)) + repeated(b"\0" * (64 * MB), 10_240),
    "good-lines": lambda: repeated((LINE * (16 * MB // len(LINE))), 10_240),
    "one-line": lambda: compress(LINE) + repeated(b"x" * (64 * MB), 10_240),
}
BROKEN: dict[str, Make] = {
    "wrong-magic": lambda: b"\x1f\x8b\x08\0" + LINE,
    "no-archive": lambda: LINE,
    "empty": lambda: b"",
    "cut": lambda: compress(LINE)[:-9],
    "cut-within-the-magic": lambda: compress(LINE)[:3],
    "flipped": lambda: compress(LINE)[:40] + b"\xff\xff\xff" + compress(LINE)[43:],
    "two-gigabytes-at-once": lambda: struct.pack("<IBB", 0xFD2FB528, 0, 21 << 3) + b"\x01" * 64,
    "garbage-behind": lambda: compress(LINE) + b"garbage",
}


@pytest.mark.parametrize("make", BOMBS.values(), ids=BOMBS.keys())
def test_m6_a_bomb_is_stopped_at_the_cap(make: Make, proved: Proved, tmp_path: Path) -> None:
    home, good, bomb = home_of(CodexLog, tmp_path), session_of(CodexLog, 3), session_of(CodexLog, 3, 7, first=700)
    good.write(home[1])
    path = bomb.path(home[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_name(f"{path.name}.zst").write_bytes(make())
    found = weigh(tmp_path / "data", home)
    assert found.counted == 3, "nothing of it is counted"
    assert found.problems == ["the archive unpacks to more than any log"]
    proved("M6", "bombs", 1)


def test_m6_an_archive_within_an_archive_is_not_unpacked(proved: Proved, tmp_path: Path) -> None:
    home, log = home_of(CodexLog, tmp_path), session_of(CodexLog, 3, 7, first=700)
    path = log.path(home[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    for depth in (2, 3):
        inner = repeated(b"\0" * (64 * MB), 10_240) if depth == 3 else compress(log.bytes())
        for _ in range(depth - 1):
            inner = compress(inner)
        path.with_name(f"{path.name}.zst").write_bytes(inner)
        found = weigh(tmp_path / f"data-{depth}", home)
        assert (found.counted, found.problems) == (0, [])
        assert found.peak_mb < 100
    proved("M6", "nested archives", 2)


@pytest.mark.parametrize("make", BROKEN.values(), ids=BROKEN.keys())
def test_m6_a_broken_archive_is_told_and_tried_again(make: Make, proved: Proved, tmp_path: Path) -> None:
    home, good, other = home_of(CodexLog, tmp_path), session_of(CodexLog, 3), session_of(CodexLog, 3, 7, first=700)
    good.write(home[1])
    path = other.path(home[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    packed = path.with_name(f"{path.name}.zst")
    packed.write_bytes(make())
    found = weigh(tmp_path / "data", home)
    assert found.counted == 3
    assert [problem[:14] for problem in found.problems] == ["the archive is"]
    packed.write_bytes(compress(other.bytes()))
    assert len(scan_once(tmp_path / "data", home).events) == 6
    packed.write_bytes(make())
    with ledger_of(tmp_path / "data", home) as ledger:
        ledger.scan()
        assert rows(ledger, "SELECT count(*) FROM usage_event WHERE status = 0") == [(6,)], "what was counted stays"
    proved("M6", "broken archives", 1)


def test_m6_random_damage_to_an_archive(size: Size, proved: Proved, tmp_path: Path) -> None:
    """It gives what it holds, or nothing; and never stops the scan."""
    home, log, chance = home_of(CodexLog, tmp_path), session_of(CodexLog, 30), random.Random(66)
    whole = compress(log.bytes())
    path = log.path(home[1]).with_name(f"{log.path(home[1]).name}.zst")
    times = size(60, 2_000)
    for attempt in range(times):
        changed = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            changed[chance.randrange(len(changed))] ^= chance.randrange(1, 256)
        path.write_bytes(bytes(changed[: chance.choice((len(changed), chance.randrange(len(changed))))]))
        with ledger_of(tmp_path / f"data-{attempt}", home) as ledger:
            ledger.scan()
            bad = rows(ledger, "SELECT problem FROM source_file WHERE status = 'unreadable'")
            counted = rows(ledger, "SELECT count(*) FROM usage_event WHERE status = 0")[0][0]
            assert (counted == 0) if bad else (counted <= 30)
    proved("M6", "damaged archives", times)
