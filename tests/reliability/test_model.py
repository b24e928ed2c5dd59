"""Random programs of what may happen to logs, against a model of what a ledger must then hold (R3).

The model: a path holds what was in it at the last scan that saw it, also after it is gone. A file of the same name
elsewhere, that holds at least as much, is the moved one. A response counts once for its thread.
"""

from __future__ import annotations

import copy
import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.support.ledgers import assert_sound, rows
from tests.support.rollout import START_MS, Rollout, usage

from tokendial.services.ledger import Ledger

SLOTS = st.integers(0, 1)
ARCHIVED = st.booleans()


class File:
    """A log on disk: its complete lines, its responses, and what is still to be written of a torn last line."""

    def __init__(self, rollout: Rollout) -> None:
        self.rollout = rollout
        self.data = b""
        self.numbers: list[int] = []
        self.torn: tuple[int, bytes] | None = None

    def respond(self, number: int) -> bytes:
        return self.rollout.count(usage(number)).lines[-1]

    @property
    def whole_bytes(self) -> int:
        return self.data.rfind(b"\n") + 1


class Logs(RuleBasedStateMachine):
    """One home with two threads, and a ledger."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.home, self.data = Path(self.folder.name, "codex"), Path(self.folder.name, "data")
        (self.home / "sessions").mkdir(parents=True)
        (self.home / "archived_sessions").mkdir()
        self.ledger = Ledger(self.data, [("codex", self.home)])
        self.files: dict[Path, File] = {}
        self.seen: dict[Path, tuple[int, list[int]]] = {}
        self.number = self.clock = 0
        self.settled = True

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    # -- helpers ------------------------------------------------------------------------------------------------

    def path(self, slot: int, archived: bool) -> Path:
        folder = "archived_sessions" if archived else "sessions"
        return self.home / folder / Rollout(START_MS, slot).name

    def store(self, path: Path, *, in_place: bool = True) -> None:
        """Write a file as the model has it; times move on, whatever the clock of the file system does."""
        if not in_place:
            path.unlink(missing_ok=True)
        with path.open("r+b" if path.exists() else "wb") as file:
            file.truncate(0)
            file.write(self.files[path].data)
        self.clock += 1
        os.utime(path, ns=(self.clock * 10**9, self.clock * 10**9))
        self.settled = False

    def next_number(self) -> int:
        self.number += 1
        return self.number

    def finish_torn(self, file: File) -> None:
        if file.torn is not None:
            number, rest = file.torn
            file.data += rest
            file.numbers.append(number)
            file.torn = None

    def fresh(self, slot: int, responses: int) -> File:
        file = File(Rollout(START_MS, slot).meta().turn())
        file.data = file.rollout.bytes()
        for _ in range(responses):
            number = self.next_number()
            file.data += file.respond(number)
            file.numbers.append(number)
        return file

    def note(self, path: Path) -> None:
        file = self.files[path]
        self.seen[path] = (file.whole_bytes, list(file.numbers))

    # -- what may happen ----------------------------------------------------------------------------------------

    @rule(slot=SLOTS, archived=ARCHIVED, responses=st.integers(0, 4))
    def create_or_rewrite_in_place(self, slot: int, archived: bool, responses: int) -> None:
        self.files[self.path(slot, archived)] = self.fresh(slot, responses)
        self.store(self.path(slot, archived))

    @rule(slot=SLOTS, archived=ARCHIVED, responses=st.integers(0, 4))
    def delete_and_recreate(self, slot: int, archived: bool, responses: int) -> None:
        self.files[self.path(slot, archived)] = self.fresh(slot, responses)
        self.store(self.path(slot, archived), in_place=False)

    @rule(slot=SLOTS, archived=ARCHIVED, responses=st.integers(1, 5))
    def append(self, slot: int, archived: bool, responses: int) -> None:
        path = self.path(slot, archived)
        if (file := self.files.get(path)) is None:
            return
        self.finish_torn(file)
        for _ in range(responses):
            number = self.next_number()
            file.data += file.respond(number)
            file.numbers.append(number)
        self.store(path)

    @rule(slot=SLOTS, archived=ARCHIVED, share=st.floats(0.0, 1.0))
    def append_a_torn_line(self, slot: int, archived: bool, share: float) -> None:
        path = self.path(slot, archived)
        if (file := self.files.get(path)) is None:
            return
        self.finish_torn(file)
        number = self.next_number()
        line = file.respond(number)
        cut = min(int(len(line) * share), len(line) - 1)
        file.data += line[:cut]
        file.torn = (number, line[cut:])
        self.store(path)

    @rule(slot=SLOTS, archived=ARCHIVED)
    def flush(self, slot: int, archived: bool) -> None:
        path = self.path(slot, archived)
        if (file := self.files.get(path)) is not None and file.torn is not None:
            self.finish_torn(file)
            self.store(path)

    @rule(slot=SLOTS, archived=ARCHIVED)
    def move(self, slot: int, archived: bool) -> None:
        old, new = self.path(slot, archived), self.path(slot, not archived)
        if old in self.files and new not in self.files:
            old.rename(new)
            self.files[new] = self.files.pop(old)
            self.settled = False

    @rule(slot=SLOTS)
    def copy_to_archive(self, slot: int) -> None:
        old, new = self.path(slot, False), self.path(slot, True)
        if old in self.files:
            self.files[new] = copy.deepcopy(self.files[old])
            self.store(new, in_place=False)

    @rule(slot=SLOTS, kept=st.integers(0, 3))
    def leave_only_a_stub_in_the_archive(self, slot: int, kept: int) -> None:
        old, new = self.path(slot, False), self.path(slot, True)
        if old in self.files and new not in self.files:
            stub = self.files[new] = self.files.pop(old)
            stub.data = b"".join(stub.data.splitlines(keepends=True)[: 2 + kept])
            stub.numbers, stub.torn = stub.numbers[:kept], None
            stub.data = stub.data[: stub.whole_bytes]
            old.unlink()
            self.store(new)

    @rule(slot=SLOTS, archived=ARCHIVED)
    def delete(self, slot: int, archived: bool) -> None:
        path = self.path(slot, archived)
        if self.files.pop(path, None) is not None:
            path.unlink()
            self.settled = False

    @rule()
    def scan(self) -> None:
        self.ledger.scan()
        for path, file in self.files.items():
            twin = self.path_beside(path)
            moved = path not in self.seen and twin in self.seen and twin not in self.files
            if moved and file.whole_bytes >= self.seen[twin][0]:
                del self.seen[twin]
            self.note(path)
        self.settled = True

    def path_beside(self, path: Path) -> Path:
        other = "sessions" if path.parent.name == "archived_sessions" else "archived_sessions"
        return self.home / other / path.name

    @rule(slot=SLOTS, archived=ARCHIVED)
    def scan_by_a_hint(self, slot: int, archived: bool) -> None:
        path = self.path(slot, archived)
        self.ledger.scan(only={str(path)})
        if path in self.files:
            self.note(path)

    @rule()
    def restart(self) -> None:
        self.ledger.close()
        self.ledger = Ledger(self.data, [("codex", self.home)])
        assert self.ledger.notice is None

    @precondition(lambda self: self.settled)
    @rule()
    def scan_again(self) -> None:
        assert self.ledger.scan().events_added == 0

    # -- what must hold -----------------------------------------------------------------------------------------

    @invariant()
    def the_ledger_holds_what_the_model_says(self) -> None:
        wanted: dict[str, set[int]] = {}
        for path, (_, numbers) in self.seen.items():
            wanted.setdefault(path.name[-42:-6], set()).update(numbers)
        expected = sorted((thread, 1000 + number) for thread, numbers in wanted.items() for number in numbers)
        found = rows(
            self.ledger,
            "SELECT s.id, e.input + e.cache_read + e.cache_write FROM usage_event e "
            "JOIN session s ON s.num = e.session_num WHERE e.status = 0 ORDER BY 1, 2",
        )
        assert found == expected
        assert_sound(self.ledger)


TestLogs = Logs.TestCase
TestLogs.settings = settings(
    max_examples=60, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
