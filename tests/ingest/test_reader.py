"""Reading a file from where it was left: whole lines only, the same records however the bytes came."""

from __future__ import annotations

import os
import shutil
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.ledgers import assert_sound, clean_content, content, counted, ledger_of, rows, scan_once, spent
from tests.support.parsing import Found, Spent, now_ms, parse
from tests.support.rollout import Rollout, session, usage

from tokendial.domain.records import ParsedFile, UsageRecord
from tokendial.ingest.reader import MAX_LINE_BYTES, Known, Unreadable, read_file
from tokendial.providers.codex import CODEX

LIMITS = {"limit_id": "codex", "primary": {"used_percent": 5.0, "window_minutes": 300, "resets_at": 1_783_800_000}}


def eventful() -> Rollout:
    """A session with one of everything, among it what depends on earlier lines."""
    parent = session(2, first=70)
    rollout = Rollout(parent.now_ms + 60_000, 3).meta(forked_from_id=parent.thread).copy(parent)
    rollout.turn().prompt("ümlaut \u2028").count(usage(1), LIMITS).again(usage(1), LIMITS).record(usage(2), "resp_2")
    rollout.count(usage(2), LIMITS).raw(b"torn \xff\0 line").estimate().settings(
        model="gpt-5.4", service_tier="priority"
    )
    rollout.raw(b'{"timestamp":"x"}', b"\r\n").count(usage(3)).line("compacted", {}).limits_only(LIMITS)
    return (
        rollout.event("entered_review_mode")
        .count(usage(4))
        .event("exited_review_mode")
        .turn("gpt-5.5", "high")
        .count(usage(5))
    )


WHOLE = eventful()


def facts(parsed: ParsedFile, events: list[UsageRecord], labels: list[object]) -> tuple[object, ...]:
    """What must not depend on the chunking. Labels are compared by content, their numbers are of a pass."""
    plain = [(*event[:2], label, *event[3:]) for event, label in zip(events, labels, strict=True)]
    return plain, parsed.session, parsed.audit, parsed.refused


def resumed(data: bytes, cuts: list[int]) -> tuple[object, ...]:
    """The facts when the file grew in these steps, with a pause after each."""
    state: bytes | None = None
    events: list[UsageRecord] = []
    labels: list[object] = []
    prompts: list[object] = []
    readings: dict[tuple[str, int, int], object] = {}
    start = 0
    for cut in [*cuts, len(data)]:
        stop = data.rfind(b"\n", 0, cut) + 1
        if stop < start:
            continue
        parser = CODEX.logs.parser(WHOLE.name, now_ms(), state)
        parser.feed(data[start:stop], 0, stop - start, start)
        parsed = parser.finish()
        found = Found(parsed, [UsageRecord(*event) for event in parsed.events])
        events += found.events
        labels += found.labels
        prompts += parsed.prompts
        readings |= {(row.limit_id, row.window_minutes, row.time_ms): row for row in parsed.readings}
        state, start = parsed.state, stop
    return *facts(parsed, events, labels), prompts, list(readings.values())


def at_once(data: bytes) -> tuple[object, ...]:
    found = parse(data, WHOLE.name)
    return *facts(found.parsed, found.events, list(found.labels)), found.parsed.prompts, list(found.parsed.readings)


@given(st.lists(st.integers(0, len(WHOLE.bytes())), max_size=12).map(sorted))
def test_every_resumption_equals_one_parse(cuts: list[int]) -> None:
    assert resumed(WHOLE.bytes(), cuts) == at_once(WHOLE.bytes())


@given(st.integers(1, 3000))
def test_every_block_size_equals_one_parse(size: int) -> None:
    data = WHOLE.bytes()
    blocks = (data[at : at + size] for at in range(0, len(data), size))
    found, whole = parse(data, WHOLE.name, blocks), parse(data, WHOLE.name)
    assert found == whole


def test_a_pass_after_every_line_equals_one_parse() -> None:
    ends = [sum(map(len, WHOLE.lines[:count])) for count in range(len(WHOLE.lines))]
    assert resumed(WHOLE.bytes(), ends) == at_once(WHOLE.bytes())


def poll(path: Path, known: Known | None) -> tuple[Known, int]:
    result = read_file(CODEX, str(path), known, now_ms())
    return result.known, len(result.parsed.events)


