"""The words of the tray, without a tray."""

from __future__ import annotations

import msgspec
import pytest

from tokendial.services import tray_words
from tokendial.services.contract.common import Cost, Tokens, Usage
from tokendial.services.contract.dashboard import Limit, LimitWindow
from tokendial.services.contract.settings import Settings
from tokendial.services.tray_words import TrayFace

NOW = 1_800_000_000_000
MINUTE = 60_000
PROVIDERS = [("codex", "Codex"), ("claude", "Claude Code")]


def window(percent: float | None, label: str = "5 hours", **more: object) -> LimitWindow:
    known = {
        "window_minutes": 300,
        "label": label,
        "used_percent": percent,
        "resets_at_ms": None if percent is None else NOW + 130 * MINUTE,
        "elapsed_percent": None,
        "observed_at_ms": NOW - MINUTE,
        "state": "unknown" if percent is None else "fresh",
        "forecast": None,
        "inside": None,
        "history": [],
    }
    return msgspec.convert({**known, **more}, LimitWindow)


def limit(*windows: LimitWindow, provider: str = "codex", limit_id: str = "codex", name: str | None = None) -> Limit:
    return Limit(
        provider=provider,
        provider_name=provider,
        limit_id=limit_id,
        limit_name=name,
        plan="secret plan",
        credits=None,
        source="logs",
        observed_at_ms=NOW,
        blocked_by=None,
        windows=list(windows),
    )


def cost(usd: str | None, *unpriced: str) -> Usage:
    zero = "0.000000000000"
    return Usage(Tokens(), Cost(usd, zero, zero, zero, zero, 0, list(unpriced)), 1)


def face(*limits: Limit, today: Usage | None = None, now: int = NOW, **settings: object) -> TrayFace:
    chosen = msgspec.structs.replace(Settings(), **settings)
    return tray_words.face(list(limits), today or cost("1.2345"), PROVIDERS, chosen, now)


def test_every_known_window_is_said_with_percent_and_reset_and_the_worst_one_fills_the_icon() -> None:
    weekly = window(13, "Weekly", resets_at_ms=NOW + (3 * 24 + 4) * 60 * MINUTE)
    found = face(limit(window(42), weekly), limit(window(80.4), provider="claude"))
    assert found.tooltip.splitlines() == [
        "Codex 5 hours 42 %, resets in 2 h 10 min; Weekly 13 %, resets in 3 d 4 h",
        "Claude Code 5 hours 80 %, resets in 2 h 10 min",
        "Today $1.23",
    ]
    assert (found.percent, found.level) == (80.4, "warn")
    assert [(line.provider, line.page) for line in found.lines] == [
        ("codex", "provider/codex"),
        ("claude", "provider/claude"),
    ]
    assert found.lines[1].text == "Claude Code: 5 hours 80 %, resets in 2 h 10 min"


def test_unknown_is_unknown_and_neither_0_nor_100_percent() -> None:
    found = face(limit(window(None)))
    assert found.tooltip.splitlines()[0] == "Codex 5 hours unknown"
    assert (found.percent, found.level) == (None, "plain")
    assert found.lines[1].text == "Claude Code: limits unknown"
    assert "%" not in found.tooltip
    assert face().tooltip.splitlines()[0] == "No limits are known yet"


def test_a_reset_makes_what_was_read_unknown_also_between_two_looks() -> None:
    past = limit(window(99))
    assert "unknown since its reset" in face(past, now=NOW + 130 * MINUTE).tooltip
    over = window(None, state="reset", resets_at_ms=None)
    assert face(limit(over)).tooltip.splitlines()[0] == "Codex 5 hours unknown since its reset"


def test_a_stale_reading_says_its_age() -> None:
    old = window(42, state="stale", observed_at_ms=NOW - 185 * MINUTE)
    assert "42 %, resets in 2 h 10 min (stale, read 3 h 5 min ago)" in face(limit(old)).tooltip


@pytest.mark.parametrize(
    ("percent", "level"), [(0, "ok"), (74.9, "ok"), (75, "warn"), (89, "warn"), (90, "bad"), (100, "bad")]
)
def test_the_level_follows_the_steps_of_the_settings(percent: float, level: str) -> None:
    assert face(limit(window(percent))).level == level
    assert face(limit(window(percent)), limit_warn_percent=1, limit_bad_percent=2).level == (
        "ok" if not percent else "bad"
    )


@pytest.mark.parametrize(
    ("percent", "text"),
    [
        (0, "0 %"), (0.01, "less than 0.1 %"), (0.5, "0.5 %"), (9.96, "10.0 %"), (10.4, "10 %"), (99.6, "99 %"),
        (100, "100 %"),
    ],
)  # fmt: skip
def test_percentages_never_round_to_nothing_or_to_all(percent: float, text: str) -> None:
    assert tray_words.percent_text(percent) == text


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (-1, "less than a minute"), (59_999, "less than a minute"), (MINUTE, "1 min"), (60 * MINUTE, "1 h"),
        (61 * MINUTE, "1 h 1 min"), (1440 * MINUTE, "1 d"), (1500 * MINUTE, "1 d 1 h"),
    ],
)  # fmt: skip
def test_durations(ms: int, text: str) -> None:
    assert tray_words.duration(ms) == text


def test_several_limits_of_a_provider_are_named() -> None:
    found = face(limit(window(1)), limit(window(2), limit_id="spark", name="Spark model"))
    assert "Spark model 5 hours 2 %" in found.tooltip


def test_privacy_hides_money_and_names() -> None:
    private = face(limit(window(1)), limit(window(2), limit_id="acme", name="Acme team"), privacy=True)
    assert "Today" not in private.tooltip
    assert "cme" not in private.tooltip + "".join(line.text for line in private.lines)
    assert "2 %" in private.tooltip


@pytest.mark.parametrize(
    ("usd", "sign", "rate", "text"),
    [
        ("1234.567", "$", "1", "$1,234.57"), ("0.5", "$", "1", "$0.5000"), ("0.00001", "$", "1", "<$0.0001"),
        ("0", "$", "1", "$0.00"), ("100", "€", "0.92", "€92.00"), ("100", "CHF", "0.9", "CHF\u00a090.00"),
    ],
)  # fmt: skip
def test_money_is_in_the_chosen_currency(usd: str, sign: str, rate: str, text: str) -> None:
    assert tray_words.money(usd, Settings(currency_sign=sign, currency_rate=rate)) == text


def test_models_without_a_price_are_not_free() -> None:
    assert face(today=cost(None, "odd")).tooltip.endswith("Today: unpriced")
    assert face(today=cost("2", "odd")).tooltip.endswith("Today $2.00 and unpriced models")


def test_the_plan_is_never_said() -> None:
    assert "secret" not in face(limit(window(1))).tooltip


def test_windows_takes_127_units() -> None:
    short = tray_words.shortened("😀" * 100, 127)
    assert len(short.encode("utf-16-le")) // 2 <= 127
    assert short.endswith("…")
    assert tray_words.shortened("a" * 127, 127) == "a" * 127
