"""The watcher gives hints in time, gathered, and never for what only reads."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.support.ledgers import content, counted, ledger_of, scan_once
from tests.support.rollout import session, usage

from tokendial.ingest.hints import AT_MOST_SECONDS, QUIET_SECONDS, Debounce
from tokendial.ingest.scanner import ScanReport
from tokendial.ingest.service import IngestService
from tokendial.ingest.watch import Watcher
from tokendial.services.ledger import Ledger

SOON = 2.0


class Hints:
    """Paths as they come; waits for some of them."""

    def __init__(self) -> None:
        self.batches: queue.Queue[set[str]] = queue.Queue()

    def of(self, *paths: Path, within: float = SOON) -> set[str]:
        """All that came until each of these did. Fails when they do not come in time."""
        seen: set[str] = set()
        until = time.monotonic() + within
        while not {str(path) for path in paths} <= seen:
            try:
                seen |= self.batches.get(timeout=max(0.01, until - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"no hint for {paths} within {within} s, only for {seen}")
        return seen

    def none(self, within: float = AT_MOST_SECONDS + 0.4) -> bool:
        try:
            return not self.batches.get(timeout=within)
        except queue.Empty:
            return True


@pytest.fixture
def hints(home: Path) -> Iterator[Hints]:
    hints = Hints()
    watcher = Watcher(hints.batches.put)
    watcher.start()
    watcher.watch([home / "sessions", home / "archived_sessions"])
    yield hints
    watcher.stop()


def test_r12_created_and_modified_files_are_seen(home: Path, hints: Hints) -> None:
    rollout = session(1)
    path = home / "sessions" / rollout.name
    path.write_bytes(rollout.bytes())
    hints.of(path)
    with path.open("ab") as file:
        file.write(rollout.count(usage(2)).lines[-1])
        file.flush()
        hints.of(path)


def test_files_in_new_folders_are_seen(home: Path, hints: Hints) -> None:
    hints.of(session(1).write(home))


def test_moved_and_deleted_files_are_seen(home: Path, hints: Hints, tmp_path: Path) -> None:
    path = session(1).write(home)
    hints.of(path)
    inside = path.with_name("rollout-moved.jsonl")
    path.rename(inside)
    hints.of(path, inside)
    inside.rename(tmp_path / "rollout-outside.jsonl")
    hints.of(inside)
    (tmp_path / "rollout-outside.jsonl").rename(path)
    hints.of(path)
    path.unlink()
    hints.of(path)


def test_opening_and_reading_gives_no_hint(home: Path, hints: Hints) -> None:
    path = session(1).write(home)
    hints.of(path)
    hints.none()
    for _ in range(5):
        path.read_bytes()
        list(path.parent.iterdir())
    assert hints.none()


def test_a_burst_is_one_hint() -> None:
    hints = Hints()
    debounce = Debounce(hints.batches.put)
    try:
        for number in range(500):
            debounce.add(f"/f{number % 50}")
        assert len(hints.batches.get(timeout=SOON)) == 50
        assert hints.batches.empty()
    finally:
        debounce.stop()


def test_a_stream_of_changes_does_not_hold_hints_back_for_ever() -> None:
    hints = Hints()
    debounce = Debounce(hints.batches.put)
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(QUIET_SECONDS / 5):
            debounce.add("/busy")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert hints.batches.get(timeout=AT_MOST_SECONDS + 1) == {"/busy"}
    finally:
        stop.set()
        thread.join()
        debounce.stop()


def test_folders_that_are_not_there_are_watched_later(home: Path) -> None:
    hints = Hints()
    watcher = Watcher(hints.batches.put)
    watcher.start()
    roots = [home / "sessions", home / "archived_sessions"]
    try:
        watcher.watch(roots)
        roots[1].mkdir()
        watcher.watch(roots)
        hints.of(session(1).write(home, archived=True))
    finally:
        watcher.stop()


def test_stopping_ends_the_threads(home: Path) -> None:
    before = threading.active_count()
    for _ in range(3):
        watcher = Watcher(lambda _paths: None)
        watcher.start()
        watcher.watch([home / "sessions"])
        watcher.stop()
    assert threading.active_count() == before


# -- the service that scans on hints ------------------------------------------------------------------------------


class Service:
    """A running service over a ledger; waits until the ledger is as wanted."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._changed = threading.Condition()
        self.reports: list[ScanReport] = []
        self.service = IngestService(ledger.read_homes, ledger.scan, lambda: None, self._on_change)

    def _on_change(self, report: ScanReport) -> None:
        with self._changed:
            self.reports.append(report)
            self._changed.notify_all()

    def until(self, holds: Callable[[], bool], within: float = 5.0) -> None:
        with self._changed:
            assert self._changed.wait_for(holds, within)


