"""Random programs of what may happen to logs, against a model of what a ledger must then hold (R3).

The model: a path holds what was in it at the last scan that saw it, also after it is gone. A file of the same name
elsewhere, that holds at least as much, is the moved one. A response counts once for its session.
"""

from __future__ import annotations

import copy
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.support.agents import AgentLog, ClaudeLog, CodexLog, GeminiLog, every_agent, home_of
from tests.support.forks import Forks
from tests.support.ledgers import assert_sound, named, rows
from tests.support.proofs import Proved, Size

from tokendial.services.ledger import Ledger
from tokendial.store.rollup import differences

SLOTS = st.integers(0, 1)
ELSEWHERE = st.booleans()
WHICH = st.integers(0, 3)
STEPS = ("before", "rows", "rollup", "cursor", "settled", "committed")
KILLED = st.sampled_from([None] * 5 + [(step, commit) for step in STEPS for commit in (1, 2)][::2])
exists = precondition(lambda self: bool(self.files))
PROGRAM = 16  # steps of a program
# How many programs at every commit and with --long: five hundred and twenty thousand together.
PROGRAMS: dict[type[AgentLog], tuple[int, int]] = {
    CodexLog: (260, 10_000),
    ClaudeLog: (120, 5_000),
    GeminiLog: (120, 5_000),
}


class File:
    """A log on disk: its complete lines, its responses, and what is still to be written of a torn last line."""

    def __init__(self, log: AgentLog) -> None:
        self.log = log
        self.data = log.bytes()
        self.head = len(self.data)
        self.numbers: list[int] = []
        self.torn: tuple[int, bytes] | None = None

    def respond(self, number: int) -> None:
        self.data += self.log.respond(number)
        self.numbers.append(number)

    def finish_torn(self) -> None:
        if self.torn is not None:
            number, rest = self.torn
            self.data += rest
            self.numbers.append(number)
            self.torn = None

    def keep(self, responses: int) -> None:
        """Only the first responses are left, as they were written."""
        self.finish_torn()
        lines = self.data.splitlines(keepends=True)
        self.data = b"".join(lines[: len(lines) - len(self.numbers) + responses])
        self.numbers = self.numbers[:responses]

    def empty(self) -> None:
        """Nothing is left; of a conversation of Gemini its first line, which alone names the session."""
        self.data = self.data[: self.head] if self.log.provider == "gemini" else b""
        self.numbers, self.torn = [], None

    @property
    def read_numbers(self) -> list[int]:
        """The responses that a reading finds: a last line of Claude Code is read once only its newline lacks (A-12)."""
        if self.torn is not None and self.torn[1] == b"\n" and self.log.provider == "claude":
            return [*self.numbers, self.torn[0]]
        return list(self.numbers)

    @property
    def read_bytes(self) -> int:
        """How far a reading gets."""
        return len(self.data) if len(self.read_numbers) > len(self.numbers) else self.data.rfind(b"\n") + 1


