"""Rollouts whose lines stand at chosen times, and files that grow. Times are UTC milliseconds, or ISO 8601 text."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.support import rollout
from tests.support.rollout import Json

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
PARTS = tuple(rollout.Usage().json())
Time = str | int


def ms(at: Time) -> int:
    """`2025-03-09T06:00:00Z`, or a day for its midnight in UTC, as milliseconds."""
    if isinstance(at, int):
        return at
    moment = datetime.fromisoformat(at)
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def window(used: float | None, minutes: int, resets_at_ms: int | None) -> Json:
    """One window of a limit snapshot."""
    reset = None if resets_at_ms is None else resets_at_ms // 1000
    return {"used_percent": used, "window_minutes": minutes, "resets_at": reset}


def snapshot(primary: Json | None = None, secondary: Json | None = None, **more: object) -> Json:
    """A limit snapshot of the id `codex`, unless told otherwise."""
    return {"limit_id": "codex", "primary": primary, "secondary": secondary, "plan_type": "plus", **more}


class Log:
    """One file. Lines gather until `save`; more lines and another `save` append to it."""

    def __init__(self, home: Path, born: Time, number: int = 1, *, archived: bool = False, **meta: object) -> None:
        """Begin with a `session_meta`, whose fields `meta` adds to."""
        self.born = ms(born)
        self._lines = rollout.Rollout(self.born, number)
        self.id = self._lines.thread
        self.path = self._lines.path(home, archived=archived)
        self.total = [0] * 6
        self.saved: list[bytes] = []
        self.at(born).meta(**{"cwd": "/work/shop", **meta})

    @property
    def lines(self) -> list[bytes]:
        """What is not saved yet."""
        return self._lines.lines

    def at(self, at: Time) -> rollout.Rollout:
        """The lines, the next of which stands at this time."""
        self._lines.now_ms = ms(at)
        return self._lines

    def raw(self, line: bytes) -> Log:
        """A line as it is."""
        self._lines.raw(line)
        return self

    def turn(self, at: Time, model: str = "gpt-5.5", effort: str | None = "medium", cwd: str = "/work/shop") -> Log:
        """A `turn_context`; its id carries its time."""
        self.at(at).turn(model, effort, cwd=cwd)
        return self

    def prompt(self, at: Time) -> Log:
        """A user's message."""
        self.at(at).prompt()
        return self

    def tier(self, at: Time, tier: str, model: str = "gpt-5.5") -> Log:
        """A change of the tier."""
        self.at(at).settings(model=model, service_tier=tier, reasoning_effort="medium")
        return self

    def respond(
        self, at: Time, given: int = 1000, cached: int = 0, output: int = 100, *, written: int = 0,
        reasoning: int = 0, limits: Json | None = None, context: int = 258_400,
    ) -> Log:  # fmt: skip
        """A response: the running total goes up by it."""
        last = [given, cached, written, output, reasoning, given + output]
        self.total = [a + b for a, b in zip(self.total, last, strict=True)]
        return self.count(at, self.total, last, limits, context)

    def count(
        self, at: Time, total: list[int], last: list[int], limits: Json | None = None, context: int = 258_400
    ) -> Log:
        """A `token_count` with these vectors."""
        vectors = (dict(zip(PARTS, vector, strict=True)) for vector in (total, last))
        self.at(at).counters(*vectors, limits, context)
        return self

    def limits(self, at: Time, *windows: Json, **more: object) -> Log:
        """A `token_count` that says only limits."""
        self.at(at).limits_only(snapshot(*windows, **more))
        return self

    def copy(self, other: Log, at: Time) -> Log:
        """The saved lines of another file, written again in one burst; its counter goes on from there."""
        self.at(at).copy(other._lines, other.saved)
        self.total = list(other.total)
        return self

    def save(self, *, append: bool = True) -> Log:
        """Write what has gathered; with `append=False` in place of what is there."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab" if append else "wb") as file:
            file.write(b"".join(self.lines))
        self.saved = [*(self.saved if append else []), *self.lines]
        self.lines.clear()
        return self
