"""Scans onto a small disk that is filled up to some room, reads on it, and scans again with room.

Run in a mount namespace of its own, in which the data folder is such a disk.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from tests.support.ledgers import assert_sound, content, ledger_of

from tokendial.errors import TokendialError

PAGE = 4096
WRITTEN_PAGES = 36  # of the second scan: with more room it is not full


def main(template: Path, data: Path, home: Path, points: int) -> None:
    messages, step = [], max(1, WRITTEN_PAGES // points)
    for point in range(points):
        for path in data.iterdir():
            path.unlink()
        for path in template.iterdir():
            shutil.copy(path, data)
        room, ballast = PAGE * (2 + step * point), data / "ballast"
        try:
            with ledger_of(data, home) as ledger:
                before = content(ledger)
                ballast.write_bytes(b"x" * max(0, shutil.disk_usage(data).free - room))
                try:
                    ledger.scan()
                except TokendialError as error:
                    messages.append(error.message)
                assert_sound(ledger)
                found = content(ledger)
                ballast.unlink()
                ledger.scan()
                assert_sound(ledger)
                assert found in (before, content(ledger)), point
                wanted = content(ledger)
        finally:
            ballast.unlink(missing_ok=True)
        with ledger_of(data, home) as ledger:
            assert ledger.notice is None
            assert content(ledger) == wanted
    sys.stdout.write(json.dumps(messages))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
