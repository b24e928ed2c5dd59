"""Processes that work through a list: all of it, whatever ends early."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from tests.support.processes import children

from tokendial.errors import Unavailable
from tokendial.ingest.pool import working_through
from tokendial.ingest.worker import StartMethod

METHODS: list[StartMethod] = ["fork", "spawn"] if sys.platform == "linux" else ["spawn"]
LARGE = 3 << 20  # of bytes: more than any pipe holds


def doubled(number: int) -> bytes:
    return (2 * number).to_bytes(4, "little")


def padded(size: int, number: int) -> bytes:
    return doubled(number) + bytes(size)


def ending(here: int, number: int) -> bytes:
    if number >= 5 and os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return slow(number)


def slow(number: int) -> bytes:
    time.sleep(0.05)
    return doubled(number)


def who(_number: int) -> bytes:
    time.sleep(0.05)
    return os.getpid().to_bytes(4, "little")


def ahead(_groups: int, _size: int) -> int:
    return 6


def at_work(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def numbers(results: list[list[bytes]]) -> list[int]:
    return sorted(int.from_bytes(one[:4], "little") for ready in results for one in ready)


@pytest.mark.parametrize("method", METHODS)
def test_all_is_worked_through_once(method: StartMethod, others: set[int]) -> None:
    with working_through(doubled, range(200), 2, method, ahead) as results:
        found = list(results)
    assert numbers(found) == [2 * number for number in range(200)]
    assert children() <= others


def test_results_larger_than_a_pipe_come_through() -> None:
    with working_through(partial(padded, LARGE), range(9), 2, METHODS[0], ahead) as results:
        found = list(results)
    assert numbers(found) == [2 * number for number in range(9)]
    assert {len(one) for ready in found for one in ready} == {LARGE + 4}


def test_no_more_is_begun_than_may_wait() -> None:
    sizes = []
    with working_through(doubled, range(100), 2, METHODS[0], ahead) as results:
        for ready in results:
            sizes.append(len(ready))
            time.sleep(0.02)
    assert sum(sizes) == 100
    assert max(sizes) <= 6
    assert max(sizes) > 1, "what is ready comes at once"


@pytest.mark.parametrize("method", METHODS)
def test_who_waits_works_as_well(method: StartMethod) -> None:
    with working_through(who, range(40), 1, method, ahead) as results:
        workers = [int.from_bytes(one, "little") for ready in results for one in ready]
    assert len(workers) == 40
    assert len(set(workers)) == 2
    assert os.getpid() in workers


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("method", METHODS)
def test_a_process_that_is_killed_is_told_and_ends_the_others(method: StartMethod, others: set[int]) -> None:
    work = partial(ending, os.getpid())
    with pytest.raises(Unavailable, match="ended early"), working_through(work, range(100), 2, method, ahead) as left:
        list(left)
    assert children() <= others


@pytest.mark.parametrize("method", METHODS)
def test_who_stops_early_leaves_no_process(method: StartMethod, others: set[int]) -> None:
    with working_through(slow, range(100), 2, method, ahead) as results:
        assert next(results)
        assert len(children() - others) == 2
    assert children() <= others


@pytest.mark.skipif(sys.platform != "linux", reason="only where processes fork")
def test_processes_end_with_the_one_that_began_them(tmp_path: Path) -> None:
    source = (
        "import sys, time\n"
        f"sys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r})\n"
        "from tests.ingest.test_pool import ahead, children, slow\n"
        "from tokendial.ingest.pool import working_through\n"
        "with working_through(slow, range(1000), 2, 'fork', ahead) as results:\n"
        "    next(results)\n"
        "    print(*children(), flush=True)\n"
        "    time.sleep(60)\n"
    )
    script = tmp_path / "begin.py"
    script.write_text(source)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as began:
        assert began.stdout is not None
        pids = [int(pid) for pid in began.stdout.readline().split()]
        began.kill()
        assert len(pids) == 2
        until = time.monotonic() + 20
        while any(map(at_work, pids)) and time.monotonic() < until:
            time.sleep(0.05)
        assert [pid for pid in pids if at_work(pid)] == []