def test_r4_a_torn_tail_polled_after_every_byte_is_read_once(tmp_path: Path) -> None:
    rollout = session(4)
    path, known, found = tmp_path / rollout.name, None, 0
    with path.open("wb", buffering=0) as file:
        for byte in rollout.bytes():
            file.write(bytes([byte]))
            known, events = poll(path, known)
            found += events
    assert found == 4


def test_a_tail_without_its_newline_waits(tmp_path: Path) -> None:
    rollout = session(2)
    path = tmp_path / rollout.name
    path.write_bytes(rollout.bytes()[:-1])
    known, events = poll(path, None)
    assert (events, known.cursor) == (1, len(rollout.bytes()) - len(rollout.lines[-1]))
    path.write_bytes(rollout.bytes())
    assert poll(path, known)[1] == 1


# -- the file is not the one that was known -----------------------------------------------------------------------


def truncate(path: Path, _old: Rollout, new: Rollout) -> None:
    """Shorter than what was read, the same file."""
    with path.open("r+b") as file:
        file.truncate(0)
        file.write(new.bytes())


def rewrite_longer_by_one(path: Path, old: Rollout, _new: Rollout) -> None:
    changed = old.bytes().replace(b'"input_tokens":1000', b'"input_tokens":2000', 1) + b"\n"
    with path.open("r+b") as file:
        file.write(changed)


def delete_and_recreate(path: Path, _old: Rollout, new: Rollout) -> None:
    path.unlink()
    path.write_bytes(new.bytes())


def replace(path: Path, _old: Rollout, new: Rollout) -> None:
    other = path.with_suffix(".tmp")
    other.write_bytes(new.bytes())
    other.replace(path)


def copy_and_truncate(path: Path, _old: Rollout, new: Rollout) -> None:
    shutil.copy(path, path.with_name(path.name + ".1"))
    truncate(path, _old, new)


def same_size(path: Path, old: Rollout, _new: Rollout) -> None:
    data = old.bytes().replace(b'"cli_version":"0.144.0"', b'"cli_version":"0.144.1"')
    with path.open("r+b") as file:
        file.write(data)


@pytest.mark.parametrize("responses", [1, 3, 40], ids=["shorter", "equal", "grown"])
@pytest.mark.parametrize("change", [truncate, delete_and_recreate, replace, copy_and_truncate])
def test_another_content_replaces_what_the_file_held(
    home: Path, data: Path, tmp_path: Path, change: object, responses: int
) -> None:
    assert callable(change)
    old, new = session(3), session(responses, first=200)
    path = old.write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        change(path, old, new)
        ledger.scan()
        assert content(ledger) == clean_content(tmp_path / "clean", home)
        assert counted(ledger) == responses
        assert ledger.scan().events_added == 0


def test_a_file_rewritten_in_place_and_one_byte_longer_is_read_again(home: Path, data: Path, tmp_path: Path) -> None:
    old = session(12)
    path = old.write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        rewrite_longer_by_one(path, old, old)
        os.utime(path, ns=(1, 1))
        ledger.scan()
        assert content(ledger) == clean_content(tmp_path / "clean", home)


def test_a_rewrite_of_the_same_size_is_seen_by_its_first_bytes(home: Path, data: Path) -> None:
    old = session(3)
    path = old.write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        same_size(path, old, old)
        os.utime(path, ns=(1, 1))
        report = ledger.scan()
        assert report.bytes_read == path.stat().st_size, "it was read again from its start"
        assert rows(ledger, "SELECT client_version FROM session") == [("0.144.1",)]


def test_an_appended_file_is_not_read_from_its_start(home: Path, data: Path) -> None:
    rollout = session(200)
    path = rollout.write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        path.write_bytes(rollout.count(usage(900)).bytes())
        report = ledger.scan()
        assert report.bytes_read == len(rollout.lines[-1])
        assert report.events_added == 1


def test_a_touched_file_adds_nothing(home: Path, data: Path) -> None:
    path = session(3).write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        before = content(ledger)
        os.utime(path, ns=(5, 5))
        assert ledger.scan().events_added == 0
        assert content(ledger) == before


