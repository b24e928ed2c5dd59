"""What happens to logs in real life, each as a story with its end (R5), and logs that are read while they grow (R4).

The stories are those that shippers of logs test, as far as they apply to logs that an agent alone writes.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from tests.support.agents import AgentLog, every_agent, home_of, session_of
from tests.support.ledgers import assert_sound, clean_content, content, counted, ledger_of, rows
from tests.support.proofs import Proved, Size

from tokendial.ingest.scanner import ScanReport
from tokendial.services.ledger import Ledger

_EVENTS = (
    "SELECT s.id, e.input, e.cache_read, e.cache_write, e.cache_write_1h, e.output, e.reasoning FROM usage_event e "
    "JOIN session s ON s.num = e.session_num WHERE e.status = 0 ORDER BY 1, 2, 3, 4, 5, 6, 7"
)


class Tale:
    """A home, a ledger that may be closed and opened again at each scan, and what must be counted at the end."""

    def __init__(self, agent: type[AgentLog], folder: Path, *, restarts: bool) -> None:
        self.agent = agent
        self.named = home_of(agent, folder)
        self.home = self.named[1]
        self.folder = folder
        self.data = folder / "data"
        self._restarts = restarts
        self._clock, self._began = 0, int(time.time())
        self._ledger = self._open()

    def _open(self) -> Ledger:
        return Ledger(self.data, [self.named])

    def scan(self, at_start: Callable[[], object] | None = None) -> ScanReport:
        """Bring the ledger up to date; `at_start` is done once the folders are listed and before a file is read."""
        if self._restarts:
            self.close()
            self._ledger = self._open()
        pending = [] if at_start is None else [at_start]

        def progress(report: ScanReport) -> None:
            if report.files_to_read and pending:
                pending.pop()()

        report = self._ledger.scan(progress)
        assert not pending, "nothing was read"
        assert_sound(self._ledger)
        return report

    def is_clean(self) -> bool:
        """Whether one clean pass over what lies there now gives the same."""
        return content(self._ledger) == clean_content(self.folder / "clean", self.named)

    def close(self) -> None:
        self._ledger.close()

    def log(self, responses: int = 3, number: int = 0, first: int = 0) -> AgentLog:
        return session_of(self.agent, responses, number, first)

    def put(self, path: Path, data: bytes) -> Path:
        """Write a file in place; its time is later than all before, whatever the clock of the file system does."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("r+b" if path.exists() else "wb") as file:
            file.truncate(0)
            file.write(data)
        return self.touch(path)

    def touch(self, path: Path) -> Path:
        self._clock += 1
        os.utime(path, (self._began + self._clock, self._began + self._clock))
        return path

    def append(self, path: Path, data: bytes) -> None:
        with path.open("ab") as file:
            file.write(data)
        self.touch(path)

    def assert_counted(self, *wanted: tuple[AgentLog, Iterable[int]]) -> None:
        """Exactly these responses of these sessions."""
        expected = sorted((log.session, *log.parts(number)) for log, numbers in wanted for number in numbers)
        assert rows(self._ledger, _EVENTS) == expected

    @property
    def statuses(self) -> dict[str, str]:
        return dict(rows(self._ledger, "SELECT path, status FROM source_file"))


Story = Callable[[Tale], None]
STORIES: list[Story] = []


def story(tell: Story) -> Story:
    STORIES.append(tell)
    return tell


@every_agent
@pytest.mark.parametrize("restarts", [False, True], ids=["running", "restarted"])
@pytest.mark.parametrize("tell", STORIES, ids=lambda tell: tell.__name__)
def test_r5_story(tell: Story, restarts: bool, agent: type[AgentLog], proved: Proved, tmp_path: Path) -> None:
    tale = Tale(agent, tmp_path, restarts=restarts)
    try:
        tell(tale)
        assert tale.scan().events_added == 0, "a scan of what is known adds nothing"
    finally:
        tale.close()
    proved("R5", "stories", 1)


