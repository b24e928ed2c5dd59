"""Does one work on the ledger again and again, each time with another failing call: see tests/support/failing_io.py.

After each: the error is one of ours, the ledger can be read at once, it is exactly as before the work or as after it,
and the work can be done again.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.failing_io import KILL
from tests.support.ledgers import Content, assert_sound, content, file_of, ledger_of
from tests.support.older import version_of

from tokendial.errors import TokendialError
from tokendial.services import backups
from tokendial.services.contract.jobs import JobStatus
from tokendial.services.jobs import Job
from tokendial.services.ledger import Ledger

Work = Callable[[Path, Path], None]
_io = ctypes.CDLL(None)
_plan = (0, 0, 0)
_calls = 0


@contextmanager
def failing() -> Iterator[None]:
    """The planned call within it fails."""
    global _calls  # noqa: PLW0603 - the library beneath has one counter
    _io.failing_io_arm(*_plan)
    try:
        yield
    finally:
        _calls = _io.failing_io_calls()
        _io.failing_io_arm(0, 0, 0)


@contextmanager
def readable(ledger: Ledger) -> Iterator[None]:
    """Whatever fails within it, the open ledger can be read, and holds all or nothing of it; then there is room."""
    before = content(ledger)
    try:
        with failing():
            yield
    except TokendialError:
        assert_sound(ledger)
        found = content(ledger)
        ledger.scan()
        assert found in (before, content(ledger))
        raise


def ingest(data: Path, home: Path) -> None:
    with ledger_of(data, home) as ledger, readable(ledger):
        ledger.scan()


def start(data: Path, home: Path) -> None:
    """Open, migrate where it must be, and close."""
    with failing(), ledger_of(data, home):
        pass


def back_up(data: Path, home: Path) -> None:
    target = data / "out.sqlite3"
    with ledger_of(data, home) as ledger, readable(ledger):
        backups.back_up(ledger, target, quiet())
    with ledger_of(data, home) as ledger:
        backups.restore(ledger, target, quiet())


def restore(data: Path, home: Path) -> None:
    with ledger_of(data, home) as ledger, readable(ledger):
        backups.restore(ledger, data / "saved.sqlite3", quiet())


def compact(data: Path, home: Path) -> None:
    with ledger_of(data, home) as ledger, readable(ledger):
        backups.compact(ledger, quiet())


def quiet() -> Job:
    return Job(JobStatus(id=1, kind="backup", state="running"), lambda _status: None)


WORKS: dict[str, Work] = {
    "ingest": ingest,
    "start": start,
    "back_up": back_up,
    "restore": restore,
    "compact": compact,
}


def killed(work: Work, data: Path, home: Path) -> bool:
    """Do it in a fork, which the planned call kills."""
    if (pid := os.fork()) == 0:
        work(data, home)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert code in (0, -signal.SIGKILL), code
    return code != 0


def told(work: Work, data: Path, home: Path) -> str | None:
    """Do it; the words of the error. Any other error than ours ends the probe."""
    try:
        work(data, home)
    except TokendialError as error:
        return error.message.replace(str(data), "DATA")
    return None


def main(name: str, template: Path, home: Path, error: int, points: int, lasting: int) -> None:
    global _plan  # noqa: PLW0603 - as above
    work, failures, messages = WORKS[name], 0, set[str]()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"

        def again() -> None:
            shutil.rmtree(data, ignore_errors=True)
            shutil.copytree(template, data)

        again()
        before = state(data, home)
        again()
        _plan = (0, error, 0)
        work(data, home)
        calls, after = _calls, state(data, home)
        wanted = state(data, home, scan=True)
        step = max(1.0, calls / points)
        chosen = sorted({min(calls, 1 + int(number * step)) for number in range(min(points, calls))} | {calls})
        for at in chosen:
            again()
            _plan = (at, error, lasting)
            if error == KILL:
                failures += killed(work, data, home)
            elif (message := told(work, data, home)) is not None:
                failures += 1
                messages.add(message)
            _plan = (0, 0, 0)
            assert version_of(file_of(data, home)) > 0, "a step of the schema is half there"
            found = state(data, home)
            assert found in (before, after, wanted), f"{name}: neither before nor after, at call {at} of {calls}"
            assert state(data, home, scan=True) == wanted, f"{name}: at call {at} of {calls}"
            if error == errno.ENOSPC:
                assert [path for path in data.rglob("*") if ".part" in path.name] == []
    sys.stdout.write(json.dumps([calls, len(chosen), failures, sorted(messages)]))


def state(data: Path, home: Path, *, scan: bool = False) -> Content:
    """What a start finds."""
    with ledger_of(data, home) as ledger:
        assert ledger.notice is None, ledger.notice
        if scan:
            ledger.scan()
        assert_sound(ledger)
        return content(ledger)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), *map(int, sys.argv[4:]))