def test_r9_a_model_that_comes_late_is_applied_to_what_was_read_before(home: Path, data: Path, tmp_path: Path) -> None:
    """Early logs name no model; the ledger equals one clean pass after every append."""
    rollout = Rollout()
    appends = [
        rollout.count(usage(1)).lines[-1:],
        rollout.turn("gpt-5-codex").count(usage(2)).lines[-2:],
        rollout.count(usage(3)).lines[-1:],
        rollout.turn("gpt-5").count(usage(4)).lines[-2:],
    ]
    path = rollout.write(home)
    path.write_bytes(b"")
    with ledger_of(data, home) as ledger:
        for number, lines in enumerate(appends):
            with path.open("ab") as file:
                file.writelines(lines)
            ledger.scan()
            assert content(ledger) == clean_content(tmp_path / f"clean-{number}", home)
            assert_sound(ledger)
        assert spent(ledger)[rollout.thread] == Spent().plus(usage(1)).plus(usage(2)).plus(usage(3)).plus(usage(4))


# -- huge and strange ---------------------------------------------------------------------------------------------


def test_a_line_of_33_megabytes_is_refused_in_a_stream(tmp_path: Path) -> None:
    rollout = session(2)
    path = tmp_path / rollout.name
    with path.open("wb") as file:
        file.writelines(rollout.lines[:4])
        file.write(b'{"timestamp":"')
        for _ in range(33):
            file.write(b"x" * (1 << 20))
        file.write(b'"}\n')
        file.writelines(rollout.lines[4:])
    result = read_file(CODEX, str(path), None, now_ms())
    assert len(result.parsed.events) == 2
    assert {reason: tally.records for reason, tally in result.parsed.refused.items()} == {"line_too_long": 1}


def test_memory_does_not_grow_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / Rollout().name
    with path.open("wb") as file:
        for _ in range(160):
            file.write(b"x" * (1 << 20))
    tracemalloc.start()
    try:
        read_file(CODEX, str(path), None, now_ms())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * MAX_LINE_BYTES


def test_a_long_line_that_is_not_finished_is_refused_when_it_is(tmp_path: Path) -> None:
    rollout = session(1)
    path = tmp_path / rollout.name
    path.write_bytes(rollout.bytes() + b"x" * (MAX_LINE_BYTES + (2 << 20)))
    result = read_file(CODEX, str(path), None, now_ms())
    assert result.parsed.refused == {}
    with path.open("ab") as file:
        file.write(b"\n" + rollout.count(usage(9)).lines[-1])
    result = read_file(CODEX, str(path), result.known, now_ms())
    assert [tally.records for tally in result.parsed.refused.values()] == [1]
    assert len(result.parsed.events) == 1


def test_a_line_just_below_the_limit_is_read(tmp_path: Path) -> None:
    line = session(1).lines[-1]
    padded = line[:-2] + b',"pad":"' + b"y" * (MAX_LINE_BYTES - (2 << 20)) + b'"}\n'
    path = tmp_path / Rollout().name
    path.write_bytes(padded)
    assert poll(path, None)[1] == 1


@pytest.mark.parametrize("kind", ["folder", "fifo", "missing"])
def test_what_is_no_file_is_unreadable(tmp_path: Path, kind: str) -> None:
    path = tmp_path / Rollout().name
    if kind == "folder":
        path.mkdir()
    if kind == "fifo":
        os.mkfifo(path)
        keeper = os.open(path, os.O_RDWR)  # so that a reader that does open it is not stuck for ever
    try:
        with pytest.raises(Unreadable):
            read_file(CODEX, str(path), None, now_ms())
    finally:
        if kind == "fifo":
            os.close(keeper)


def test_a_state_of_an_older_version_means_a_full_read(tmp_path: Path) -> None:
    rollout = session(3)
    path = tmp_path / rollout.name
    path.write_bytes(rollout.bytes())
    known, _ = poll(path, None)
    known.state = b"of another version"
    result = read_file(CODEX, str(path), known, now_ms())
    assert (result.replaces, len(result.parsed.events)) == (True, 3)


def test_the_same_read_twice_is_the_same_ledger(home: Path, tmp_path: Path) -> None:
    WHOLE.write(home)
    assert scan_once(tmp_path / "a", home) == scan_once(tmp_path / "b", home)


def halves(data: bytes) -> Iterator[bytes]:
    yield data[: len(data) // 2]
    yield data[len(data) // 2 :]


def test_blocks_may_cut_a_character() -> None:
    data = WHOLE.bytes()
    at = data.index("ü".encode()) + 1
    assert parse(data, WHOLE.name, iter([data[:at], data[at:]])) == parse(data, WHOLE.name)
    assert parse(data, WHOLE.name, halves(data)) == parse(data, WHOLE.name)
