"""The state of a parser is kept of files that may grow: one that is quiet for a day is read anew when it does."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.support.agents import AgentLog, GeminiLog, every_agent, home_of
from tests.support.gemini_logs import Talk, used
from tests.support.ledgers import assert_sound, clean_content, content, counted, ledger_of, rows

from tokendial.ingest.quiet import QUIET_MS
from tokendial.services.ledger import Ledger

QUIET, RECENT = 2 * QUIET_MS // 1000, 60


def changed_ago(path: Path, seconds: int) -> None:
    at = time.time_ns() - seconds * 10**9
    os.utime(path, ns=(at, at))


def states(ledger: Ledger) -> int:
    return int(rows(ledger, "SELECT count(*) FROM file_state")[0][0])


def log_of(agent: type[AgentLog], number: int = 0) -> AgentLog:
    log = agent(number)
    for response_number in range(3):
        log.respond(10 * number + response_number)
    return log


@every_agent
def test_a_quiet_file_keeps_no_state_and_is_read_anew_when_it_grows(agent: type[AgentLog], tmp_path: Path) -> None:
    home, log = home_of(agent, tmp_path), log_of(agent)
    changed_ago(log.write(home[1]), QUIET)
    with ledger_of(tmp_path / "data", home) as ledger:
        assert ledger.scan().events_added == 3
        assert states(ledger) == 0
        log.respond(7)
        report = (log.write(home[1]), ledger.scan())[1]
        assert (report.events_added, report.bytes_read) == (1, len(log.bytes()))
        assert states(ledger) == 1, "it may go on growing"
        log.respond(8)
        grown = len(log.write(home[1]).read_bytes()) - report.bytes_read
        assert ledger.scan().bytes_read == grown
        assert_sound(ledger)
        assert content(ledger) == clean_content(tmp_path / "clean", home)


@every_agent
def test_a_file_that_becomes_quiet_loses_its_state_at_the_next_reading(agent: type[AgentLog], tmp_path: Path) -> None:
    home, log, other = home_of(agent, tmp_path), log_of(agent), log_of(agent, 1)
    path = log.write(home[1])
    changed_ago(path, RECENT)
    with ledger_of(tmp_path / "data", home) as ledger:
        ledger.scan()
        assert states(ledger) == 1
        changed_ago(path, QUIET)
        other.write(home[1])
        report = ledger.scan()
        assert (report.files_read, report.events_added) == (2, 3)
        assert states(ledger) == 1, "of the other one"


@every_agent
def test_a_quiet_file_of_which_only_the_time_changed_is_not_read(agent: type[AgentLog], tmp_path: Path) -> None:
    home, log = home_of(agent, tmp_path), log_of(agent)
    path = log.write(home[1])
    changed_ago(path, QUIET)
    with ledger_of(tmp_path / "data", home) as ledger:
        ledger.scan()
        before = content(ledger)
        changed_ago(path, RECENT)
        report = ledger.scan()
        assert (report.files_read, report.bytes_read, report.events_added) == (1, 0, 0)
        assert ledger.scan().files_read == 0
        assert content(ledger) == before


@every_agent
def test_a_quiet_file_of_the_same_length_with_another_content_is_read(agent: type[AgentLog], tmp_path: Path) -> None:
    home, log = home_of(agent, tmp_path), log_of(agent)
    path = log.write(home[1])
    changed_ago(path, QUIET)
    with ledger_of(tmp_path / "data", home) as ledger:
        ledger.scan()
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(lines[:-1]) + b" " * (len(lines[-1]) - 1) + b"\n")
        ledger.scan()
        assert counted(ledger) == 2


def test_a_quiet_document_keeps_what_is_no_longer_in_it(tmp_path: Path) -> None:
    """Gemini CLI takes back responses of its documents; they were used all the same."""
    home, talk = home_of(GeminiLog, tmp_path), Talk()
    asked, first, second = talk.prompt("p"), talk.message("a", used(0)), talk.message("b", used(1))
    path = home[1] / talk.path(".json").removeprefix("home/")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(talk.document(asked, first, second))
    changed_ago(path, QUIET)
    with ledger_of(tmp_path / "data", home) as ledger:
        ledger.scan()
        assert states(ledger) == 1
        path.write_bytes(talk.document(asked, first))
        ledger.scan()
        assert counted(ledger) == 2
