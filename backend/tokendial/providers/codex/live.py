"""Codex's limits as its own program or service tells them (2.2 of the spec).

Where the command line is installed it is asked (`codex app-server`, `account/rateLimits/read`): it renews its own
sign-in. Else the usage address, with the token of `auth.json`, which is only read.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from tokendial import __version__
from tokendial.domain.limits import resets_at_ms
from tokendial.domain.records import ReadingRecord
from tokendial.domain.secret import Secret
from tokendial.domain.secrets import masked
from tokendial.providers.codex.limits import DEFAULT_LIMIT_ID, credit_words
from tokendial.providers.live import SIGN_IN_ONLY, Call, Line, LiveFailure, decode, read_credential, reading

DEFAULT_BASE = "https://chatgpt.com"
_PATH = "/backend-api/wham/usage"
_REVIEW_ID, _REVIEW_NAME = "code_review", "Code review"


class _Tokens(msgspec.Struct):
    access_token: str | None = None
    account_id: str | None = None


class _Auth(msgspec.Struct):
    tokens: _Tokens | None = None


class _Credits(msgspec.Struct, rename={"has_credits": "hasCredits"}):
    has_credits: bool = False
    unlimited: bool = False
    balance: str | float | None = None


class _AppWindow(msgspec.Struct, rename="camel"):
    used_percent: float
    window_duration_mins: int | None = None
    resets_at: float | None = None


class _AppLimit(msgspec.Struct, rename="camel"):
    limit_id: str | None = None
    limit_name: str | None = None
    primary: _AppWindow | None = None
    secondary: _AppWindow | None = None
    credits: _Credits | None = None
    plan_type: str | None = None


class _AppLimits(msgspec.Struct, rename="camel"):
    rate_limits: _AppLimit
    rate_limits_by_limit_id: dict[str, _AppLimit] | None = None


class _AppError(msgspec.Struct):
    message: str = ""


class _AppAnswer(msgspec.Struct):
    result: _AppLimits | None = None
    error: _AppError | None = None


class _WebCredits(msgspec.Struct):
    has_credits: bool = False
    unlimited: bool = False
    balance: str | float | None = None


class _WebWindow(msgspec.Struct):
    used_percent: float
    limit_window_seconds: int
    reset_at: float | None = None


class _WebLimit(msgspec.Struct):
    primary_window: _WebWindow | None = None
    secondary_window: _WebWindow | None = None


class _WebOther(msgspec.Struct):
    limit_name: str | None = None
    metered_feature: str | None = None
    rate_limit: _WebLimit | None = None


class _WebUsage(msgspec.Struct):
    rate_limit: _WebLimit | None
    plan_type: str | None = None
    credits: _WebCredits | None = None
    code_review_rate_limit: _WebLimit | None = None
    additional_rate_limits: list[_WebOther] | None = None


_decode_auth = msgspec.json.Decoder(_Auth).decode
_decode_program = msgspec.json.Decoder(_AppAnswer).decode
_decode_address = msgspec.json.Decoder(_WebUsage).decode


class CodexLive:
    """Asks the command line where there is one, else the address."""

    id = "codex"
    name = "Codex"
    sends = SIGN_IN_ONLY

    def __init__(
        self, base: str = DEFAULT_BASE, find_program: Callable[[], str | None] = lambda: shutil.which("codex")
    ) -> None:
        """`find_program` gives the command line's path."""
        self._base = base
        self._find_program = find_program

    @property
    def asks(self) -> str:
        """The program, or the address."""
        program = self._find_program()
        return f"{program} app-server" if program else f"{self._base}{_PATH}"

    def reads(self, home: Path) -> str:
        """The file; with the command line it is that program which reads it."""
        return str(_file(home))

    def credential_files(self, home: Path) -> list[Path]:
        """The sign-in of Codex."""
        return [_file(home)]

    def read(self, home: Path, line: Line, now_ms: int) -> list[ReadingRecord]:
        """Every window of every limit, with plan and credits. Raises LiveFailure."""
        program = self._find_program()
        return self._from_program(program, home, line, now_ms) if program else self._from_address(home, line, now_ms)

    def _from_program(self, program: str, home: Path, line: Line, now_ms: int) -> list[ReadingRecord]:
        client = {"clientInfo": {"name": "tokendial", "title": "Tokendial", "version": __version__}}
        messages: list[dict[str, object]] = [
            {"id": 0, "method": "initialize", "params": client},
            {"method": "initialized"},
            {"id": 1, "method": "account/rateLimits/read"},
        ]
        answers = line.talk(
            [program, "app-server"], {"CODEX_HOME": str(home)}, [msgspec.json.encode(one) for one in messages]
        )
        answer = decode(answers[-1], _decode_program)
        if answer.error is not None:
            # Its words are about the sign-in, and may quote it: they are cut, and never shown with a secret in them.
            raise LiveFailure("not_signed_in", f"Codex says: {masked(answer.error.message, 200).text}")
        if answer.result is None:
            raise LiveFailure("unexpected", "Codex answered without a result.")
        return list(_of_program(answer.result, now_ms))

    def _from_address(self, home: Path, line: Line, now_ms: int) -> list[ReadingRecord]:
        auth = read_credential(_file(home), _decode_auth)
        if auth is None or auth.tokens is None or not auth.tokens.access_token:
            raise LiveFailure(
                "not_signed_in", "No ChatGPT sign-in of Codex was found. An API key has no limits to show."
            )
        headers: dict[str, str | Secret] = {"Authorization": Secret(f"Bearer {auth.tokens.access_token}")}
        if auth.tokens.account_id:
            headers["ChatGPT-Account-Id"] = Secret(auth.tokens.account_id)
        body = line.call(Call("GET", f"{self._base}{_PATH}", headers))
        return list(_of_address(decode(body, _decode_address), now_ms))


def _of_program(limits: _AppLimits, now_ms: int) -> Iterator[ReadingRecord]:
    held = limits.rate_limits_by_limit_id or {}
    for limit_id, limit in held.items() or [(limits.rate_limits.limit_id or DEFAULT_LIMIT_ID, limits.rate_limits)]:
        said = credit_words(limit.credits)
        for window in (limit.primary, limit.secondary):
            if window is not None and window.window_duration_mins:
                resets_ms = resets_at_ms(window.resets_at, None, now_ms)
                minutes = window.window_duration_mins
                yield reading(limit_id, limit.limit_name, minutes, window.used_percent, resets_ms, now_ms)._replace(
                    plan=limit.plan_type, credits=said
                )


def _of_address(usage: _WebUsage, now_ms: int) -> Iterator[ReadingRecord]:
    said = credit_words(usage.credits)
    limits: list[tuple[str, str | None, _WebLimit | None]] = [
        (DEFAULT_LIMIT_ID, None, usage.rate_limit),
        (_REVIEW_ID, _REVIEW_NAME, usage.code_review_rate_limit),
    ]
    for other in usage.additional_rate_limits or []:
        name = other.metered_feature or other.limit_name
        if name:
            limits.append((name, other.limit_name, other.rate_limit))
    for limit_id, name, limit in limits:
        for window in (limit.primary_window, limit.secondary_window) if limit else ():
            if window is not None:
                resets_ms = resets_at_ms(window.reset_at, None, now_ms)
                minutes = window.limit_window_seconds // 60
                yield reading(limit_id, name, minutes, window.used_percent, resets_ms, now_ms)._replace(
                    plan=usage.plan_type, credits=said
                )


def _file(home: Path) -> Path:
    return home / "auth.json"
