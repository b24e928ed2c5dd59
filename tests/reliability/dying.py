"""Opens a ledger in a process that is killed at a statement of SQLite, or in the midst of it: a program of a probe."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from pathlib import Path

from tests.support.statements import heard

from tokendial.store.database import Database


class Killer:
    """Counts the statements, and how often SQLite could be stopped within each; kills this process at the chosen one.

    0 stops is before it; where it ends sooner than that, the kill comes right after it.
    """

    def __init__(self, statement: int, stops: int) -> None:
        self._chosen, self._stops = statement, stops
        self.within: list[int] = []

    def __call__(self, connection: sqlite3.Connection, _statement: str) -> None:
        self.ended()
        self.within.append(0)
        if len(self.within) == self._chosen and self._stops == 0:
            self._kill()
        connection.set_progress_handler(self._stop, 1)

    def ended(self) -> None:
        """The statement before is over."""
        if self._chosen and len(self.within) == self._chosen:
            self._kill()

    def _stop(self) -> int:
        self.within[-1] += 1
        if len(self.within) == self._chosen and self.within[-1] >= self._stops:
            self._kill()
        return 0

    def _kill(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def open_and_die(path: str, statement: str, stops: str) -> None:
    """Open a ledger, which migrates it. With statement 0 nothing is killed: it says the stops of each statement."""
    killer = Killer(int(statement), int(stops))
    with heard(killer):
        database = Database(Path(path))
        killer.ended()
        counted = list(killer.within)
    database.close()
    sys.stdout.write(json.dumps(counted) + "\n")
    sys.stdout.flush()
