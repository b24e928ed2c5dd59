"""The seam of live sources: how a provider is asked for its limits, when the user wants that.

A source describes what is sent and understands what comes back. What is sent goes through a `Line`, which owns the
network, the processes and the clock: a source opens no connection itself and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, Protocol, TypeVar

import msgspec

from tokendial.domain.limits import normalise_percent
from tokendial.domain.records import ReadingRecord
from tokendial.domain.secret import Secret

FailureKind = Literal[
    "not_signed_in",  # no credential was found
    "refused",  # 401: the credential is not valid any more
    "forbidden",  # 403
    "not_found",  # 404
    "throttled",  # 429
    "server",  # 5xx, or any other status
    "offline",  # no connection, or it was cut
    "timeout",
    "unexpected",  # an answer that is not what it should be
    "missing",  # a program or a server that is not there
]
_T = TypeVar("_T")
SIGN_IN_ONLY = "The sign-in of the agent, and nothing about you or what you used."


class LiveFailure(Exception):
    """A source could not be read; `message` is one sentence for people and holds nothing that was sent or answered."""

    def __init__(self, kind: FailureKind, message: str, retry_after_ms: int | None = None) -> None:
        """`retry_after_ms` is how long the other side asks to be left alone."""
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.retry_after_ms = retry_after_ms


class Call(NamedTuple):
    """One HTTP request. Its address is https, or one of this machine."""

    method: Literal["GET", "POST"]
    url: str
    headers: Mapping[str, str | Secret]
    body: bytes | None = None


class Line(Protocol):
    """The way to the other side. Every method raises LiveFailure."""

    def call(self, call: Call) -> bytes:
        """The body of an answer with status 200."""

    def run(self, command: Sequence[str], reason: str) -> bytes | None:
        """What a short program of the system prints; None where it fails. No secret stands in its arguments."""

    def talk(self, command: Sequence[str], environment: Mapping[str, str], messages: Sequence[bytes]) -> list[bytes]:
        """Give lines to a program one after the other, each after the answer to the one before, and read its answers.

        A message without an `id` has no answer.
        """


class LiveSource(Protocol):
    """A live source of a provider. `reads`, `asks` and `sends` say exactly what is read, who is asked, what is sent."""

    @property
    def id(self) -> str:
        """What the settings call it: the provider's id for its first source."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def sends(self) -> str:
        """What is sent, in a sentence."""

    @property
    def asks(self) -> str:
        """The address or the program that is asked."""

    def reads(self, home: Path) -> str:
        """The file or the entry with the credential, for people."""

    def credential_files(self, home: Path) -> list[Path]:
        """The files whose change can mean that a refused credential was renewed."""

    def read(self, home: Path, line: Line, now_ms: int) -> list[ReadingRecord]:
        """Every window that the provider reports, at least one. Raises LiveFailure."""


def decode(body: bytes, decoder: Callable[[bytes], _T]) -> _T:
    """An answer as the shape it should have. Raises LiveFailure: an unexpected body is never 0 % (W-07)."""
    try:
        return decoder(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        what = "a web page" if body.lstrip()[:1] == b"<" else "something this version does not understand"
        raise LiveFailure("unexpected", f"The answer was {what}.") from None


def read_credential(path: Path, decoder: Callable[[bytes], _T]) -> _T | None:
    """A credential file of another program, which is only read; None where it is not there or says something else."""
    try:
        return decoder(path.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def reading(
    limit_id: str, name: str | None, minutes: int, used: float, resets_ms: int | None, now_ms: int
) -> ReadingRecord:
    """One window as it stands now, without plan and credits. Raises LiveFailure where it makes no sense (W-24)."""
    percent = normalise_percent(used)
    if percent is None or minutes <= 0:
        raise LiveFailure("unexpected", "The answer holds a window that makes no sense.")
    return ReadingRecord(limit_id, name, minutes, percent, resets_ms, None, None, now_ms, now_ms)
