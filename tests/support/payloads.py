"""What Claude Code sends to its status line, as its documentation shows it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

HOUR = 3_600_000


def now_ms() -> int:
    return int(time.time() * 1000)


def limits(five_hour: float | None = 42, weekly: float | None = 17.25, at_ms: int | None = None) -> dict[str, Any]:
    """The windows with resets in Unix seconds: in two hours, and in three days."""
    seconds = (at_ms or now_ms()) // 1000
    told = {"five_hour": (five_hour, seconds + 7_200), "seven_day": (weekly, seconds + 3 * 86_400)}
    return {name: {"used_percentage": p, "resets_at": at} for name, (p, at) in told.items() if p is not None}


def payload(home: Path, **more: object) -> dict[str, Any]:
    """A payload of version 2.1.251, with everything that such a one has."""
    return {
        "hook_event_name": "Status",
        "session_id": "5907a1b2-0000-4000-8000-00000000000a",
        "transcript_path": str(home / "projects" / "-home-u-project" / "5907a1b2-0000-4000-8000-00000000000a.jsonl"),
        "cwd": "/home/u/project",
        "prompt_id": "b1",
        "session_name": "SECRET-MARKER the name that a prompt gave",
        "model": {"id": "claude-opus-4-8", "display_name": "Opus 4.8"},
        "workspace": {"current_dir": "/home/u/project", "project_dir": "/home/u/project", "added_dirs": []},
        "version": "2.1.251",
        "output_style": {"name": "default"},
        "cost": {"total_cost_usd": 1.87, "total_duration_ms": 45_000, "total_api_duration_ms": 2_300},
        "context_window": {
            "total_input_tokens": 15_500, "total_output_tokens": 4_521, "context_window_size": 200_000,
            "used_percentage": 38, "remaining_percentage": 62,
            "current_usage": {"input_tokens": 8_500, "output_tokens": 1_200, "cache_read_input_tokens": 2_000,
                              "cache_creation_input_tokens": 5_000},
        },
        "exceeds_200k_tokens": False,
        "rate_limits": limits(),
        **more,
    }  # fmt: skip


def encoded(home: Path, **more: object) -> bytes:
    return json.dumps(payload(home, **more)).encode()


def claude_home(folder: Path) -> Path:
    """A home with the folder of one project."""
    (folder / "projects" / "-home-u-project").mkdir(parents=True)
    return folder
