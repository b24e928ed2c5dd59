"""Programs that are run in a process of their own, to be killed or to compete: python -m tests.reliability.probe."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.reliability import lasting
from tests.reliability.dying import open_and_die

from tokendial.api.program import Program
from tokendial.ingest import scanner, work
from tokendial.ingest.scanner import Scanner
from tokendial.services import backups, export, jobs
from tokendial.services.contract.common import Empty
from tokendial.services.contract.exports import ExportRequest
from tokendial.services.contract.jobs import JobStatus
from tokendial.services.contract.system import RefreshRequest
from tokendial.services.ledger import Ledger
from tokendial.store import copies
from tokendial.store.writer import LedgerWriter


def named(homes: Sequence[str]) -> list[tuple[str, Path]]:
    """Homes of Codex, or `claude=/folder`."""
    parted = [home.rpartition("=") for home in homes]
    return [(provider or "codex", Path(folder)) for provider, _, folder in parted]


def small_commits() -> None:
    """Many commits where there would be one, so that there is something to fall between."""
    work._GROUP_FILES = 2
    scanner.COMMIT_SECONDS = scanner.FIRST_COMMIT_SECONDS = 0.0


def scan(data: str, *homes: str) -> None:
    """Scan until done."""
    small_commits()
    ledger = Ledger(Path(data), named(homes))
    ledger.scan()
    ledger.close()


def scan_often(data: str, seconds: str, *homes: str) -> None:
    """Open, scan and close again and again."""
    small_commits()
    until = time.monotonic() + float(seconds)
    while time.monotonic() < until:
        ledger = Ledger(Path(data), named(homes))
        ledger.scan()
        ledger.close()


def _say(name: str) -> None:
    sys.stdout.write(name + "\n")
    sys.stdout.flush()
    time.sleep(0.005)  # so that whoever reads this can kill it before the next, also on a busy machine


def scan_aloud(data: str, *homes: str) -> None:
    """Scan and say every step of every commit."""
    _scan_with_steps(data, homes, _say)


def die_at(data: str, step: str, commit: str, *homes: str) -> None:
    """Scan, and kill this process at a step of a commit."""
    left = int(commit)

    def reached(name: str) -> None:
        nonlocal left
        if name == step:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    _scan_with_steps(data, homes, reached)


def _scan_with_steps(data: str, homes: Sequence[str], step: Callable[[str], None]) -> None:
    small_commits()
    ledger = Ledger(Path(data), named(homes))
    active = [home for home in ledger.homes() if home.active]
    with ledger.exclusive():
        Scanner(ledger.database, LedgerWriter(ledger.database, step)).scan(active)
    ledger.close()


def copy_aloud(what: str, data: str, file: str, *homes: str) -> None:
    """Back up to a file, restore it, export or compact, in the smallest steps; says each step before it is done."""
    copies.PAGES_PER_STEP, copies._OPCODES_PER_CHECK = 1, 1_000
    jobs.TELL_SECONDS, export._ROWS_PER_STEP = 0.0, 5
    ledger = Ledger(Path(data), named(homes))
    job = jobs.Job(JobStatus(id=1, kind="backup", state="running"), lambda status: _say(status.text))
    if what == "backup":
        backups.back_up(ledger, Path(file), job)
    elif what == "restore":
        backups.restore(ledger, Path(file), job)
    elif what == "compact":
        backups.compact(ledger, job)
    else:
        with ledger.view() as view:
            request = ExportRequest(range="alltime", what="events", format="csv")
            export.export(view, request, Path(file), job)
    ledger.close()


def unmount_and_mount_again(data: str, logs: str, home: str) -> None:
    """Logs on a file system that comes and goes; says after each scan what is counted and gone."""

    def tell() -> None:
        ledger = Ledger(Path(data), named([home]))
        report = ledger.scan()
        with ledger.database.reading() as connection:
            counted = connection.execute("SELECT count(*), sum(output) FROM usage_event WHERE status = 0").fetchone()
            gone = connection.execute("SELECT count(*) FROM source_file WHERE status = 'gone'").fetchone()
        ledger.close()
        _say_now(json.dumps([*counted, *gone, report.events_added]))

    place = named([home])[0][1]
    for mounted in (True, False, True):
        if mounted:
            subprocess.run(["mount", "-t", "tmpfs", "none", place], check=True)
            shutil.copytree(logs, place, dirs_exist_ok=True)
        else:
            subprocess.run(["umount", place], check=True)
        tell()


def scan_and_tell(data: str, *homes: str) -> None:
    """Scan, and say what is counted and which files could not be read."""
    ledger = Ledger(Path(data), named(homes))
    ledger.scan()
    with ledger.database.reading() as connection:
        counted = connection.execute("SELECT count(*) FROM usage_event WHERE status = 0").fetchone()[0]
        bad = connection.execute("SELECT path FROM source_file WHERE status = 'unreadable' ORDER BY 1").fetchall()
    ledger.close()
    _say_now(json.dumps([counted, [row[0] for row in bad]]))


def follow(data: str, *homes: str) -> None:
    """The program without a window; for each line that it is given it says how it is."""
    program = Program(Ledger(Path(data), named(homes)), "browser")
    program.refresh(RefreshRequest(wait=True))
    for line in sys.stdin:
        if line.strip() == "refresh":
            program.refresh(RefreshRequest(wait=True))
        with program.ledger.database.reading() as connection:
            counted = connection.execute("SELECT count(*) FROM usage_event WHERE status = 0").fetchone()[0]
        _say_now(json.dumps([counted, program.scan_status(Empty()).watching]))
    program.close()


def scan_and_weigh(data: str, *homes: str) -> None:
    """Scan, and say what is counted, what was refused and why, and the most memory that was held at once, in MB."""
    ledger = Ledger(Path(data), named(homes))
    ledger.scan()
    with ledger.database.reading() as connection:
        counted = connection.execute("SELECT count(*) FROM usage_event WHERE status = 0").fetchone()[0]
        refused = connection.execute("SELECT reason, sum(lines) FROM refused_line GROUP BY 1").fetchall()
        bad = connection.execute("SELECT problem FROM source_file WHERE status = 'unreadable'").fetchall()
    ledger.close()
    _say_now(json.dumps([counted, dict(refused), [row[0] for row in bad], _peak_mb()]))


def _peak_mb() -> int:
    """Of this program alone: what getrusage tells includes the process that it was forked from."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) >> 10


