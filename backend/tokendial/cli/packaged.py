"""The packaged program: `tokendial`, also where there is neither Python nor a terminal."""

from __future__ import annotations

import io
import os
import sys
import traceback
from contextlib import redirect_stderr, suppress
from pathlib import Path
from typing import TextIO

from tokendial.cli import main as command
from tokendial.desktop import dialog

_PREFIX = "tokendial: "
_NO_WINDOW = "statusline"  # called every few seconds, by an agent that waits for it


class _Kept(io.StringIO):
    """Keeps what is written, and passes it on where there is somebody to read it."""

    def __init__(self, stream: TextIO | None) -> None:
        super().__init__()
        self._stream = stream

    def write(self, text: str) -> int:
        if self._stream is not None:
            self._stream.write(text)
        return super().write(text)


def main(arguments: list[str] | None = None) -> None:
    """Run the command and exit with its code. Without a terminal, the reason of a failure is shown in a dialog."""
    given = sys.argv[1:] if arguments is None else arguments
    if sys.platform == "win32" and _NO_WINDOW not in given:
        unblock(Path(__file__).resolve().parents[2])
    if sys.stdout is None:  # a program of Windows that has no console
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the process ends
    if sys.stderr is not None and not dialog.wanted():
        command.main(arguments)
        return
    errors = _Kept(sys.stderr)
    code = _run(arguments, errors)
    if code != 0:
        dialog.show(errors.getvalue().strip().removeprefix(_PREFIX))
    sys.exit(code)


def _run(arguments: list[str] | None, errors: TextIO) -> int:
    """The exit code of the command, whose errors go to a stream."""
    with redirect_stderr(errors):
        try:
            command.main(arguments)
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else int(end.code is not None)
        except Exception:
            errors.write(traceback.format_exc(limit=-3))
            return 1
    return 0


def unblock(folder: Path) -> None:
    """Take the mark of a download off the libraries: .NET refuses to load marked ones, and then there is no window."""
    for library in folder.rglob("*.dll"):
        with suppress(OSError):
            library.with_name(f"{library.name}:Zone.Identifier").unlink()
