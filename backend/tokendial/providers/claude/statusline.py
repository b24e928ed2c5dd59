"""What Claude Code tells its `statusLine` command on standard input (code.claude.com/docs/en/statusline).

Every field may be absent, and a field of the wrong type costs only itself. Limits are told to subscribers from 2.1.80
on, after the first response of a session; an idle session goes on telling what it saw last.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from tokendial.domain.clock import parse_utc_ms
from tokendial.domain.limits import MINUTE_MS, normalise_percent, resets_at_ms
from tokendial.domain.records import ReadingRecord
from tokendial.providers.base import StatusReport
from tokendial.providers.claude.files import ClaudeLogs

LIMIT_ID = "claude"
_LENGTHS = {"five_hour": 300, "seven_day": 10_080}
_WINDOW = re.compile(r"(five_hour|seven_day)(?:_([a-z0-9_]{1,40}))?", re.ASCII)
_MOST_WINDOWS = 16
_SLACK_MS = 60 * MINUTE_MS
_TEXT_LENGTH = 80
_Part = TypeVar("_Part")
_Parts = dict[str, msgspec.Raw]
_parts = msgspec.json.Decoder(_Parts).decode


class ClaudeStatusLine:
    """The `statusLine` setting of Claude Code."""

    settings_file = "~/.claude/settings.json"

    def report(
        self, payload: bytes, now_ms: int, environment: Mapping[str, str], user_home: Path
    ) -> StatusReport | None:
        """What a payload says; None where it is no JSON object."""
        told = _object(payload)
        if told is None:
            return None
        model, context = _inner(told, "model"), _inner(told, "context_window")
        name = _value(model, "display_name", str) or _value(model, "id", str)
        spent = _number(_inner(told, "cost"), "total_cost_usd")
        return StatusReport(
            home=_home(_value(told, "transcript_path", str), environment, user_home),
            model=name[:_TEXT_LENGTH] if name else None,
            context_percent=_context(context),
            cost=f"{spent:.6f}" if spent is not None and 0 <= spent < 1e9 else None,
            readings=_readings(_inner(told, "rate_limits"), now_ms),
        )

    def setting(self, command: str) -> str:
        """The entry of `settings.json`."""
        entry = {"statusLine": {"type": "command", "command": command}}
        return msgspec.json.format(msgspec.json.encode(entry), indent=2).decode()


def _home(transcript: str | None, environment: Mapping[str, str], user_home: Path) -> Path:
    """The home around the session's transcript; before there is one, the home that the agent uses now."""
    logs = ClaudeLogs()
    if transcript:
        try:
            found = logs.home_for(Path(transcript).parent)
        except (OSError, ValueError):
            found = None
        if found is not None:
            return found
    homes = logs.default_homes(environment, user_home)
    return next((home for home in homes if home.is_dir()), homes[0])


def _readings(told: _Parts, now_ms: int) -> list[ReadingRecord]:
    """Each window that runs, by its length; windows of one kind of model are a limit of their own."""
    found = []
    for name in list(told)[:_MOST_WINDOWS]:
        kind = _WINDOW.fullmatch(name)
        if kind is None:
            continue  # of a length that nobody tells
        window, minutes = _inner(told, name), _LENGTHS[kind[1]]
        used, reset = normalise_percent(_number(window, "used_percentage")), _reset(window, now_ms)
        # What has reset already says nothing about the window that runs now.
        if used is None or reset is None or not now_ms < reset <= now_ms + minutes * MINUTE_MS + _SLACK_MS:
            continue
        limit_id, title = (name, kind[2].replace("_", " ").capitalize()) if kind[2] else (LIMIT_ID, None)
        found.append(ReadingRecord(limit_id, title, minutes, used, reset, None, None, now_ms, now_ms))
    return found


def _reset(window: _Parts, now_ms: int) -> int | None:
    """Unix seconds, or an ISO time as its web service writes it."""
    text = _value(window, "resets_at", str)
    return parse_utc_ms(text) if text else resets_at_ms(_number(window, "resets_at"), None, now_ms)


def _context(context: _Parts) -> float | None:
    """The share that Claude Code works out itself, else the last prompt in the window's size."""
    used = normalise_percent(_number(context, "used_percentage"))
    if used is not None:
        return used
    usage, size = _inner(context, "current_usage"), _number(context, "context_window_size")
    names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    prompt = [max(0.0, _number(usage, name) or 0.0) for name in names]
    return normalise_percent(100 * sum(prompt) / size) if size and size > 0 and any(prompt) else None


def _object(content: bytes | msgspec.Raw) -> _Parts | None:
    try:
        return _parts(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _inner(told: _Parts, name: str) -> _Parts:
    """An object inside another; empty where there is none."""
    raw = told.get(name)
    return {} if raw is None else _object(raw) or {}


def _value(told: _Parts, name: str, kind: type[_Part]) -> _Part | None:
    """A field of exactly this type; None where it is absent or something else."""
    raw = told.get(name)
    if raw is None:
        return None
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if type(found) is kind else None


def _number(told: _Parts, name: str) -> float | None:
    """A number; a flag or a text is none."""
    whole = _value(told, name, int)
    try:
        return _value(told, name, float) if whole is None else float(whole)
    except OverflowError:
        return None
