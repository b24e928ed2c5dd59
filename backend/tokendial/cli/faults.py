"""What is printed about the program itself, its log and its tracebacks: text of logs in them is harmless, too (C5)."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

from tokendial.cli.render import lines_of


class _Harmless(logging.Formatter):
    """Escapes what a terminal would obey, in the message and in the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return lines_of(super().format(record))


def show_log(level: int) -> None:
    """Print records of this level and above on stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Harmless("%(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])


def show_fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """`sys.excepthook`: the usual traceback."""
    sys.stderr.write(lines_of("".join(traceback.format_exception(kind, error, trace))))
