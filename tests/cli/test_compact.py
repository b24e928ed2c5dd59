"""`tokendial compact` gives room back and says how much."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.run import run, two_days


def test_room_is_given_back_and_the_figures_stay(home: Path, data: Path) -> None:
    two_days(home)
    before = run("report", "--data-dir", data, "--codex-home", home, "--json").json
    (path,) = data.glob("*.sqlite3")
    with closing(sqlite3.connect(path)) as outside:
        outside.execute("CREATE TABLE ballast (x)")
        outside.executemany("INSERT INTO ballast VALUES (?)", [(b"x" * 3000,)] * 1000)
        outside.execute("DROP TABLE ballast")
        outside.commit()
    size = path.stat().st_size
    done = run("compact", "--data-dir", data, "--codex-home", home)
    found = re.fullmatch(r"([\d,]+) bytes saved; the database has ([\d,]+) bytes\.\n", done.out)
    assert done.code == 0 and done.err == "" and found is not None
    saved, left = (int(text.replace(",", "")) for text in found.groups())
    assert (saved > 2_500_000, left) == (True, path.stat().st_size)
    assert saved == size - left
    assert run("compact", "--data-dir", data, "--codex-home", home).out == "There was nothing to save.\n"
    after = run("report", "--data-dir", data, "--codex-home", home, "--json", "--no-scan").json
    assert (after["totals"], after["rows"]) == (before["totals"], before["rows"])
