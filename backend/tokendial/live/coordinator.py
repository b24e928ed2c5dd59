"""Asks the live sources that the user switched on: one at a time, and only when the clock or the user says so.

Events of files never lead here (W-28). What was answered goes to the caller, which keeps it.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tokendial.domain.records import ReadingRecord
from tokendial.live.line import HttpLine
from tokendial.live.schedule import Asked, failed, is_recent, may_ask, succeeded
from tokendial.providers.live import LiveFailure, LiveSource

_TICK_SECONDS = 5.0
_log = logging.getLogger(__name__)


class Target(NamedTuple):
    """A home of a provider whose live source is on; `key` is the source's id, a colon and the home's."""

    key: str
    home_id: int
    provider: str
    home: Path
    source: LiveSource


class Keeper(NamedTuple):
    """What the coordinator needs of the program around it.

    `targets` are the sources that are on now, `every_ms` the cadence (None: by hand only). `keep` takes the readings
    of a home, `save` what is known about every source after each try.
    """

    targets: Callable[[], Sequence[Target]]
    every_ms: Callable[[], int | None]
    keep: Callable[[Target, Sequence[ReadingRecord]], None]
    save: Callable[[Mapping[str, Asked]], None]


class Coordinator:
    """One thread, so that no two requests are ever in flight."""

    def __init__(
        self,
        keeper: Keeper,
        known: Mapping[str, Asked],
        line: HttpLine | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`known` is what `save` was given before the restart."""
        self._keeper = keeper
        self._asked = dict(known)
        self._line = line or HttpLine()
        self._now = now
        self._condition = threading.Condition()
        self._by_hand = False
        self._stopping = False
        self._thread: threading.Thread | None = None

    @property
    def asked(self) -> Mapping[str, Asked]:
        """What is known about each source, by its target's key."""
        with self._condition:
            return dict(self._asked)

    def start(self) -> None:
        """Ask in the background from now on."""
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask no more; a request that is under way ends by itself."""
        with self._condition:
            self._stopping = True
            self._condition.notify_all()
        if self._thread is not None:
            self._thread.join(timeout=2)

    def refresh(self) -> None:
        """The user asks, or changed what is on."""
        with self._condition:
            self._by_hand = True
            self._condition.notify_all()

    def ask_due(self, *, by_hand: bool) -> int:
        """Ask every source that may be asked now; returns how many were. Called by the thread, and by tests.

        The homes of one source take turns: the one that was not asked for longest is first.
        """
        count = 0
        for target in sorted(self._keeper.targets(), key=lambda one: self._asked.get(one.key, Asked()).tried_ms):
            if self._stopping:
                break
            now_ms, mark = round(self._now() * 1000), _mark(target)
            asked, every_ms = self._asked.get(target.key, Asked()), self._keeper.every_ms()
            if not self._is_busy(target, now_ms) and may_ask(asked, now_ms, every_ms, mark, by_hand=by_hand):
                self._note(target.key, self._ask(target, asked, now_ms, mark))
                count += 1
        return count

    def _is_busy(self, target: Target, now_ms: int) -> bool:
        """Whether another home's account was asked about less than a minute ago at the same source."""
        others = (asked for key, asked in self._asked.items() if key.partition(":")[0] == target.source.id)
        return any(is_recent(asked, now_ms) for asked in others)

    def _ask(self, target: Target, asked: Asked, now_ms: int, mark: str) -> Asked:
        try:
            self._read(target, now_ms)
        except LiveFailure as caught:
            _log.info("live source %s: %s", target.key, caught.kind)
            failure = caught
        except Exception:
            # A try is a boundary: what is wrong with one source must not end the others, nor be tried all the time.
            _log.exception("live source %s", target.key)
            failure = LiveFailure("unexpected", "The answer could not be kept.")
        else:
            return succeeded(asked, now_ms, mark)
        return failed(asked, now_ms, mark, failure, random.random)

    def _read(self, target: Target, now_ms: int) -> None:
        self._line.clock_offset_ms = 0
        readings = target.source.read(target.home, self._line, now_ms)
        if not readings:
            raise LiveFailure("unexpected", "The answer names no limit.")
        self._keeper.keep(target, [_on_our_clock(one, self._line.clock_offset_ms) for one in readings])

    def _note(self, key: str, asked: Asked) -> None:
        with self._condition:
            self._asked[key] = asked
            known = dict(self._asked)
        self._keeper.save(known)

    def _run(self) -> None:
        by_hand = False
        while not self._stopping:
            self.ask_due(by_hand=by_hand)
            with self._condition:
                self._condition.wait_for(lambda: self._stopping or self._by_hand, _TICK_SECONDS)
                by_hand, self._by_hand = self._by_hand, False


def _on_our_clock(reading: ReadingRecord, offset_ms: int) -> ReadingRecord:
    """A reset is an instant of the server's clock; where ours is off, it is told on ours, so that the rest is right."""
    if reading.resets_at_ms is None or not offset_ms:
        return reading
    return reading._replace(resets_at_ms=reading.resets_at_ms + offset_ms)


def _mark(target: Target) -> str:
    """Sizes and times of the credential files: a change says that the agent has renewed one."""
    found = []
    for path in target.source.credential_files(target.home):
        try:
            status = path.stat()
        except OSError:
            found.append("-")
        else:
            found.append(f"{status.st_size}:{status.st_mtime_ns}")
    return ",".join(found)
