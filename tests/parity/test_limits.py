"""Extra tests 5, 6 and 21 of the survey: limits from the log to the words on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.parity.logs import HOUR, MINUTE, Log, window
from tests.services.support import ledger_of, limits_of, now_ms

from tokendial.cli.main import cli

WEEK = 10_080


@pytest.mark.parametrize(
    ("used", "left"), [(0, 100), (0.5, 99.5), (1, 99), (50, 50), (99, 1), (99.5, 0.5), (100, 0)], ids=str
)
def test_05_w4_w5_percent_used_and_left(home: Path, data: Path, used: float, left: float) -> None:
    """The page's words for the same values: `frontend/src/views/overview/limitWords.test.ts`."""
    now = now_ms()
    Log(home, now - HOUR).limits(now - MINUTE, window(used, 300, now + HOUR)).save()
    with ledger_of(data, home) as ledger:
        found = limits_of(ledger)["codex"].windows[0]
        assert found.used_percent == used
        assert (found.state, found.window_minutes) == ("fresh", 300)
    shown = CliRunner().invoke(cli, ["limits", "--data-dir", str(data), "--codex-home", str(home)])
    row = next(line for line in shown.stdout.splitlines() if line.startswith("5 hours"))
    assert row.split()[2:6] == [f"{used:g}", "%", f"{left:g}", "%"]


def test_06_w6_a_weekly_window_in_the_first_slot_is_weekly(home: Path, data: Path) -> None:
    now = now_ms()
    reset = now + 24 * HOUR
    log = Log(home, now - 100 * HOUR).turn(now - 100 * HOUR).respond(now - 90 * HOUR, 900)
    log.limits(now - MINUTE, window(40, WEEK, reset)).save()
    with ledger_of(data, home) as ledger:
        (found,) = limits_of(ledger)["codex"].windows
        assert (found.label, found.window_minutes) == ("Weekly", WEEK)
        assert found.inside is not None
        assert found.inside.usage.tokens.total_tokens == 1000, "its sum reaches back a week, not five hours"
        assert abs(found.inside.end_ms - found.inside.start_ms - WEEK * MINUTE) == 0


def test_21_w22_jitter_of_the_reset_is_one_window(home: Path, data: Path) -> None:
    now = now_ms()
    reset = now + HOUR
    log = Log(home, now - 3 * HOUR)
    for step, jitter in enumerate((0, 90_000, -90_000, 45_000, -30_000, 0)):
        log.limits(now - 2 * HOUR + step * 10 * MINUTE, window(10 + step, 300, reset + jitter))
    log.save()
    with ledger_of(data, home) as ledger:
        (found,) = limits_of(ledger)["codex"].windows
        assert found.used_percent == 15
        assert [(past.current, past.complete) for past in found.history] == [(True, False)]
        assert found.inside is not None
        assert found.inside.end_ms - found.inside.start_ms == 300 * MINUTE
        assert abs(found.inside.end_ms - reset) <= 2 * MINUTE
