"""Random programs of removals among what may happen to logs, beside a ledger that removes nothing (R1, R3).

Whatever is cut, read again, copied, archived, forked, appended, deleted, switched off or on, or put into another home:
both say the same of every day, session, model, effort, tier and project.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from operator import add
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.agents import AgentLog, CodexLog, every_agent, home_of
from tests.support.ledgers import assert_sound, counted, ledger_of, rows
from tests.support.past import labelled, remove
from tests.support.proofs import Proved, Size
from tests.support.rollout import Rollout, usage

from tokendial.domain.records import BUCKET_MS
from tokendial.services.ledger import Ledger
from tokendial.store import homes

SESSIONS = 4
STEP = st.tuples(
    st.sampled_from(["append", "append", "copy", "archive", "fork", "delete", "reread", "switch", "cut", "cut", "cut"]),
    st.integers(0, 7),
    st.integers(1, 6),
    st.booleans(),
)


class World:
    """Two homes, a ledger that removes details and one that does not."""

    def __init__(self, folder: Path, agent: type[AgentLog]) -> None:
        self.agent = agent
        self.homes = [home_of(agent, folder / name) for name in ("one", "two")]
        self.logs = [agent(number * 11) for number in range(SESSIONS)]
        self.forks: list[Rollout] = []
        self.number = 0

    def append(self, which: int, many: int, other: bool) -> None:
        log = self.logs[which % SESSIONS]
        for _ in range(many):
            self.number += 1
            log.respond(self.number)
        log.write(self.homes[other and which % 3 == 0][1])

    def copy(self, which: int, _many: int, other: bool) -> None:
        """Into the other home, as far as the log is now."""
        log = self.logs[which % SESSIONS]
        if len(log.lines) > 3:
            log.write(self.homes[other][1])

    def archive(self, which: int, _many: int, other: bool) -> None:
        log = self.logs[which % SESSIONS]
        if len(log.lines) > 3:
            log.write(self.homes[other][1], elsewhere=True)

    def fork(self, which: int, many: int, _other: bool) -> None:
        """Counters of an older thread as if they were its own, and some more; only Codex writes these.

        The thread's log lies beside it: what turns up there only after the fork's details went stays the fork's.
        """
        parents = [log.rollout for log in self.logs if isinstance(log, CodexLog) and len(log.lines) > 3] + self.forks
        if parents:
            parent = parents[which % len(parents)]
            parent.write(self.homes[0][1])
            child = Rollout(parent.now_ms + 3_600_000, 700 + len(self.forks)).meta(forked_from_id=parent.thread).turn()
            child.copy(parent, [line for line in parent.lines if b"token_count" in line])
            for _ in range(many):
                self.number += 1
                child.count(usage(self.number))
            child.write(self.homes[0][1])
            self.forks.append(child)

    def delete(self, which: int, _many: int, other: bool) -> None:
        self.logs[which % SESSIONS].path(self.homes[other][1]).unlink(missing_ok=True)

    def change(self, ledger: Ledger, what: str, other: bool) -> None:
        """What a user does to a home."""
        home = ledger.homes()[other]
        if what == "reread":
            ledger.reread_home(home.id)
        if what == "switch":
            homes.update(ledger.database, home.id, label=None, active=not home.active)


def run(agent: type[AgentLog], steps: list[tuple[str, int, int, bool]]) -> int:
    """Run a program; returns how many details it removed."""
    folder = Path(tempfile.mkdtemp())
    try:
        world = World(folder, agent)
        with ledger_of(folder / "a", *world.homes) as ledger, ledger_of(folder / "b", *world.homes) as whole:
            removed = 0
            for what, which, many, other in steps:
                act: Callable[[int, int, bool], None] | None = getattr(world, what, None)
                if act is not None:
                    act(which, many, other)
                for each in (ledger, whole):
                    world.change(each, what, other)
                    each.scan()
                if what == "cut":
                    removed += cut(ledger, which)
                assert used(ledger) == used(whole), what
                assert_sound(ledger)
            return removed
    finally:
        shutil.rmtree(folder)


def used(ledger: Ledger) -> list[tuple[Any, ...]]:
    """Sums that do not depend on row numbers, nor on whether details are there.

    Of a log that turns up in another home later, what was removed stays with the home that it was counted in.
    """
    found: dict[tuple[Any, ...], list[int]] = {}
    for session, day, _home, *label_and_counts in labelled(ledger):
        counts = found.setdefault((session, day, *label_and_counts[:5]), [0] * 7)
        counts[:] = map(add, counts, label_and_counts[5:])
    return sorted((*key, *counts) for key, counts in found.items())


def cut(ledger: Ledger, eighths: int) -> int:
    """Remove what lies in the first part of the time that anything was used in."""
    low, high = rows(ledger, "SELECT min(bucket), max(bucket) FROM usage_rollup")[0]
    if low is None:
        return 0
    before, there = low + (high - low) * eighths // 7 + 1, counted(ledger)
    removed = remove(ledger, before * BUCKET_MS)
    assert counted(ledger) == there - removed
    return removed


@every_agent
def test_r3_removed_details_change_no_figure_in_random_programs(
    agent: type[AgentLog], size: Size, proved: Proved
) -> None:
    done: list[int] = []

    @settings(max_examples=size(40, 4_000), deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEP, min_size=6, max_size=14))
    def programs(steps: list[tuple[str, int, int, bool]]) -> None:
        done.append(run(agent, [("append", 0, 5, False), ("append", 1, 3, False), *steps]))

    programs()
    assert sum(done) > len(done), "programs that remove something"
    proved("R3", "programs with removed details", len(done))
    proved("R3", "responses whose details were removed", sum(done))
