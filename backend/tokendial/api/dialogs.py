"""The dialogs of the operating system: what a use case may ask for, whatever shell the program runs in."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class FileKind(NamedTuple):
    """What sort of file is chosen: words and blanks for people ("Price rules"), and the suffix with its dot."""

    label: str
    suffix: str


class Dialogs(Protocol):
    """Asks the user; each call returns when the dialog is closed, with an absolute path or None for "cancel".

    Any thread but the toolkit's own may call. Raises Unavailable while another dialog is open.
    """

    def pick_folder(self, start: str | None = None) -> str | None:
        """A folder that exists; the dialog begins in `start`, else in the user's home."""

    def pick_save(self, name: str, kind: FileKind) -> str | None:
        """Where to write a file; `name` is the suggestion, with its suffix. The file may exist already."""

    def pick_open(self, kind: FileKind) -> str | None:
        """A file that exists. Its suffix is a suggestion of the dialog, not a promise."""
