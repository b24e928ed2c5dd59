"""A process beside this one that is told numbers, one after the other, and sends back bytes for each.

Forked where that is safe, without `multiprocessing`, which takes as long to load as thirty megabytes of logs to read;
spawned elsewhere.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_T = TypeVar("_T")
_PIPE_BYTES = 1 << 20
_NUMBER_BYTES = 4
StartMethod = Literal["fork", "spawn"]
NextNumber = Callable[[], int]
Send = Callable[[bytes], None]
Serve = Callable[[NextNumber, Send], None]


class Worker(Protocol):
    """What this process knows of the other one."""

    def ask(self, number: int) -> None:
        """Have it work on a number. Raises OSError where it has ended."""

    def result(self) -> bytes:
        """Wait for what it sends next. Raises EOFError or OSError where it has ended."""

    def dismiss(self, *, at_once: bool) -> None:
        """Ask nothing any more: it ends after what it was asked, or `at_once`."""

    def join(self) -> None:
        """Wait for its end; after `dismiss`."""


def start(method: StartMethod, work: Callable[[_T], bytes], items: Sequence[_T]) -> Worker:
    """A process that makes `work(items[number])` of each number."""
    return Forked(_served(work, items)) if method == "fork" else _Spawned(work, items)


def _served(work: Callable[[_T], bytes], items: Sequence[_T]) -> Serve:
    def serve(number: NextNumber, send: Send) -> None:
        while True:
            send(work(items[number()]))

    return serve


class Forked:
    """One made by fork; it holds what this process holds. Only where no other thread runs."""

    def __init__(self, serve: Serve) -> None:
        """`serve` runs there until it raises EOFError, because nothing is asked any more."""
        their_numbers, self._numbers = _pipe()
        self._results, their_results = _pipe()
        _widen(self._results)
        self._process = os.fork()
        if not self._process:
            self._numbers.close()  # as long as any process holds these ends, the pipes do not end
            self._results.close()
            _live(serve, their_numbers, their_results)
        their_numbers.close()
        their_results.close()

    def ask(self, number: int) -> None:
        """See Worker."""
        self._numbers.write(number.to_bytes(_NUMBER_BYTES, "little"))
        self._numbers.flush()

    def result(self) -> bytes:
        """See Worker."""
        return _received(self._results, int.from_bytes(_received(self._results, _NUMBER_BYTES), "little"))

    def dismiss(self, *, at_once: bool) -> None:
        """See Worker."""
        with suppress(OSError):  # what it was asked last never came to it
            self._numbers.close()
        if at_once:
            os.kill(self._process, signal.SIGKILL)

    def join(self) -> None:
        """See Worker."""
        os.waitpid(self._process, 0)
        self._results.close()


def _live(serve: Serve, numbers: BinaryIO, results: BinaryIO) -> None:
    """The whole life of a forked process."""
    failed = 1

    def number() -> int:
        return int.from_bytes(_received(numbers, _NUMBER_BYTES), "little")

    def send(message: bytes) -> None:
        results.write(len(message).to_bytes(_NUMBER_BYTES, "little"))
        results.write(message)
        results.flush()

    try:
        _step_back()
        serve(number, send)
    except (EOFError, BrokenPipeError):
        failed = 0
    except BaseException:  # nothing of the process that was forked may run on here
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(failed)


def _step_back() -> None:
    """Leave interrupts and most of the processor to the process that began this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process hears it too, and ends this one
    if sys.platform != "win32":
        os.nice(10)  # it commits what was found, and the user's own work goes first


def _pipe() -> tuple[BinaryIO, BinaryIO]:
    reads, writes = os.pipe()
    return os.fdopen(reads, "rb"), os.fdopen(writes, "wb")


def _received(pipe: BinaryIO, size: int) -> bytes:
    found = pipe.read(size)
    if len(found) < size:
        raise EOFError
    return found


class _Spawned:
    """One that begins as a program of its own, and loads what it needs."""

    def __init__(self, work: Callable[[_T], bytes], items: Sequence[_T]) -> None:
        """Both must be ones that can be pickled."""
        from multiprocessing import get_context  # noqa: PLC0415 - only where it is needed

        context = get_context("spawn")
        their_numbers, self._numbers = context.Pipe(duplex=False)
        self._results, their_results = context.Pipe(duplex=False)
        _widen(self._results)
        served = (work, items, their_numbers, their_results)
        self._process = context.Process(target=_live_spawned, args=served, daemon=True)
        self._process.start()
        their_numbers.close()
        their_results.close()

    def ask(self, number: int) -> None:
        """See Worker."""
        self._numbers.send_bytes(number.to_bytes(_NUMBER_BYTES, "little"))

    def result(self) -> bytes:
        """See Worker."""
        return self._results.recv_bytes()

    def dismiss(self, *, at_once: bool) -> None:
        """See Worker."""
        self._numbers.close()
        if at_once:
            self._process.kill()

    def join(self) -> None:
        """See Worker."""
        self._process.join()
        self._results.close()


def _live_spawned(work: Callable[[_T], bytes], items: Sequence[_T], numbers: Connection, results: Connection) -> None:
    """The whole life of a spawned process."""
    _step_back()
    with suppress(EOFError, BrokenPipeError):
        _served(work, items)(lambda: int.from_bytes(numbers.recv_bytes(), "little"), results.send_bytes)


class _Pipe(Protocol):
    def fileno(self) -> int: ...


def _widen(pipe: _Pipe) -> None:
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415

        with suppress(OSError):  # the system allows less
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
