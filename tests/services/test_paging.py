"""Pages by key: while rows arrive, and while others go, no page repeats a row that stayed or leaves it out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from tests.parity.logs import HOUR, MINUTE, Log, ms
from tests.services.support import UTC, ledger_of

from tokendial.services import events as responses
from tokendial.services import session_list
from tokendial.services.contract.dashboard import EventsPage, EventsRequest
from tokendial.services.contract.sessions import SessionsPage, SessionsRequest
from tokendial.services.ledger import Ledger

START = ms("2025-03-01T10:00:00Z")
Page = EventsPage | SessionsPage
Ask = Callable[[str | None], Page]


def events(ledger: Ledger, at: str | None, **request: object) -> EventsPage:
    wanted = EventsRequest(**{"range": "alltime", "limit": 7, "at": at, **request})
    with ledger.view(zone=UTC) as view:
        return responses.page(view, wanted)


def sessions(ledger: Ledger, at: str | None, **request: object) -> SessionsPage:
    wanted = SessionsRequest(**{"range": "alltime", "limit": 3, "at": at, **request})
    with ledger.view(zone=UTC) as view:
        return session_list.page(view, wanted)


def ids(page: Page) -> list[int | str]:
    return [row.id for row in page.rows]


def fill(home: Path, first: int, count: int, born: int = START) -> None:
    """Sessions of three responses a millisecond apart, so that many have the same time; every third has a model."""
    for number in range(first, first + count):
        log = Log(home, born + number % 5 * MINUTE, number, cwd=f"/work/place-{number % 4}")
        log.turn(log.born, ("gpt-5.5", "gpt-5.4")[number % 2])
        for step in range(3):
            log.respond(born + HOUR + step, 100 + number * 10 + step)
        log.save()


def walk(ask: Ask, meanwhile: Callable[[], None], way: str = "next") -> list[int | str]:
    """All pages from the first on, or from the last one back, in the order of the list; something happens between.

    The first page is always a full one: of those that are walked back to it has rows of the second again.
    """
    page = ask(None)
    if way == "previous" and page.last is not None:
        page = ask(page.last)
    found = [ids(page)]
    while (place := getattr(page, way)) is not None:
        meanwhile()
        page = ask(place)
        shown = ids(page)
        if getattr(page, way) is None and way == "previous":
            shown = [one for one in shown if one not in found[-1]]
        found.append(shown)
    return [one for each in (found if way == "next" else found[::-1]) for one in each]


SORTS = ("last_seen", "started", "duration", "tokens", "cost", "events", "title", "model", "project", "parent")


@pytest.mark.parametrize("way", ["next", "previous"])
def test_responses_that_arrive_move_no_row(way: str, home: Path, data: Path) -> None:
    fill(home, 0, 20)
    with ledger_of(data, home) as ledger:
        before = walk(lambda at: events(ledger, at), lambda: None)
        assert len(before) == len(set(before)) == 60
        numbers = iter(range(100, 200))

        def arrive() -> None:
            """Newer ones, and some of the same millisecond as those that are paged through."""
            fill(home, next(numbers), 1, START + 24 * HOUR)
            fill(home, next(numbers), 1)
            ledger.scan()

        found = walk(lambda at: events(ledger, at), arrive, way)
        assert len(found) == len(set(found)), "no row twice"
        kept = set(before)
        assert [one for one in found if one in kept] == before, "none left out, in the same order"


@pytest.mark.parametrize("sort", SORTS)
def test_sessions_that_arrive_move_no_row(sort: str, home: Path, data: Path) -> None:
    fill(home, 0, 11)
    request = {"sort": sort, "descending": Random(sort).random() < 0.5}
    with ledger_of(data, home) as ledger:
        numbers = iter(range(100, 200))

        def arrive() -> None:
            fill(home, next(numbers), 1, START + 24 * HOUR)
            fill(home, next(numbers), 1)
            ledger.scan()

        for way in ("next", "previous"):
            before = walk(lambda at: sessions(ledger, at, **request), lambda: None)
            found = walk(lambda at: sessions(ledger, at, **request), arrive, way)
            assert len(found) == len(set(found))
            kept = set(before)
            assert [one for one in found if one in kept] == before


def test_back_and_forth_gives_the_same_pages(home: Path, data: Path) -> None:
    fill(home, 0, 13)
    with ledger_of(data, home) as ledger:
        for ask in (lambda at: events(ledger, at), lambda at: sessions(ledger, at, sort="tokens")):
            pages = [ask(None)]
            while pages[-1].next is not None:
                pages.append(ask(pages[-1].next))
            assert len(pages) > 4
            assert [page.offset for page in pages] == [number * len(pages[0].rows) for number in range(len(pages))]
            back = [ask(pages[0].last)]
            while back[-1].previous is not None:
                back.append(ask(back[-1].previous))
            assert [(page.offset, ids(page)) for page in back] == [(page.offset, ids(page)) for page in pages[::-1]]


def test_a_page_whose_rows_are_gone_is_the_last_one(home: Path, data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    fill(home, 0, 4)
    fill(other, 50, 8, START - 48 * HOUR)
    with ledger_of(data, home, other) as ledger:
        places = [ask(ask(None).next).next for ask in (lambda at: events(ledger, at), lambda at: sessions(ledger, at))]
        ledger.remove_home(next(one.id for one in ledger.homes() if one.path == str(other)))
        assert (events(ledger, places[0]).total, len(events(ledger, places[0]).rows)) == (12, 5)
        assert (sessions(ledger, places[1]).total, len(sessions(ledger, places[1]).rows)) == (4, 1)
        assert events(ledger, places[0]).next is None is sessions(ledger, places[1]).next


def test_pages_of_a_rare_model_hold_only_it(home: Path, data: Path) -> None:
    fill(home, 0, 20)
    for day in range(9):
        born = START - day * 24 * HOUR
        Log(home, born, 300 + day).turn(born, "rare").respond(born + 1, 9000 + day).save()
    with ledger_of(data, home) as ledger:
        found = walk(lambda at: events(ledger, at, model="rare", limit=2), lambda: None)
        back = walk(lambda at: events(ledger, at, model="rare", limit=2), lambda: None, "previous")
        assert found == back and len(found) == len(set(found)) == 9
