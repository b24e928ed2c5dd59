"""Reads what the first page will ask for while the program has not come to it yet, and later what others will."""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack

from tokendial.errors import TokendialError
from tokendial.services.dashboard import dashboard, first_request
from tokendial.services.ledger import Ledger
from tokendial.services.panels.limits import past_readings
from tokendial.services.view import View
from tokendial.store import kept_days
from tokendial.store.kept_days import KeptDays

REST_SECONDS = 4.0  # when a start is over
WORTH_KEEPING = 2_000  # rows; fewer are added up in no time
log = logging.getLogger(__name__)


def read_ahead(ledger: Ledger) -> threading.Thread | None:
    """Read what is over on a thread that has begun, the sums of days and the limits; who asks meanwhile waits for it.

    It is SQLite's work in two pieces, which needs no Python: another core does it while this one loads a toolkit. The
    look is opened here, because a thread beside imports waits long for each step that does need Python. None where the
    ledger cannot be read: the page will say so.
    """
    opened = ExitStack()
    try:
        view = opened.enter_context(ledger.view())
    except TokendialError:
        log.debug("nothing is read ahead", exc_info=True)
        return None

    def read() -> None:
        try:
            with opened:
                view.read_days_alike()
                past_readings(view)
        except TokendialError:
            log.debug("not read ahead", exc_info=True)
            return
        rest = threading.Timer(REST_SECONDS, _read_rest, (ledger,))
        rest.daemon = True
        rest.start()

    thread = threading.Thread(target=read, name="read-ahead", daemon=True)
    thread.start()
    return thread


def read_overview(ledger: Ledger) -> bool:
    """Work out what the overview will ask for at first, so that it is remembered; whether there is anything to see.

    For the time in which the page is loaded. False where it cannot be worked out, too: the page will say so.
    """
    try:
        settings = ledger.settings.current
        wanted = first_request(settings)
        with ledger.view(provider=wanted.provider, home=wanted.home, zone=ledger.settings.zone) as view:
            made = dashboard(view, wanted, active_minutes=settings.active_minutes, demo=False)
    # Nothing hangs on it, and what comes after it must: whatever is wrong is said when the page asks.
    except Exception:
        log.debug("the overview is not read ahead", exc_info=True)
        return False
    return not made.ledger_empty


def keep_days(ledger: Ledger) -> None:
    """Keep what the next start reads ahead, where to add it up anew takes time; for when the figures are there."""
    try:
        with ledger.view() as view:
            kept = _to_keep(view)
        if kept is not None:
            with ledger.database.writing() as connection:
                kept_days.keep(connection, view.zone.key, kept, view.change)
    except TokendialError:
        log.debug("nothing is kept for the next start", exc_info=True)


def _read_rest(ledger: Ledger) -> None:
    """Read what pages by project need, before somebody waits for it."""
    try:
        with ledger.view() as view:
            view.closed_days()
    except TokendialError:
        log.debug("the rest is not read ahead", exc_info=True)


def _to_keep(view: View) -> KeptDays | None:
    """The sums that the overview is made of; None where they are few, kept already or not of every home."""
    if view.let_through is not None:
        return None
    found = KeptDays(view.days_over, view.today_ms, view.read_days_alike())
    kept = kept_days.read(view.connection, view.zone.key, found.starts, found.end_ms)
    is_kept = kept is not None and kept.end_ms == found.end_ms
    return None if is_kept or len(found.sums) < WORTH_KEEPING else found