class Logs(RuleBasedStateMachine):
    """One home with two sessions, and a ledger."""

    agent: type[AgentLog]
    forks: Forks
    programs = steps = kills = 0

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.home, self.data = home_of(self.agent, self.folder), self.folder / "data"
        self.slots: dict[Path, tuple[int, bool]] = {}
        for slot in (0, 1):
            for elsewhere in (False, True):
                path = self.agent(slot).path(self.home[1], elsewhere=elsewhere)
                path.parent.mkdir(parents=True, exist_ok=True)
                self.slots[path] = slot, elsewhere
        self.ledger = self.opened()
        self.files: dict[Path, File] = {}
        self.seen: dict[Path, tuple[int, list[int]]] = {}
        self.number = self.clock = 0
        self.began, self.recent = int(time.time()), True
        self.settled = True

    def opened(self) -> Ledger:
        ledger = Ledger(self.data, named(self.home))
        assert ledger.notice is None
        return ledger

    def teardown(self) -> None:
        self.scan(None)
        assert_sound(self.ledger)
        self.ledger.close()
        shutil.rmtree(self.folder)
        type(self).programs += 1

    # -- helpers ------------------------------------------------------------------------------------------------

    def path(self, slot: int, elsewhere: bool) -> Path:
        return next(path for path, place in self.slots.items() if place == (slot, elsewhere))

    def store(self, path: Path, *, in_place: bool = True) -> None:
        """Write a file as the model has it; times move on, whatever the clock of the file system does."""
        if not in_place:
            path.unlink(missing_ok=True)
        with path.open("r+b" if path.exists() else "wb") as file:
            file.truncate(0)
            file.write(self.files[path].data)
        self.clock += 1
        seconds = self.clock + (self.began if self.recent else 0)
        os.utime(path, ns=(seconds * 10**9, seconds * 10**9))
        self.settled = False

    def next_number(self) -> int:
        self.number += 1
        return self.number

    def fresh(self, slot: int, responses: int) -> File:
        file = File(self.agent(slot))
        for _ in range(responses):
            file.respond(self.next_number())
        return file

    def note(self, path: Path) -> None:
        file = self.files[path]
        self.seen[path] = (file.read_bytes, file.read_numbers)

    def one(self, which: int) -> tuple[Path, File]:
        """One of the files that there are."""
        path = sorted(self.files)[which % len(self.files)]
        return path, self.files[path]

    def twin_of(self, path: Path) -> Path:
        slot, elsewhere = self.slots[path]
        return self.path(slot, not elsewhere)

    # -- what may happen ----------------------------------------------------------------------------------------

    @initialize(slot=SLOTS, elsewhere=ELSEWHERE, responses=st.integers(0, 4), scanned=st.booleans())
    def begin(self, slot: int, elsewhere: bool, responses: int, scanned: bool) -> None:
        self.create_or_rewrite_in_place(slot, elsewhere, responses)
        if scanned:
            self.scan(None)

    @rule(recent=st.booleans())
    def write_at_another_time(self, recent: bool) -> None:
        """The state of a file that is quiet for a day is not kept, so one that was written long ago is read anew."""
        self.recent = recent

    @exists
    @rule(which=WHICH)
    def age(self, which: int) -> None:
        """A file becomes one that was written long ago."""
        path, _ = self.one(which)
        self.clock += 1
        os.utime(path, ns=(self.clock * 10**9, self.clock * 10**9))

    @rule(slot=SLOTS, elsewhere=ELSEWHERE, responses=st.integers(0, 4))
    def create_or_rewrite_in_place(self, slot: int, elsewhere: bool, responses: int) -> None:
        self.files[self.path(slot, elsewhere)] = self.fresh(slot, responses)
        self.store(self.path(slot, elsewhere))

    @rule(slot=SLOTS, elsewhere=ELSEWHERE, responses=st.integers(0, 4))
    def delete_and_recreate(self, slot: int, elsewhere: bool, responses: int) -> None:
        """Most file systems give the number of the deleted file to the new one."""
        self.files[self.path(slot, elsewhere)] = self.fresh(slot, responses)
        self.store(self.path(slot, elsewhere), in_place=False)

    @exists
    @rule(which=WHICH, responses=st.integers(1, 5))
    def append(self, which: int, responses: int) -> None:
        path, file = self.one(which)
        file.finish_torn()
        for _ in range(responses):
            file.respond(self.next_number())
        self.store(path)

    @exists
    @rule(which=WHICH, share=st.floats(0.0, 1.0))
    def append_a_torn_line(self, which: int, share: float) -> None:
        path, file = self.one(which)
        file.finish_torn()
        number = self.next_number()
        line = file.log.respond(number)
        cut = min(int(len(line) * share), len(line) - 1)
        file.data += line[:cut]
        file.torn = (number, line[cut:])
        self.store(path)

    @precondition(lambda self: any(file.torn for file in self.files.values()))
    @rule()
    def flush(self) -> None:
        for path, file in self.files.items():
            if file.torn is not None:
                file.finish_torn()
                self.store(path)

    @exists
    @rule(which=WHICH)
    def move(self, which: int) -> None:
        old, _ = self.one(which)
        new = self.twin_of(old)
        if new not in self.files:
            old.rename(new)
            self.files[new] = self.files.pop(old)
            self.settled = False

    @exists
    @rule(which=WHICH)
    def copy_to_elsewhere(self, which: int) -> None:
        old, file = self.one(which)
        self.files[self.twin_of(old)] = copy.deepcopy(file)
        self.store(self.twin_of(old), in_place=False)

    @exists
    @rule(which=WHICH, kept=st.integers(0, 3))
    def leave_only_a_stub_elsewhere(self, which: int, kept: int) -> None:
        old, stub = self.one(which)
        new = self.twin_of(old)
        if new not in self.files:
            self.files[new] = self.files.pop(old)
            stub.keep(kept)
            old.unlink()
            self.store(new)

    @exists
    @rule(which=WHICH)
    def delete(self, which: int) -> None:
        path, _ = self.one(which)
        del self.files[path]
        path.unlink()
        self.settled = False

    @exists
    @rule(which=WHICH)
    def copy_and_truncate(self, which: int) -> None:
        old, file = self.one(which)
        self.copy_to_elsewhere(which)
        file.empty()
        self.store(old)

    @exists
    @rule(which=WHICH, kept=st.integers(0, 9), more=st.integers(1, 3))
    def truncate_and_grow_beyond_what_was_read(self, which: int, kept: int, more: int) -> None:
        """Another content that begins as the old one did, and is longer."""
        path, file = self.one(which)
        longer = len(file.numbers) + more
        file.keep(kept)
        while len(file.numbers) < longer:
            file.respond(self.next_number())
        self.store(path)

    @rule(killed=KILLED)
    def scan(self, killed: tuple[str, int] | None) -> None:
        if killed is not None and self.files:
            self.die(*killed)
        self.ledger.scan()
        for path, file in self.files.items():
            twin = self.twin_of(path)
            moved = path not in self.seen and twin in self.seen and twin not in self.files
            if moved and file.read_bytes >= self.seen[twin][0]:
                del self.seen[twin]
            self.note(path)
        self.settled = True
        self.check()

    @rule()
    def scan_once_more(self) -> None:
        self.scan(None)

    def die(self, step: str, commit: int) -> None:
        """Another process scans and is killed at a step of a commit, or finds nothing to commit."""
        code = self.forks.run("die_at", self.data, step, commit, "=".join(map(str, self.home)))
        assert code in (-signal.SIGKILL, 0)
        type(self).kills += code != 0

    @exists
    @rule(which=WHICH)
    def scan_by_a_hint(self, which: int) -> None:
        path, _ = self.one(which)
        self.ledger.scan(only={str(path)})
        self.note(path)
        self.check()

    @rule()
    def restart(self) -> None:
        self.ledger.close()
        self.ledger = self.opened()
        self.check()

    @precondition(lambda self: self.settled)
    @rule()
    def scan_again(self) -> None:
        assert self.ledger.scan().events_added == 0

    # -- what must hold -----------------------------------------------------------------------------------------

    @invariant()
    def count_the_steps(self) -> None:
        type(self).steps += 1

    def check(self) -> None:
        """The ledger holds what the model says."""
        wanted: dict[str, set[int]] = {}
        for path, (_, numbers) in self.seen.items():
            slot = self.slots[path][0]
            wanted.setdefault(self.agent(slot).session, set()).update(numbers)
        parts = self.agent.parts
        assert rows(self.ledger, _EVENTS) == sorted(
            (id_, *parts(n)) for id_, numbers in wanted.items() for n in numbers
        )
        with self.ledger.database.reading() as connection:
            assert differences(connection) == []


_EVENTS = (
    "SELECT s.id, e.input, e.cache_read, e.cache_write, e.cache_write_1h, e.output, e.reasoning FROM usage_event e "
    "JOIN session s ON s.num = e.session_num WHERE e.status = 0 ORDER BY 1, 2, 3, 4, 5, 6, 7"
)


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with Forks() as opened:
        yield opened


@every_agent
def test_r3_random_programs(agent: type[AgentLog], forks: Forks, size: Size, proved: Proved) -> None:
    programs = size(*PROGRAMS[agent])
    machine = type(f"{agent.provider.title()}Logs", (Logs,), {"agent": agent, "forks": forks})
    how = settings(
        max_examples=programs,
        stateful_step_count=PROGRAM,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=how)
    assert machine.programs >= programs
    proved("R3", "programs", machine.programs)
    proved("R3", "steps", machine.steps)
    proved("R3", "kills within them", machine.kills)