def serve() -> None:
    """Run programs in forks of this process, one after the other: each line read is a list of arguments as JSON.

    Says `pid N` and what the program says, and `ended CODE` with the exit code, negative for a signal.
    """
    for line in sys.stdin:
        arguments = json.loads(line)
        if (pid := os.fork()) == 0:
            _say_now(f"pid {os.getpid()}")
            _run_and_exit(arguments)
        _, status = os.waitpid(pid, 0)
        _say_now(f"ended {os.waitstatus_to_exitcode(status)}")


def _say_now(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _run_and_exit(arguments: Sequence[str]) -> None:
    """Run a program in a forked process, which never comes back into what it was forked from."""
    code = 1
    try:
        PROGRAMS[arguments[0]](*arguments[1:])
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


PROGRAMS: dict[str, Callable[..., None]] = {
    "scan": scan,
    "scan_aloud": scan_aloud,
    "scan_often": scan_often,
    "die_at": die_at,
    "copy_aloud": copy_aloud,
    "open_and_die": open_and_die,
    "scan_and_tell": scan_and_tell,
    "follow": follow,
    "scan_and_weigh": scan_and_weigh,
    "serve": serve,
    "compete": lambda data, count, *homes: lasting.compete(data, count, named(homes)),
    "reconcile_often": lambda data, *given: lasting.reconcile_often(data, *given[:2], named(given[2:])),
    "unmount_and_mount_again": unmount_and_mount_again,
}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]](*sys.argv[2:])
