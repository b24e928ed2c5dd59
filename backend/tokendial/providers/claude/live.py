"""Claude's limits as its own service tells them: `/api/oauth/usage`, with the sign-in of Claude Code (2.1 of the spec).

The credential is only read: never renewed, never written (renewing would sign Claude Code out).
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from tokendial.domain.clock import parse_utc_ms
from tokendial.domain.records import ReadingRecord
from tokendial.domain.secret import Secret
from tokendial.providers.live import SIGN_IN_ONLY, Call, Line, LiveFailure, decode, read_credential, reading

DEFAULT_BASE = "https://api.anthropic.com"
LIMIT_ID = "claude"
_KEYCHAIN = "Claude Code-credentials"
_BETA = "oauth-2025-04-20"
_MONTH_MINUTES = 43_200
# Windows are told apart by the beginning of their key; what follows it names a model or an app.
_LENGTHS = (("five_hour", 300), ("seven_day", 10_080))


class _SignIn(msgspec.Struct, rename="camel"):
    access_token: str | None = None
    subscription_type: str | None = None


class _Credentials(msgspec.Struct):
    sign_in: _SignIn | None = msgspec.field(name="claudeAiOauth", default=None)


class _Window(msgspec.Struct):
    utilization: float | None
    resets_at: str | None = None


class _Extra(msgspec.Struct):
    """Spending beyond the plan; amounts are in hundredths of the currency (W-08)."""

    is_enabled: bool = False
    monthly_limit: float | None = None
    used_credits: float | None = None
    utilization: float | None = None
    currency: str | None = None


_decode_answer = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_window = msgspec.json.Decoder(_Window | None).decode
_decode_extra = msgspec.json.Decoder(_Extra | None).decode
_decode_credentials = msgspec.json.Decoder(_Credentials).decode


class ClaudeLive:
    """Asks the usage address with the token of Claude Code."""

    id = "claude"
    name = "Claude"
    sends = SIGN_IN_ONLY

    def __init__(self, base: str = DEFAULT_BASE, *, keychain: bool = sys.platform == "darwin") -> None:
        """`keychain`: where there is no file, the system's keychain is asked, once while the program runs."""
        self._base = base
        self._keychain = keychain
        self._from_keychain: _Credentials | None = None
        self._keychain_asked = False

    @property
    def asks(self) -> str:
        """The address."""
        return f"{self._base}/api/oauth/usage"

    def reads(self, home: Path) -> str:
        """The file, or the keychain's entry where there is no file."""
        file = _file(home)
        return f"{_KEYCHAIN} (keychain)" if self._keychain and not file.exists() else str(file)

    def credential_files(self, home: Path) -> list[Path]:
        """The credentials of Claude Code."""
        return [_file(home)]

    def read(self, home: Path, line: Line, now_ms: int) -> list[ReadingRecord]:
        """Every window, and what is spent beyond the plan. Raises LiveFailure."""
        sign_in = self._sign_in(home, line)
        if sign_in is None or not sign_in.access_token:
            raise LiveFailure("not_signed_in", "No sign-in of Claude Code was found. Sign in there with your plan.")
        try:
            bearer = Secret(f"Bearer {sign_in.access_token}")
            body = line.call(Call("GET", self.asks, {"Authorization": bearer, "anthropic-beta": _BETA}))
        except LiveFailure as failure:
            if failure.kind == "refused":
                self._keychain_asked = False
            raise
        return readings(decode(body, _decode_answer), sign_in.subscription_type, now_ms)

    def _sign_in(self, home: Path, line: Line) -> _SignIn | None:
        found = read_credential(_file(home), _decode_credentials)
        if found is None and self._keychain:
            if not self._keychain_asked:
                self._keychain_asked = True
                self._from_keychain = _keychain_entry(line)
            found = self._from_keychain
        return None if found is None else found.sign_in


def readings(answer: dict[str, msgspec.Raw], plan: str | None, now_ms: int) -> list[ReadingRecord]:
    """The windows of an answer: all that have a known length, whatever model or app they are for (W-09).

    A window that is null does not exist for this plan. Raises LiveFailure for one that has another shape.
    """
    credit, found = None, []
    if (raw := answer.get("extra_usage")) is not None:
        extra = decode(bytes(raw), _decode_extra)
        if extra is not None and extra.is_enabled:
            credit = _money(extra)
            if extra.utilization is not None:
                found.append(reading("extra_usage", "Extra usage", _MONTH_MINUTES, extra.utilization, None, now_ms))
    for key, raw in answer.items():
        length = next(((start, minutes) for start, minutes in _LENGTHS if key.startswith(start)), None)
        if length is None:
            continue
        window = decode(bytes(raw), _decode_window)
        if window is not None and window.utilization is not None:
            rest = key.removeprefix(length[0]).strip("_")
            limit_id, name = (key, rest.replace("_", " ").capitalize()) if rest else (LIMIT_ID, None)
            found.append(
                reading(limit_id, name, length[1], window.utilization, parse_utc_ms(window.resets_at or ""), now_ms)
            )
    return [one._replace(plan=plan, credits=credit) for one in found]


def _money(extra: _Extra) -> str | None:
    if extra.used_credits is None:
        return None
    currency = extra.currency or "USD"
    used = f"{extra.used_credits / 100:.2f}"
    return f"{used} of {extra.monthly_limit / 100:.2f} {currency}" if extra.monthly_limit else f"{used} {currency}"


def _keychain_entry(line: Line) -> _Credentials | None:
    command = ["/usr/bin/security", "find-generic-password", "-s", _KEYCHAIN, "-w"]
    printed = line.run(command, "the sign-in of Claude Code, to ask for its limits")
    try:
        return None if printed is None else _decode_credentials(printed)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _file(home: Path) -> Path:
    return home / ".credentials.json"
