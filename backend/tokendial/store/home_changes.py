"""What takes a home's contribution out of the ledger, or moves it: one transaction each, ownership settled again.

What is taken out is gone from the file too, with the names of its projects and sessions (C10).
"""

from __future__ import annotations

import sqlite3

from tokendial.store import changes, families, past, readings
from tokendial.store.batch import Batch
from tokendial.store.database import Database
from tokendial.store.erasing import erasing
from tokendial.store.rollup import RollupChange


def forget(database: Database, home_id: int) -> None:
    """Remove a home and everything that came from it."""
    with erasing(database) as connection:
        _take_back(connection, home_id)
        connection.execute("DELETE FROM home WHERE id = ?", (home_id,))


def clear(database: Database, home_id: int, now_ms: int) -> None:
    """Remove everything that came from a home, which stays and is not read before `reread` (W35)."""
    with erasing(database) as connection:
        _take_back(connection, home_id)
        connection.execute("UPDATE home SET cleared_ms = ? WHERE id = ?", (now_ms, home_id))


def reread(database: Database, home_id: int) -> None:
    """Have the next scan read every file of a home from its start, also a cleared one's.

    Until then what is counted stays; what files that are gone held stays for good.
    """
    with database.writing() as connection:
        connection.execute("UPDATE home SET cleared_ms = NULL WHERE id = ?", (home_id,))
        # No file has this size and none begins like this: the scan takes each for another file than it knew.
        connection.execute(
            "UPDATE source_file SET size = -1, head = x'' WHERE home_id = ? AND status <> 'gone'", (home_id,)
        )


def switch(connection: sqlite3.Connection, home_id: int, *, active: bool) -> None:
    """Switch a home on or off; a response that another home holds too goes to one that is on."""
    changed = connection.execute(
        "UPDATE home SET active = ? WHERE id = ? AND active <> ?", (int(active), home_id, int(active))
    ).rowcount
    if not changed:
        return
    rollup = RollupChange()
    families.settle(connection, families.shared_keys(connection, home_id), rollup)
    rollup.apply(connection)
    changes.note(connection, rollup.lowest_ms)


def _take_back(connection: sqlite3.Connection, home_id: int) -> None:
    """Take out what came from a home; what other homes hold of it is theirs from now on."""
    files = [row[0] for row in connection.execute("SELECT id FROM source_file WHERE home_id = ?", (home_id,))]
    batch = Batch(connection, "", {}, lambda _step: None)
    keys = past.take_back(connection, home_id, batch.rollup)
    for file_id in files:
        keys |= batch.drop_file(file_id)
        connection.execute("DELETE FROM source_file WHERE id = ?", (file_id,))
    readings.forget(connection, home_id)
    families.settle(connection, keys, batch.rollup)
    batch.rollup.apply(connection)
    connection.execute(
        "DELETE FROM session WHERE home_id = ? AND NOT EXISTS "
        "(SELECT 1 FROM source_file WHERE session_num = session.num) "
        "AND NOT EXISTS (SELECT 1 FROM past_usage p WHERE p.session_num = session.num)",
        (home_id,),
    )
    connection.execute(
        "UPDATE session SET home_id = coalesce("
        "(SELECT min(f.home_id) FROM source_file f WHERE f.session_num = num), (SELECT min(f.home_id) "
        "FROM past_usage p JOIN source_file f ON f.id = p.file_id WHERE p.session_num = num)) WHERE home_id = ?",
        (home_id,),
    )
    connection.execute(
        "DELETE FROM label_set WHERE home_id = ? AND id NOT IN (SELECT label_id FROM usage_event "
        "UNION SELECT label_id FROM usage_rollup UNION SELECT label_id FROM past_usage)",
        (home_id,),
    )
    changes.note(connection, 0)
