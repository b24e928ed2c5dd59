"""Price files on the disk, where the window's dialog says."""

from __future__ import annotations

import secrets
from pathlib import Path

from tokendial.errors import CannotWrite, InvalidFile
from tokendial.services.price_file import MAX_BYTES


def read_text(path: Path) -> str:
    """The text of a file, of one that is too large only so much as shows it. Raises InvalidFile."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        return content.decode("utf-8", "replace" if len(content) > MAX_BYTES else "strict")
    except UnicodeDecodeError as error:
        raise InvalidFile(f"{path.name} is damaged or no text in UTF-8.") from error
    except OSError as error:
        raise InvalidFile(f"{path.name} cannot be read: {error.strerror or error}.") from error


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises CannotWrite; then a file that was there is as it was."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise CannotWrite(f"{path.name} cannot be written: {error.strerror or error}.") from error
