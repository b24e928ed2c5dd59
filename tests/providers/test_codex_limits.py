"""Limit snapshots: per limit id, windows by their length, one row per change (C6, C7)."""

from __future__ import annotations

import pytest
from tests.support.parsing import parse
from tests.support.rollout import START_MS, Json, Rollout, usage

from tokendial.domain.records import ReadingRecord

RESET = 1_783_800_000


def window(percent: float, minutes: int = 300, **fields: object) -> dict[str, object]:
    return {"used_percent": percent, "window_minutes": minutes, "resets_at": RESET, **fields}


def readings(*snapshots: Json | None) -> list[ReadingRecord]:
    rollout = Rollout().meta()
    for snapshot in snapshots:
        rollout.limits_only(snapshot)
    found = parse(rollout)
    assert found.refused == {}
    return list(found.parsed.readings)


def test_both_windows_are_read_with_plan_and_credits() -> None:
    snapshot = {
        "limit_id": "codex",
        "limit_name": "Codex",
        "primary": window(35.0),
        "secondary": window(12.5, 10_080),
        "credits": {"has_credits": True, "unlimited": False, "balance": "7"},
        "plan_type": "plus",
    }
    five, week = readings(snapshot)
    assert (five.limit_id, five.limit_name, five.window_minutes, five.used_percent) == ("codex", "Codex", 300, 35.0)
    assert (five.resets_at_ms, five.plan, five.credits) == (RESET * 1000, "plus", "7")
    assert (week.window_minutes, week.used_percent) == (10_080, 12.5)


def test_c7_a_weekly_window_in_the_first_slot_is_weekly() -> None:
    assert [row.window_minutes for row in readings({"primary": window(5.0, 10_079), "secondary": None})] == [10_079]


def test_before_limit_ids_there_was_one_limit() -> None:
    assert readings({"primary": window(5.0)})[0].limit_id == "codex"


def test_resets_in_seconds_count_from_the_event() -> None:
    snapshot = {"primary": {"used_percent": 1.0, "window_minutes": 300, "resets_in_seconds": 90}}
    assert readings(snapshot)[0].resets_at_ms == START_MS + 1000 + 90_000


def test_c6_limit_ids_are_kept_apart() -> None:
    codex, other = {"limit_id": "codex", "primary": window(10.0)}, {"limit_id": "codex_x", "primary": window(70.0)}
    found = readings(codex, other, codex, other)
    assert [(row.limit_id, row.used_percent) for row in found] == [("codex", 10.0), ("codex_x", 70.0)]
    assert [row.last_ms for row in found] == [START_MS + 3000, START_MS + 4000]


@pytest.mark.parametrize("empty", [{"limit_id": "premium", "primary": None}, {"limit_id": "codex"}, None, {}])
def test_c6_a_snapshot_that_says_nothing_erases_nothing(empty: Json | None) -> None:
    found = readings({"limit_id": "codex", "primary": window(10.0)}, empty)
    assert [(row.limit_id, row.used_percent, row.last_ms) for row in found] == [("codex", 10.0, START_MS + 1000)]


def test_unchanged_snapshots_prolong_one_reading() -> None:
    found = readings(*[{"primary": window(10.0)}] * 5)
    assert [(row.time_ms, row.last_ms) for row in found] == [(START_MS + 1000, START_MS + 5000)]


def test_a_reset_that_jitters_is_the_same_reading() -> None:
    found = readings(*[{"primary": window(10.0, resets_at=RESET + jitter)} for jitter in (0, 1, 30, 2)])
    assert [(row.time_ms, row.last_ms) for row in found] == [(START_MS + 1000, START_MS + 4000)]


def test_every_change_is_a_reading() -> None:
    found = readings(*[{"primary": window(percent)} for percent in (1.0, 2.0, 2.0, 0.0)])
    assert [(row.used_percent, row.last_ms - row.time_ms) for row in found] == [(1.0, 0), (2.0, 1000), (0.0, 0)]


def test_a_used_share_stays_between_nothing_and_all() -> None:
    assert [row.used_percent for row in readings({"primary": window(-3.0), "secondary": window(130.0, 10_080)})] == [
        0.0,
        100.0,
    ]


@pytest.mark.parametrize(
    "snapshot",
    [
        "text",
        5,
        [1],
        {"primary": "text"},
        {"primary": window(1.0, minutes=10**30)},
        {"primary": window(1.0, minutes=-5)},
        {"primary": window(1.0, resets_at=1e300)},
        {"primary": window(1.0, resets_at="soon")},
        {"primary": {"used_percent": 1.0, "window_minutes": 300, "resets_in_seconds": -1e300}},
        {"primary": {"window_minutes": 300}},
        {"primary": window(1.0, minutes=0)},
    ],
)
def test_a_strange_snapshot_never_costs_the_count(snapshot: Json) -> None:
    found = parse(Rollout().meta().turn().count(usage(1), snapshot).count(usage(2)))
    assert len(found.events) == 2
    assert not found.parsed.readings
    assert found.refused == {}
