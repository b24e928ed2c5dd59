"""Responses that the log names itself: of all rows the fullest counts once, in any order (A1, A3)."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from tokendial.domain.records import (
    REQUEST_BITS,
    EventFlag,
    EventRows,
    Labels,
    ParsedFile,
    ReadingRows,
    SessionFacts,
    UsageTuple,
)
from tokendial.store import home_changes, homes
from tokendial.store.database import Database
from tokendial.store.global_keys import repeated
from tokendial.store.rollup import differences
from tokendial.store.writer import FileOutcome, LedgerWriter

GLOBAL, SIDE, FOREIGN = int(EventFlag.GLOBAL_KEY), int(EventFlag.SIDE_CHAIN), int(EventFlag.FOREIGN_FILE)
LABELS = [Labels("m", None, None, None, None, 0, 0)]
PROVIDER = "p"


class Row(NamedTuple):
    """A row of a response in a file."""

    file: int
    message: int
    request: int
    output: int
    flags: int

    @property
    def key(self) -> int:
        return self.message << REQUEST_BITS | self.request

    def event(self, place: int) -> UsageTuple:
        return self.key, 1_780_000_000_000 + self.message * 1000, 0, 5, 0, 0, 0, self.output, 0, self.flags, place


def reference(rows: Sequence[Row]) -> dict[int, int]:
    """The output tokens of each response that counts, by its key, as the rules say it."""
    fullest: dict[int, int] = {}
    for row in rows:
        alone = all(other.flags & SIDE for other in rows if other.key == row.key)
        replayed = any(not other.flags & SIDE for other in rows if other.message == row.message)
        if not (alone and replayed):
            fullest[row.key] = max(fullest.get(row.key, 0), row.output)
    return fullest


@contextmanager
def ledger() -> Iterator[tuple[Database, LedgerWriter, int]]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "ledger.sqlite3")
        try:
            yield database, LedgerWriter(database), homes.add(database, PROVIDER, "/h")
        finally:
            database.close()


def path_of(name: int) -> str:
    return f"/h/{name}"


def outcome(
    home: int, name: int, events: list[UsageTuple], known: int | None = None, revised: Sequence[int] = ()
) -> FileOutcome:
    facts = SessionFacts(id=f"s{name}", started_ms=1_780_000_000_000 + name)
    parsed = ParsedFile(
        session=facts, labels=LABELS, events=EventRows.of(events), prompts=[], readings=ReadingRows(), audit={},
        refused={}, state=b"", revised=list(revised),
    )  # fmt: skip
    return FileOutcome(home_id=home, path=path_of(name), size=1, mtime_ns=1, inode=1, file_id=known, parsed=parsed)


def counted(database: Database) -> dict[int, int]:
    with database.reading() as connection:
        assert differences(connection) == []
        found = connection.execute("SELECT key, output FROM usage_event WHERE status = 0").fetchall()
    assert len({row[0] for row in found}) == len(found), "a response counts twice"
    return {row[0]: row[1] for row in found}


def file_ids(database: Database) -> dict[str, int]:
    with database.reading() as connection:
        return {row[0]: row[1] for row in connection.execute("SELECT path, id FROM source_file")}


flags = st.sampled_from([GLOBAL, GLOBAL | SIDE, GLOBAL | FOREIGN, GLOBAL | SIDE | FOREIGN])
row = st.builds(Row, st.integers(0, 3), st.integers(1, 3), st.integers(0, 2), st.integers(0, 9), flags)
one_row_of_a_response_in_a_file = st.lists(row, max_size=14, unique_by=lambda one: (one.file, one.key))


@settings(max_examples=120, deadline=None)
@given(one_row_of_a_response_in_a_file, st.randoms(use_true_random=False), st.booleans())
def test_any_order_of_files(rows: list[Row], order: random.Random, one_batch: bool) -> None:
    files = [[row for row in rows if row.file == name] for name in range(4)]
    order.shuffle(files)
    with ledger() as (database, writer, home):
        outcomes = [
            outcome(home, file[0].file, [row.event(place) for place, row in enumerate(file)]) for file in files if file
        ]
        for batch in [outcomes] if one_batch else [[one] for one in outcomes]:
            writer.commit(PROVIDER, [batch])
        assert counted(database) == reference(rows)


@settings(max_examples=120, deadline=None)
@given(one_row_of_a_response_in_a_file, st.data())
def test_rows_that_later_lines_correct(rows: list[Row], data: st.DataObject) -> None:
    """Every file is read twice; the second pass corrects some of its rows and may begin with the other files' first."""
    first = [row._replace(output=data.draw(st.integers(0, row.output))) for row in rows]
    with ledger() as (database, writer, home):
        for wanted, again in ((first, False), (rows, True)):
            known = file_ids(database)
            for name in data.draw(st.permutations(range(4))):
                mine = [
                    row
                    for row, before in zip(wanted, first, strict=True)
                    if row.file == name and (not again or row != before)
                ]
                if mine:
                    events = [row.event(place + 100 * again) for place, row in enumerate(mine)]
                    revised = [row.key for row in mine] if again else []
                    writer.commit(PROVIDER, [[outcome(home, name, events, known.get(path_of(name)), revised)]])
            assert counted(database) == reference(wanted)


def test_a_replay_with_another_request_id_goes_when_the_message_itself_appears() -> None:
    replay, itself = Row(0, 7, 1, 50, GLOBAL | SIDE), Row(1, 7, 2, 50, GLOBAL)
    with ledger() as (database, writer, home):
        writer.commit(PROVIDER, [[outcome(home, 0, [replay.event(0)])]])
        assert counted(database) == {replay.key: 50}
        writer.commit(PROVIDER, [[outcome(home, 1, [itself.event(0)])]])
        assert counted(database) == {itself.key: 50}
        home_changes.forget(database, home)
        assert counted(database) == {}


def test_the_rows_of_a_message_stand_together() -> None:
    last, most = (1 << 44) - 1, (1 << REQUEST_BITS) - 1
    alone = [Row(0, 5, most, 1, GLOBAL), Row(0, 7, 0, 1, GLOBAL), Row(0, last - 1, most, 1, GLOBAL)]
    together = [Row(0, 6, 0, 1, GLOBAL), Row(1, 6, most, 1, GLOBAL), Row(1, last, 0, 1, GLOBAL)]
    together += [Row(0, last, most, 1, GLOBAL), Row(1, last, most, 1, GLOBAL)]
    with ledger() as (database, writer, home):
        files = [outcome(home, n, [r.event(r.file) for r in alone + together if r.file == n]) for n in (0, 1)]
        writer.commit(PROVIDER, [files])
        with database.reading() as connection:
            assert repeated(connection) == {row.key for row in together}


def test_of_many_messages_at_once_each_is_decided() -> None:
    """More than are asked for in one statement."""
    rows = [Row(file, message, 0, 10 + file, GLOBAL) for message in range(1_200) for file in (0, 1)]
    with ledger() as (database, writer, home):
        files = [outcome(home, n, [r.event(r.message) for r in rows if r.file == n]) for n in (0, 1)]
        writer.commit(PROVIDER, [files])
        assert counted(database) == {row.key: 11 for row in rows}
