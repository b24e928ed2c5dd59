"""The only way out: one bounded request at a time, to an address the user agreed to, or a program on this machine."""

from __future__ import annotations

import logging
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tokendial import __version__
from tokendial.domain.secret import Secret
from tokendial.live.talk import talk
from tokendial.providers.live import Call, FailureKind, LiveFailure

if TYPE_CHECKING:
    import httpx2

SECONDS: Final = 10.0
MAX_BYTES: Final = 1 << 20
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_CLOCK_TOLERANCE_MS = 120_000
_MAX_WAIT_MS = 24 * 3_600_000
_PROGRAM_SECONDS = 60.0  # a keychain may ask the user first
_STATUSES: dict[int, tuple[FailureKind, str]] = {
    401: ("refused", "The sign-in was refused: it has expired or was revoked. The agent renews it when it runs."),
    403: ("forbidden", "This account is not allowed to read its limits."),
    404: ("not_found", "The address does not exist any more."),
    429: ("throttled", "Asked too often; the other side wants to be left alone for a while."),
}
_log = logging.getLogger(__name__)
for _library in ("httpx2", "httpcore2"):
    # In full they log the headers of answers, and with them what a service sets as a cookie.
    logging.getLogger(_library).setLevel(logging.WARNING)


class HttpLine:
    """Sends calls and runs programs. `clock_offset_ms`: how far our clock is ahead of the last server's."""

    def __init__(self, seconds: float = SECONDS, now: Callable[[], float] = time.time) -> None:
        """`seconds` bound a whole request; `now` is the clock, in seconds."""
        self._seconds = seconds
        self._now = now
        self.clock_offset_ms = 0

    def call(self, call: Call) -> bytes:
        """The body of an answer with status 200. Raises LiveFailure; nothing is followed, nothing is sent twice."""
        import httpx2  # noqa: PLC0415 - slow to load, and live sources are mostly off

        _check_address(call.url)
        headers = {
            "User-Agent": f"tokendial/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        headers |= {name: _text(value) for name, value in call.headers.items()}
        deadline = time.monotonic() + self._seconds
        try:
            with (
                httpx2.Client(
                    timeout=self._seconds, follow_redirects=False, trust_env=not _is_here(call.url)
                ) as client,
                client.stream(call.method, call.url, headers=headers, content=call.body) as response,
            ):
                self._note_clock(response.headers.get("Date"))
                if response.status_code != 200:
                    raise _failure(response.status_code, response.headers.get("Retry-After"), self._now())
                return _body(response, deadline)
        except httpx2.TimeoutException:
            raise LiveFailure("timeout", f"No answer within {self._seconds:.0f} seconds.") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            _log.info("live request failed: %s", type(error).__name__)  # its text may hold what was sent
            raise LiveFailure("offline", "The connection failed or was cut.") from None

    def run(self, command: Sequence[str], reason: str) -> bytes | None:
        """What a short program prints; None where it is not there or fails."""
        _log.info("asking %s: %s", command[0], reason)
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PROGRAM_SECONDS, check=False
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout if done.returncode == 0 else None

    def talk(self, command: Sequence[str], environment: Mapping[str, str], messages: Sequence[bytes]) -> list[bytes]:
        """Exchange lines with a program, within the time of two requests. Raises LiveFailure."""
        return talk(command, environment, messages, 2 * self._seconds)

    def _note_clock(self, date: str | None) -> None:
        try:
            said = parsedate_to_datetime(date or "").timestamp()
        except (ValueError, OverflowError):
            self.clock_offset_ms = 0
            return
        offset = round((self._now() - said) * 1000)
        self.clock_offset_ms = offset if abs(offset) > _CLOCK_TOLERANCE_MS else 0


def _is_here(url: str) -> bool:
    """Whether an address is of this machine: a proxy that the environment names has no business with it."""
    return urlsplit(url).hostname in _LOOPBACK


def _check_address(url: str) -> None:
    scheme = urlsplit(url).scheme
    if scheme != "https" and not (scheme == "http" and _is_here(url)):
        raise LiveFailure("unexpected", "The address is neither https nor of this machine.")


def _text(value: str | Secret) -> str:
    return value.reveal() if isinstance(value, Secret) else value


def _body(response: httpx2.Response, deadline: float) -> bytes:
    found = bytearray()
    for chunk in response.iter_raw():
        found += chunk
        if len(found) > MAX_BYTES:
            raise LiveFailure("unexpected", "The answer was far too long.")
        if time.monotonic() > deadline:
            raise LiveFailure("timeout", "The answer did not end in time.")
    return bytes(found)


def _failure(status: int, retry_after: str | None, now: float) -> LiveFailure:
    kind, message = _STATUSES.get(status, ("server", f"The other side answered with an error ({status})."))
    return LiveFailure(kind, message, _retry_after_ms(retry_after, now))


def _retry_after_ms(value: str | None, now: float) -> int | None:
    """Seconds or a date (RFC 9110, 10.2.3), a day at most."""
    if value is None:
        return None
    try:
        seconds = float(value) if value.strip().isdigit() else parsedate_to_datetime(value).timestamp() - now
    except (ValueError, OverflowError):
        return None
    return min(_MAX_WAIT_MS, max(0, round(seconds * 1000)))
