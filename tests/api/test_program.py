"""The program behind the page: what it scans, what it tells its readers, and that it ends."""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.api.support import METHODS
from tests.parity.logs import MINUTE, Log, ms, window
from tests.services.support import now_ms, program_of

from tokendial.api.commands import registry
from tokendial.api.events import Subscription
from tokendial.api.program import Program
from tokendial.errors import BadRequest, HomeUnavailable, NotFound, Unavailable
from tokendial.services.contract.common import Empty
from tokendial.services.contract.dashboard import DashboardRequest, EventsRequest
from tokendial.services.contract.homes import (
    HomeAddRequest,
    HomeBrowseRequest,
    HomeClearRequest,
    HomeRequest,
    HomeUpdateRequest,
)
from tokendial.services.contract.sessions import SessionRequest, SessionsRequest
from tokendial.services.contract.system import DemoRequest, OpenLogsRequest, RefreshRequest, ScanStatus
from tokendial.services.ledger import Ledger

WAIT_SECONDS = 20.0
START = ms("2025-03-01T10:00:00Z")


@pytest.fixture
def log(home: Path) -> Log:
    return Log(home, START).turn(START).respond(START + MINUTE, 900).save()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def tokens(program: Program) -> int:
    cards = program.dashboard(DashboardRequest(range="alltime")).cards
    assert cards is not None
    return cards.usage.tokens.total_tokens