@pytest.fixture
def running(home: Path, data: Path) -> Iterator[Service]:
    with ledger_of(data, home) as ledger:
        running = Service(ledger)
        running.service.start()
        running.service.request(wait=True)
        yield running
        running.service.stop()


def test_the_service_follows_what_is_written(home: Path, running: Service, tmp_path: Path) -> None:
    assert running.service.watching == "watching"
    rollout, other = session(2), session(3, number=2, first=30)
    path = rollout.write(home)
    running.until(lambda: counted(running.ledger) == 2)
    with path.open("ab") as file:
        file.write(rollout.count(usage(9)).lines[-1])
    running.until(lambda: counted(running.ledger) == 3)
    other.write(home)
    running.until(lambda: counted(running.ledger) == 6)
    assert content(running.ledger) == scan_once(tmp_path / "clean", home)


def test_an_asked_for_scan_is_a_full_one(home: Path, running: Service) -> None:
    path = session(2).write(home)
    running.service.request(wait=True)
    assert counted(running.ledger) == 2
    path.unlink()
    running.service.request(wait=True)
    assert running.service.state.report.files == 0
    assert running.service.state.finished_at_ms is not None


def test_what_changes_during_the_first_scan_is_not_missed(home: Path, data: Path) -> None:
    """The folders are watched before they are read: a file written meanwhile gives its own hint."""
    late = session(2)
    with ledger_of(data, home) as ledger:
        running = Service(ledger)
        wrote = threading.Event()

        def scan(progress: Callable[[ScanReport], None], only: set[str] | None) -> ScanReport:
            report = ledger.scan(progress, only)
            if not wrote.is_set():
                wrote.set()
                late.write(home)
            return report

        running.service = IngestService(ledger.read_homes, scan, lambda: None, running._on_change)
        running.service.start()
        try:
            running.until(lambda: counted(ledger) == 2)
        finally:
            running.service.stop()


def test_who_asks_before_the_service_begins_is_answered(home: Path, data: Path) -> None:
    """The window begins it when its page has figures; the page may ask for a scan before."""
    session(2).write(home)
    with ledger_of(data, home) as ledger:
        running = Service(ledger)
        waiting = [threading.Thread(target=running.service.request, kwargs={"wait": True}) for _ in range(3)]
        for thread in waiting:
            thread.start()
        time.sleep(0.1)
        running.service.start()
        try:
            for thread in waiting:
                thread.join(10)
                assert not thread.is_alive()
            assert counted(ledger) == 2
        finally:
            running.service.stop()


def test_a_service_begins_once_and_not_after_its_end(home: Path, data: Path) -> None:
    before = threading.active_count()
    with ledger_of(data, home) as ledger:
        service = Service(ledger).service
        service.start()
        begun = threading.active_count()
        service.start()
        assert threading.active_count() == begun
        service.stop()
        service.start()
        assert threading.active_count() == before
        unbegun = Service(ledger).service
        unbegun.stop()
        unbegun.start()
        assert threading.active_count() == before
        assert unbegun.watching == "off"


def test_a_home_that_vanishes_is_told_and_the_service_lives(home: Path, running: Service) -> None:
    home.rename(home.with_name("away"))
    running.service.request(wait=True)
    assert str(home) in (running.service.state.message or "")
    home.with_name("away").rename(home)
    running.service.request(wait=True)
    assert running.service.state.message is None
    session(1).write(home)
    running.until(lambda: counted(running.ledger) == 1)


def test_a_scan_gives_way_and_goes_on_after(home: Path, data: Path) -> None:
    """Whoever changes the homes does not wait for a long scan: it is broken off at its next step and begins again."""
    for number in range(3):
        session(2, number=number, first=10 * number).write(home)
    with ledger_of(data, home) as ledger:
        running = Service(ledger)
        entered, release, scans = threading.Event(), threading.Event(), list[int]()

        def scan(progress: Callable[[ScanReport], None], only: set[str] | None) -> ScanReport:
            scans.append(1)
            if len(scans) == 1:
                entered.set()
                assert release.wait(10)
                progress(ScanReport())
                raise AssertionError("the scan was not broken off")
            return ledger.scan(progress, only)

        running.service = IngestService(ledger.read_homes, scan, lambda: None, running._on_change)
        running.service.start()
        try:
            assert entered.wait(10)
            threading.Timer(0.2, release.set).start()
            with running.service.paused():
                assert not running.service.state.running
                assert (len(scans), counted(ledger)) == (1, 0)
                running.service._hint({"x"})
                time.sleep(0.3)
                assert len(scans) == 1, "nothing is read meanwhile"
            running.until(lambda: counted(ledger) == 6)
            assert len(scans) == 2
        finally:
            running.service.stop()
