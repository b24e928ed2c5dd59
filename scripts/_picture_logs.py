"""The invented logs of the pictures: four months of work with every agent."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from _rollouts import Usage, uuid7
from tokendial.providers import PROVIDERS
from tokendial.providers.samples import SampleResponse, SampleSession

HOUR = 3_600_000
DAY = 24 * HOUR
DAYS = 120
WINDOW = 258_400
SEED = 20_261_123
PROJECTS = {"~/work/storefront": 5, "~/work/ledger-api": 4, "~/work/infra": 2, "~/notes": 1}
TITLES = (
    "Move checkout to the new tax service",
    "Flaky e2e on the cart page",
    "Review the rate limiter",
    "Upgrade PostgreSQL to 18",
    "Search as you type",
    "Tidy the fixtures",
    "Explain the slow import",
    "Dark theme for invoices",
    "Backfill missing currencies",
    "Cache headers of the image proxy",
)
PROMPTS = (
    "Read the module first, then tell me what you would change.",
    "Go on. Keep the public functions as they are.",
    "The test of the second case still fails. Why?",
    "Write the migration, with a way back.",
    "Now the same for the other endpoint.",
    "Run the suite and sum up what is left.",
)
MODELS = {"gpt-5.5": 6, "gpt-5-codex": 4, "gpt-5": 2, "gpt-5-mini": 2}
EFFORTS = {"medium": 6, "high": 4, "low": 2}
ORIGINATORS = {"codex-tui": 6, "codex_vscode": 4, "codex_exec": 1}


def one_of(rng: random.Random, weighted: dict[str, int]) -> str:
    return rng.choices(list(weighted), list(weighted.values()))[0]


def iso(ms: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ms // 1000)) + f".{ms % 1000:03d}Z"


class Limits:
    """The two windows of the plan: each fills while it is used, and begins anew after its length."""

    def __init__(self) -> None:
        self._windows = {300: [0, 0.0], 10_080: [0, 0.0]}

    def snapshot(self, at_ms: int, tokens: int) -> dict[str, object]:
        shown = {}
        for (minutes, state), full in zip(self._windows.items(), (2_600_000, 9_500_000), strict=True):
            if at_ms >= state[0]:
                state[:] = [at_ms + minutes * 60_000, 0.0]
            state[1] = min(97.0, state[1] + 100 * tokens / full)
            shown[minutes] = {
                "used_percent": round(state[1], 1),
                "window_minutes": minutes,
                "resets_at": int(state[0] // 1000),
            }
        return {"limit_id": "codex", "plan_type": "plus", "primary": shown[300], "secondary": shown[10_080]}


class Session:
    """One invented session, from its first prompt on."""

    def __init__(self, rng: random.Random, start_ms: int, responses: int, **origin: object) -> None:
        self.rng, self.start_ms, self.responses, self.origin = rng, start_ms, responses, origin
        self.id = uuid7(rng, start_ms)
        self.cwd, self.model = one_of(rng, PROJECTS).replace("~", "/home/u"), one_of(rng, MODELS)

    def write(self, home: Path, limits: Limits, now_ms: int) -> None:
        rng, at = self.rng, self.start_ms
        total, context = Usage(), rng.randint(9_000, 16_000)
        meta: dict[str, object] = {
            "id": self.id,
            "timestamp": iso(at),
            "cwd": self.cwd,
            "originator": one_of(rng, ORIGINATORS),
        }
        meta |= {"cli_version": "0.169.0", "git": {"branch": "main"}}
        lines = [self._line(at, "session_meta", {**meta, **self.origin})]
        effort = one_of(rng, EFFORTS)
        for number in range(self.responses):
            at = min(now_ms - 20_000, at + rng.randint(12, 140) * 1000)
            if number % 7 == 0:
                turn = {"turn_id": uuid7(rng, at), "cwd": self.cwd, "model": self.model, "effort": effort}
                lines.append(self._line(at, "turn_context", turn))
                lines.append(
                    self._line(
                        at, "event_msg", {"type": "user_message", "message": PROMPTS[number // 7 % len(PROMPTS)]}
                    )
                )
            context = min(WINDOW - 20_000, context + rng.randint(300, 7_000))
            output = rng.randint(90, 2_600)
            used = Usage(context, int(context * rng.uniform(0.8, 0.96)), 0, output, int(output * rng.uniform(0.2, 0.6)))
            total = total.plus(used)
            info = {"total_token_usage": self._counts(total), "last_token_usage": self._counts(used)}
            snapshot = limits.snapshot(at, used.input - used.cached + used.output)
            payload = {"type": "token_count", "info": {**info, "model_context_window": WINDOW}, "rate_limits": snapshot}
            lines.append(self._line(at, "event_msg", payload))
        day = time.strftime("%Y/%m/%d", time.gmtime(self.start_ms // 1000))
        stamp = time.strftime("%Y-%m-%dT%H-%M-%S", time.gmtime(self.start_ms // 1000))
        path = home / "sessions" / day / f"rollout-{stamp}-{self.id}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    @staticmethod
    def _line(at: int, kind: str, payload: Mapping[str, object]) -> str:
        return json.dumps({"timestamp": iso(at), "type": kind, "payload": payload}, separators=(",", ":"))

    @staticmethod
    def _counts(usage: Usage) -> dict[str, int]:
        counts: dict[str, int] = json.loads(usage.text(writes=True))
        return counts


def write_home(home: Path, now_ms: int) -> str:
    """Four months of work, quieter at weekends, with three sessions that run now; the id of one with a family."""
    rng = random.Random(SEED)
    sessions = []
    for back in range(DAYS, 0, -1):
        weekend = time.gmtime((now_ms - back * DAY) // 1000).tm_wday > 4
        for _ in range(rng.choice((0, 0, 1)) if weekend else rng.randint(1, 5)):
            start = now_ms - back * DAY + rng.randint(-5, 6) * HOUR + rng.randint(0, HOUR)
            sessions.append(Session(rng, start, rng.randint(6, 70)))
    parent = Session(rng, now_ms - 190 * 60_000, 60)
    spawned = {"thread_spawn": {"parent_thread_id": parent.id, "agent_nickname": "reviewer"}}
    sessions += [
        parent,
        Session(rng, now_ms - 52 * 60_000, 34, forked_from_id=parent.id),
        Session(rng, now_ms - 31 * 60_000, 16, source={"subagent": spawned}),
        Session(rng, now_ms - 12 * 60_000, 6),
    ]
    sessions.sort(key=lambda session: session.start_ms)
    limits = Limits()
    for session in sessions:
        session.write(home, limits, now_ms)
    names = [{"id": session.id, "thread_name": TITLES[place % len(TITLES)]} for place, session in enumerate(sessions)]
    (home / "session_index.jsonl").write_text("".join(json.dumps(name) + "\n" for name in names), encoding="utf-8")
    return parent.id


def write_others(user: Path, now_ms: int) -> None:
    """Some work with every agent that has no home yet, each less than the one before, and a session that runs now."""
    rng = random.Random(SEED + 1)
    for place, source in enumerate(PROVIDERS):
        home = source.logs.default_homes({}, user)[0]
        if home.exists() or source.write_sample is None:
            continue
        home.mkdir(parents=True)
        days = [back for back in range(DAYS, 0, -1) if rng.random() < 0.9 / place]
        starts = [now_ms - back * DAY - rng.randint(1, 9) * HOUR for back in days] + [now_ms - 18 * place * 60_000]
        for number, start in enumerate(starts):
            project = one_of(rng, PROJECTS).replace("~", "/home/u")
            told = list(responses(rng, start, now_ms))
            source.write_sample(home, SampleSession(number, rng.randrange(100), rng.choice(TITLES), project, told))


def responses(rng: random.Random, at: int, now_ms: int) -> Iterator[SampleResponse]:
    """The responses of such a session: its context grows."""
    context = 14_000
    for number in range(rng.randint(10, 55)):
        at += rng.randint(15, 140) * 1000
        if at > now_ms - 20_000:
            return
        context = min(150_000, context + rng.randint(300, 5_000))
        cached = int(context * rng.uniform(0.84, 0.97))
        output = rng.randint(80, 2_400)
        reasoning = int(output * rng.uniform(0.2, 0.6))
        yield SampleResponse(at, context - cached, cached, output, reasoning, prompt=number % 6 == 0)