# -- lines that come in pieces ---------------------------------------------------------------------------------------


@story
def a_partial_line_over_a_restart_is_counted_once(tale: Tale) -> None:
    log = tale.log(2)
    path = tale.put(log.path(tale.home), log.bytes())
    line = log.respond(7)
    tale.append(path, line[:40])
    tale.scan()
    tale.assert_counted((log, range(2)))
    tale.append(path, line[40:])
    tale.scan()
    tale.assert_counted((log, [0, 1, 7]))
    assert tale.is_clean()


@story
def a_line_that_is_never_finished_hides_nothing_of_another_file(tale: Tale) -> None:
    torn, whole = tale.log(2), tale.log(2, number=1, first=10)
    tale.put(torn.path(tale.home), torn.bytes() + torn.respond(5)[:-30])
    tale.put(whole.path(tale.home), whole.bytes())
    tale.scan()
    tale.assert_counted((torn, range(2)), (whole, [10, 11]))


@story
def an_empty_file_is_filled_later(tale: Tale) -> None:
    log = tale.log(3)
    path = tale.put(log.path(tale.home), b"")
    tale.scan()
    tale.put(path, log.bytes())
    tale.scan()
    tale.assert_counted((log, range(3)))


@story
def many_small_writes(tale: Tale) -> None:
    log = tale.log(6)
    data, path = log.bytes(), log.path(tale.home)
    for end in range(97, len(data) + 97, 97 * 5):
        tale.put(path, data[:end])
        tale.scan()
    tale.put(path, data)
    tale.scan()
    tale.assert_counted((log, range(6)))
    assert tale.is_clean()


# -- files that are truncated and written again ---------------------------------------------------------------------


@story
def truncated_while_nobody_looked_and_shorter(tale: Tale) -> None:
    long, short = tale.log(6), tale.log(2, first=50)
    path = tale.put(long.path(tale.home), long.bytes())
    tale.scan()
    tale.put(path, short.bytes())
    tale.scan()
    tale.assert_counted((short, [50, 51]))
    assert tale.is_clean()


@story
def truncated_and_grown_beyond_what_was_read(tale: Tale) -> None:
    short, long = tale.log(2), tale.log(6, first=50)
    path = tale.put(short.path(tale.home), short.bytes())
    tale.scan()
    tale.put(path, long.bytes())
    tale.scan()
    tale.assert_counted((long, range(50, 56)))
    assert tale.is_clean()


@story
def rewritten_at_exactly_the_same_size(tale: Tale) -> None:
    old, new = tale.log(3, first=1), tale.log(3, first=12)
    assert len(old.bytes()) <= len(new.bytes())
    data = old.bytes() + b" " * (len(new.bytes()) - len(old.bytes()) - 1)
    path = tale.put(old.path(tale.home), data + b"\n" * (len(new.bytes()) - len(data)))
    tale.scan()
    tale.put(path, new.bytes())
    tale.scan()
    tale.assert_counted((new, range(12, 15)))
    assert tale.is_clean()


@story
def copied_away_and_truncated(tale: Tale) -> None:
    log = tale.log(3)
    path = tale.put(log.path(tale.home), log.bytes())
    tale.scan()
    head = tale.log(0)
    tale.put(log.path(tale.home, elsewhere=True), log.bytes())
    tale.put(path, head.bytes() + log.respond(20))
    tale.scan()
    tale.assert_counted((log, [0, 1, 2, 20]))
    assert tale.is_clean()


@story
def truncated_under_a_writer_that_does_not_know(tale: Tale) -> None:
    """It goes on at its old place, so the file begins with NUL bytes up to there."""
    log = tale.log(3)
    path = tale.put(log.path(tale.home), log.bytes())
    tale.scan()
    with path.open("r+b") as writer:
        writer.seek(0, os.SEEK_END)
        os.truncate(path, 0)
        writer.write(log.respond(20) + log.respond(21))
    tale.touch(path)
    tale.scan()
    numbers = {row[-1] for row in rows(tale._ledger, "SELECT input FROM usage_event WHERE status = 0")}
    assert {log.parts(21).input} <= numbers <= {log.parts(20).input, log.parts(21).input}
    assert tale.is_clean()


