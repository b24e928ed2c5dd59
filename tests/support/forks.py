"""Probes that begin at once: forks of one process that has everything loaded already."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.processes import start

_PID, _ENDED = "pid ", "ended "


class Fork:
    """A running probe. One at a time: it shares its output with the process that it was forked from."""

    def __init__(self, parent: subprocess.Popen[str]) -> None:
        self._parent = parent
        self.pid = int(self._read().removeprefix(_PID))
        self.code: int | None = None

    def _read(self) -> str:
        assert self._parent.stdout is not None
        line = self._parent.stdout.readline()
        assert line, "the process that forks has ended"
        return line.rstrip("\n")

    def line(self) -> str | None:
        """The next line it says; None once it has ended."""
        if self.code is not None:
            return None
        line = self._read()
        if line.startswith(_ENDED):
            self.code = int(line.removeprefix(_ENDED))
            return None
        return line

    def kill(self) -> int:
        """Kill it, unless it has ended, and return its exit code."""
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
        return self.end()

    def end(self) -> int:
        """Wait for its end, and return its exit code."""
        while self.line() is not None:
            pass
        assert self.code is not None
        return self.code


class Forks:
    """Starts probes; a context that ends with the last of them."""

    def __enter__(self) -> Self:
        self._parent = start("serve", stdin=subprocess.PIPE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _, errors = self._parent.communicate(timeout=60)
        assert error is not None or errors == "", errors

    def start(self, *arguments: str | Path | int | float) -> Fork:
        """A probe; the one before it has ended."""
        assert self._parent.stdin is not None
        self._parent.stdin.write(json.dumps([str(each) for each in arguments]) + "\n")
        self._parent.stdin.flush()
        return Fork(self._parent)

    def run(self, *arguments: str | Path | int | float) -> int:
        """A probe to its end; its exit code."""
        return self.start(*arguments).end()
