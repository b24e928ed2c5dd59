"""What is taken from the payload of Claude Code's status line: strict about types, lenient about absence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.payloads import HOUR, claude_home, encoded, limits, payload

from tokendial.providers.base import StatusReport
from tokendial.providers.claude.statusline import ClaudeStatusLine

NOW = 1_790_000_000_000
LINE = ClaudeStatusLine()


def read(home: Path, **more: object) -> StatusReport:
    found = LINE.report(encoded(home, **more), NOW, {}, home.parent)
    assert found is not None
    return found


def told(home: Path, rate_limits: object) -> list[tuple[str, str | None, int, float, int | None]]:
    """The readings without what is always the same."""
    return [one[:5] for one in read(home, rate_limits=rate_limits).readings]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return claude_home(tmp_path / ".claude")


def test_a_whole_payload(home: Path) -> None:
    found = read(home, rate_limits=limits(42, 17.25, NOW))
    assert (found.home, found.model, found.context_percent, found.cost) == (home, "Opus 4.8", 38, "1.870000")
    five, week = found.readings
    assert five == ("claude", None, 300, 42.0, NOW + 2 * HOUR, None, None, NOW, NOW)
    assert week[:5] == ("claude", None, 10_080, 17.25, NOW + 72 * HOUR)


def test_windows_of_some_models_are_limits_of_their_own(home: Path) -> None:
    reset = NOW // 1000 + 86_400
    windows = {name: {"used_percentage": 5, "resets_at": reset} for name in ("seven_day_opus", "seven_day_oauth_apps")}
    windows |= dict.fromkeys(("spend_limit", "Five_Hour", "seven_day_", ""), windows["seven_day_opus"])
    assert told(home, windows) == [
        ("seven_day_opus", "Opus", 10_080, 5.0, reset * 1000),
        ("seven_day_oauth_apps", "Oauth apps", 10_080, 5.0, reset * 1000),
    ]


@pytest.mark.parametrize("resets_at", [NOW // 1000 + 3600, NOW / 1000 + 3600, NOW + HOUR, "2026-09-21T15:13:20Z"])
def test_w24_a_reset_is_in_seconds_or_milliseconds_or_iso(home: Path, resets_at: object) -> None:
    ((_, _, _, used, reset),) = told(home, {"five_hour": {"used_percentage": 50, "resets_at": resets_at}})
    assert (used, reset) == (50, NOW + HOUR)


@pytest.mark.parametrize(("said", "used"), [(105, 100), (-3, 0), (0, 0), (100, 100), (99.5, 99.5), (0.5, 0.5)])
def test_w24_no_percentage_is_above_100_or_below_0(home: Path, said: float, used: float) -> None:
    ((_, _, _, found, _),) = told(home, {"five_hour": {"used_percentage": said, "resets_at": NOW // 1000 + 60}})
    assert found == used


@pytest.mark.parametrize(
    "window",
    [
        {"used_percentage": "42", "resets_at": NOW // 1000 + 60},
        {"used_percentage": True, "resets_at": NOW // 1000 + 60},
        {"used_percentage": None, "resets_at": NOW // 1000 + 60}, {"resets_at": NOW // 1000 + 60}, {}, [], "x", 7, None,
        {"used_percentage": [42], "resets_at": NOW // 1000 + 60}, {"used_percentage": 42}, {"used_percentage": 10**400},
        {"used_percentage": 42, "resets_at": None}, {"used_percentage": 42, "resets_at": "soon"},
        {"used_percentage": 42, "resets_at": True}, {"used_percentage": 42, "resets_at": -1},
        {"used_percentage": 42, "resets_at": {}}, {"used_percentage": 42, "resets_at": 10**400},
    ],
)  # fmt: skip
def test_a_window_of_wrong_types_is_no_reading_and_costs_only_itself(home: Path, window: object) -> None:
    week = limits(None, 9, NOW)["seven_day"]
    assert [one[2] for one in told(home, {"five_hour": window, "seven_day": week})] == [10_080]


@pytest.mark.parametrize("away", [-7200, 0, 5 * 3600 + 7200, 40 * 86_400])
def test_a_window_that_is_over_or_cannot_be_is_no_reading(home: Path, away: int) -> None:
    assert told(home, {"five_hour": {"used_percentage": 90, "resets_at": NOW // 1000 + away}}) == []


@pytest.mark.parametrize("rate_limits", [None, [], "x", 3, {}, {"five_hour": None}])
def test_without_limits_there_is_still_a_line(home: Path, rate_limits: object) -> None:
    found = read(home, rate_limits=rate_limits)
    assert (found.readings, found.model) == ([], "Opus 4.8")


def test_the_context_is_worked_out_where_it_is_not_told(home: Path) -> None:
    context = payload(home)["context_window"]
    assert read(home, context_window={**context, "used_percentage": None}).context_percent == 7.75
    assert read(home, context_window={**context, "used_percentage": 130}).context_percent == 100
    assert read(home, context_window={"context_window_size": 200_000}).context_percent is None
    assert (
        read(home, context_window={**context, "used_percentage": "38", "context_window_size": 0}).context_percent
        is None
    )


def test_the_model_by_its_id_where_it_has_no_name(home: Path) -> None:
    assert read(home, model={"id": "claude-opus-4-8"}).model == "claude-opus-4-8"
    assert read(home, model={"display_name": 5, "id": ["x"]}).model is None
    assert read(home, model="opus").model is None


@pytest.mark.parametrize(
    "cost", [{}, {"total_cost_usd": "1"}, {"total_cost_usd": -1}, {"total_cost_usd": True}, [], None]
)
def test_a_cost_that_is_none(home: Path, cost: object) -> None:
    assert read(home, cost=cost).cost is None


def test_the_home_is_the_one_around_the_transcript(home: Path, tmp_path: Path) -> None:
    other = claude_home(tmp_path / "elsewhere" / ".claude")
    assert read(home, transcript_path=str(other / "projects" / "-home-u-project" / "x.jsonl")).home == other
    lost = encoded(home, transcript_path=None)
    found = LINE.report(lost, NOW, {"CLAUDE_CONFIG_DIR": str(other)}, tmp_path)
    assert found is not None
    assert found.home == other
    for nothing in (None, "", 5, "\0", "x" * 9000, "relative/x.jsonl"):
        assert read(home, transcript_path=nothing).home == home


@pytest.mark.parametrize("content", [b"", b" ", b"null", b"[]", b"7", b'"x"', b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_object_is_no_payload(home: Path, content: bytes) -> None:
    assert LINE.report(content, NOW, {}, home.parent) is None


NAMES = ["five_hour", "seven_day", "seven_day_opus", "used_percentage", "resets_at", "display_name", "id", "x"]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["rate_limits", "model", "cost", "context_window", "transcript_path"]), _JSON))
def test_nothing_that_is_said_raises(told: dict[str, Any]) -> None:
    found = LINE.report(json.dumps(told).encode(), NOW, {}, Path("/nowhere"))
    assert found is not None
    assert all(0 <= one.used_percent <= 100 for one in found.readings)


def test_the_setting_is_what_the_documentation_asks_for() -> None:
    command = "'/opt/a b/tokendial' --data-dir '/x \"y' statusline"
    assert json.loads(LINE.setting(command)) == {"statusLine": {"type": "command", "command": command}}