@story
def deleted_and_made_anew_with_the_same_name(tale: Tale) -> None:
    old, new = tale.log(4), tale.log(4, first=30)
    path = tale.put(old.path(tale.home), old.bytes())
    tale.scan()
    path.unlink()
    tale.put(path, new.bytes())
    tale.scan()
    tale.assert_counted((new, range(30, 34)))
    assert tale.is_clean()


@story
def deleted_seen_as_gone_and_made_anew(tale: Tale) -> None:
    old, new = tale.log(4), tale.log(2, first=30)
    path = tale.put(old.path(tale.home), old.bytes())
    tale.scan()
    path.unlink()
    tale.scan()
    tale.assert_counted((old, range(4)))
    tale.put(path, new.bytes())
    tale.scan()
    tale.assert_counted((new, [30, 31]))
    assert tale.is_clean()


@story
def replaced_by_a_renamed_file_as_editors_save(tale: Tale) -> None:
    log = tale.log(3)
    path = tale.put(log.path(tale.home), log.bytes())
    tale.scan()
    log.respond(9)
    tale.put(path.with_name("saving.tmp"), log.bytes()).replace(path)
    tale.scan()
    tale.assert_counted((log, [0, 1, 2, 9]))
    assert tale.is_clean()


@story
def restored_from_a_backup_with_an_older_time(tale: Tale) -> None:
    log = tale.log(2)
    older = log.bytes()
    log.respond(8)
    path = tale.put(log.path(tale.home), log.bytes())
    tale.scan()
    tale.put(path, older)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    tale.scan()
    tale.assert_counted((log, range(2)))
    tale.append(path, log.lines[-1])
    tale.scan()
    tale.assert_counted((log, [0, 1, 8]))


@story
def grown_while_its_time_went_backwards(tale: Tale) -> None:
    log = tale.log(2)
    path = tale.put(log.path(tale.home), log.bytes())
    tale.scan()
    tale.append(path, log.respond(8))
    os.utime(path, (1_600_000_000, 1_600_000_000))
    tale.scan()
    tale.assert_counted((log, [0, 1, 8]))


@story
def grown_within_the_same_tick_of_the_clock(tale: Tale) -> None:
    log = tale.log(2)
    path = tale.put(log.path(tale.home), log.bytes())
    tale.scan()
    before = path.stat()
    tale.append(path, log.respond(8))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    tale.scan()
    tale.assert_counted((log, [0, 1, 8]))


@story
def only_touched(tale: Tale) -> None:
    log = tale.log(3)
    path = tale.put(log.path(tale.home), log.bytes())
    tale.scan()
    assert tale.scan().files_read == 0
    tale.touch(path)
    assert tale.scan().bytes_read == 0
    tale.assert_counted((log, range(3)))


# -- files that move -------------------------------------------------------------------------------------------------


@story
def rotated_fast_through_both_places(tale: Tale) -> None:
    log = tale.log(1)
    here, there = log.path(tale.home), log.path(tale.home, elsewhere=True)
    tale.put(here, log.bytes())
    there.parent.mkdir(parents=True, exist_ok=True)
    for turn in range(1, 6):
        tale.append(here, log.respond(turn))
        here.rename(there)
        if turn % 2:
            tale.scan()
        here, there = there, here
    tale.scan()
    tale.assert_counted((log, range(6)))
    assert tale.is_clean()


@story
def moved_and_grown_while_nobody_looked(tale: Tale) -> None:
    log = tale.log(3)
    here, there = log.path(tale.home), log.path(tale.home, elsewhere=True)
    tale.put(here, log.bytes())
    tale.scan()
    there.parent.mkdir(parents=True, exist_ok=True)
    here.rename(there)
    tale.append(there, log.respond(9))
    tale.scan()
    tale.assert_counted((log, [0, 1, 2, 9]))
    assert tale.is_clean()


