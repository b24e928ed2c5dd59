"""Listing the folders of a home, some of which may be closed or go away meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

Closed = Callable[[OSError], None]


def listed(folder: str, closed: Closed | None) -> Iterator[os.DirEntry[str]]:
    """The entries of a folder; of one that has just gone there are none.

    One that cannot be read is told to `closed` and has none either; without it, OSError is raised.
    """
    try:
        listing = os.scandir(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        if closed is None:
            raise
        closed(error)
        return
    with listing:
        yield from listing
