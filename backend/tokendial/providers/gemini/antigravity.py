"""The quota of Antigravity, Google's other agent, as the language server on this machine tells it (2.3.1 of the spec).

Nothing is signed in to and nothing is sent but an empty question; the port is the last one that its logs name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from tokendial.domain.clock import parse_utc_ms
from tokendial.domain.records import ReadingRecord
from tokendial.providers.live import Call, Line, LiveFailure, decode, reading

_SERVICE = "exa.language_server_pb.LanguageServerService"
_WINDOW_MINUTES = 300
_TAIL_BYTES = 1 << 20
_PORT = re.compile(rb"listening on random port at (\d{2,5})\b(?=[^\n]*for HTTP\b)(?![^\n]*HTTPS)")
_EDITIONS = ("Antigravity", "Antigravity IDE")
_DATA_FOLDERS = (".config", ".local/share", "Library/Application Support", "AppData/Roaming")


class _PlanInfo(msgspec.Struct, rename="camel"):
    plan_name: str | None = None


class _PlanStatus(msgspec.Struct, rename="camel"):
    plan_info: _PlanInfo | None = None
    available_prompt_credits: int | float | str | None = None


class _UserStatus(msgspec.Struct, rename="camel"):
    plan_status: _PlanStatus | None = None


class _Status(msgspec.Struct, rename="camel"):
    user_status: _UserStatus


class _Quota(msgspec.Struct, rename="camel"):
    remaining_fraction: float | None = None
    reset_time: str | None = None


class _Model(msgspec.Struct, rename="camel"):
    display_name: str | None = None
    quota_info: _Quota | None = None


class _Models(msgspec.Struct):
    models: dict[str, _Model]


class _Available(msgspec.Struct):
    response: _Models


_decode_status = msgspec.json.Decoder(_Status).decode
_decode_models = msgspec.json.Decoder(_Available).decode


class AntigravityLive:
    """Asks the language server that runs here."""

    id = "antigravity"
    name = "Antigravity"
    sends = "An empty question to this machine: no sign-in, nothing about you."

    def __init__(self, user_home: Path | None = None) -> None:
        """`user_home` is where the program's logs are looked for besides the home."""
        self._user_home = user_home

    @property
    def asks(self) -> str:
        """The address, without the port that changes."""
        return f"http://127.0.0.1, {_SERVICE.rpartition('.')[2]}"

    def reads(self, home: Path) -> str:
        """The newest of its logs, for the port."""
        return str(next(iter(self._logs(home)), home / "antigravity-cli" / "cli.log"))

    def credential_files(self, home: Path) -> list[Path]:
        """The logs: a new port stands in one of them."""
        return self._logs(home)[:1]

    def read(self, home: Path, line: Line, now_ms: int) -> list[ReadingRecord]:
        """A window per model. Raises LiveFailure."""
        port = next((found for found in map(_port, self._logs(home)) if found), None)
        if port is None:
            raise LiveFailure("missing", "Antigravity does not run, or names no port in its logs. Start it first.")
        try:
            status = decode(self._ask(port, "GetUserStatus", line), _decode_status).user_status.plan_status
            models = decode(self._ask(port, "GetAvailableModels", line), _decode_models).response
        except LiveFailure as failure:
            if failure.kind == "offline":  # the port of a server that has ended (W-23)
                raise LiveFailure("missing", "Antigravity does not run. Start it first.") from None
            raise
        plan = status.plan_info.plan_name if status and status.plan_info else None
        left = None if status is None else status.available_prompt_credits
        credit = None if left is None else f"{left} prompt credits left"
        return [one._replace(plan=plan, credits=credit) for one in _readings(models.models, now_ms)]

    def _ask(self, port: int, method: str, line: Line) -> bytes:
        headers = {"Content-Type": "application/json", "Connect-Protocol-Version": "1"}
        return line.call(Call("POST", f"http://127.0.0.1:{port}/{_SERVICE}/{method}", headers, b"{}"))

    def _logs(self, home: Path) -> list[Path]:
        """Its logs that are there, the newest first."""
        base = self._user_home or home.parent
        found = [home / "antigravity-cli" / "cli.log"]
        folders = [base / one / edition for one in _DATA_FOLDERS for edition in _EDITIONS]
        for folder in (*folders, base / ".antigravity"):
            found += folder.glob("logs/*/window*/exthost/google.antigravity/Antigravity*.log")
        return _newest_first(found)


def _newest_first(paths: Sequence[Path]) -> list[Path]:
    times: list[tuple[float, Path]] = []
    for path in paths:
        try:
            times.append((path.stat().st_mtime, path))
        except OSError:
            continue
    return [path for _, path in sorted(times, reverse=True)]


def _port(log: Path) -> int | None:
    """The last port that a log names for plain HTTP."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _TAIL_BYTES))
            found = _PORT.findall(file.read(_TAIL_BYTES))
    except OSError:
        return None
    return int(found[-1]) if found and 0 < int(found[-1]) < 65_536 else None


def _readings(models: dict[str, _Model], now_ms: int) -> Iterator[ReadingRecord]:
    """One a name: several models may share one. A quota without a share says nothing and is not 0 % (W-07)."""
    seen = set()
    for key, model in models.items():
        name, quota = model.display_name or key, model.quota_info
        if quota is None or quota.remaining_fraction is None or name in seen:
            continue
        seen.add(name)
        used = 100 * (1 - quota.remaining_fraction)
        resets_ms = parse_utc_ms(quota.reset_time or "")
        yield reading(f"antigravity {name}", f"Antigravity {name}", _WINDOW_MINUTES, used, resets_ms, now_ms)
