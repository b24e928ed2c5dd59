"""Files on their way to or from a browser: each lies in a folder of ours and is handed over once, for a ticket."""

from __future__ import annotations

import re
import secrets
import shutil
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tokendial.errors import BadRequest, CannotWrite, NotFound
from tokendial.services.backups import empty_transfer, transfer_folder

MAX_UPLOAD = 16 << 30
_MAX_WAITING = 8
_LONGEST_NAME = 100
_UNSAFE = re.compile(r"[^\w.() -]")
_GONE = "This file is not offered any more. Make it again."


class Offer(NamedTuple):
    """A file that waits to be fetched, and what it is called there."""

    path: Path
    name: str


class Transfers:
    """The files that wait. Any thread may ask."""

    def __init__(self, data_dir: Path) -> None:
        """Nothing waits; what a killed program left is removed."""
        self._data_dir = data_dir
        self._lock = threading.Lock()
        self._offers: dict[str, Offer] = {}
        self._uploads: dict[str, Path] = {}
        empty_transfer(data_dir)

    def place(self, name: str) -> Path:
        """Where a file of this name may be made, in a folder of its own. Raises CannotWrite."""
        folder = transfer_folder(self._data_dir) / secrets.token_hex(8)
        try:
            folder.mkdir()
        except OSError as error:
            raise CannotWrite(f"The folder {folder} cannot be made: {error.strerror or error}.") from error
        return folder / (_UNSAFE.sub("_", name)[-_LONGEST_NAME:].lstrip(".") or "file")

    @staticmethod
    def drop(path: Path) -> None:
        """Remove a file with its folder."""
        shutil.rmtree(path.parent, ignore_errors=True)

    def offer(self, path: Path, name: str) -> str:
        """Let a file be fetched once; returns the ticket. The oldest of many is given up."""
        ticket = secrets.token_urlsafe(32)
        with self._lock:
            self._offers[ticket] = Offer(path, name)
            while len(self._offers) > _MAX_WAITING:
                self.drop(self._offers.pop(next(iter(self._offers))).path)
        return ticket

    def fetch(self, ticket: str) -> Offer:
        """The file of a ticket, which is used up. Raises NotFound."""
        with self._lock:
            found = self._offers.pop(ticket, None)
        if found is None:
            raise NotFound(_GONE)
        return found

    def expect(self, name: str, size: int) -> str:
        """A ticket for an upload of that size. Raises BadRequest for an absurd one, CannotWrite for want of room."""
        if not 0 <= size <= MAX_UPLOAD:
            raise BadRequest(f"A backup has at most {MAX_UPLOAD:,} bytes.", field="size")
        path = self.place(name)
        if shutil.disk_usage(path.parent).free < 2 * size:
            self.drop(path)
            raise CannotWrite("The disk of the data folder has not enough room for this file.")
        ticket = secrets.token_urlsafe(32)
        with self._lock:
            self._uploads[ticket] = path
            while len(self._uploads) > _MAX_WAITING:
                self.drop(self._uploads.pop(next(iter(self._uploads))))
        return ticket

    def receive(self, ticket: str, blocks: Iterable[bytes]) -> None:
        """Write what comes for a ticket; a transfer that breaks off, and a second one, leave nothing.

        Raises NotFound, CannotWrite.
        """
        with self._lock:
            path = self._uploads.get(ticket)
        if path is None or path.exists():
            raise NotFound(_GONE)
        try:
            with path.open("xb") as file:
                for block in blocks:
                    file.write(block)
        except FileExistsError as error:
            raise NotFound(_GONE) from error
        except OSError as error:
            path.unlink(missing_ok=True)
            raise CannotWrite(f"The file could not be kept: {error.strerror or error}.") from error
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def uploaded(self, ticket: str) -> Path:
        """The file of an upload, which now is the caller's to remove. Raises NotFound."""
        with self._lock:
            path = self._uploads.pop(ticket, None)
        if path is None or not path.exists():
            raise NotFound(_GONE)
        return path

    def close(self) -> None:
        """Remove all that waits."""
        empty_transfer(self._data_dir)
