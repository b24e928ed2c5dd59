"""Files that a use case makes: in the window where its owner chooses, in the browser for a download."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tokendial.api.dialogs import FileKind
from tokendial.api.parts.core import Core
from tokendial.services.contract.jobs import JobResult

DOWNLOAD_PATH = "/api/download/"


class Target(NamedTuple):
    """Where a file is to be written, and what it is called."""

    path: Path
    name: str


class FilesPart(Core):
    """Finds the place of a file, and hands it over."""

    def target(self, name: str, kind: FileKind) -> Target | None:
        """Where the user wants a file, or a place of ours to fetch it from; None for a closed dialog."""
        if self.dialogs is None:
            return Target(self.transfers.place(name), name)
        chosen = self.dialogs.pick_save(name, kind)
        return None if chosen is None else Target(Path(chosen), Path(chosen).name)

    def written(self, target: Target, message: str) -> JobResult:
        """What to say of a file that was written, and where it is or can be fetched."""
        if self.dialogs is None:
            ticket = self.transfers.offer(target.path, target.name)
            return JobResult(message=message, download=f"{DOWNLOAD_PATH}{ticket}")
        return JobResult(message=message, path=str(target.path))
