"""Reads what the first page will ask for while the program has not come to it yet."""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack

from tokendial.errors import TokendialError
from tokendial.services.ledger import Ledger

log = logging.getLogger(__name__)


def read_ahead(ledger: Ledger) -> threading.Thread | None:
    """Read the sums of days that are over on a thread that has begun; whoever asks for them meanwhile waits for it.

    It is SQLite's work in one piece, which needs no Python: another core does it while this one loads a toolkit. The
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
                view.days_alike()
        except TokendialError:
            log.debug("not read ahead", exc_info=True)

    thread = threading.Thread(target=read, name="read-ahead", daemon=True)
    thread.start()
    return thread
