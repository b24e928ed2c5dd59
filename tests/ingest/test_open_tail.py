"""A last line without its newline: read at once where the provider says that it is whole, else when it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.ledgers import rows
from tests.support.parsing import now_ms
from tests.support.rollout import session
from tests.support.transcript import Transcript, message, parse, request

from tokendial.domain.records import ParsedFile, UsageRecord
from tokendial.ingest.reader import Known, ReadResult, read_file
from tokendial.providers.claude import CLAUDE
from tokendial.providers.codex import CODEX
from tokendial.services.ledger import Ledger

TALK = Transcript().prompt().response(1, 5).response(1, 50).result().response(2, 70)
WHOLE = TALK.bytes().rstrip(b"\n")
LAST = len(WHOLE) - len(TALK.lines[-1]) + 1


class Growing:
    """A transcript on disk, read on after each write."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / TALK.name
        self.known: Known | None = None
        self.parsed: ParsedFile | None = None
        self.outputs: dict[int, int] = {}

    def write(self, data: bytes) -> ReadResult:
        self.path.write_bytes(data)
        result = read_file(CLAUDE, str(self.path), self.known, now_ms())
        assert not (result.replaces and self.known), "read on, not anew"
        self.known, self.parsed = result.known, result.parsed
        for event in map(UsageRecord._make, result.parsed.events):
            self.outputs[event.key] = event.output
        return result

    def facts(self) -> tuple[object, ...]:
        assert self.parsed is not None
        return self.outputs, self.parsed.session, self.parsed.audit, self.parsed.refused


def at_once(folder: Path, data: bytes) -> tuple[object, ...]:
    folder.mkdir()
    growing = Growing(folder)
    growing.write(data)
    return growing.facts()


def test_a_whole_last_record_is_read_to_its_end(tmp_path: Path) -> None:
    growing = Growing(tmp_path)
    assert growing.write(WHOLE).mark.cursor == len(WHOLE)
    assert sorted(growing.outputs.values()) == [50, 70]
    assert growing.write(WHOLE).bytes_read == 0


@pytest.mark.parametrize("later", [b"\n", b"\r\n", b"\n\n"])
def test_its_newline_may_come_later(tmp_path: Path, later: bytes) -> None:
    growing = Growing(tmp_path)
    growing.write(WHOLE)
    result = growing.write(WHOLE + later)
    assert (list(result.parsed.events), result.parsed.refused, result.mark.cursor) == ([], {}, len(WHOLE + later))
    assert growing.facts() == at_once(tmp_path / "once", WHOLE + later)


@pytest.mark.parametrize("between", [b"\n", b""])
def test_another_record_may_follow_also_glued_to_it(tmp_path: Path, between: bytes) -> None:
    more = Transcript()
    more.now_ms = TALK.now_ms
    more.line("assistant", message=message(3, 90), requestId=request(3), uuid="00000000-0000-4000-8000-0000000000ff")
    growing = Growing(tmp_path)
    growing.write(WHOLE)
    growing.write(WHOLE + between + more.bytes())
    assert sorted(growing.outputs.values()) == [50, 70, 90]
    full = parse(WHOLE + between + more.bytes(), TALK.name)
    assert sorted(event.output for event in full.events) == [50, 70, 90]


def test_a_torn_last_record_waits_until_it_is_whole(tmp_path: Path) -> None:
    growing = Growing(tmp_path)
    for cut in range(LAST + 1, len(WHOLE)):
        assert growing.write(WHOLE[:cut]).mark.cursor == LAST
    assert sorted(growing.outputs.values()) == [50]
    growing.write(WHOLE)
    assert growing.facts() == at_once(tmp_path / "once", WHOLE)


@given(st.lists(st.integers(0, len(WHOLE)), max_size=6).map(sorted))
def test_any_growth_equals_one_parse(tmp_path_factory: pytest.TempPathFactory, cuts: list[int]) -> None:
    folder = tmp_path_factory.mktemp("growing")
    growing = Growing(folder)
    for cut in [*cuts, len(WHOLE), len(WHOLE)]:
        growing.write(WHOLE[:cut])
    assert growing.facts() == at_once(folder / "once", WHOLE)


def test_the_ledger_counts_it_once(tmp_path: Path) -> None:
    path = tmp_path / "home" / "projects" / "-p" / TALK.name
    path.parent.mkdir(parents=True)
    ledger = Ledger(tmp_path / "data", [("claude", tmp_path / "home")])
    try:
        for data in (WHOLE[: LAST + 9], WHOLE, WHOLE + b"\n"):
            path.write_bytes(data)
            ledger.scan()
        assert rows(ledger, "SELECT sum(output), count(*) FROM usage_event WHERE status = 0") == [(120, 2)]
        assert rows(ledger, "SELECT count(*) FROM refused_line") == [(0,)]
    finally:
        ledger.close()


def test_other_providers_wait_for_the_newline(tmp_path: Path) -> None:
    rollout = session(2)
    data = rollout.bytes().rstrip(b"\n")
    path = tmp_path / rollout.name
    path.write_bytes(data)
    assert read_file(CODEX, str(path), None, now_ms()).mark.cursor == data.rfind(b"\n") + 1
