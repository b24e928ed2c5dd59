"""What is kept and where: paths, sizes, rows in words; and only what is listed is shown in the file manager."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from tests.services.support import ledger_of
from tests.support.ledgers import rows
from tests.support.rollout import session

from tokendial.errors import NotFound
from tokendial.services import storage


def test_every_path_and_every_table_is_there(home: Path, data: Path) -> None:
    session(3).write(home)
    with ledger_of(data, home) as ledger:
        (data / f"{ledger.database.path.name}.damaged-20260101-000000").write_bytes(b"x" * 10)
        found = storage.overview(ledger)
        paths = {path.id: path for path in found.paths}
        assert paths["data"].path == str(data) and paths["data"].bytes is None
        assert paths["database"].path == str(ledger.database.path)
        assert paths["database"].bytes == found.database_bytes == ledger.database.path.stat().st_size
        assert not paths["backups"].exists
        assert [path.path for path in found.paths if path.id.startswith("home-")] == [str(home)]
        assert [path.bytes for path in found.paths if path.id.startswith("aside-")] == [10]
        tables = {row[0] for row in rows(ledger, "SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert {row.table for row in found.tables} == {name for name in tables if not name.startswith("sqlite_")}
        counts = {row.label: row.rows for row in found.tables}
        assert (counts["Responses"], counts["Sessions"], counts["Log files"], counts["Homes"]) == (3, 1, 1, 1)
        assert [label for label in counts if "_" in label] == []
        assert found.disk_free_bytes > 0
        assert len({path.id for path in found.paths}) == len(found.paths)


def test_a_table_without_words_is_shown_by_its_name() -> None:
    assert storage.label_of("alert_state") == "Alert state"


def test_only_what_is_listed_is_shown(home: Path, data: Path) -> None:
    session(3).write(home)
    with ledger_of(data, home) as ledger:
        assert storage.folder_of(ledger, "data") == data
        assert storage.folder_of(ledger, "database") == data, "files are not opened, their folder is"
        assert storage.folder_of(ledger, f"home-{ledger.homes()[0].id}") == home
        for identity in ("", "/etc", str(home), "home-99", "../data"):
            with pytest.raises(NotFound):
                storage.folder_of(ledger, identity)


@pytest.mark.skipif(os.name != "posix", reason="other systems keep the user's folders private by themselves")
def test_the_data_folder_is_its_owner_s_alone(home: Path, data: Path) -> None:
    with ledger_of(data, home):
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
