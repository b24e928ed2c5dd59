"""A conversation in lines of JSON with a program on this machine (JSON-RPC over its standard streams)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from time import monotonic

import msgspec

from tokendial.providers.live import LiveFailure

_MAX_LINE = 1 << 20
_MAX_LINES = 1_000
_END_SECONDS = 5.0


class _Message(msgspec.Struct):
    """What is looked at of a message: its id, which an answer repeats; an event has none, a question has a method."""

    id: int | str | None = None
    method: str | None = None


def talk(
    command: Sequence[str], environment: Mapping[str, str], messages: Sequence[bytes], seconds: float
) -> list[bytes]:
    """Send each message and read the answer to those that have an id, in `seconds` altogether; then end the program.

    Raises LiveFailure where it is not there, ends early, is silent or says too much.
    """
    deadline = monotonic() + seconds
    with _running(command, environment) as process:
        lines: SimpleQueue[bytes] = SimpleQueue()
        threading.Thread(target=_pump, args=(process, lines), daemon=True).start()
        answers = []
        for message in messages:
            _send(process, message)
            wanted = msgspec.json.decode(message, type=_Message).id
            if wanted is not None:
                answers.append(_answer(lines, wanted, deadline))
        return answers


@contextmanager
def _running(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    try:
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        raise LiveFailure("missing", "The program that would be asked could not be started.") from None
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Closing its input asks it to end; one that does not is ended."""
    if process.stdin is not None:
        try:
            process.stdin.close()
        except OSError:
            _kill(process)
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        _kill(process)
        process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """With what it started itself: an agent's command is often a wrapper."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)


def _pump(process: subprocess.Popen[bytes], lines: SimpleQueue[bytes]) -> None:
    """Hand on what the program says; an empty line says that it says no more."""
    if process.stdout is not None:
        with process.stdout as stream:
            for _ in range(_MAX_LINES):
                line = stream.readline(_MAX_LINE)
                if not line.endswith(b"\n"):
                    break
                lines.put(line)
    lines.put(b"")


def _send(process: subprocess.Popen[bytes], message: bytes) -> None:
    if process.stdin is None:
        raise LiveFailure("missing", "The program that is asked takes no input.")
    try:
        process.stdin.write(message + b"\n")
        process.stdin.flush()
    except OSError:
        raise LiveFailure("offline", "The program that is asked ended early.") from None


def _answer(lines: SimpleQueue[bytes], wanted: int | str, deadline: float) -> bytes:
    while True:
        try:
            line = lines.get(timeout=max(0.0, deadline - monotonic()))
        except Empty:
            raise LiveFailure("timeout", "The program that is asked did not answer in time.") from None
        if not line:
            raise LiveFailure("offline", "The program that is asked ended early.")
        try:
            message = msgspec.json.decode(line, type=_Message)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # a line for people
        if message.id == wanted and message.method is None:
            return line