@story
def renamed_away_and_back_between_two_scans(tale: Tale) -> None:
    log = tale.log(3)
    path = tale.put(log.path(tale.home), log.bytes())
    tale.scan()
    path.rename(path.with_name("away"))
    tale.scan()
    path.with_name("away").rename(path)
    tale.scan()
    tale.assert_counted((log, range(3)))
    assert set(tale.statuses.values()) == {"present"}


@story
def two_logs_change_their_names(tale: Tale) -> None:
    one, two = tale.log(3), tale.log(4, number=1, first=20)
    here, there = one.path(tale.home), two.path(tale.home)
    tale.put(here, one.bytes())
    tale.put(there, two.bytes())
    tale.scan()
    here.rename(here.with_name("aside"))
    there.rename(here)
    here.with_name("aside").rename(there)
    tale.scan()
    assert tale.is_clean()
    if tale.agent.provider == "codex":
        return  # a rollout belongs to the thread that its name says, and all that is older is copied into it
    parts = sorted([*(one.parts(n) for n in range(3)), *(two.parts(n) for n in range(20, 24))])
    assert sorted(row[1:] for row in rows(tale._ledger, _EVENTS)) == parts


@story
def a_folder_above_is_renamed(tale: Tale) -> None:
    log = tale.log(3)
    path = tale.put(log.path(tale.home), log.bytes())
    tale.scan()
    path.parent.rename(
        path.parent.with_name("renamed") if tale.agent.provider != "gemini" else path.parent / ".." / "x"
    )
    tale.scan()
    tale.assert_counted((log, range(3)))


@story
def linked_to_a_second_name(tale: Tale) -> None:
    log = tale.log(3)
    path = tale.put(log.path(tale.home), log.bytes())
    other = log.path(tale.home, elsewhere=True)
    other.parent.mkdir(parents=True, exist_ok=True)
    os.link(path, other)
    tale.scan()
    tale.append(path, log.respond(5))
    tale.scan()
    tale.assert_counted((log, [0, 1, 2, 5]))
    assert tale.is_clean()


@story
def a_link_whose_target_rotates_is_never_followed(tale: Tale) -> None:
    one, two = tale.log(3), tale.log(3, number=1, first=20)
    outside = tale.put(tale.folder / "outside" / "one", one.bytes())
    link = one.path(tale.home)
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(outside)
    path = tale.put(two.path(tale.home), two.bytes())
    tale.scan()
    tale.put(outside.with_name("two"), one.bytes())
    link.unlink()
    link.symlink_to(outside.with_name("two"))
    tale.append(path, two.respond(29))
    tale.scan()
    tale.assert_counted((two, [20, 21, 22, 29]))


# -- what happens between the listing and the reading ---------------------------------------------------------------


@story
def grown_between_listing_and_reading(tale: Tale) -> None:
    log = tale.log(2)
    path = tale.put(log.path(tale.home), log.bytes())
    tale.scan(lambda: tale.append(path, log.respond(9)))
    tale.append(path, log.respond(10))
    tale.scan()
    tale.assert_counted((log, [0, 1, 9, 10]))
    assert tale.is_clean()


@story
def deleted_between_listing_and_reading(tale: Tale) -> None:
    log, other = tale.log(2), tale.log(2, number=1, first=10)
    path = tale.put(log.path(tale.home), log.bytes())
    tale.put(other.path(tale.home), other.bytes())
    tale.scan(path.unlink)
    tale.assert_counted((other, [10, 11]))
    tale.put(path, log.bytes())
    tale.scan()
    tale.assert_counted((log, range(2)), (other, [10, 11]))


