"""A text file that is there as a whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tokendial.errors import CannotWrite


@contextmanager
def written(target: Path) -> Iterator[TextIO]:
    """A text file (UTF-8) that takes its name when the block is left well, and is removed otherwise.

    Raises CannotWrite, for a full disk too.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", errors="replace", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise CannotWrite(f"{target} cannot be written: {error.strerror or error}.", path=str(target)) from error
    finally:
        part.unlink(missing_ok=True)