def until(met: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not met():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def heard_until(subscription: Subscription, name: str) -> list[str]:
    """The names of the events up to the wanted one."""
    names: list[str] = []
    while name not in names:
        event = subscription.get(WAIT_SECONDS)
        assert event is not None, f"no {name} after {names}"
        names.append(event.name)
    return names


def test_a_refresh_that_waits_answers_when_everything_is_counted(log: Log, home: Path, data: Path) -> None:
    with program_of(data, home) as program:
        for step in range(2, 6):
            log.respond(START + step * MINUTE, 900).save()
            asked_ms = now_ms()
            status = program.refresh(RefreshRequest(wait=True))
            # Whether another scan runs already is not said here: the watcher has heard of the line, too.
            assert status.message is None
            assert status.finished_at_ms is not None
            assert status.finished_at_ms >= asked_ms
            assert tokens(program) == step * 1000
        until(lambda: not program.scan_status(Empty()).running)
        assert program.scan_status(Empty()).files_total == 1
        assert abs(status.finished_at_ms - now_ms()) < WAIT_SECONDS * 1000
        assert program.app_state(Empty()).scan.finished_at_ms == program.scan_status(Empty()).finished_at_ms


def test_a_refresh_that_does_not_wait_answers_at_once(log: Log, home: Path, data: Path) -> None:
    with program_of(data, home) as program, program.own.exclusive():
        log.respond(START + 2 * MINUTE, 900).save()
        program.refresh(RefreshRequest(wait=False))
        assert tokens(program) == 1000, "another process holds the scan back, the page is answered all the same"


def test_an_appended_response_is_told_without_being_asked(log: Log, home: Path, data: Path) -> None:
    with program_of(data, home) as program, program.hub.subscribe() as heard:
        until(lambda: program.scan_status(Empty()).watching == "watching")
        log.respond(START + 2 * MINUTE, 1900, limits=None).save()
        heard_until(heard, "usage-updated")
        assert tokens(program) == 3000
        while (event := heard.get(WAIT_SECONDS)) is not None and event.name != "ingest-progress":
            pass
        assert event is not None
        assert isinstance(event.payload, ScanStatus)


def test_the_last_progress_says_that_the_scan_is_over(log: Log, home: Path, data: Path) -> None:
    with program_of(data, home) as program, program.hub.subscribe() as heard:
        log.respond(START + 2 * MINUTE, 1900).save()
        program.refresh(RefreshRequest(wait=True))
        last = [event.payload for event in iter(lambda: heard.get(0.2), None) if event.name == "ingest-progress"][-1]
        assert isinstance(last, ScanStatus)
        assert (last.running, last.files_done, last.files_total) == (False, 1, 1)


def test_limits_are_told_when_the_logs_say_them(log: Log, home: Path, data: Path) -> None:
    now = now_ms()
    with program_of(data, home) as program, program.hub.subscribe() as heard:
        log.respond(START + 2 * MINUTE, 1900).save()
        program.refresh(RefreshRequest(wait=True))
        assert "limits-updated" not in {event.name for event in iter(lambda: heard.get(0), None)}
        log.limits(now - MINUTE, window(10, 300, now + MINUTE)).save()
        program.refresh(RefreshRequest(wait=True))
        heard_until(heard, "limits-updated")


def test_a_scan_that_changes_nothing_tells_of_no_new_figures(log: Log, home: Path, data: Path) -> None:
    with program_of(data, home) as program, program.hub.subscribe() as heard:
        program.refresh(RefreshRequest(wait=True))
        assert "usage-updated" not in {event.name for event in iter(lambda: heard.get(0), None)}
        assert log.path.exists()


def test_closing_ends_every_thread_and_lets_go_of_the_ledger(log: Log, home: Path, data: Path) -> None:
    before = set(threading.enumerate())
    for _ in range(3):
        with program_of(data, home) as program:
            assert len(set(threading.enumerate()) - before) >= 2
            assert tokens(program) == 1000
        assert {thread.name for thread in set(threading.enumerate()) - before} == set()
    assert sorted(path.suffix for path in data.iterdir() if path.name.endswith(("-wal", "-shm"))) == []
    assert log.path.exists()


def test_closing_while_a_scan_runs(home: Path, data: Path) -> None:
    for number in range(30):
        log = Log(home, START, number).turn(START)
        for step in range(300):
            log.respond(START + step * 1000, 100 * number + step)
        log.save()
    before = set(threading.enumerate())
    program = Program(Ledger(data, [("codex", home)], workers=0), "browser")
    program.close()
    until(lambda: set(threading.enumerate()) == before)
    with program_of(data, home) as program:
        assert program.diagnostics(Empty()).events == 9000, "what was left is read the next time, once"


def test_many_readers_while_the_logs_grow(log: Log, home: Path, data: Path) -> None:
    """Every answer is of one moment: its panels agree, whatever is being written."""
    wrong: list[object] = []
    with program_of(data, home) as program:
        stop = threading.Event()

        def look() -> None:
            while not stop.is_set():
                page = program.dashboard(DashboardRequest(range="alltime", breakdown="effort"))
                if page.errors or page.cards is None or page.trends is None or page.breakdown is None:
                    wrong.append(page.errors)
                    return
                whole = page.cards.usage.tokens
                buckets = sum(bucket.usage.tokens.total_tokens for bucket in page.trends.buckets)
                if page.breakdown.total.usage.tokens != whole or buckets != whole.total_tokens:
                    wrong.append((whole, buckets))

        readers = [threading.Thread(target=look) for _ in range(3)]
        for reader in readers:
            reader.start()
        for step in range(2, 30):
            log.respond(START + step * MINUTE, 900).save()
            program.refresh(RefreshRequest(wait=True))
        stop.set()
        for reader in readers:
            reader.join()
        assert (wrong, tokens(program)) == ([], 29_000)


@pytest.mark.parametrize("name", ["today", "last24h", "last7days", "last14days", "last30days", "thismonth", "alltime"])
def test_every_range_answers_for_itself(log: Log, home: Path, data: Path, name: str) -> None:
    now = now_ms()
    log.respond(now, 1900).save()
    with program_of(data, home) as program:
        page = program.dashboard(DashboardRequest(range=name))
        assert page.errors == {}
        assert page.range.name == name
        assert page.range.start_ms is not None
        assert page.range.end_ms is not None
        assert page.range.start_ms <= now < page.range.end_ms
        assert page.cards is not None
        assert page.cards.usage.tokens.total_tokens == (3000 if name == "alltime" else 2000)


def test_what_is_not_there_is_told(log: Log, home: Path, data: Path) -> None:
    with program_of(data, home) as program:
        for call in (
            lambda: program.session(SessionRequest("nobody")),
            lambda: program.remove_home(HomeRequest(99)),
            lambda: program.update_home(HomeUpdateRequest(id=99, label="x")),
        ):
            with pytest.raises(NotFound):
                call()
        for ask in (
            lambda: program.dashboard(DashboardRequest(provider="nobody")),
            lambda: program.events(EventsRequest(provider="nobody")),
            lambda: program.sessions(SessionsRequest(range="custom", start="2025-02-30", end="2025-03-01")),
        ):
            with pytest.raises(BadRequest):
                ask()
        assert program.dashboard(DashboardRequest(range="alltime", home=99)).cards is not None
        assert log.path.exists()


@pytest.mark.skipif(os.name != "posix", reason="the file manager is started otherwise")
def test_only_a_home_is_opened_in_the_file_manager(
    log: Log, home: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    monkeypatch.setenv("PATH", str(tools))
    with program_of(data, home) as program:
        (own,) = program.homes(Empty()).homes
        answer = program.open_logs(OpenLogsRequest())
        assert (answer.path, answer.opened) == (str(home), False), "without a file manager it says where to look"
        for name in ("xdg-open", "open"):
            tool = tools / name
            tool.write_text(
                f'#!/bin/sh\necho "$@" > {tmp_path}/opened.part; /bin/mv {tmp_path}/opened.part {tmp_path}/opened\n'
            )
            tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
        assert program.open_logs(OpenLogsRequest(home=own.id)).opened
        until((tmp_path / "opened").exists)
        assert (tmp_path / "opened").read_text() == f"{home}\n"
        with pytest.raises(NotFound):
            program.open_logs(OpenLogsRequest(home=99))
        log.path.unlink()
        home.rename(tmp_path / "moved")
        with pytest.raises(HomeUnavailable):
            program.open_logs(OpenLogsRequest())


def test_the_program_implements_every_command() -> None:
    assert [name for name in METHODS if not callable(getattr(Program, name, None))] == []
    assert len(list(registry)) == len(METHODS) - 1, "all but `close` are commands"


def test_without_a_window_there_is_no_folder_dialog(home: Path, data: Path) -> None:
    with program_of(data, home) as program, pytest.raises(Unavailable, match="window"):
        program.browse_home(HomeBrowseRequest())


def test_a_home_that_does_not_exist_is_told(home: Path, data: Path) -> None:
    with program_of(data, home) as program:
        for use in (program.rescan_home, program.home_loss, program.remove_home):
            with pytest.raises(NotFound):
                use(HomeRequest(99))
        with pytest.raises(NotFound):
            program.clear_home(HomeClearRequest(99, "clear"))


def test_a_label_or_the_word_confirms_a_clearing(log: Log, home: Path, data: Path) -> None:
    with program_of(data, home) as program:
        (own,) = program.update_home(HomeUpdateRequest(id=1, label="Büro PC")).homes
        assert (own.bytes, own.first_ms, own.files_gone) == (log.path.stat().st_size, START + MINUTE, 0)
        assert program.home_loss(HomeRequest(own.id)).usage.tokens.total_tokens == 1000
        for wrong in ("", " ", "Büro", "clear it"):
            with pytest.raises(BadRequest):
                program.clear_home(HomeClearRequest(own.id, wrong))
        assert tokens(program) == 1000
        program.clear_home(HomeClearRequest(own.id, "büro pc"))
        assert tokens(program) == 0


def test_the_sample_data_protect_the_own_homes(log: Log, home: Path, data: Path) -> None:
    """The invented home has the number of an own one."""
    with program_of(data, home) as program:
        program.demo(DemoRequest(on=True))
        for change in (
            lambda: program.remove_home(HomeRequest(1)),
            lambda: program.clear_home(HomeClearRequest(1, "clear")),
            lambda: program.rescan_home(HomeRequest(1)),
            lambda: program.update_home(HomeUpdateRequest(id=1, label="x")),
            lambda: program.add_home(HomeAddRequest("codex", str(home.parent))),
        ):
            with pytest.raises(BadRequest, match="sample data"):
                change()
        program.demo(DemoRequest(on=False))
        assert [(one.id, one.label) for one in program.homes(Empty()).homes] == [(1, "")]
        assert tokens(program) == 1000
