"""The ids of label sets; those that a ledger does not know yet are written with the rows that point to them."""

from __future__ import annotations

import sqlite3

from tokendial.domain.records import Labels
from tokendial.store.new_rows import NewRows

Known = dict[tuple[int | str, ...], int]
_COLUMNS = "home_id, provider, model, effort, tier, project, originator, band, context_window"
_LAST = "SELECT coalesce(max(id), 0) FROM label_set"
_INSERT = f"INSERT INTO label_set (id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_FIND = f"SELECT id FROM label_set WHERE ({_COLUMNS}) = (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608


class LabelIds:
    """Finds ids during one commit."""

    def __init__(self, connection: sqlite3.Connection, provider: str, known: Known) -> None:
        """`known` are ids of earlier commits, by what the ledger keeps; those that are found are added."""
        self._connection = connection
        self._provider = provider
        self._known = known
        self._new = NewRows(connection.execute(_LAST).fetchone()[0])

    def id_of(self, home_id: int, labels: Labels) -> int:
        """The id of a label set of a home. A new one is not in the ledger before `write`."""
        # What a log leaves out and what it says as an empty text are one label set.
        row = (
            home_id, self._provider, labels.model, labels.effort or "", labels.tier or "", labels.project or "",
            labels.originator or "", labels.band, labels.context_window,
        )  # fmt: skip
        known = self._known.get(row)
        if known is None:
            known = self._known[row] = self._found(row) or self._new.add(*row)
        return known

    def write(self) -> None:
        """Write the label sets that are new."""
        self._connection.executemany(_INSERT, self._new.taken())

    def _found(self, row: tuple[int | str, ...]) -> int | None:
        if self._new.was_empty:
            return None
        found = self._connection.execute(_FIND, row).fetchone()
        return None if found is None else int(found[0])