@story
def truncated_between_listing_and_reading(tale: Tale) -> None:
    log = tale.log(4)
    path = tale.put(log.path(tale.home), log.bytes())
    tale.scan()
    tale.append(path, log.respond(9))
    short = tale.log(1, first=60)
    tale.scan(lambda: tale.put(path, short.bytes()))
    tale.scan()
    tale.assert_counted((short, [60]))
    assert tale.is_clean()


@story
def a_folder_takes_the_place_of_a_log_and_gives_it_back(tale: Tale) -> None:
    log = tale.log(3)
    path = tale.put(log.path(tale.home), log.bytes())
    tale.scan()
    path.unlink()
    path.mkdir()
    tale.scan()
    tale.assert_counted((log, range(3)))
    path.rmdir()
    log.respond(8)
    tale.put(path, log.bytes())
    tale.scan()
    tale.assert_counted((log, [0, 1, 2, 8]))


@story
def a_whole_home_is_copied_and_both_are_read(tale: Tale) -> None:
    log = tale.log(3)
    tale.put(log.path(tale.home), log.bytes())
    tale.scan()
    tale.assert_counted((log, range(3)))
    second = tale.folder / "second" / tale.home.name
    shutil.copytree(tale.home, second)
    with ledger_of(tale.folder / "both", tale.named, (tale.agent.provider, second)) as both:
        both.scan()
        assert counted(both) == 3
        assert_sound(both)


# -- R4 --------------------------------------------------------------------------------------------------------------


@every_agent
def test_r4_polled_while_a_file_of_two_hundred_lines_grows(
    agent: type[AgentLog], size: Size, proved: Proved, tmp_path: Path
) -> None:
    """Around every end of a line, and at many places within; with `--long` after every byte."""
    home, log = home_of(agent, tmp_path), session_of(agent, 200)
    data, path = log.bytes(), log.path(home[1])
    ends = [at + 1 for at, byte in enumerate(data) if byte == 10]
    near = {end + off for end in ends for off in (-1, 0, 1)} | set(range(0, len(data), 251)) | {len(data)}
    cuts = sorted(cut for cut in (near if size(1, 0) else range(len(data) + 1)) if 0 <= cut <= len(data))
    with ledger_of(tmp_path / "data", home) as ledger, path.open("wb", buffering=0) as file:
        done, at = 0, 0
        for cut in cuts:
            file.write(data[at:cut])
            at = cut
            ledger.scan(only={str(path)})
            now = counted(ledger)
            assert done <= now <= data.count(b"\n", 0, cut + 1)
            done = now
        assert done == 200
        assert content(ledger) == clean_content(tmp_path / "clean", home)
    proved("R4", "polls of a torn tail", len(cuts))


@every_agent
def test_r4_polled_at_random_moments_of_a_live_writer(
    agent: type[AgentLog], size: Size, proved: Proved, tmp_path: Path
) -> None:
    polls = 0
    for attempt in range(size(1, 20)):
        home, log = home_of(agent, tmp_path / str(attempt)), session_of(agent, 2_000)
        path, wanted = log.path(home[1]), size(50, 500)
        writer = threading.Thread(target=write_slowly, args=(path, log.bytes(), wanted * 3))
        with ledger_of(tmp_path / f"data-{attempt}", home) as ledger:
            writer.start()
            here = 0
            while writer.is_alive() or here < wanted:
                ledger.scan(only={str(path)} if here % 3 else None)
                here += 1
            writer.join()
            ledger.scan()
            polls += here
            assert counted(ledger) == 2_000
            assert content(ledger) == clean_content(tmp_path / f"clean-{attempt}", home)
    proved("R4", "polls of a live writer", polls)


def write_slowly(path: Path, data: bytes, pieces: int) -> None:
    """Write a file in so many pieces, which end anywhere within lines."""
    length = len(data) // pieces | 1
    with path.open("wb", buffering=0) as file:
        for at in range(0, len(data), length):
            file.write(data[at : at + length])
            time.sleep(0.0005)
