"""Puts what was read from files into the ledger, in one transaction per batch (exactly once)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tokendial.store.batch import Batch
from tokendial.store.database import Database
from tokendial.store.label_ids import Known
from tokendial.store.outcomes import CommitResult, FileOutcome

__all__ = ["CommitResult", "FileOutcome", "LedgerWriter"]


def _no_step(_name: str) -> None:
    """Nothing happens between the steps of a commit, except in tests that kill the process there."""


class LedgerWriter:
    """Writes batches. Not thread-safe: the ingest thread owns it."""

    def __init__(self, database: Database, step: Callable[[str], None] = _no_step) -> None:
        """`step` is called with the name of each step of a commit."""
        self._database = database
        self._step = step
        self._labels: Known = {}

    def commit(self, provider: str, groups: Iterable[Sequence[FileOutcome]]) -> CommitResult:
        """Write what was found about groups of files of one provider as they come, in one transaction.

        All of them, or nothing. Raises LedgerError.
        """
        self._step("before")
        try:
            with self._database.writing() as connection:
                batch = Batch(connection, provider, self._labels, self._step)
                for outcomes in groups:
                    batch.add(outcomes)
                result = batch.finish()
        except BaseException:
            self._labels.clear()
            raise
        self._step("committed")
        return result

    def mark_gone(self, file_ids: Iterable[int]) -> None:
        """Files that are no longer there: what they held stays counted."""
        rows = [(file_id,) for file_id in file_ids]
        if rows:
            with self._database.writing() as connection:
                connection.executemany("UPDATE source_file SET status = 'gone' WHERE id = ?", rows)

    def set_titles(self, provider: str, titles: dict[str, str]) -> int:
        """Session titles the provider keeps elsewhere; returns how many changed."""
        rows = [(title, provider, session, title) for session, title in titles.items()]
        if not rows:
            return 0
        with self._database.writing() as connection:
            return connection.executemany(
                "UPDATE session SET title = ? WHERE provider = ? AND id = ? AND title IS NOT ?", rows
            ).rowcount
