"""S9: the web service, commands and other programs on one ledger at once: nobody is locked out, nothing is lost."""

from __future__ import annotations

import json
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.cli.run import command, environment, run
from tests.reliability.lasting import COUNTER
from tests.support.ledgers import assert_sound, clean_content, content, file_of, ledger_of, rows
from tests.support.processes import start
from tests.support.proofs import Proved, Size
from tests.support.rollout import START_MS, session, usage

WAL_BYTES = 64 << 20
needs_terminate = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="only Unix asks a program to end")


@contextmanager
def service(data: Path, home: Path) -> Iterator[None]:
    """The web service runs meanwhile, and reads the logs as they grow; it has nothing to complain of."""
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command("serve", "--no-open", "--data-dir", data, "--codex-home", home),
            env=environment(),
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield
            assert process.poll() is None, "it ran to the end"
        finally:
            process.terminate()
            process.wait(timeout=60)
        said.seek(0)
        words = said.read().lower()
    assert "http://127.0.0.1:" in words
    assert not any(word in words for word in ("locked", "in use", "busy", "traceback", "error")), words


@needs_terminate
def test_s9_a_service_commands_and_other_programs_at_once(
    home: Path, data: Path, tmp_path: Path, size: Size, proved: Proved
) -> None:
    """Each of them writes, reads, scans, opens and closes, while logs grow; every transaction is done or waited for."""
    grows, others, each = session(5), size(2, 6), size(5_000, 5_000)
    grows.write(home)
    log, largest, commands = file_of(data, home), 0, 0
    log = log.with_name(log.name + "-wal")
    with service(data, home):
        competing = [start("compete", data, each, home) for _ in range(others)]
        while any(process.poll() is None for process in competing):
            grows.count(usage(100 + commands)).write(home)
            number = commands + 1
            session(2, START_MS + number * 1000, number, first=number * 1000).write(home)
            done = run("report", "--json", "--data-dir", data, "--codex-home", home)
            assert (done.code, done.err) == (0, "")
            assert done.json["totals"]["events"] >= 5
            commands += 1
            largest = max(largest, log.stat().st_size if log.exists() else 0)
        ended = [(process.communicate(timeout=60), process.returncode) for process in competing]
    assert [(errors, code) for (_, errors), code in ended] == [("", 0)] * others
    counted = [json.loads(said) for (said, _), _ in ended]
    wrote, looked = (sum(one) for one in zip(*counted, strict=True))
    assert wrote + looked >= others * each
    assert commands >= 3
    assert largest <= WAL_BYTES
    with ledger_of(data, home) as ledger:
        assert rows(ledger, "SELECT value FROM setting WHERE key = ?", COUNTER) == [(str(wrote),)], "none was lost"
        ledger.scan()
        assert content(ledger) == clean_content(tmp_path / "clean", home)
        assert_sound(ledger)
    proved("S9", "transactions beside each other, none of them locked out", wrote + looked)
    proved("S9", "commands beside them", commands)
