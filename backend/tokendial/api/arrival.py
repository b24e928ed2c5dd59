"""A connection that has been accepted, and what it has said so far."""

from __future__ import annotations

import io
import re
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# A thread is given to what is here as a whole, or to the head of what is larger than this.
ENOUGH = 16 * 1024
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,12})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_EXPECTS = re.compile(rb"^expect:", re.IGNORECASE | re.MULTILINE)


class Arrival:
    """A client's end of a connection; not blocking until a thread takes it over."""

    def __init__(self, connection: socket.socket, address: tuple[str, int]) -> None:
        """Nothing has been said yet."""
        connection.setblocking(False)
        self.connection = connection
        self.address = address
        self.since = time.monotonic()
        self.said = bytearray()
        self._ended = False

    @property
    def is_lost(self) -> bool:
        """Whether it ended without a word."""
        return self._ended and not self.said

    @property
    def is_ready(self) -> bool:
        """Whether all that it has to say, or enough of it, is here."""
        if self._ended or len(self.said) >= ENOUGH:
            return True
        head = _END_OF_HEAD.search(self.said)
        if head is None:
            return False
        lines = bytes(self.said[: head.start() + 1])
        length = _LENGTH.search(lines)
        if length is None or _EXPECTS.search(lines):
            return True
        whole = head.end() + int(length[1])
        return len(self.said) >= whole or whole > ENOUGH

    def read(self) -> None:
        """Take what has come."""
        try:
            block = self.connection.recv(ENOUGH)
        except BlockingIOError:
            return
        except OSError:
            self.said.clear()
            block = b""
        self.said += block
        self._ended = not block

    def file(self) -> io.BufferedReader:
        """Everything that it says, from the beginning."""
        return io.BufferedReader(_Said(bytes(self.said), self.connection))

    def hang_up(self) -> None:
        """End the connection; who reads or writes it meets its end. May be called from any thread."""
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:  # it has ended already
            return

    def close(self) -> None:
        """Give it up."""
        self.connection.close()


class _Said(io.RawIOBase):
    """What was read already, then what comes."""

    def __init__(self, said: bytes, connection: socket.socket) -> None:
        self._said = memoryview(said)
        self._rest = connection.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        if not self._said:
            return self._rest.readinto(buffer)
        target = memoryview(buffer).cast("B")
        count = min(len(target), len(self._said))
        target[:count] = self._said[:count]
        self._said = self._said[count:]
        return count

    def close(self) -> None:
        self._rest.close()
        super().close()
