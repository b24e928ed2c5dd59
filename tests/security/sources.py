"""The services that live sources ask, played on this machine, and homes with a sign-in for each of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
from tests.live.played import Played, Request
from tests.security.day import Plan
from tests.security.support import python_env

SOURCES = ("claude", "codex", "gemini", "antigravity")
RESET = "2031-01-15T08:00:00+00:00"
OK: dict[str, object] = {
    "usage": {"five_hour": {"utilization": 6.0, "resets_at": RESET}},
    "wham/usage": {"rate_limit": {"primary_window": {"used_percent": 13, "limit_window_seconds": 18_000}}},
    "loadCodeAssist": {"cloudaicompanionProject": "project-1", "currentTier": {"id": "free-tier"}},
    "retrieveUserQuota": {"buckets": [{"modelId": "a-pro", "remainingFraction": 0.25, "resetTime": RESET}]},
    "GetUserStatus": {"userStatus": {"planStatus": {"availablePromptCredits": 5}}},
    "GetAvailableModels": {
        "response": {"models": {"m": {"displayName": "M", "quotaInfo": {"remainingFraction": 0.5}}}}
    },
}


def answer(request: Request) -> Played:
    """What the service says when all is well. Nothing but these addresses may be asked."""
    path = request.path
    known = max((name for name in OK if path.endswith(name)), key=len, default=None)
    return Played(404) if known is None else Played(body=json.dumps(OK[known]).encode())


def sign_ins(homes: Mapping[str, Path], token: str, port: int) -> dict[Path, str]:
    """What each agent keeps of its sign-in, with a token for access and another one to renew it."""
    renew = f"{token} renew"
    claude = {"accessToken": token, "refreshToken": renew, "expiresAt": 1, "subscriptionType": "max"}
    log = f"I0101 listening on random port at {port} for HTTP ({token})\n"
    return {
        homes["claude"] / ".credentials.json": json.dumps({"claudeAiOauth": claude}),
        homes["codex"] / "auth.json": json.dumps(
            {"tokens": {"access_token": token, "refresh_token": renew, "id_token": token, "account_id": token}}
        ),
        homes["gemini"] / "oauth_creds.json": json.dumps({"access_token": token, "refresh_token": renew}),
        homes["gemini"] / "antigravity-cli" / "cli.log": log,
    }


def homes_in(folder: Path) -> dict[str, Path]:
    """Empty homes, so that what is read of them is the sign-ins alone."""
    homes = {name: folder / f"home-{name}" for name in ("claude", "codex", "gemini")}
    for home in homes.values():
        home.mkdir(parents=True)
    (homes["gemini"] / "antigravity-cli").mkdir()
    return homes


def plan_of(folder: Path, homes: Mapping[str, Path], live: Sequence[str], steps: int, stage: str | None) -> Plan:
    """Steps of an hour, in which these sources are on."""
    named = [(name, str(home)) for name, home in homes.items()]
    return Plan(str(folder / "data"), named, list(live), steps, step_seconds=3_600, stage=stage)


def run_day(folder: Path, plan: Plan, *before: str, **variables: str) -> str:
    """Live through it; what was printed. `folder` has the answers afterwards, and programs that are found in `bin`.

    `before` is a command that starts it.
    """
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "plan.json").write_bytes(msgspec.json.encode(plan))
    done = subprocess.run(
        [*before, sys.executable, "-m", "tests.security.day", str(folder / "plan.json")],
        env={**python_env(), **variables},
        capture_output=True,
        text=True,
        timeout=120 + 3 * plan.steps,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout + done.stderr


Part = Callable[[Request, int], Played]
